package geometry

import (
	"math"

	"wgf/internal/parallel"
	"wgf/measure"
)

// KalmanWasserstein preconditions with the covariance C of the cloud,
//
//	v_i = -C grad F'(mu)(x_i),
//
// invariant under affine changes of variables. Noise follows the square root
// (x_1 - m, ..., x_n - m) diag(w)^1/2 of C, n normal numbers a particle, so that the
// noise is invariant too; the correction tau (d+1)/n (x_i - m) makes the target
// invariant for finitely many particles with equal weights. C has no correction for
// the sample size. Cost n d^2, and n^2 d with noise. Needs more than d+1 particles.
// Garbuno-Inigo, Nüsken and Reich 2020, eq. 9.
type KalmanWasserstein struct{ Threads int }

func kalmanEntry() Entry {
	return Entry{
		Name:      "kalman",
		Formula:   "v = -C(mu) grad F'(mu), C the covariance of mu",
		Cost:      "n d^2, with noise n^2 d",
		Reference: "Garbuno-Inigo, Nüsken, Reich 2020, SIAM J. Appl. Dyn. Syst. 19(3)",
		Build:     func(s Setting) (Geometry, error) { return &KalmanWasserstein{Threads: s.Threads}, nil },
	}
}

func (g *KalmanWasserstein) Traits() Traits {
	return Traits{Name: "kalman", Descent: true, NeedsMany: true}
}

func (g *KalmanWasserstein) Velocity(dst []float64, f Field) error {
	c, n, d := f.Cloud, f.Cloud.N, f.Cloud.D
	cov := c.Covariance()
	clear(dst)
	for k := range d {
		row := dst[k*n : (k+1)*n]
		for l := range d {
			a := cov[k*d+l]
			for i, v := range f.Gradient[l*n : (l+1)*n] {
				row[i] -= float64(a * v)
			}
		}
	}
	return nil
}

func (g *KalmanWasserstein) Rank(c *measure.Cloud) int { return c.N }

func (g *KalmanWasserstein) Noise(dst, xi []float64, c *measure.Cloud) error {
	n, d := c.N, c.D
	mean, w := c.Mean(), c.Weights()
	parallel.For(g.Threads, d, func(_, k int) {
		row := dst[k*n : (k+1)*n]
		clear(row)
		for j := range n {
			a := math.Sqrt(w[j]) * (c.X[k*n+j] - mean[k])
			for i, z := range xi[j*n : (j+1)*n] {
				row[i] += float64(a * z)
			}
		}
	})
	return nil
}

func (g *KalmanWasserstein) Correction(dst []float64, tau float64, c *measure.Cloud) error {
	mean, w, n := c.Mean(), c.Weights(), c.N
	a := tau * float64(c.D+1)
	for k := range c.D {
		for i := range n {
			dst[k*n+i] += float64(a * w[i] * (c.X[k*n+i] - mean[k]))
		}
	}
	return nil
}
