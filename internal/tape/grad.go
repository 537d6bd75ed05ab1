package tape

import "slices"

// adjoints collects, for every node, the contributions to its adjoint: linear terms coef*value.
type adjoints struct {
	g     *graph
	head  []int32 // first contribution of a node, -1: none
	terms []contribution

	groups map[int32][]int32 // list: its linear combinations
	due    map[int32][]int32 // node: lists whose last operand it is
	value  map[int32]Num     // adjoint of a linear combination that waits for its group
}

type contribution struct {
	coef float64
	num  Num
	next int32
}

// gradient appends to the graph the derivatives of out by every input. It is reverse accumulation: nodes are visited
// from last to first, and the adjoint of a node is a linear combination of what its users contribute.
func (g *graph) gradient(out Num, inputs int) []Num {
	grad := make([]Num, inputs)
	if out.Ref == 0 {
		return grad
	}
	size := int(out.Ref) + 1
	d := &adjoints{g: g, head: make([]int32, size)}
	for i := range d.head {
		d.head[i] = -1
	}
	d.groupLists(size)
	d.add(int32(out.Ref), 1, Const(1))
	mask := g.mask
	for id := int32(out.Ref); id > 0; id-- {
		for _, list := range d.due[id] {
			d.spread(list)
		}
		if d.head[id] < 0 {
			continue
		}
		w := d.total(id)
		n := g.nodes[id]
		if n.op == opInput {
			grad[n.a] = w
			continue
		}
		if w.Ref == 0 && w.V == 0 {
			continue
		}
		g.mask = n.flags&flagMask != 0
		d.propagate(id, n, w)
	}
	g.mask = mask
	return grad
}

// groupLists finds the lists that several linear combinations share: the rows of a matrix product. Their adjoints are
// spread together, by the transposed product.
func (d *adjoints) groupLists(size int) {
	g := d.g
	d.groups = make(map[int32][]int32)
	d.due = make(map[int32][]int32)
	d.value = make(map[int32]Num)
	for id := int32(1); id < int32(size); id++ {
		if n := &g.nodes[id]; n.op == opLin {
			d.groups[n.a] = append(d.groups[n.a], id)
		}
	}
	for list, members := range d.groups {
		if len(members) < 2 {
			delete(d.groups, list)
			continue
		}
		last := int32(0)
		for _, r := range g.items(list) {
			last = max(last, r)
		}
		d.due[last] = append(d.due[last], list)
	}
	for _, lists := range d.due {
		slices.Sort(lists)
	}
}

func (d *adjoints) add(ref int32, coef float64, v Num) {
	if ref <= 0 || v.Ref == 0 && v.V == 0 {
		return
	}
	d.terms = append(d.terms, contribution{coef, v, d.head[ref]})
	d.head[ref] = int32(len(d.terms) - 1)
}

// total is the adjoint of a node.
func (d *adjoints) total(id int32) Num {
	var l linear
	for t := d.head[id]; t >= 0; t = d.terms[t].next {
		c := d.terms[t]
		if c.num.Ref == 0 {
			l.bias += c.coef * c.num.V
		} else {
			l.append(int32(c.num.Ref), c.coef)
		}
	}
	return l.record(d.g)
}

// spread adds, for a group of linear combinations sum_k m[i][k] x[k], the transposed product of their adjoints.
func (d *adjoints) spread(list int32) {
	g := d.g
	var refs []int32
	var rows []int32
	constant := make([]float64, g.lists[list].n)
	for _, id := range d.groups[list] {
		w, found := d.value[id]
		switch {
		case !found:
		case w.Ref == 0:
			coefs := g.linCoefs(&g.nodes[id])
			for k := range constant {
				constant[k] += w.V * coefAt(coefs, k)
			}
		default:
			refs = append(refs, int32(w.Ref))
			rows = append(rows, id)
		}
	}
	// A factor of all adjoints, constant or not, is applied after the product.
	scale, common := 1.0, Num{V: 1}
	signs := make([]float64, len(refs))
	for i, r := range refs {
		refs[i], signs[i] = g.peel(r, 1)
	}
	if len(refs) > 0 && uniform(signs) {
		scale = signs[0]
		for i := range signs {
			signs[i] = 1
		}
	}
	if f, others := g.commonFactor(refs); f != 0 && allZero(constant) {
		common, refs = g.num(f), others
	}
	for k, x := range g.items(list) {
		l := linear{bias: constant[k] / scale, refs: slices.Clone(refs), coefs: make([]float64, len(refs))}
		for i, id := range rows {
			l.coefs[i] = signs[i] * coefAt(g.linCoefs(&g.nodes[id]), k)
		}
		var w Num
		if len(d.groups[list]) > 1 && len(refs) > 1 {
			w = l.exact(g)
		} else {
			w = l.record(g)
		}
		if common.Ref != 0 {
			w = g.product(w, common)
		}
		d.add(x, scale, w)
	}
}

func uniform(x []float64) bool {
	for _, v := range x {
		if v != x[0] {
			return false
		}
	}
	return true
}

func allZero(x []float64) bool {
	for _, v := range x {
		if v != 0 {
			return false
		}
	}
	return true
}

