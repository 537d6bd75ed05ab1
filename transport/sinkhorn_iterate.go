package transport

import (
	"context"
	"math"
)

// alternation is the state of the alternating maximisation.
type alternation struct {
	f, g       []float64
	residual   float64
	iterations int
	status     Status
}

// alternate runs f <- softmin(g), g <- softmin(f) from the given g (nil: 0).
func (s Sinkhorn) alternate(ctx context.Context, e *entropic, eps float64, f, g []float64) *alternation {
	r := &alternation{f: f, g: g, residual: math.Inf(1)}
	if r.f == nil {
		r.f, r.g = make([]float64, e.a.N), make([]float64, e.b.N)
	}
	next := make([]float64, e.b.N)
	if q := s.annealing(); q < 1 && f == nil {
		for level := e.diameter(); level > eps && ctx.Err() == nil; level *= q {
			e.forA.apply(r.f, r.g, e.lb, level)
			e.forB.apply(r.g, r.f, e.la, level)
			r.iterations++
		}
	}
	for limit := r.iterations + s.maxIterations(); ; {
		if r.iterations >= limit {
			r.status = Budget
			break
		}
		e.forA.apply(r.f, r.g, e.lb, eps)
		e.forB.apply(next, r.f, e.la, eps)
		r.residual = marginalError(e.wb, r.g, next, eps)
		r.g, next = next, r.g
		r.iterations++
		if r.residual <= s.tolerance() {
			break
		}
		if ctx.Err() != nil {
			r.status = Interrupted
			break
		}
	}
	return r
}

// marginalError is the total variation between the weights w and the marginal
// w_j exp((g_j - next_j)/eps), where next is the potential with which it would
// be right.
func marginalError(w, g, next []float64, eps float64) float64 {
	sum := 0.0
	for j, v := range w {
		sum += float64(v * math.Abs(math.Expm1((g[j]-next[j])/eps)))
	}
	return sum / 2
}
