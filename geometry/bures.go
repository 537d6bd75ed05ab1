package geometry

import (
	"errors"

	"gonum.org/v1/gonum/mat"

	"wgf/measure"
)

// BuresWasserstein is the Wasserstein geometry restricted to Gaussians N(m, C): the
// gradient is projected on affine fields,
//
//	v(x) = -E g - (S - tau C^-1)(x - m),   S = sym C^-1 Cov(x, g),
//
// m and C those of the cloud, so that S = E hess F' by Stein's identity. The entropy
// tau is that of the Gaussian. A cloud moves by affine maps and only its mean and
// covariance mean something. With the relative entropy it is Gaussian variational
// inference. Cost n d^2 + d^3. Needs more than d+1 particles.
// Lambert, Chewi, Bach, Bonnabel and Rigollet 2022, eq. 7.
type BuresWasserstein struct{}

func buresEntry() Entry {
	return Entry{
		Name:      "bures",
		Formula:   "v(x) = -E grad F' - (E hess F' - tau C^-1)(x - m) on Gaussians N(m,C)",
		Cost:      "n d^2 + d^3",
		Reference: "Lambert, Chewi, Bach, Bonnabel, Rigollet 2022, NeurIPS 35",
		Build:     func(Setting) (Geometry, error) { return BuresWasserstein{}, nil },
	}
}

func (BuresWasserstein) Traits() Traits {
	return Traits{Name: "bures", Absorbs: true, Descent: true, NeedsMany: true}
}

func (BuresWasserstein) Velocity(dst []float64, f Field) error {
	mean, grad, slope, precision, err := affine(f.Cloud, f.Gradient)
	if err != nil {
		return err
	}
	n, d := f.Cloud.N, f.Cloud.D
	for k := range d {
		row := dst[k*n : (k+1)*n]
		for i := range row {
			row[i] = -grad[k]
		}
		for l := range d {
			a := slope.At(k, l) - float64(f.Entropy*precision.At(k, l))
			for i := range row {
				row[i] -= float64(a * (f.Cloud.X[l*n+i] - mean[l]))
			}
		}
	}
	return nil
}

// affine is the least-squares affine part of a field g: its mean, the symmetric part
// of C^-1 Cov(x, g), and C^-1.
func affine(c *measure.Cloud, g []float64) (mean, grad []float64, slope, precision *mat.SymDense, err error) {
	n, d := c.N, c.D
	var chol mat.Cholesky
	if !chol.Factorize(mat.NewSymDense(d, c.Covariance())) {
		return nil, nil, nil, nil, errors.New("the covariance of the particles is singular: geometry bures needs more than d+1 particles that span all directions")
	}
	precision = mat.NewSymDense(d, nil)
	if chol.InverseTo(precision) != nil && chol.Cond() > 1e15 {
		return nil, nil, nil, nil, errors.New("the covariance of the particles is singular to working precision: start from a wider cloud")
	}
	mean, grad = c.Mean(), make([]float64, d)
	w := c.Weights()
	cross := mat.NewDense(d, d, nil)
	for k := range d {
		for i, v := range g[k*n : (k+1)*n] {
			grad[k] += float64(w[i] * v)
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
	s.Mul(precision, cross)
	slope = mat.NewSymDense(d, nil)
	for k := range d {
		for l := k; l < d; l++ {
			slope.SetSym(k, l, (s.At(k, l)+s.At(l, k))/2)
		}
	}
	return mean, grad, slope, precision, nil
}
