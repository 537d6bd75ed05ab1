package transport

import (
	"context"
	"math"
)

// alternate solves the problem of two measures given by the logarithms of
// their masses.
func (o GridOptions) alternate(ctx context.Context, k *gridKernel, la, lb []float64) *alternation {
	n := len(la)
	u, v := make([]float64, n), make([]float64, n) // f/eps and g/eps
	h, next := make([]float64, n), make([]float64, n)
	o.descend(ctx, k, v, func() {
		k.half(u, v, lb, h)
		k.half(v, u, la, h)
	})
	r := &alternation{}
	o.iterate(ctx, r, func() {
		k.half(u, v, lb, h)
		k.half(next, u, la, h)
		r.residual = gridResidual(lb, v, next, 1)
		v, next = next, v
	})
	r.f, r.g = u, v
	rescale(o.Epsilon, r.f)
	rescale(o.Epsilon, r.g)
	return r
}

// gridSelf is the problem of a measure with itself.
type gridSelf struct {
	alternation
	defect float64 // 1 - the mass of the plan
}

// symmetric solves the problem of a measure with itself by averaged steps
// (Feydy et al. 2019, section 3.1).
func (o GridOptions) symmetric(ctx context.Context, k *gridKernel, la []float64) *gridSelf {
	n := len(la)
	u, low, h := make([]float64, n), make([]float64, n), make([]float64, n)
	mean := func() {
		for i, v := range low {
			u[i] = (u[i] + v) / 2
		}
	}
	o.descend(ctx, k, u, func() {
		k.half(low, u, la, h)
		mean()
	})
	r := &gridSelf{}
	first := true
	o.iterate(ctx, &r.alternation, func() {
		if !first {
			mean()
		}
		first = false
		k.half(low, u, la, h)
		r.residual = gridResidual(la, u, low, 1)
	})
	for i, w := range la {
		if w > nothing {
			r.defect -= math.Exp(w) * math.Expm1(u[i]-low[i])
		} else {
			u[i] = low[i] // the extension
		}
	}
	r.f = u
	rescale(o.Epsilon, r.f)
	return r
}

// half writes the potential, over eps, that is best for another one.
func (k *gridKernel) half(dst, from, logw, h []float64) {
	for i, w := range logw {
		h[i] = from[i] + w
	}
	k.apply(h, h)
	for i, s := range h {
		dst[i] = -s
	}
}

// descend calls step with falling regularisation; v, a potential over the
// regularisation, is kept in scale.
func (o GridOptions) descend(ctx context.Context, k *gridKernel, v []float64, step func()) {
	last := 0.0
	for _, eps := range o.levels(k.shape) {
		if ctx.Err() != nil {
			break
		}
		k.scale(eps)
		rescale(last/eps, v)
		last = eps
		step()
	}
	k.scale(o.Epsilon)
	rescale(last/o.Epsilon, v)
}

// iterate calls step, which sets the residual, until that is small.
func (o GridOptions) iterate(ctx context.Context, r *alternation, step func()) {
	r.status = Budget
	for r.iterations < o.MaxIterations {
		step()
		r.iterations++
		if o.Progress != nil {
			o.Progress(r.iterations, r.residual)
		}
		if r.residual <= o.Tolerance {
			r.status = Converged
			return
		}
		if ctx.Err() != nil {
			r.status = Interrupted
			return
		}
	}
}

// gridResidual is the total variation between the masses w and w exp(u - v), at
// most the given one.
func gridResidual(logw, u, v []float64, most float64) float64 {
	sum := 0.0
	for i, w := range logw {
		if w > nothing {
			sum += math.Exp(w) * math.Abs(math.Expm1(u[i]-v[i])) / 2
		}
	}
	return math.Min(sum, most)
}
