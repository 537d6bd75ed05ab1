package geometry

import (
	"errors"

	"gonum.org/v1/gonum/mat"

	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
)

// SteinPreconditioned is the Stein geometry of a kernel of the Mahalanobis distance,
//
//	K(x, y) = C k(L^-1 x, L^-1 y),   C = L L^T,
//	v(x) = C sum_j w_j [-k g_j + tau grad_1 k(x_j, x)],
//
// C the covariance of the cloud, followed at every step, or that of the target: [Stein]
// in coordinates in which C = I, and invariant under affine changes of variables. The
// bandwidth is one of these coordinates. Cost n^2 d + n d^2 + d^3; with the covariance of
// the cloud more than d+1 particles are needed. Wang, Tang, Bajaj and Liu 2019, eq. 10.
type SteinPreconditioned struct {
	Covariance []float64 // fixed, row-major; nil: that of the cloud
	Threads    int
	kernel.Fitted
	factor       *mat.TriDense
	white, score []float64
}

func steinPreconditionedEntry() Entry {
	return Entry{
		Name:      "stein-preconditioned",
		Formula:   "stein with the kernel C k(C^-1/2 x, C^-1/2 y), C the covariance of mu or of the target",
		Cost:      "n^2 d + n d^2 + d^3",
		Reference: "Wang, Tang, Bajaj, Liu 2019, NeurIPS 32",
		Kernel:    true,
		Params:    []spec.Param{{Name: "target", Default: 0, Help: "1: the covariance of the target, where it is known, in place of that of the particles"}},
		Build: func(s Setting) (Geometry, error) {
			if err := definite("stein-preconditioned", s); err != nil {
				return nil, err
			}
			g := &SteinPreconditioned{Threads: s.Threads, Fitted: kernel.Fitted{Asked: s.Kernel, Rule: s.Rule, Frozen: s.Frozen}}
			switch s.Params.Get("target") {
			case 0:
				return g, nil
			case 1:
				if s.Covariance == nil {
					return nil, errors.New("geometry stein-preconditioned: the covariance of this target is not known, use target=0, that of the particles")
				}
				if g.factor = lower(s.Dim, s.Covariance); g.factor == nil {
					return nil, errors.New("geometry stein-preconditioned: the covariance of the target is not positive definite, use target=0, that of the particles")
				}
				g.Covariance = s.Covariance
				return g, nil
			}
			return nil, s.Params.Refuse("target", "0 or 1")
		},
	}
}

func (g *SteinPreconditioned) Traits() Traits {
	return Traits{Name: "stein-preconditioned", Absorbs: true, Descent: true, NeedsMany: g.Covariance == nil}
}

// lower is the Cholesky factor of a covariance, nil if it is not positive definite to
// working precision.
func lower(d int, cov []float64) *mat.TriDense {
	for _, v := range cov {
		if v-v != 0 { // not finite
			return nil
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(mat.NewSymDense(d, append([]float64(nil), cov...))) || chol.Cond() > 1e15 {
		return nil
	}
	var l mat.TriDense
	chol.LTo(&l)
	return &l
}

func (g *SteinPreconditioned) Update(c *measure.Cloud, _ uint64) error {
	if g.factor == nil || g.Covariance == nil && !g.Frozen {
		cov := g.Covariance
		if cov == nil {
			cov = c.Covariance()
		}
		if g.factor = lower(c.D, cov); g.factor == nil {
			return errors.New("geometry stein-preconditioned: the covariance of the particles is singular to working precision, start from a wider cloud or use geometry stein")
		}
	}
	g.Follow(g.whiten(c))
	return nil
}

// whiten is the cloud in the coordinates L^-1 (x - m).
func (g *SteinPreconditioned) whiten(c *measure.Cloud) kernel.Points {
	n, mean := c.N, c.Mean()
	z := sized(&g.white, len(c.X))
	for k := range c.D {
		row := z[k*n : (k+1)*n]
		for i, v := range c.X[k*n : (k+1)*n] {
			row[i] = v - mean[k]
		}
		for l := range k {
			a := g.factor.At(k, l)
			for i, v := range z[l*n : (l+1)*n] {
				row[i] -= float64(a * v)
			}
		}
		a := g.factor.At(k, k)
		for i := range row {
			row[i] /= a
		}
	}
	out := kernel.Of(c)
	out.X = z
	return out
}

func (g *SteinPreconditioned) Velocity(dst []float64, f Field) error {
	c, n, d := f.Cloud, f.Cloud.N, f.Cloud.D
	if g.factor == nil {
		if err := g.Update(c, 0); err != nil {
			return err
		}
	}
	score := sized(&g.score, n*d) // -L^T g
	clear(score)
	for k := range d {
		for l := k; l < d; l++ {
			a := g.factor.At(l, k)
			for i, v := range f.Gradient[l*n : (l+1)*n] {
				score[k*n+i] -= float64(a * v)
			}
		}
	}
	z := g.whiten(c)
	k := g.Kernel(z)
	if f.Entropy == 0 {
		k.Apply(dst, z, z, score, d, g.Threads)
	} else {
		for i := range score {
			score[i] /= f.Entropy
		}
		k.SteinVelocity(dst, z, score, g.Threads)
	}
	for k := d - 1; k >= 0; k-- { // L v, from below so that it fits in place
		row := dst[k*n : (k+1)*n]
		a := g.factor.At(k, k)
		for i := range row {
			row[i] *= a
		}
		for l := range k {
			a := g.factor.At(k, l)
			for i, v := range dst[l*n : (l+1)*n] {
				row[i] += float64(a * v)
			}
		}
	}
	if f.Entropy != 0 && f.Entropy != 1 {
		for i := range dst {
			dst[i] *= f.Entropy
		}
	}
	return nil
}
