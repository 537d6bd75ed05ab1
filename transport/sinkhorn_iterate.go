package transport

import (
	"context"
	"math"

	"wgf/internal/simd"
)

// alternation is the state of the alternating maximisation: potentials of the
// problem made ready.
type alternation struct {
	f, g       []float64
	residual   float64
	iterations int
	status     Status
}

// alternate maximises the dual over f and g in turn. It begins at the given
// potentials, or by descending from the largest cost where they are nil.
func (s Sinkhorn) alternate(ctx context.Context, e *entropic, eps float64, f, g []float64) *alternation {
	r := &alternation{f: f, g: g}
	if f == nil {
		r.f, r.g = make([]float64, e.a.N), make([]float64, e.b.N)
		s.anneal(ctx, e.diameter(), eps, func(level float64) {
			e.forA.apply(r.f, r.g, e.lb, level)
			e.forB.apply(r.g, r.f, e.la, level)
			r.iterations++
		})
	}
	next := append([]float64(nil), r.g...)
	s.fixedPoint(ctx, r, e.wb, r.g, next, eps, func(least float64) (float64, bool) {
		e.forA.apply(r.f, r.g, e.lb, eps)
		dual := simd.Dot(e.wa, r.f) + simd.Dot(e.wb, r.g) // f is exact: the mass is 1
		if dual < least {
			return dual, false
		}
		e.forB.apply(next, r.f, e.la, eps)
		return dual, true
	})
	copy(r.g, next)
	e.normalise(r)
	return r
}

// anneal calls step with a falling regularisation, from the largest cost to eps.
func (s Sinkhorn) anneal(ctx context.Context, from, eps float64, step func(level float64)) {
	if s.annealing() == 1 {
		return
	}
	for level := from; level > eps && ctx.Err() == nil; level *= s.annealing() {
		step(level)
	}
}

const (
	dualRounding = 1e-14 // of the dual value, in units of the potentials
	shorter      = 0.25  // factor of an accelerated step that failed
	shortest     = 1e-3  // part of it that is tried last
	residualRise = 20    // over the least residual so far that ends acceleration for a while
	plainAfter   = 4     // plain steps then, twice as many every time
)

// fixedPoint iterates g <- next until the total variation to which the step
// amounts, for the marginal w, is below the tolerance; the last step is left in
// next. step computes next from g and returns the dual value at g; where that is
// below the given bound it returns false and need not compute next.
//
// The steps are accelerated (see anderson) unless s.Plain. An accelerated step
// that lowers the dual value is made shorter, towards the plain one, and in the
// end given up for the plain one, which never lowers it. The dual value thus rises
// up to rounding, and the iteration converges where the plain one does. Where
// rounding blinds this test and the residual rises instead, more and more plain
// steps follow.
func (s Sinkhorn) fixedPoint(ctx context.Context, r *alternation, w, g, next []float64, eps float64, step func(least float64) (float64, bool)) {
	var acc *anderson
	var plain, goal []float64 // where the last plain and the accelerated step lead
	if !s.Plain {
		acc, plain, goal = newAnderson(w), make([]float64, len(g)), make([]float64, len(g))
	}
	part := 1.0 // of the accelerated step
	wait, rises := 0, 0
	least, lowest := math.Inf(-1), math.Inf(1)
	for limit := r.iterations + s.maxIterations(); ; {
		dual, ok := step(least)
		r.iterations++
		if !ok {
			if part *= shorter; part > shortest && ctx.Err() == nil {
				for i, v := range plain {
					g[i] = v + float64(part*(goal[i]-v))
				}
			} else {
				copy(g, plain)
				least = math.Inf(-1)
			}
			continue
		}
		r.residual = marginalError(w, g, next, eps)
		switch {
		case r.residual <= s.tolerance():
			r.status = Converged
			return
		case ctx.Err() != nil:
			r.status = Interrupted
			return
		case r.iterations >= limit:
			r.status = Budget
			return
		case acc == nil:
			copy(g, next)
			continue
		}
		least = dual - dualRounding*absoluteMean(w, g)
		copy(plain, next)
		if part < 1 {
			acc.forget() // what came before does not fit what is here
			part = 1
		}
		acc.add(g, next)
		if r.residual > residualRise*lowest && wait == 0 {
			acc.forget()
			wait = plainAfter << min(rises, 20)
			rises++
		}
		lowest = math.Min(lowest, r.residual)
		if wait > 0 {
			wait--
			copy(g, next)
			continue
		}
		acc.extrapolate(g)
		copy(goal, g)
	}
}

// absoluteMean is sum_i w_i |g_i|.
func absoluteMean(w, g []float64) float64 {
	sum := 0.0
	for i, v := range g {
		sum += float64(w[i] * math.Abs(v))
	}
	return sum
}

// marginalError is the total variation between the weights w and the marginal
// w_j exp((g_j - next_j)/eps), where next is the potential with which it would
// be right.
func marginalError(w, g, next []float64, eps float64) float64 {
	sum := 0.0
	for j, v := range w {
		sum += float64(v * math.Abs(math.Expm1((g[j]-next[j])/eps)))
	}
	return math.Min(sum/2, 1) // far from the solution the mass may be anything
}
