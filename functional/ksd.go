package functional

import (
	"context"
	"errors"
	"fmt"

	"wgf/internal/parallel"
	"wgf/kernel"
	"wgf/measure"
	"wgf/target"
)

// KSD is half the squared kernel Stein discrepancy,
//
//	F(mu) = 1/2 sum_ij w_i w_j k_pi(x_i, x_j),
//
// k_pi the Stein kernel of [kernel.Kernel.Stein]. Witness sum_j w_j k_pi(x_i, x_j);
// its gradient is exact and takes one Hessian-vector product a particle, see
// [kernel.Kernel.SteinGradient]. F is 0 at the target only, but not convex: its flow
// keeps to planes of symmetry, has spurious fixed points between modes, and does not
// see the weights of separate modes. Cost n gradients and n Hessian-vector products
// of the log density, and of order n^2 d.
// Korba, Aubin-Frankowski, Majewski and Ablin 2021, eqs. 3 and 8.
type KSD struct {
	KL
	kernel.Fitted
	score, velocity, rest []float64
}

func ksdEntry() Entry {
	return Entry{
		Name:      "ksd",
		Formula:   "KSD^2(mu|pi)/2 = 1/2 int int k_pi dmu dmu, k_pi the Stein kernel",
		Cost:      "n gradients, n Hessian-vector products + n^2 d",
		Reference: "Korba, Aubin-Frankowski, Majewski, Ablin 2021, ICML",
		Needs:     Score | Curvature,
		Kernel:    true,
		Build: func(s Setting) (Functional, error) {
			if s.Density == nil {
				return nil, errDensity("ksd")
			}
			if !s.Kernel.Family.Smooth() {
				return nil, fmt.Errorf("functional ksd needs a smooth kernel: use gaussian, imq or matern52, not %s", s.Kernel.Family)
			}
			if _, ok := s.Density.(target.Curved); !ok {
				return nil, errors.New("functional ksd needs second derivatives of the log density, which this target does not have: use kl in geometry stein")
			}
			if c, ok := s.Density.(interface{ Curvature() error }); ok {
				if err := c.Curvature(); err != nil {
					return nil, fmt.Errorf("functional ksd needs second derivatives of the log density: %w", err)
				}
			}
			return &KSD{KL: KL{Density: s.Density, Threads: s.Threads}, Fitted: kernel.Fitted{Asked: s.Kernel, Rule: s.Rule, Frozen: s.Frozen}}, nil
		},
	}
}

func (f *KSD) Traits() Traits {
	return Traits{Name: "ksd", Needs: Score | Curvature, Exact: true, Value: true, Witness: true}
}

func (f *KSD) Update(c *measure.Cloud, _ uint64) error {
	f.Follow(kernel.Of(c))
	return nil
}

func (f *KSD) Evaluate(_ context.Context, out *Evaluation, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	f.score = sized(f.score, len(c.X))
	f.lp = sized(f.lp, c.N)
	f.at.density, f.at.threads = f.Density, f.Threads
	if err := f.at.evaluate(f.lp, f.score, c.X); err != nil {
		return err
	}
	x := kernel.Of(c)
	k := f.Kernel(x)
	if out.WantValue || out.Witness != nil {
		k.Stein(f.lp, x, f.score, x, f.score, f.Threads)
		copy(out.Witness, f.lp)
		out.Value = max(0, weightedMean(c, f.lp)/2)
	}
	if out.Gradient == nil {
		return nil
	}
	f.velocity, f.rest = sized(f.velocity, len(c.X)), sized(f.rest, len(c.X))
	k.SteinGradient(f.velocity, f.rest, x, f.score, f.Threads)
	if err := hessians(out.Gradient, c.X, f.velocity, f.Density.(target.Curved), c.N, f.Threads); err != nil {
		return err
	}
	for i, v := range f.rest {
		out.Gradient[i] += v
	}
	return nil
}

// hessians writes hess log p(x_i) u_i on several threads.
func hessians(dst, x, u []float64, density target.Curved, n, threads int) error {
	d := len(x) / n
	blocks := (n + batch - 1) / batch
	parallel.For(threads, blocks, func(_, b int) {
		first := b * batch
		m := min(batch, n-first)
		part := make([]float64, 3*m*d)
		px, pu, out := part[:m*d], part[m*d:2*m*d], part[2*m*d:]
		for k := range d {
			copy(px[k*m:(k+1)*m], x[k*n+first:])
			copy(pu[k*m:(k+1)*m], u[k*n+first:])
		}
		density.HessianVector(out, px, pu)
		for k := range d {
			copy(dst[k*n+first:k*n+first+m], out[k*m:])
		}
	})
	for at, v := range dst {
		if v-v != 0 {
			return fmt.Errorf("the second derivatives of the log density are not finite at particle %d: try a smaller step size or another start", at%n+1)
		}
	}
	return nil
}
