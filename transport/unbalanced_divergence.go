package transport

import (
	"context"
	"fmt"
	"math"

	"wgf/measure"
)

// UnbalancedDivergence is the debiased unbalanced divergence
//
//	S(a, b) = UOT(a, b) - UOT(a, a)/2 - UOT(b, b)/2 + eps/2 (m(a) - m(b))^2
//
// with UOT the value of [Unbalanced] and m the total mass. For costs |x-y| and
// |x-y|^2 it is not negative and zero for a = b only, masses included.
//
// Reference: Séjourné, Feydy, Vialard, Trouvé and Peyré 2019, Sinkhorn divergences
// for unbalanced optimal transport (definition 8, theorem 4).
type UnbalancedDivergence struct {
	Value      float64
	Epsilon    float64
	Status     Status  // the worst of the three problems
	Residual   float64 // the largest of the three
	Iterations int     // of all three
	References []string

	ab, aa, bb *unbalanced
}

// Divergence computes the debiased divergence for a cost |x-y|^p or a symmetric
// function, with Rho on both sides. Its errors are those of Solve, a cost matrix,
// which says nothing about the self terms, two different prices, and Rho = Inf,
// for which Sinkhorn.Divergence is made.
func (s Unbalanced) Divergence(ctx context.Context, p Problem) (*UnbalancedDivergence, error) {
	if p.Cost.kind == matrix {
		return nil, fmt.Errorf("transport: the unbalanced divergence needs costs within each measure, which a cost matrix does not have")
	}
	if s.RhoB != 0 && s.RhoB != s.Rho || math.IsInf(s.Rho, 1) {
		return nil, fmt.Errorf("transport: the unbalanced divergence wants one finite Rho for both sides, not %v and %v", s.Rho, s.RhoB)
	}
	d := &UnbalancedDivergence{References: []string{
		"Séjourné, Feydy, Vialard, Trouvé and Peyré (2019), Sinkhorn divergences for unbalanced optimal transport, arXiv:1910.12958",
	}}
	var err error
	if d.ab, err = s.ready(p); err != nil {
		return nil, err
	}
	s.Epsilon, s.Rho = d.ab.eps, d.ab.rhoA
	d.Epsilon = s.Epsilon
	own := func(c *measure.Cloud, mass float64) (*unbalanced, error) {
		s := s
		s.MassA, s.MassB = mass, mass
		return s.ready(Problem{A: c, B: c, Cost: p.Cost})
	}
	if d.aa, err = own(p.A, d.ab.massA); err != nil {
		return nil, err
	}
	if d.bb, err = own(p.B, d.ab.massB); err != nil {
		return nil, err
	}
	for _, u := range []*unbalanced{d.ab, d.aa, d.bb} {
		u.solve(ctx)
		d.Iterations += u.iterations
		d.Residual = math.Max(d.Residual, u.residual)
		d.Status = max(d.Status, u.status)
	}
	gap := d.ab.massA - d.ab.massB
	d.Value = d.ab.value() - d.aa.value()/2 - d.bb.value()/2 + d.Epsilon/2*gap*gap
	return d, nil
}

// value is the dual value at the potentials.
func (u *unbalanced) value() float64 {
	var r Result
	u.read(&r)
	return penalty(u.la, u.f, u.rhoA, 0) + penalty(u.lb, u.g, u.rhoB, 0) + u.eps*(u.massA*u.massB-r.loose.mass)
}

// WeightGradientA is the first variation of the value in a at the points of a,
//
//	(rho + eps) (exp(-f_aa/rho) - exp(-f_ab/rho)):
//
// the derivative in the mass of each, which need not keep the total.
func (d *UnbalancedDivergence) WeightGradientA() []float64 {
	mixed, own := d.ab.result(), d.aa.result()
	out := make([]float64, len(mixed.F))
	rho := d.ab.rhoA
	for i, f := range mixed.F {
		// the self problem has one potential up to the residual: its mean
		f0 := (own.F[i] + own.G[i]) / 2
		out[i] = (rho + d.Epsilon) * math.Exp(-f0/rho) * -math.Expm1((f0-f)/rho)
	}
	return out
}

// GradientA is the gradient of the value in the points of a, coordinate-major,
//
//	grad_i = sum_j P^ab_ij grad_1 c(x_i, y_j) - sum_k P^aa_ik grad_1 c(x_i, x_k),
//
// at the cost of two iterations. It is an error if the cost is a function.
func (d *UnbalancedDivergence) GradientA() ([]float64, error) {
	if !d.ab.e.forA.geometric() {
		return nil, fmt.Errorf("transport: the gradient of a cost that is a function is not known")
	}
	mixed, own := d.ab.gradient(), d.aa.gradient()
	e := d.ab.e
	out := make([]float64, e.problem.A.N*e.a.D)
	for k := range e.a.D {
		for i := range e.a.N {
			out[k*e.problem.A.N+int(original(e.ia, i))] = mixed[k*e.a.N+i] - own[k*e.a.N+i]
		}
	}
	return out, nil
}

// gradient is sum_j P_ij grad_1 c(x_i, y_j) at the points with weight.
func (u *unbalanced) gradient() []float64 {
	e := u.e
	n := e.a.N
	centred, _ := u.read(new(Result))
	low, out := append([]float64(nil), u.lowA...), make([]float64, n*e.a.D)
	e.forA.gradient(low, out, centred.g, u.lb, u.eps)
	for i, v := range low {
		mass := math.Exp(u.la[i] + (centred.f[i]-v)/u.eps)
		for k := range e.a.D {
			shift := 0.0
			if e.shift != nil {
				shift = 2 * e.shift[k]
			}
			out[k*n+i] = mass * (out[k*n+i] + shift)
		}
	}
	return out
}
