package geometry

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"wgf/measure"
)

// BuresEntropy is mirror descent on Gaussians whose mirror map is the negative entropy:
// a step h takes grad log of the density, -C^-1 (x - m), to itself plus h v, so that
//
//	C+^-1 = M C M,   M = C^-1 + h (S - tau C^-1),   S = E hess F',
//	m+ = m - h C+ E grad F'.
//
// The entropy does not see the mean; it follows with the preconditioner C+. For a
// Gaussian target of covariance Q, C+^-1 = ((1-h) C^-1 + h Q^-1) C ((1-h) C^-1 + h Q^-1),
// and KL falls at a rate that does not depend on Q. Velocities are those of the dual
// variable, as in [BuresWasserstein]. Cost n d^2 + d^3. Needs more than d+1 particles.
// Bonet, Uscidda, David, Aubin-Frankowski and Korba 2024, section 4.
type BuresEntropy struct{ BuresWasserstein }

func buresEntropyEntry() Entry {
	return Entry{
		Name:      "bures-entropy",
		Formula:   "mirror descent on Gaussians: C+^-1 = M C M, M = C^-1 + h (E hess F' - tau C^-1)",
		Cost:      "n d^2 + d^3",
		Reference: "Bonet, Uscidda, David, Aubin-Frankowski, Korba 2024, NeurIPS 37",
		Build:     func(Setting) (Geometry, error) { return BuresEntropy{}, nil },
	}
}

func (BuresEntropy) Traits() Traits {
	return Traits{Name: "bures-entropy", Absorbs: true, Descent: true, NeedsMany: true}
}

// Move takes the affine part of delta: x -> m + C+ E delta + M^-1 C^-1 (x - m),
// M = C^-1 minus the slope of delta.
func (BuresEntropy) Move(dst []float64, c *measure.Cloud, delta []float64) error {
	n, d := c.N, c.D
	part, err := c.Affine(delta)
	if err != nil {
		return err
	}
	m := mat.NewSymDense(d, nil)
	for k := range d {
		for l := k; l < d; l++ {
			m.SetSym(k, l, part.Precision.At(k, l)-part.Slope.At(k, l))
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(m) {
		return errors.New("the step leaves the Gaussians: the step size is too large for geometry bures-entropy, try a tenth of it")
	}
	var t, next mat.Dense // M^-1 C^-1 and C+ = (M^-1 C^-1) M^-1
	if err := chol.SolveTo(&t, part.Precision); err != nil && !ill(err) {
		return errors.New("the covariance of the particles became singular: try a smaller step size")
	}
	if err := chol.SolveTo(&next, t.T()); err != nil && !ill(err) {
		return errors.New("the covariance of the particles became singular: try a smaller step size")
	}
	mean := c.Mean()
	for k := range d {
		row := dst[k*n : (k+1)*n]
		to := mean[k]
		for l := range d {
			to += float64(next.At(k, l) * part.Mean[l])
		}
		for i := range row {
			row[i] = to
		}
		for l := range d {
			a := t.At(k, l)
			for i := range row {
				row[i] += float64(a * (c.X[l*n+i] - mean[l]))
			}
		}
	}
	return nil
}

// ill reports errors that are warnings of condition numbers.
func ill(err error) bool {
	var condition mat.Condition
	return errors.As(err, &condition) && !math.IsInf(float64(condition), 0)
}