// commonFactor finds a node that is a factor of all of several products, and the other factors.
func (g *graph) commonFactor(refs []int32) (f int32, others []int32) {
	if len(refs) < several {
		return 0, nil
	}
	first := g.nodes[refs[0]]
	if first.op != Mul || first.b < 0 {
		return 0, nil
	}
next:
	for _, f := range []int32{first.a, first.b} {
		others = others[:0]
		for _, r := range refs {
			switch n := &g.nodes[r]; {
			case n.op == Mul && n.a == f && n.b > 0:
				others = append(others, n.b)
			case n.op == Mul && n.b == f:
				others = append(others, n.a)
			default:
				continue next
			}
		}
		return f, others
	}
	return 0, nil
}

func coefAt(coefs []float64, k int) float64 {
	if coefs == nil {
		return 1
	}
	return coefs[k]
}

// times is the product of an adjoint with a partial derivative; under a mask an adjoint of 0 stays 0.
func (d *adjoints) times(w, partial Num) Num {
	if d.g.mask {
		return d.g.op2(opMulZ, w, partial)
	}
	return d.g.product(w, partial)
}

// propagate adds the contributions of a node with adjoint w to its operands.
func (d *adjoints) propagate(id int32, n node, w Num) {
	g := d.g
	switch n.op {
	case opLin:
		if _, grouped := d.groups[n.a]; grouped {
			d.value[id] = w
			return
		}
		coefs := g.linCoefs(&n)
		for k, r := range g.items(n.a) {
			d.add(r, coefAt(coefs, k), w)
		}
	case Neg:
		d.add(n.a, -1, w)
	case Add:
		d.add(n.a, 1, w)
		d.add(n.b, 1, w)
	case Sub:
		d.add(n.a, 1, w)
		d.add(n.b, -1, w)
	case Mul:
		d.factor(n.a, n.b, w)
		d.factor(n.b, n.a, w)
	case FMA:
		d.factor(n.a, n.b, w)
		d.factor(n.b, n.a, w)
		d.add(n.c, 1, w)
	case Square:
		d.add(n.a, 2, d.times(w, g.num(n.a)))
	case Select:
		d.add(n.b, 1, g.op3(Select, g.num(n.a), w, Const(0)))
		d.add(n.c, 1, g.op3(Select, g.num(n.a), Const(0), w))
	case Min, Max:
		first := g.op2(LE, g.num(n.a), g.num(n.b))
		if n.op == Max {
			first = g.op2(LE, g.num(n.b), g.num(n.a))
		}
		d.add(n.a, 1, g.op3(Select, first, w, Const(0)))
		d.add(n.b, 1, g.op3(Select, first, Const(0), w))
	case opCall:
		for k, r := range g.items(n.a) {
			if r > 0 {
				d.add(r, 1, d.times(w, g.add(opPartial, n.a, n.b, int32(k))))
			}
		}
	default:
		if n.op.arity() == 1 {
			if p, coef := g.partial1(n.op, Num{Ref: Ref(id)}, g.num(n.a)); coef != 0 {
				d.add(n.a, coef, d.times(w, p))
			}
			return
		}
		d.propagate2(id, n, w)
	}
}

// factor adds the contribution of a product to operand r, whose other factor is other.
func (d *adjoints) factor(r, other int32, w Num) {
	switch {
	case r < 0:
	case other < 0:
		d.add(r, d.g.num(other).V, w)
	default:
		d.add(r, 1, d.times(w, d.g.num(other)))
	}
}

// propagate2 handles the rarer two-operand operations.
func (d *adjoints) propagate2(id int32, n node, w Num) {
	if n.op.arity() != 2 {
		return
	}
	g := d.g
	x, y, v := g.num(n.a), g.num(n.b), Num{Ref: Ref(id)}
	switch n.op {
	case Pow:
		if x.Ref != 0 {
			d.add(n.a, 1, d.times(w, g.product(y, g.power(x, g.op2(Sub, y, Const(1))))))
		}
		if y.Ref != 0 {
			d.add(n.b, 1, d.times(w, g.op2(opMulZ, v, g.op1(Log, x))))
		}
	case Polygamma:
		d.add(n.b, 1, d.times(w, g.op2(Polygamma, g.op2(Add, x, Const(1)), y)))
	case Atan2:
		r := g.op1(Inv, g.op2(Add, g.op1(Square, x), g.op1(Square, y)))
		d.add(n.a, 1, d.times(w, g.product(y, r)))
		d.add(n.b, -1, d.times(w, g.product(x, r)))
	case Hypot:
		r := g.op1(Inv, v)
		d.add(n.a, 1, d.times(w, g.product(x, r)))
		d.add(n.b, 1, d.times(w, g.product(y, r)))
	case Fmod:
		d.add(n.a, 1, w)
		d.add(n.b, -1, d.times(w, g.op1(Trunc, g.quotient(x, y))))
	case opMulZ:
		if x.Ref != 0 {
			d.add(n.a, 1, g.op2(opMulZ, w, y))
		}
		if y.Ref != 0 {
			d.add(n.b, 1, g.op2(opMulZ, x, w))
		}
	}
}
