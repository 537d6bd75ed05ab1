package transport

import "math"

// result fills r in from the last basis and the feasible potentials f, g.
func (c *costs) result(r *Result, t *network, e *exact, f, g []float64, shift []float64) {
	p := r.Problem
	mass := t.masses(e.a, e.b)
	plan := &Plan{N: p.A.N, M: p.B.N}
	terms := make([]float64, 0, len(mass))
	for u, v := range mass {
		if v > 0 {
			i, j := t.arc(int32(u))
			terms = append(terms, v*c.at(int(i), int(j)))
			plan.I, plan.J, plan.Mass = append(plan.I, c.rows[i]), append(plan.J, c.cols[j]), append(plan.Mass, v)
		}
	}
	r.Cost = sum(terms)
	terms = terms[:0]
	if c.f0 != nil { // large potentials, summed where they cancel
		for u, v := range mass {
			if v > 0 {
				i, j := t.arc(int32(u))
				terms = append(terms, v*(c.f0[i]+c.g0[j]))
			}
		}
	}
	plan.order()
	r.makePlan = func() *Plan { return plan }
	r.F, r.G = make([]float64, p.A.N), make([]float64, p.B.N)
	for i, v := range f {
		terms = append(terms, v*e.a[i])
		r.F[c.rows[i]] = v
	}
	for j, v := range g {
		terms = append(terms, v*e.b[j])
		r.G[c.cols[j]] = v
	}
	r.Dual = sum(terms)
	if c.f0 != nil {
		for i, v := range c.f0 {
			r.F[c.rows[i]] += v
		}
		for j, v := range c.g0 {
			r.G[c.cols[j]] += v
		}
	}
	for k, s := range shift {
		// |x-y|^2 = |x'-y'|^2 - 2 s (x'-y') + s^2 in centred coordinates
		r.Cost += s * s
		r.Dual += s * s
		n, m := len(f), len(g)
		for i, x := range c.x[k*n : (k+1)*n] {
			r.F[c.rows[i]] += s * (s/2 - 2*x)
		}
		for j, y := range c.y[k*m : (k+1)*m] {
			r.G[c.cols[j]] += s * (s/2 + 2*y)
		}
	}
	c.extend(r)
}

// arc is the arc between u and its parent, as point of A and point of B.
func (t *network) arc(u int32) (i, j int32) {
	if p := t.parent[u]; t.source[u] {
		return t.name[u], t.name[p] - int32(t.n)
	} else {
		return t.name[p], t.name[u] - int32(t.n)
	}
}

// masses are the flows of the tree as masses, each standing at the lower end of
// its arc. A leaf, which has one arc only, sends or gets its weight to the last
// digit.
func (t *network) masses(a, b []float64) []float64 {
	out := make([]float64, t.n+t.m)
	if equalWeights(a) && equalWeights(b) {
		for u, v := range t.flow {
			out[u] = float64(v) / (float64(t.n) * float64(t.m))
		}
	} else {
		for u, v := range t.flow {
			switch {
			case t.size[u] > 1 || v == 0:
				out[u] = float64(v) * 0x1p-61
			case t.source[u]:
				out[u] = a[t.name[u]]
			default:
				out[u] = b[int(t.name[u])-t.n]
			}
		}
	}
	out[t.root] = 0
	return out
}

// extend gives points without weight, if there are any, the largest feasible
// potentials: first those of A against the columns, then those of B against
// all of A.
func (c *costs) extend(r *Result) {
	p := r.Problem
	x, y := make([]float64, p.A.D), make([]float64, p.B.D)
	heavyA, heavyB := make([]bool, p.A.N), make([]bool, p.B.N)
	for _, i := range c.rows {
		heavyA[i] = true
	}
	for _, j := range c.cols {
		heavyB[j] = true
	}
	if len(c.rows) == p.A.N && len(c.cols) == p.B.N {
		return
	}
	row := make([]float64, p.B.N)
	for j := range row {
		if !heavyB[j] {
			r.G[j] = math.Inf(1)
		}
	}
	for i := range r.F {
		p.Cost.row(row, p.A, p.B, i, x, y)
		if !heavyA[i] {
			r.F[i] = math.Inf(1)
			for j, v := range row {
				if heavyB[j] {
					r.F[i] = math.Min(r.F[i], v-r.G[j])
				}
			}
		}
		for j, v := range row {
			if !heavyB[j] {
				r.G[j] = math.Min(r.G[j], v-r.F[i])
			}
		}
	}
}
