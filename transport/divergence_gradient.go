package transport

import (
	"fmt"

	"wgf/measure"
)

// GradientA is the gradient of the value in the points of a, coordinate-major:
// with p and q the softmax weights of the mixed and of the self problem,
//
//	grad_i = a_i (sum_j p_ij grad_1 c(x_i, y_j) - sum_k q_ik grad_1 c(x_i, x_k)).
//
// For c = |x-y|^2 that is 2 a_i (T_aa(x_i) - T_ab(x_i)) with the two
// barycentric projections. Points without weight have gradient 0. The cost is
// that of one iteration; the error of first order in Residual. It is an error
// if the cost is a function. Calls must not overlap in time.
func (d *Divergence) GradientA() ([]float64, error) {
	return d.gradient(d.e.problem.A, d.e.forA, d.e.ia, d.e.wa, d.e.lb, d.ab.f, d.ab.g, d.aa, 1)
}

// GradientB is the gradient of the value in the points of b, as GradientA.
func (d *Divergence) GradientB() ([]float64, error) {
	return d.gradient(d.e.problem.B, d.e.forB, d.e.ib, d.e.wb, d.e.la, d.ab.g, d.ab.f, d.bb, -1)
}

func (d *Divergence) gradient(c *measure.Cloud, s *softmin, index []int32, w, logw, f, g []float64, own *self, sign float64) ([]float64, error) {
	if !s.geometric() {
		return nil, fmt.Errorf("transport: the gradient of a cost that is a function is not known")
	}
	n, dim := s.x.N, s.x.D
	mixed, alone := make([]float64, n*dim), make([]float64, n*dim)
	s.gradient(append([]float64(nil), f...), mixed, g, logw, d.Epsilon)
	own.s.gradient(append([]float64(nil), own.f...), alone, own.f, own.logw, d.Epsilon)
	out := make([]float64, c.N*dim)
	for k := range dim {
		shift := 0.0 // of the means, which centring took out
		if d.e.shift != nil {
			shift = 2 * sign * d.e.shift[k]
		}
		for i, v := range w {
			out[k*c.N+int(original(index, i))] = v * (mixed[k*n+i] - alone[k*n+i] + shift)
		}
	}
	return out, nil
}

// WeightGradientA is the first variation of the value in a, f_ab - f_aa at all
// points of a: its differences are the derivatives along changes of the
// weights that sum to zero. At points without weight the potentials are
// extended by their soft minima.
func (d *Divergence) WeightGradientA() []float64 {
	e := d.e
	mixed := e.complete(e.problem.A, e.forA, e.ma, d.ab.f, e.ia, d.ab.g, e.lb, d.Epsilon)
	alone := e.complete(e.problem.A, d.aa.s, e.ma, d.aa.f, e.ia, d.aa.f, e.la, d.Epsilon)
	e.uncentre(mixed, e.problem.A, e.ma, 1)
	return difference(mixed, alone)
}

// WeightGradientB is the first variation in b, as WeightGradientA.
func (d *Divergence) WeightGradientB() []float64 {
	e := d.e
	mixed := e.complete(e.problem.B, e.forB, e.mb, d.ab.g, e.ib, d.ab.f, e.la, d.Epsilon)
	alone := e.complete(e.problem.B, d.bb.s, e.mb, d.bb.f, e.ib, d.bb.f, e.lb, d.Epsilon)
	e.uncentre(mixed, e.problem.B, e.mb, -1)
	return difference(mixed, alone)
}

func difference(a, b []float64) []float64 {
	for i, v := range b {
		a[i] -= v
	}
	return a
}
