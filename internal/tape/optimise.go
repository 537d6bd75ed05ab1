package tape

import (
	"math"
	"slices"
)

// optimise rebuilds what the outputs need in a new graph, with sums and linear combinations collected.
func optimise(src *graph, outs []Num) (*graph, []Num) {
	live := src.live(outs)
	p := planLinear(src, outs, live)
	dst := newGraph(len(src.nodes))
	dst.funcs = src.funcs
	to := make([]Num, len(src.nodes)) // where a node went
	for id := range src.nodes {
		if !live[id] {
			continue
		}
		n := &src.nodes[id]
		dst.mask = n.flags&flagMask != 0
		switch p.plans[id] {
		case planInner:
		case planList:
			l := p.expand(int32(id), false)
			l.sort()
			to[id] = l.translate(to).exact(dst)
		case planSum:
			to[id] = dst.sum(p.expand(int32(id), true).translate(to))
		default:
			if n.op == opLin && p.rows[n.a] == 1 {
				to[id] = dst.sum(src.combination(n).translate(to))
			} else {
				to[id] = src.copyNode(dst, n, to)
			}
		}
	}
	dst.mask = false
	mapped := make([]Num, len(outs))
	for i, o := range outs {
		mapped[i] = o
		if o.Ref != 0 {
			mapped[i] = to[o.Ref]
		}
	}
	return dst, mapped
}

// combination is a linear combination as terms.
func (g *graph) combination(n *node) linear {
	items := g.items(n.a)
	l := linear{refs: slices.Clone(items), coefs: make([]float64, len(items))}
	coefs := g.linCoefs(n)
	for k := range items {
		l.coefs[k] = coefAt(coefs, k)
	}
	if n.c != 0 {
		l.bias = g.consts[-n.c-1]
	}
	return l
}

// translate replaces references by what they became.
func (l linear) translate(to []Num) linear {
	out := linear{refs: l.refs[:0], coefs: l.coefs[:0], bias: l.bias}
	for k, r := range l.refs {
		out.include(to[r], l.coefs[k])
	}
	return out
}

// exact stores the combination as it is, also of a single number.
func (l linear) exact(g *graph) Num {
	l.merge()
	if len(l.refs) == 0 {
		return Const(l.bias)
	}
	return g.lin(l.refs, l.coefs, l.bias)
}

// live marks the nodes that the outputs depend on and hands masks down to operands: what a masked node uses may be as
// singular outside the mask as the node itself.
func (g *graph) live(outs []Num) []bool {
	live := make([]bool, len(g.nodes))
	for _, o := range outs {
		if o.Ref != 0 {
			live[o.Ref] = true
		}
	}
	for id := len(g.nodes) - 1; id > 0; id-- {
		if !live[id] {
			continue
		}
		n := &g.nodes[id]
		mask := n.flags & flagMask
		g.operands(n, func(r int32) {
			if r > 0 {
				live[r] = true
				g.nodes[r].flags |= mask
			}
		})
	}
	return live
}

// copyNode records a node of g in dst with translated operands.
func (g *graph) copyNode(dst *graph, n *node, to []Num) Num {
	num := func(r int32) Num {
		if r > 0 {
			return to[r]
		}
		return g.num(r)
	}
	switch n.op.arity() {
	case 1:
		return dst.op1(n.op, num(n.a))
	case 2:
		r := dst.op2(n.op, num(n.a), num(n.b))
		if r.Ref != 0 {
			dst.nodes[r.Ref].flags |= n.flags
		}
		return r
	case 3:
		return dst.op3(n.op, num(n.a), num(n.b), num(n.c))
	}
	if n.op == opInput {
		return dst.add(opInput, n.a, 0, 0)
	}
	items := g.items(n.a)
	if n.op == opLin {
		return g.combination(n).translate(to).exact(dst)
	}
	xs := make([]Num, len(items))
	for k, r := range items {
		xs[k] = num(r)
	}
	if n.op == opMaxN || n.op == opMinN {
		return dst.extreme(n.op, xs, g.num(n.c).V)
	}
	return dst.call(n.op, xs, n.b, n.c)
}

// extreme is the largest (smallest) of a bound and numbers, a constant to differentiation.
func (g *graph) extreme(op Op, xs []Num, bound float64) Num {
	var refs []int32
	for _, x := range xs {
		switch {
		case x.Ref != 0:
			refs = append(refs, int32(x.Ref))
		case op == opMaxN:
			bound = math.Max(bound, x.V)
		default:
			bound = math.Min(bound, x.V)
		}
	}
	if len(refs) == 0 {
		return Const(bound)
	}
	return g.add(op, g.list(refs), 0, g.constant(bound))
}

// call records a call of function f, or its partial derivative by argument k.
func (g *graph) call(op Op, args []Num, f, k int32) Num {
	refs := make([]int32, len(args))
	values := make([]float64, len(args))
	constant := true
	for i, a := range args {
		refs[i], values[i] = g.ref(a), a.V
		constant = constant && a.Ref == 0
	}
	if !constant {
		return g.add(op, g.list(refs), f, k)
	}
	if op == opCall {
		return Const(g.funcs[f].Value(values))
	}
	dx := make([]float64, len(args))
	g.funcs[f].Partials(values, dx)
	return Const(dx[k])
}
