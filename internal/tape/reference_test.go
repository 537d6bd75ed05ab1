package tape

import "math"

// reference evaluates numbers of a trace at one point, node by node in the order of recording.
func reference(t *Trace, out []Num, x []float64) []float64 {
	g := t.g
	v := make([]float64, len(g.nodes))
	at := func(ref int32) float64 {
		if ref > 0 {
			return v[ref]
		}
		return g.consts[-ref-1]
	}
	for id := 1; id < len(g.nodes); id++ {
		n := &g.nodes[id]
		switch n.op.arity() {
		case 1:
			v[id] = Eval1(n.op, at(n.a))
		case 2:
			v[id] = Eval2(n.op, at(n.a), at(n.b))
		case 3:
			v[id] = Eval3(n.op, at(n.a), at(n.b), at(n.c))
		default:
			if n.op == opInput {
				v[id] = x[n.a]
			} else {
				v[id] = referenceList(g, n, at)
			}
		}
	}
	res := make([]float64, len(out))
	for i, o := range out {
		res[i] = o.V
		if o.Ref != 0 {
			res[i] = v[o.Ref]
		}
	}
	return res
}

func referenceList(g *graph, n *node, at func(ref int32) float64) float64 {
	items := g.items(n.a)
	switch n.op {
	case opLin:
		s := 0.0
		if n.c != 0 {
			s = g.consts[-n.c-1]
		}
		coefs := g.linCoefs(n)
		for k, r := range items {
			s += coefAt(coefs, k) * at(r)
		}
		return s
	case opMaxN:
		m := g.consts[-n.c-1]
		for _, r := range items {
			m = math.Max(m, at(r))
		}
		return m
	case opCall:
		x := make([]float64, len(items))
		for k, r := range items {
			x[k] = at(r)
		}
		return g.funcs[n.b].Value(x)
	}
	panic("no reference for " + n.op.String())
}

// slope is the derivative of f at x by extrapolated central differences.
func slope(f func(float64) float64, x float64) float64 {
	h := 1e-3 * math.Max(1, math.Abs(x)) / 4
	d := func(h float64) float64 { return (f(x+h) - f(x-h)) / (2 * h) }
	a, b, c := d(h), d(h/2), d(h/4)
	ab, bc := (4*b-a)/3, (4*c-b)/3
	return (16*bc - ab) / 15
}
