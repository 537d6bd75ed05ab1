package geometry

import (
	"fmt"

	"wgf/kernel"
	"wgf/measure"
)

// Stein is the geometry of a reproducing kernel Hilbert space: the Wasserstein
// gradient smoothed by a kernel. Integration by parts takes the entropy tau of the
// functional into the kernel,
//
//	v(x) = sum_j w_j [-k(x_j, x) g_j + tau grad_1 k(x_j, x)],
//
// which for the relative entropy is Stein variational gradient descent. The cost is
// of order n^2 d. With one particle v = -k(x, x) g: gradient descent on the potential.
// Liu and Wang 2016, eq. 8; Duncan, Nüsken and Szpruch 2023.
type Stein struct {
	Threads int
	kernel.Fitted
	score []float64
}

// NewStein returns the geometry of a kernel; bandwidth 0 follows the cloud by rule.
func NewStein(k kernel.Kernel, rule kernel.Rule, threads int) *Stein {
	return &Stein{Threads: threads, Fitted: kernel.Fitted{Asked: k, Rule: rule}}
}

func steinEntry() Entry {
	return Entry{
		Name:      "stein",
		Formula:   "v(x) = int [-k(y,x) grad F'(y) + tau grad_y k(y,x)] dmu(y)",
		Cost:      "n^2 d",
		Reference: "Liu, Wang 2016, NeurIPS 29",
		Kernel:    true,
		Build: func(s Setting) (Geometry, error) {
			if err := definite("stein", s); err != nil {
				return nil, err
			}
			g := NewStein(s.Kernel, s.Rule, s.Threads)
			g.Frozen = s.Frozen
			return g, nil
		},
	}
}

func (g *Stein) Traits() Traits { return Traits{Name: "stein", Absorbs: true, Descent: true} }

func (g *Stein) Update(c *measure.Cloud, _ uint64) error {
	g.Follow(kernel.Of(c))
	return nil
}

func (g *Stein) Velocity(dst []float64, f Field) error {
	c := f.Cloud
	x := kernel.Of(c)
	k := g.Kernel(x)
	if len(g.score) != len(f.Gradient) {
		g.score = make([]float64, len(f.Gradient))
	}
	if f.Entropy == 0 {
		for i, v := range f.Gradient {
			g.score[i] = -v
		}
		k.Apply(dst, x, x, g.score, c.D, g.Threads)
		return nil
	}
	for i, v := range f.Gradient {
		g.score[i] = -v / f.Entropy
	}
	k.SteinVelocity(dst, x, g.score, g.Threads)
	if f.Entropy != 1 {
		for i := range dst {
			dst[i] *= f.Entropy
		}
	}
	return nil
}

// definite refuses kernels that are not positive definite.
func definite(name string, s Setting) error {
	if !s.Kernel.Family.Scaled() {
		return fmt.Errorf("geometry %s needs a positive definite kernel: use gaussian, imq, laplace or matern, not %s", name, s.Kernel.Family)
	}
	return nil
}

// sized is a scratch vector of n numbers.
func sized(v *[]float64, n int) []float64 {
	if cap(*v) < n {
		*v = make([]float64, n)
	}
	return (*v)[:n]
}
