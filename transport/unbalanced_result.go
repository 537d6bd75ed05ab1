package transport

import (
	"math"

	"wgf/internal/simd"
)

// marginals are those of a plan that need not be the weights.
type marginals struct {
	mass float64
	a, b []float64
}

// Mass is the mass that is transported: 1, but for unbalanced and partial
// problems.
func (r *Result) Mass() float64 {
	if r.loose == nil {
		return 1
	}
	return r.loose.mass
}

// Marginals are the masses that leave each point of A and reach each of B. For
// balanced problems they are the normalised weights, up to Residual.
func (r *Result) Marginals() (a, b []float64) {
	if r.loose == nil {
		return r.Problem.A.Weights(), r.Problem.B.Weights()
	}
	return append([]float64(nil), r.loose.a...), append([]float64(nil), r.loose.b...)
}

// result derives the values from the potentials.
func (u *unbalanced) result() *Result {
	e := u.e
	r := &Result{
		Problem: e.problem, Method: "unbalanced",
		Status: u.status, Iterations: u.iterations, Residual: u.residual, Epsilon: u.eps,
		References: []string{
			"Chizat, Peyré, Schmitzer and Vialard (2018), Scaling algorithms for unbalanced optimal transport problems, Mathematics of Computation 87",
			"Séjourné, Vialard and Peyré (2022), Faster unbalanced optimal transport: translation invariant Sinkhorn and 1-D Frank-Wolfe, AISTATS",
		},
	}
	a, b := u.read(r)
	r.Dual = penalty(u.la, u.f, u.rhoA, 0) + penalty(u.lb, u.g, u.rhoB, 0) + u.eps*(u.massA*u.massB-r.loose.mass)
	r.F = u.complete(e.problem.A.N, e.ia, u.f, damping(u.rhoA, u.eps), func() []float64 {
		low := e.complete(e.problem.A, e.forA, e.ma, a.f, e.ia, a.g, u.lb, u.eps)
		e.uncentre(low, e.problem.A, e.ma, 1)
		return low
	})
	r.G = u.complete(e.problem.B.N, e.ib, u.g, damping(u.rhoB, u.eps), func() []float64 {
		low := e.complete(e.problem.B, e.forB, e.mb, a.g, e.ib, a.f, u.la, u.eps)
		e.uncentre(low, e.problem.B, e.mb, -1)
		return low
	})
	r.makePlan = func() *Plan { return b.plan(a, u.eps) }
	return r
}

// read writes cost, mass and marginals to r; it returns the potentials for the
// centred cost and the problem with the masses in its weights.
func (u *unbalanced) read(r *Result) (*alternation, *entropic) {
	e := u.e
	n, m := e.a.N, e.b.N
	centred := &alternation{f: make([]float64, n), g: make([]float64, m)}
	simd.Sub(centred.f, u.f, u.sA)
	simd.Sub(centred.g, u.g, u.sB)
	low, cost, shift := append([]float64(nil), u.lowA...), make([]float64, n), make([]float64, n)
	e.forA.averages(low, shift, cost, u.sB, 1, centred.g, u.lb, u.eps)
	l := &marginals{a: make([]float64, e.problem.A.N), b: make([]float64, e.problem.B.N)}
	for i, v := range low {
		w := math.Exp(u.la[i] + (centred.f[i]-v)/u.eps)
		l.a[original(e.ia, i)] = w
		l.mass += w
		r.Cost += float64(w * (cost[i] + shift[i] + u.sA[i]))
	}
	low = append([]float64(nil), u.lowB...)
	e.forB.apply(low, centred.f, u.la, u.eps)
	for j, v := range low {
		l.b[original(e.ib, j)] = math.Exp(u.lb[j] + (centred.g[j]-v)/u.eps)
	}
	r.loose = l
	weighted := *e
	weighted.la, weighted.lb = u.la, u.lb
	weighted.wa = make([]float64, n)
	simd.Scale(weighted.wa, u.massA, e.wa)
	return centred, &weighted
}

// complete is own at the points with weight and the damped soft minimum at the
// others.
func (u *unbalanced) complete(n int, index []int32, own []float64, q float64, low func() []float64) []float64 {
	if index == nil {
		return append([]float64(nil), own...)
	}
	out := low()
	simd.Scale(out, q, out)
	for k, i := range index {
		out[i] = own[k]
	}
	return out
}
