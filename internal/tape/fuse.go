package tape

import (
	"cmp"
	"slices"
)

// shortChain is the number of terms up to which a linear combination that shares its list with no other is a chain of
// additions, which rolls with others of its shape, rather than a reduction.
const shortChain = 8

// manyUses is the number of users from which a number is taken for one that a whole loop shares.
const manyUses = 8

// fuse rebuilds a graph for execution: short sums as chains, products followed by additions as fused operations.
func fuse(src *graph, outs []Num) (*graph, []Num) {
	live := src.live(outs)
	f := &fuser{src: src, dst: newGraph(len(src.nodes)), to: make([]Num, len(src.nodes)), uses: make([]int32, len(src.nodes)),
		members: make([]int32, len(src.lists))}
	f.dst.funcs = src.funcs
	f.depth = append(f.depth, 0)
	for id := range src.nodes {
		if live[id] {
			n := &src.nodes[id]
			src.operands(n, func(r int32) {
				if r > 0 {
					f.uses[r]++
				}
			})
			if n.op == opLin {
				f.members[n.a]++
			}
		}
	}
	for _, o := range outs {
		f.uses[o.Ref]++
	}
	for id := range src.nodes {
		if live[id] {
			n := &src.nodes[id]
			f.dst.mask = n.flags&flagMask != 0
			f.to[id] = f.node(n)
		}
	}
	f.dst.mask = false
	mapped := slices.Clone(outs)
	for i, o := range outs {
		if o.Ref != 0 {
			mapped[i] = f.to[o.Ref]
		}
	}
	// Products that were fused everywhere are dead now.
	return prune(f.dst, mapped)
}

type fuser struct {
	src, dst *graph
	to       []Num
	uses     []int32
	members  []int32 // linear combinations of a list
	depth    []int32 // of the nodes of dst, as far as known
}

func (f *fuser) num(r int32) Num {
	if r > 0 {
		return f.to[r]
	}
	return f.src.num(r)
}

func (f *fuser) node(n *node) Num {
	switch n.op {
	case Add:
		return f.add(n.a, n.b)
	case Sub:
		return f.subtract(n.a, n.b)
	case Mul:
		// c*(u+k) is one fused operation.
		if n.b < 0 && f.uses[n.a] == 1 {
			c := f.src.num(n.b).V
			switch in := f.src.nodes[n.a]; {
			case in.op == Add && in.b < 0:
				return f.dst.op3(FMA, f.num(in.a), Const(c), Const(c*f.src.num(in.b).V))
			case in.op == Sub && in.a < 0:
				return f.dst.op3(FMA, f.num(in.b), Const(-c), Const(c*f.src.num(in.a).V))
			}
		}
	case opLin:
		if k := len(f.src.items(n.a)); k == 1 || k <= shortChain && f.members[n.a] == 1 {
			return f.chain(n)
		}
	}
	return f.src.copyNode(f.dst, n, f.to)
}

// product gives the factors of a node that is a product used once.
func (f *fuser) product(r int32) (a, b Num, ok bool) {
	if r < 0 || f.uses[r] != 1 {
		return a, b, false
	}
	switch n := &f.src.nodes[r]; n.op {
	case Mul:
		return f.num(n.a), f.num(n.b), true
	case Square:
		return f.num(n.a), f.num(n.a), true
	}
	return a, b, false
}

func (f *fuser) add(x, y int32) Num {
	a, b, okX := f.product(x)
	c, d, okY := f.product(y)
	// Of two products the later one is fused: the other may be ready for many at once.
	if okY && (!okX || f.deep(f.num(y)) >= f.deep(f.num(x))) {
		return f.dst.op3(FMA, c, d, f.num(x))
	}
	if okX {
		return f.dst.op3(FMA, a, b, f.num(y))
	}
	return f.dst.op2(Add, f.num(x), f.num(y))
}

func (f *fuser) subtract(x, y int32) Num {
	if a, b, ok := f.product(y); ok {
		return f.dst.op3(opNegFMA, a, b, f.num(x))
	}
	if a, b, ok := f.product(x); ok && y < 0 {
		return f.dst.op3(FMA, a, b, Const(-f.src.num(y).V))
	}
	return f.dst.op2(Sub, f.num(x), f.num(y))
}

// chain records a linear combination term by term: first what many share, so that they share that part of the sum too,
// then the nodes nearest to the inputs.
func (f *fuser) chain(n *node) Num {
	type term struct {
		ref   int32
		coef  float64
		depth int32 // below 0: shared by many
	}
	var terms []term
	coefs := f.src.linCoefs(n)
	acc := Const(0)
	if n.c != 0 {
		acc = f.src.num(n.c)
	}
	for k, r := range f.src.items(n.a) {
		c := coefAt(coefs, k)
		if v := f.to[r]; v.Ref == 0 {
			acc.V += c * v.V
		} else {
			d := f.deep(v)
			if f.uses[r] >= manyUses {
				d -= 1 << 30
			}
			terms = append(terms, term{r, c, d})
		}
	}
	// A term with coefficient 1 or a constant to begin with spares an operation.
	slices.SortStableFunc(terms, func(x, y term) int { return cmp.Compare(x.depth, y.depth) })
	if acc.V == 0 {
		for i, t := range terms {
			if _, _, product := f.product(t.ref); t.coef == 1 && !product && t.depth == terms[0].depth {
				terms[0], terms[i] = terms[i], terms[0]
				break
			}
		}
	}
	for _, t := range terms {
		a, b, product := f.product(t.ref)
		switch {
		case product && t.coef == 1:
			acc = f.dst.op3(FMA, a, b, acc)
		case product && t.coef == -1:
			acc = f.dst.op3(opNegFMA, a, b, acc)
		case t.coef == -1:
			acc = f.dst.op2(Sub, acc, f.to[t.ref])
		default:
			acc = f.dst.op3(FMA, f.to[t.ref], Const(t.coef), acc)
		}
	}
	return acc
}

// deep is the depth of a node of the new graph.
func (f *fuser) deep(v Num) int32 {
	for id := len(f.depth); id < len(f.dst.nodes); id++ {
		d := int32(0)
		n := &f.dst.nodes[id]
		switch n.op.arity() {
		case 3:
			if n.c > 0 {
				d = f.depth[n.c]
			}
			fallthrough
		case 2:
			if n.b > 0 {
				d = max(d, f.depth[n.b])
			}
			fallthrough
		case 1:
			if n.a > 0 {
				d = max(d, f.depth[n.a])
			}
		default:
			if n.op.hasList() {
				// The last item of a list is recorded last, and so about the deepest.
				for _, r := range f.dst.items(n.a) {
					if r > 0 {
						d = max(d, f.depth[r])
					}
				}
			}
		}
		f.depth = append(f.depth, d+1)
	}
	if v.Ref == 0 {
		return 0
	}
	return f.depth[v.Ref]
}

// prune drops dead nodes.
func prune(src *graph, outs []Num) (*graph, []Num) {
	live := src.live(outs)
	dst := newGraph(len(src.nodes))
	dst.funcs = src.funcs
	to := make([]Num, len(src.nodes))
	for id := range src.nodes {
		if live[id] {
			n := &src.nodes[id]
			dst.mask = n.flags&flagMask != 0
			to[id] = src.copyNode(dst, n, to)
		}
	}
	dst.mask = false
	mapped := slices.Clone(outs)
	for i, o := range outs {
		if o.Ref != 0 {
			mapped[i] = to[o.Ref]
		}
	}
	return dst, mapped
}
