package tape

import "math"

// What is known about the values of a node.
const (
	flagPositive    uint8 = 1 << iota // > 0 (or NaN)
	flagNonNegative                   // >= 0 (or NaN)
	flagBool                          // 0 or 1
	flagMask                          // recorded under a mask: adjoint products are zero-safe
)

// node is one scalar operation. Operands are references: positive for a node, negative for a constant (index -ref-1),
// 0 for none. Operations on lists keep the list in a; a linear combination has the offset of its coefficients in b
// (-1: all are 1) and its bias in c; a call has the function in b and, for a partial derivative, its number in c.
type node struct {
	op      Op
	flags   uint8
	a, b, c int32
}

// span is a list of operands: refs[off:off+n].
type span struct {
	off, n int32
	hash   uint64
}

// graph stores nodes, each distinct operation once. Operands precede their users.
type graph struct {
	nodes  []node // nodes[0] is unused
	consts []float64
	lists  []span
	refs   []int32
	coefs  []float64
	funcs  []*Func

	nodeTab  table
	constTab table
	listTab  table

	mask bool // new nodes are zero-safe
}

func newGraph(capacity int) *graph {
	g := &graph{nodes: make([]node, 1, capacity+1)}
	g.nodeTab.init(capacity)
	g.constTab.init(64)
	g.listTab.init(16)
	return g
}

// table is an open-addressing hash table of indices; 0 marks an empty place, so indices are stored plus one.
type table struct {
	slots []int32
	used  int
}

func (t *table) init(n int) {
	size := 64
	for size < 2*n {
		size *= 2
	}
	t.slots = make([]int32, size)
	t.used = 0
}

// grow doubles the table; hash gives the hash of the item with an index.
func (t *table) grow(hash func(i int32) uint64) {
	old := t.slots
	t.slots = make([]int32, 2*len(old))
	mask := uint64(len(t.slots) - 1)
	for _, s := range old {
		if s == 0 {
			continue
		}
		h := hash(s-1) & mask
		for t.slots[h] != 0 {
			h = (h + 1) & mask
		}
		t.slots[h] = s
	}
}

func mix(h uint64) uint64 {
	h ^= h >> 32
	h *= 0x9e3779b97f4a7c15
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 32
	return h
}

func hashNode(op Op, a, b, c int32) uint64 {
	return mix(mix(uint64(uint32(a))|uint64(uint32(b))<<32) ^ uint64(uint32(c)) ^ uint64(op)<<40)
}

func (g *graph) hashOf(i int32) uint64 {
	n := &g.nodes[i]
	if n.op == opLin {
		return g.hashLin(n.a, g.linCoefs(n), n.c)
	}
	return hashNode(n.op, n.a, n.b, n.c)
}

// constant gives the reference of a constant.
func (g *graph) constant(v float64) int32 {
	bits := math.Float64bits(v)
	mask := uint64(len(g.constTab.slots) - 1)
	h := mix(bits) & mask
	for {
		s := g.constTab.slots[h]
		if s == 0 {
			break
		}
		if math.Float64bits(g.consts[s-1]) == bits {
			return -s
		}
		h = (h + 1) & mask
	}
	g.consts = append(g.consts, v)
	g.constTab.slots[h] = int32(len(g.consts))
	g.constTab.used++
	if 2*g.constTab.used > len(g.constTab.slots) {
		g.constTab.grow(func(i int32) uint64 { return mix(math.Float64bits(g.consts[i])) })
	}
	return -int32(len(g.consts))
}

func (g *graph) ref(n Num) int32 {
	if n.Ref != 0 {
		return int32(n.Ref)
	}
	return g.constant(n.V)
}

func (g *graph) num(ref int32) Num {
	if ref > 0 {
		return Num{Ref: Ref(ref)}
	}
	return Num{V: g.consts[-ref-1]}
}

// add stores an operation on references, or finds it.
func (g *graph) add(op Op, a, b, c int32) Num {
	h := hashNode(op, a, b, c)
	mask := uint64(len(g.nodeTab.slots) - 1)
	h &= mask
	for {
		s := g.nodeTab.slots[h]
		if s == 0 {
			break
		}
		n := &g.nodes[s-1]
		if n.op == op && n.a == a && n.b == b && n.c == c {
			if g.mask {
				n.flags |= flagMask
			}
			return Num{Ref: Ref(s - 1)}
		}
		h = (h + 1) & mask
	}
	flags := g.signs(op, a, b, c)
	if g.mask {
		flags |= flagMask
	}
	return g.store(node{op, flags, a, b, c}, h)
}

