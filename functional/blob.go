package functional

import (
	"context"
	"fmt"
	"math"

	"wgf/kernel"
	"wgf/measure"
)

// Blob is the relative entropy with the entropy of a density estimate,
//
//	F(mu) = sum_i w_i [V(x_i) + log rho(x_i)],   rho(x) = sum_j w_j k(x, x_j),
//
// whose gradient at the particles is exact,
//
//	g_i = grad V(x_i) + grad rho(x_i)/rho(x_i) + sum_j (w_j/rho_j) grad_1 k(x_i, x_j).
//
// The kernel must be positive; it smooths what the particles converge to by about its
// bandwidth. The cost is n gradients of the log density and of order n^2 d.
// Carrillo, Craig and Patacchini 2019, eq. 7; Chen et al. 2018.
type Blob struct {
	KL
	kernel.Fitted
	rho, part []float64
}

func blobEntry() Entry {
	return Entry{
		Name:      "blob",
		Formula:   "int [V + log(k*mu)] dmu, the entropy of a kernel density estimate",
		Cost:      "n gradients of the log density + n^2 d",
		Reference: "Carrillo, Craig, Patacchini 2019, Calc. Var. 58:53",
		Needs:     Score,
		Kernel:    true,
		Build: func(s Setting) (Functional, error) {
			if s.Density == nil {
				return nil, errDensity("blob")
			}
			if !s.Kernel.Family.Scaled() {
				return nil, fmt.Errorf("functional blob needs a positive kernel: use gaussian, imq, laplace or matern, not %s", s.Kernel.Family)
			}
			return &Blob{KL: KL{Density: s.Density, Threads: s.Threads}, Fitted: kernel.Fitted{Asked: s.Kernel, Rule: s.Rule, Frozen: s.Frozen}}, nil
		},
	}
}

func (f *Blob) Traits() Traits {
	return Traits{Name: "blob", Needs: Score, Exact: true, Value: true, Witness: true, MinParticles: 2}
}

func (f *Blob) Update(c *measure.Cloud, _ uint64) error {
	f.Follow(kernel.Of(c))
	return nil
}

func (f *Blob) Evaluate(_ context.Context, out *Evaluation, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	if err := f.potential(out, c); err != nil {
		return err
	}
	x := kernel.Of(c)
	k := f.Kernel(x)
	n := c.N
	if len(f.rho) != n || len(f.part) != n*c.D {
		f.rho, f.part = make([]float64, n), make([]float64, n*c.D)
	}
	if out.Gradient == nil {
		k.Sum(f.rho, x, x, f.Threads)
	} else {
		k.SumGradient(f.rho, f.part, x, x, f.Threads)
		for at, g := range f.part {
			out.Gradient[at] += g / f.rho[at%n]
		}
	}
	if out.WantValue {
		entropy := make([]float64, n)
		for i, r := range f.rho {
			entropy[i] = math.Log(r)
		}
		out.Value += weightedMean(c, entropy)
	}
	for i := range out.Witness { // the smoothed ratio is added below
		out.Witness[i] += math.Log(f.rho[i])
	}
	if out.Gradient == nil && out.Witness == nil {
		return nil
	}
	ratio := kernel.Points{N: n, D: c.D, X: c.X, W: make([]float64, n)}
	for i, w := range c.Weights() {
		if w > 0 {
			ratio.W[i] = w / f.rho[i]
		}
	}
	if out.Gradient != nil {
		k.Gradient(f.part, x, ratio, f.Threads)
		for at, g := range f.part {
			out.Gradient[at] += g
		}
	}
	if out.Witness != nil {
		k.Sum(f.rho, x, ratio, f.Threads)
		for i := range out.Witness {
			out.Witness[i] += f.rho[i]
		}
	}
	return nil
}
