package transport

import (
	"context"
	"fmt"
	"math"

	"wgf/internal/simd"
)

// entropic maximises
//
//	D(f, g, t) = sum_i a_i f_i + sum_j b_j g_j + s t
//	             + eps sum_ij a_i b_j (1 - exp((f_i + g_j + t - c_ij)/eps))
//
// over f <= 0, g <= 0 and t. It is smooth and concave and the bounds are apart for
// every block of variables, so that maximising in turn ends at the maximum.
func (s Partial) entropic(ctx context.Context, p Problem) (*Result, error) {
	solver := Sinkhorn{Epsilon: s.Epsilon, Tolerance: s.Tolerance, MaxIterations: s.MaxIterations, Threads: s.Threads}
	e, eps, err := solver.ready(p)
	if err != nil {
		return nil, err
	}
	// the soft minima and the masses are those of the unbalanced problem with
	// rho = Inf, that is without damping
	u := &unbalanced{solver: solver, e: e, eps: eps, rhoA: math.Inf(1), rhoB: math.Inf(1), massA: s.MassA, massB: s.MassB}
	u.start()
	v := &partialState{u: u, mass: s.Mass, rows: make([]float64, e.a.N), cols: make([]float64, e.b.N)}
	solver.anneal(ctx, e.diameter(), eps, func(level float64) {
		v.step(level)
		u.iterations++
	})
	u.status = Budget
	for from := u.iterations; u.iterations-from < solver.maxIterations(); {
		u.residual = v.step(eps)
		u.iterations++
		if u.residual <= solver.tolerance() {
			u.status = Converged
			break
		}
		if ctx.Err() != nil {
			u.status = Interrupted
			break
		}
	}
	if math.IsNaN(v.t) {
		return nil, fmt.Errorf("transport: partial: the costs are no finite numbers")
	}
	r := &Result{Problem: p, Method: "partial", Status: u.status, Iterations: u.iterations, Residual: u.residual, Epsilon: eps, References: []string{
		"Benamou, Carlier, Cuturi, Nenna and Peyré (2015), Iterative Bregman projections for regularized transportation problems, SIAM Journal on Scientific Computing 37",
	}}
	r.Dual = s.Mass*v.t + penalty(u.la, u.f, u.rhoA, 0) + penalty(u.lb, u.g, u.rhoB, 0)
	shiftBy(u.f, v.t/2)
	shiftBy(u.g, v.t/2)
	centred, weighted := u.read(r)
	r.Dual += eps * (s.MassA*s.MassB - r.loose.mass)
	r.F = v.complete(e.problem.A.N, e.ia, u.f, func() []float64 {
		low := e.complete(e.problem.A, e.forA, e.ma, centred.f, e.ia, centred.g, u.lb, eps)
		e.uncentre(low, e.problem.A, e.ma, 1)
		return low
	})
	r.G = v.complete(e.problem.B.N, e.ib, u.g, func() []float64 {
		low := e.complete(e.problem.B, e.forB, e.mb, centred.g, e.ib, centred.f, u.la, eps)
		e.uncentre(low, e.problem.B, e.mb, -1)
		return low
	})
	r.makePlan = func() *Plan { return weighted.plan(centred, eps) }
	return r, nil
}

// partialState is the state of the coordinate ascent: f and g, which are not
// positive, in u, and the price t of mass.
type partialState struct {
	u          *unbalanced
	mass, t    float64
	rows, cols []float64 // soft minima of g + t and of f + t
}

// step maximises over f, t, g and t in turn. It returns the total variation, relative to
// the mass, between the marginals of the plan and the ones that the last f and
// g make right, that of B with the last price.
func (v *partialState) step(eps float64) float64 {
	u := v.u
	v.half(v.rows, u.f, u.g, u.la, eps, u.halfA)
	return v.half(v.cols, u.g, u.f, u.lb, eps, u.halfB)
}

// half maximises over one potential, own, and the price.
func (v *partialState) half(low, own, other, logw []float64, eps float64, half func(dst, from []float64, eps float64)) float64 {
	half(low, other, eps) // softmin(other)
	// where the bound holds back, own + t - low < 0
	residual, masses := 0.0, make([]float64, len(own))
	for i, s := range low {
		next := math.Min(s-v.t, 0)
		masses[i] = logw[i] + (next+v.t-s)/eps
		residual += math.Abs(math.Exp(logw[i]+(own[i]+v.t-s)/eps) - math.Exp(masses[i]))
		own[i] = next
	}
	top := math.Inf(-1)
	for _, m := range masses {
		top = math.Max(top, m)
	}
	for i := range masses {
		masses[i] -= top
	}
	simd.Exp(masses, masses)
	total := math.Exp(top) * simd.Sum(masses)
	change := math.Log(v.mass / total)
	v.t += eps * change
	return math.Max(residual/(2*v.mass), math.Abs(math.Expm1(-change)))
}

func (v *partialState) complete(n int, index []int32, own []float64, low func() []float64) []float64 {
	if index == nil {
		return append([]float64(nil), own...)
	}
	out := low()
	for i, f := range out {
		out[i] = math.Min(f, v.t/2)
	}
	for k, i := range index {
		out[i] = own[k]
	}
	return out
}
