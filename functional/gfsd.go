package functional

import (
	"context"
	"fmt"

	"wgf/kernel"
	"wgf/measure"
)

// GFSD is the relative entropy with the score of the particles by a kernel density
// estimate: gradient
//
//	g_i = grad V(x_i) + grad log rho(x_i),   rho(x) = sum_j w_j k(x, x_j),
//
// the gradient flow with smoothed density. It is not the gradient of a function of the
// particles, see [Blob] for one. Where it stops the estimate has the score of the
// target, so that the particles are narrower than the target by about the bandwidth. The
// kernel must be positive. Cost n gradients of the log density and n^2 d.
// Liu, Zhuo, Cheng, Zhang and Zhu 2019, section 3.
type GFSD struct {
	KL
	kernel.Fitted
	rho, part []float64
}

func gfsdEntry() Entry {
	return Entry{
		Name:      "gfsd",
		Formula:   "KL(mu|pi) by its gradient grad V + grad log(k*mu), the score of a density estimate",
		Cost:      "n gradients of the log density + n^2 d",
		Reference: "Liu, Zhuo, Cheng, Zhang, Zhu 2019, ICML",
		Needs:     Score,
		Kernel:    true,
		Build: func(s Setting) (Functional, error) {
			if s.Density == nil {
				return nil, errDensity("gfsd")
			}
			if !s.Kernel.Family.Scaled() {
				return nil, fmt.Errorf("functional gfsd needs a positive kernel: use gaussian, imq, laplace or matern, not %s", s.Kernel.Family)
			}
			return &GFSD{KL: KL{Density: s.Density, Threads: s.Threads}, Fitted: kernel.Fitted{Asked: s.Kernel, Rule: s.Rule, Frozen: s.Frozen}}, nil
		},
	}
}

func (f *GFSD) Traits() Traits {
	return Traits{Name: "gfsd", Needs: Score, MinParticles: 2}
}

func (f *GFSD) Update(c *measure.Cloud, _ uint64) error {
	f.Follow(kernel.Of(c))
	return nil
}

func (f *GFSD) Evaluate(_ context.Context, out *Evaluation, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	if err := f.potential(out, c); err != nil {
		return err
	}
	if out.Gradient == nil {
		return nil
	}
	x := kernel.Of(c)
	f.rho, f.part = sized(f.rho, c.N), sized(f.part, len(c.X))
	f.Kernel(x).SumGradient(f.rho, f.part, x, x, f.Threads)
	for at, g := range f.part {
		out.Gradient[at] += g / f.rho[at%c.N]
	}
	return finiteResult("gfsd", out, c.N)
}
