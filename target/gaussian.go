package target

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"wgf/internal/rng"
)

// Gaussian is the normal distribution N(m, C) on R^d,
//
//	log p(x) = -(x-m)^T C^-1 (x-m)/2 - log det C/2 - d log(2 pi)/2,
//	grad log p(x) = -C^-1 (x-m).
//
// A batch of n points costs 2 n d^2 operations, n d for a diagonal C.
type Gaussian struct {
	Density
	mean, cov []float64
	factor    []float64 // lower Cholesky factor of C, row-major; nil: diagonal
	sd        []float64 // of a diagonal C
	at        func(x, grad []float64) float64
}

// NewGaussian returns N(mean, covariance), covariance row-major. It fails if
// covariance is not symmetric and positive definite.
func NewGaussian(mean, covariance []float64) (*Gaussian, error) {
	d := len(mean)
	if len(covariance) != d*d {
		return nil, fmt.Errorf("target: a covariance of %d numbers for dimension %d, want %d", len(covariance), d, d*d)
	}
	g := &Gaussian{mean: clone(mean), cov: clone(covariance)}
	diagonal := true
	for i := range d {
		for j := range d {
			a, b := covariance[i*d+j], covariance[j*d+i]
			if math.Abs(a-b) > 1e-9*math.Sqrt(math.Abs(covariance[i*d+i]*covariance[j*d+j])) {
				return nil, fmt.Errorf("target: the covariance is not symmetric at (%d, %d)", i+1, j+1)
			}
			diagonal = diagonal && (i == j || a == 0)
		}
	}
	var chol mat.Cholesky
	if d > 0 && !chol.Factorize(mat.NewSymDense(d, clone(covariance))) {
		return nil, errors.New("target: the covariance is not positive definite")
	}
	constant := -0.5 * float64(d) * math.Log(2*math.Pi)
	if diagonal {
		g.sd = make([]float64, d)
		for k := range d {
			g.sd[k] = math.Sqrt(covariance[k*d+k])
			constant -= math.Log(g.sd[k])
		}
		g.at = func(x, grad []float64) float64 {
			lp := constant
			for k, v := range x {
				z := (v - g.mean[k]) / g.sd[k]
				lp -= z * z / 2
				if grad != nil {
					grad[k] = -z / g.sd[k]
				}
			}
			return lp
		}
		g.Density = New(d, g.at)
		return g, nil
	}
	constant -= chol.LogDet() / 2
	var inverse mat.SymDense
	if err := chol.InverseTo(&inverse); err != nil {
		var ill mat.Condition
		if !errors.As(err, &ill) {
			return nil, fmt.Errorf("target: the covariance cannot be inverted: %w", err)
		}
	}
	precision := make([]float64, d*d)
	g.factor = make([]float64, d*d)
	var l mat.TriDense
	chol.LTo(&l)
	for i := range d {
		for j := range d {
			precision[i*d+j] = inverse.At(i, j)
			if j <= i {
				g.factor[i*d+j] = l.At(i, j)
			}
		}
	}
	g.at = func(x, grad []float64) float64 {
		lp := constant
		for i := range x {
			s := 0.0
			for j, v := range x {
				s += precision[i*d+j] * (v - g.mean[j])
			}
			lp -= s * (x[i] - g.mean[i]) / 2
			if grad != nil {
				grad[i] = -s
			}
		}
		return lp
	}
	g.Density = New(d, g.at)
	return g, nil
}

// Mean returns m.
func (g *Gaussian) Mean() []float64 { return clone(g.mean) }

// Covariance returns C.
func (g *Gaussian) Covariance() []float64 { return clone(g.cov) }

// Sample writes n independent draws.
func (g *Gaussian) Sample(dst []float64, n int, seed uint64) {
	d := len(g.mean)
	sampleEach(dst, d, n, seed, func(r *rand.Rand, x []float64) {
		z := make([]float64, d)
		for k := range z {
			z[k] = r.NormFloat64()
		}
		for k := range x {
			x[k] = g.mean[k]
			if g.factor == nil {
				x[k] += g.sd[k] * z[k]
				continue
			}
			for j := range k + 1 {
				x[k] += g.factor[k*d+j] * z[j]
			}
		}
	})
}

// gaussianEntry: equicorrelated, or with log-spaced variances between std^2 and
// std^2/condition along randomly rotated axes.
func gaussianEntry() Entry {
	return Entry{
		Name:        "gaussian",
		Description: "a normal distribution: round, equicorrelated, or with rotated axes of a given condition number",
		Params: []Param{
			{"dim", 2, "dimension"}, {"mean", 0, "mean of every coordinate"}, {"std", 1, "largest standard deviation along an axis"},
			{"condition", 1, "ratio of the largest to the smallest variance, log-spaced along randomly rotated axes"},
			{"correlation", 0, "correlation of every pair of coordinates (instead of condition)"},
			{"seed", 1, "seed of the rotation"},
		},
		build: func(v values) (Density, error) {
			d, err := v.dim(1)
			if err != nil {
				return nil, err
			}
			std, condition, rho := v.get("std"), v.get("condition"), v.get("correlation")
			if !(std > 0) {
				return nil, v.refuse("std", "a positive number")
			}
			if !(condition >= 1) {
				return nil, v.refuse("condition", "a number of at least 1")
			}
			if !(rho < 1 && (d == 1 || rho > -1/float64(d-1))) {
				return nil, v.refuse("correlation", fmt.Sprintf("a number between -1/(dim-1) and 1 for dim %d", d))
			}
			if rho != 0 && condition != 1 {
				return nil, errors.New("target gaussian: give condition or correlation, not both")
			}
			cov := make([]float64, d*d)
			if condition > 1 {
				rotated(cov, d, std, condition, uint64(v.get("seed")))
			} else {
				for i := range d {
					for j := range d {
						cov[i*d+j] = std * std * rho
					}
					cov[i*d+i] = std * std
				}
			}
			return NewGaussian(constant(d, v.get("mean")), cov)
		},
	}
}

// rotated fills cov with Q diag(variances) Q^T, Q from the QR factors of a
// matrix of normal numbers.
func rotated(cov []float64, d int, std, condition float64, seed uint64) {
	r := rand.New(rng.New(seed, rng.Target).Source(0, 0))
	a := mat.NewDense(d, d, nil)
	for i := range d {
		for j := range d {
			a.Set(i, j, r.NormFloat64())
		}
	}
	var qr mat.QR
	qr.Factorize(a)
	var q mat.Dense
	qr.QTo(&q)
	for l := range d {
		v := std * std
		if d > 1 {
			v *= math.Pow(condition, -float64(l)/float64(d-1))
		}
		for i := range d {
			for j := range i + 1 {
				cov[i*d+j] += v * q.At(i, l) * q.At(j, l)
			}
		}
	}
	for i := range d {
		for j := range i {
			cov[j*d+i] = cov[i*d+j]
		}
	}
}
