package geometry

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// BuresPreconditioned is [BuresWasserstein] preconditioned with the mean curvature
// S = E hess F' of the functional,
//
//	v(x) = -|S|^-1 [E grad F' + (S - tau C^-1)(x - m)],
//
// |S| with the absolute eigenvalues, at least 1e-10 of the largest. For a Gaussian
// target S^-1 is its covariance, and KL falls at rate 4 near the target whatever the
// conditioning. Cost n d^2 + d^3. Needs more than d+1 particles.
// Bonet, Uscidda, David, Aubin-Frankowski and Korba 2024, section 3 (preconditioned
// gradient descent with a quadratic).
type BuresPreconditioned struct{}

func buresPreconditionedEntry() Entry {
	return Entry{
		Name:      "bures-preconditioned",
		Formula:   "v(x) = -|S|^-1 [E grad F' + (S - tau C^-1)(x - m)] on Gaussians N(m,C), S = E hess F'",
		Cost:      "n d^2 + d^3",
		Reference: "Bonet, Uscidda, David, Aubin-Frankowski, Korba 2024, NeurIPS 37",
		Build:     func(Setting) (Geometry, error) { return BuresPreconditioned{}, nil },
	}
}

func (BuresPreconditioned) Traits() Traits {
	return Traits{Name: "bures-preconditioned", Absorbs: true, Descent: true, NeedsMany: true}
}

func (BuresPreconditioned) Velocity(dst []float64, f Field) error {
	c, n, d := f.Cloud, f.Cloud.N, f.Cloud.D
	part, err := c.Affine(f.Gradient)
	if err != nil {
		return err
	}
	inverse, err := absoluteInverse(part.Slope)
	if err != nil {
		return err
	}
	slope := mat.NewDense(d, d, nil)
	slope.Scale(-f.Entropy, part.Precision)
	slope.Add(slope, part.Slope)
	var a mat.Dense
	a.Mul(inverse, slope)
	mean := c.Mean()
	for k := range d {
		row := dst[k*n : (k+1)*n]
		shift := 0.0
		for l := range d {
			shift += float64(inverse.At(k, l) * part.Mean[l])
		}
		for i := range row {
			row[i] = -shift
		}
		for l := range d {
			b := a.At(k, l)
			for i := range row {
				row[i] -= float64(b * (c.X[l*n+i] - mean[l]))
			}
		}
	}
	return nil
}

// absoluteInverse is |s|^-1, the identity where s = 0.
func absoluteInverse(s *mat.SymDense) (*mat.Dense, error) {
	var eigen mat.EigenSym
	if !eigen.Factorize(s, true) {
		return nil, errors.New("geometry bures-preconditioned: the mean curvature has no eigenvalues, try a smaller step size or another start")
	}
	values, largest := eigen.Values(nil), 0.0
	for _, v := range values {
		largest = max(largest, math.Abs(v))
	}
	if largest == 0 {
		largest = 1
		for k := range values {
			values[k] = 1
		}
	}
	for k, v := range values {
		values[k] = 1 / max(math.Abs(v), 1e-10*largest)
	}
	var u, left, out mat.Dense
	eigen.VectorsTo(&u)
	left.Mul(&u, mat.NewDiagDense(len(values), values))
	out.Mul(&left, u.T())
	return &out, nil
}