func (g *graph) store(n node, slot uint64) Num {
	g.nodes = append(g.nodes, n)
	id := int32(len(g.nodes) - 1)
	g.nodeTab.slots[slot] = id + 1
	g.nodeTab.used++
	if 2*g.nodeTab.used > len(g.nodeTab.slots) {
		g.nodeTab.grow(g.hashOf)
	}
	return Num{Ref: Ref(id)}
}

// list interns a list of references.
func (g *graph) list(refs []int32) int32 {
	hash := uint64(len(refs))
	for _, r := range refs {
		hash = (hash ^ uint64(uint32(r))) * 0x9e3779b97f4a7c15
		hash ^= hash >> 31
	}
	mask := uint64(len(g.listTab.slots) - 1)
	h := mix(hash) & mask
	for {
		s := g.listTab.slots[h]
		if s == 0 {
			break
		}
		l := g.lists[s-1]
		if l.hash == hash && equalRefs(g.refs[l.off:l.off+l.n], refs) {
			return s - 1
		}
		h = (h + 1) & mask
	}
	g.lists = append(g.lists, span{int32(len(g.refs)), int32(len(refs)), hash})
	g.refs = append(g.refs, refs...)
	g.listTab.slots[h] = int32(len(g.lists))
	g.listTab.used++
	if 2*g.listTab.used > len(g.listTab.slots) {
		g.listTab.grow(func(i int32) uint64 { return mix(g.lists[i].hash) })
	}
	return int32(len(g.lists) - 1)
}

func equalRefs(a, b []int32) bool {
	if len(a) != len(b) {
		return false
	}
	for i, v := range a {
		if v != b[i] {
			return false
		}
	}
	return true
}

// items is the list with an index.
func (g *graph) items(list int32) []int32 {
	l := g.lists[list]
	return g.refs[l.off : l.off+l.n : l.off+l.n]
}

// linCoefs gives the coefficients of a linear combination, nil if all are 1.
func (g *graph) linCoefs(n *node) []float64 {
	if n.b < 0 {
		return nil
	}
	return g.coefs[n.b : n.b+g.lists[n.a].n]
}

func (g *graph) hashLin(list int32, coefs []float64, bias int32) uint64 {
	h := hashNode(opLin, list, 0, bias)
	for _, c := range coefs {
		h = (h ^ math.Float64bits(c)) * 0x9e3779b97f4a7c15
		h ^= h >> 31
	}
	return mix(h)
}

// lin stores bias + sum coefs[i]*refs[i]; coefs nil means 1. The references are nodes, each at most once.
func (g *graph) lin(refs []int32, coefs []float64, bias float64) Num {
	if len(refs) == 0 {
		return Const(bias)
	}
	unit := true
	for _, c := range coefs {
		if c != 1 {
			unit = false
			break
		}
	}
	if unit {
		coefs = nil
	}
	if len(refs) == 1 && coefs == nil && bias == 0 {
		return Num{Ref: Ref(refs[0])}
	}
	return g.linList(g.list(refs), coefs, bias)
}

// linList is lin for an interned list.
func (g *graph) linList(list int32, coefs []float64, bias float64) Num {
	var c int32
	if bias != 0 {
		c = g.constant(bias)
	}
	hash := g.hashLin(list, coefs, c)
	mask := uint64(len(g.nodeTab.slots) - 1)
	h := hash & mask
	for {
		s := g.nodeTab.slots[h]
		if s == 0 {
			break
		}
		n := &g.nodes[s-1]
		if n.op == opLin && n.a == list && n.c == c && equalCoefs(g.linCoefs(n), coefs) {
			if g.mask {
				n.flags |= flagMask
			}
			return Num{Ref: Ref(s - 1)}
		}
		h = (h + 1) & mask
	}
	off := int32(-1)
	if coefs != nil {
		off = int32(len(g.coefs))
		g.coefs = append(g.coefs, coefs...)
	}
	n := node{op: opLin, a: list, b: off, c: c}
	n.flags = g.signsLin(list, coefs, bias)
	if g.mask {
		n.flags |= flagMask
	}
	return g.store(n, h)
}

func equalCoefs(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i, v := range a {
		if math.Float64bits(v) != math.Float64bits(b[i]) {
			return false
		}
	}
	return true
}

// operands calls f for every operand of a node, constants included.
func (g *graph) operands(n *node, f func(ref int32)) {
	switch n.op.arity() {
	case 3:
		f(n.a)
		f(n.b)
		f(n.c)
	case 2:
		f(n.a)
		f(n.b)
	case 1:
		f(n.a)
	default:
		if n.op.hasList() {
			for _, r := range g.items(n.a) {
				f(r)
			}
		}
	}
}
