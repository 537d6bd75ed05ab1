package transport

import (
	"context"

	"wgf/internal/simd"
)

// ascent is where a start has come to.
type ascent struct {
	theta, gx  []float64
	value      float64
	iterations int
	status     Status
}

func (s MaxSliced) ascend(ctx context.Context, pair *slicedPair, theta []float64) ascent {
	tol, limit := s.Tolerance, s.MaxIterations
	if tol == 0 {
		tol = 1e-10
	}
	if limit == 0 {
		limit = 200
	}
	d := pair.a.d
	var w slicedScratch
	gx, gy := make([]float64, pair.a.stride), make([]float64, pair.b.stride)
	value := func(theta []float64) float64 {
		w.project(pair, theta)
		v := w.line(pair, theta, w.x, w.y, gx, gy)
		if pair.p == 2 {
			t := pair.shiftAlong(theta)
			v += float64(t * t)
		}
		return v
	}
	out := ascent{theta: theta, value: value(theta), gx: append([]float64(nil), gx...)}
	if d <= 1 {
		return out
	}
	grad, trial := make([]float64, d), make([]float64, d)
	step := 1.0
	out.status = Budget
	for out.iterations < limit {
		if ctx.Err() != nil {
			out.status = Interrupted
			break
		}
		pair.lineGradient(grad, out.theta, gx, gy)
		along := 0.0
		for k, g := range grad {
			along += float64(g * out.theta[k])
		}
		if !(along > 0) {
			out.status = Converged
			break
		}
		out.iterations++
		before := out.value
		for ; step > 1e-9; step /= 2 {
			for k, g := range grad {
				trial[k] = (1-step)*out.theta[k] + step*g/along
			}
			normalise(trial)
			if v := value(trial); v > out.value {
				out.value = v
				out.theta, trial = trial, out.theta
				copy(out.gx, gx)
				break
			}
		}
		if out.value-before <= tol*out.value {
			out.status = Converged
			break
		}
		step *= 2
	}
	return out
}

// lineGradient is the gradient of W_p^p by theta, the gradients by the
// projections being gx and gy.
func (s *slicedPair) lineGradient(dst, theta, gx, gy []float64) {
	t := 0.0
	if s.p == 2 {
		t = 2 * s.shiftAlong(theta)
	} else {
		t = simd.Sum(gx[:s.a.n])
	}
	for k := range dst {
		dst[k] = simd.Dot(s.a.x[k*s.a.stride:k*s.a.stride+s.a.n], gx[:s.a.n]) -
			simd.Dot(s.b.x[k*s.b.stride:k*s.b.stride+s.b.n], gy[:s.b.n]) + float64(t*s.shift[k])
	}
}
