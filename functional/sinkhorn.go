package functional

import (
	"context"
	"fmt"

	"wgf/internal/spec"
	"wgf/measure"
	"wgf/transport"
)

// Sinkhorn is half the debiased Sinkhorn divergence to points under |x-y|^2,
//
//	F(mu) = 1/2 [OT_eps(mu,pi) - OT_eps(mu,mu)/2 - OT_eps(pi,pi)/2],
//
// whose gradient at the particles is T_mu,mu(x_i) - T_mu,pi(x_i), the difference of
// two barycentric projections. Solved to a total variation of Tolerance; every
// evaluation starts afresh, so that it depends on the cloud alone. Cost: Sinkhorn
// iterations of n m + n^2. Feydy et al. 2019, eqs. 3 and 27.
type Sinkhorn struct {
	Target *measure.Cloud
	Solver transport.Sinkhorn
}

func sinkhornEntry() Entry {
	return Entry{
		Name:      "sinkhorn",
		Formula:   "S_eps(mu,pi)/2, the debiased entropic transport cost of |x-y|^2",
		Cost:      "iterations of n m + n^2",
		Reference: "Feydy, Sejourne, Vialard, Amari, Trouve, Peyré 2019, AISTATS",
		Needs:     Samples,
		Params: []spec.Param{drawsParam,
			{Name: "epsilon", Default: 0, Help: "regularisation in units of the cost; 0: 0.05 times the sum of the variances of the target"},
			{Name: "tolerance", Default: 1e-6, Help: "total variation of the marginals at which an iteration ends"}},
		Build: func(s Setting) (Functional, error) {
			y, err := targetPoints("sinkhorn", s)
			if err != nil {
				return nil, err
			}
			epsilon, err := s.Params.Within("epsilon", 0, 1e300)
			if err != nil {
				return nil, err
			}
			if epsilon == 0 { // of the target alone, so that it does not move with the particles
				cov := y.Covariance()
				for k := range y.D {
					epsilon += 0.05 * cov[k*y.D+k]
				}
				if epsilon == 0 {
					epsilon = 0.05
				}
			}
			tolerance, err := s.Params.Positive("tolerance")
			return &Sinkhorn{Target: y, Solver: transport.Sinkhorn{Epsilon: epsilon, Tolerance: tolerance, Threads: s.Threads}}, err
		},
	}
}

func (f *Sinkhorn) Traits() Traits {
	return Traits{Name: "sinkhorn", Needs: Samples, Exact: true, Value: true, Witness: true}
}

func (f *Sinkhorn) Evaluate(ctx context.Context, out *Evaluation, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	d, err := transport.SinkhornDivergence(ctx, c, f.Target, f.Solver)
	if err != nil {
		return err
	}
	if d.Status != transport.Converged {
		return fmt.Errorf("the Sinkhorn iteration did not converge in %d iterations (residual %.1e): use a larger epsilon or tolerance", d.Iterations, d.Residual)
	}
	out.Value = d.Value / 2
	if out.Witness != nil {
		for i, v := range d.WeightGradientA() {
			out.Witness[i] = v / 2
		}
	}
	if out.Gradient == nil {
		return nil
	}
	g, err := d.GradientA()
	if err != nil {
		return err
	}
	divideByWeights(out.Gradient, g, c, 0.5)
	return nil
}
