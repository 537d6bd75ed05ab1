package measure

import (
	"errors"

	"gonum.org/v1/gonum/mat"
)

// Affine is the least-squares affine part of a vector field g on a cloud,
//
//	g(x) ~ Mean + Slope (x - m),   Slope = sym C^-1 Cov(x, g),
//
// m and C mean and covariance of the cloud. On a normal distribution Slope is the
// mean Jacobian of a gradient field, by Stein's identity.
type Affine struct {
	Mean      []float64     // weighted mean of g, d numbers
	Slope     *mat.SymDense // d x d
	Precision *mat.SymDense // C^-1
}

// Affine returns the affine part of g, coordinate-major, N x D numbers. It is an error
// if the particles do not span all directions. The cost is of order n d^2 + d^3.
func (c *Cloud) Affine(g []float64) (Affine, error) {
	n, d := c.N, c.D
	a := Affine{Mean: make([]float64, d), Slope: mat.NewSymDense(d, nil), Precision: mat.NewSymDense(d, nil)}
	var chol mat.Cholesky
	if !chol.Factorize(mat.NewSymDense(d, c.Covariance())) || chol.Cond() > 1e15 {
		return a, errors.New("the covariance of the particles is singular to working precision: Gaussians need more than d+1 particles that span all directions")
	}
	if err := chol.InverseTo(a.Precision); err != nil {
		return a, errors.New("the covariance of the particles is singular to working precision: start from a wider cloud")
	}
	mean, w := c.Mean(), c.Weights()
	cross := mat.NewDense(d, d, nil)
	for k := range d {
		for i, v := range g[k*n : (k+1)*n] {
			a.Mean[k] += float64(w[i] * v)
		}
		for l := range d {
			sum := 0.0
			for i, v := range g[k*n : (k+1)*n] {
				sum += float64(w[i] * (c.X[l*n+i] - mean[l]) * v)
			}
			cross.Set(l, k, sum)
		}
	}
	var s mat.Dense
	s.Mul(a.Precision, cross)
	for k := range d {
		for l := k; l < d; l++ {
			a.Slope.SetSym(k, l, (s.At(k, l)+s.At(l, k))/2)
		}
	}
	return a, nil
}
