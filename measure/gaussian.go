package measure

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"wgf/internal/rng"
)

// Gaussian is the normal distribution N(Mean, Cov) on R^d; the covariance is
// row-major, symmetric and positive semi-definite. Singular ones are allowed: a
// Gaussian of covariance 0 is a point mass.
type Gaussian struct {
	Mean []float64 // d numbers
	Cov  []float64 // d x d, row-major
}

// Dim is the dimension d.
func (g Gaussian) Dim() int { return len(g.Mean) }

// Gaussian is the normal distribution with the mean and the covariance of the
// cloud.
func (c *Cloud) Gaussian() Gaussian { return Gaussian{Mean: c.Mean(), Cov: c.Covariance()} }

// Check reports shapes that do not fit, numbers that are not finite, and
// covariances that are not symmetric or have a negative eigenvalue, up to 1e-9 of
// the largest entry. The cost is of order d^3.
func (g Gaussian) Check() error {
	_, err := g.Spectrum()
	return err
}

// Spectrum is a covariance as Vectors diag(Values) Vectors^T.
type Spectrum struct {
	Values  []float64  // ascending; those at rounding level below zero are set to 0
	Vectors *mat.Dense // the eigenvectors are its columns
}

// floor is the eigenvalue that counts as 0 in roots: below, rounding decides.
func (s Spectrum) floor() float64 {
	d := len(s.Values)
	return float64(d) * 0x1p-50 * s.Values[d-1]
}

// Spectrum is the eigenvalue decomposition of the covariance. Its errors are
// those of Check.
func (g Gaussian) Spectrum() (Spectrum, error) {
	d := g.Dim()
	if d == 0 || len(g.Cov) != d*d {
		return Spectrum{}, fmt.Errorf("measure: a Gaussian has a mean of %d and a covariance of %d numbers, want d and d x d", d, len(g.Cov))
	}
	for k, m := range g.Mean {
		if math.IsNaN(m) || math.IsInf(m, 0) {
			return Spectrum{}, fmt.Errorf("measure: coordinate %d of the mean of a Gaussian is %v", k+1, m)
		}
	}
	size := 0.0
	for i, v := range g.Cov {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Spectrum{}, fmt.Errorf("measure: a covariance holds %v at row %d, column %d", v, i/d+1, i%d+1)
		}
		size = math.Max(size, math.Abs(v))
	}
	sym := mat.NewSymDense(d, nil)
	for i := range d {
		for j := range i + 1 {
			v, w := g.Cov[i*d+j], g.Cov[j*d+i]
			if math.Abs(v-w) > 1e-9*size {
				return Spectrum{}, fmt.Errorf("measure: a covariance is not symmetric: %v at row %d, column %d and %v across", v, i+1, j+1, w)
			}
			sym.SetSym(i, j, v/2+w/2)
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(sym, true) {
		return Spectrum{}, fmt.Errorf("measure: a covariance has no eigenvalue decomposition")
	}
	s := Spectrum{Values: eig.Values(nil), Vectors: &mat.Dense{}}
	if s.Values[0] < -1e-9*size-0x1p-1000 {
		return Spectrum{}, fmt.Errorf("measure: a covariance has the negative eigenvalue %.6g", s.Values[0])
	}
	for k, v := range s.Values {
		s.Values[k] = math.Max(v, 0)
	}
	eig.VectorsTo(s.Vectors)
	return s, nil
}

// Root is the symmetric square root. Eigenvalues below d 2^-50 of the largest
// one count as 0. A covariance holds the root of a small eigenvalue only to the root
// of rounding, about 1e-8 of that of the largest.
func (s Spectrum) Root() *mat.Dense { return s.apply(math.Sqrt) }

// InverseRoot is the pseudo-inverse of Root.
func (s Spectrum) InverseRoot() *mat.Dense {
	return s.apply(func(v float64) float64 { return 1 / math.Sqrt(v) })
}

func (s Spectrum) apply(f func(v float64) float64) *mat.Dense {
	d := len(s.Values)
	var scaled, out mat.Dense
	scaled.CloneFrom(s.Vectors)
	floor := s.floor()
	for k, v := range s.Values {
		w := 0.0
		if v > floor {
			w = f(v)
		}
		for i := range d {
			scaled.Set(i, k, w*s.Vectors.At(i, k))
		}
	}
	out.Mul(&scaled, s.Vectors.T())
	return &out
}

// Sample draws n independent points with equal weights, the same for the same
// seed: point i is Mean + Cov^1/2 z_i, z_i normal. Errors are those of Check.
func (g Gaussian) Sample(n int, seed uint64) (*Cloud, error) {
	s, err := g.Spectrum()
	if err != nil {
		return nil, err
	}
	d := g.Dim()
	z := make([]float64, n*d)
	rng.New(seed, rng.Init).Normals(z, d, n, 0, 0)
	out := New(n, d)
	g.push(out.X, n, s.Root(), z, 0, n)
	return out, nil
}

// push writes Mean + root z for points from <= i < to; both are coordinate-major
// with n points.
func (g Gaussian) push(x []float64, n int, root *mat.Dense, z []float64, from, to int) {
	for k, m := range g.Mean {
		row := x[k*n+from : k*n+to]
		for l := range g.Mean {
			r := root.At(k, l)
			for i, v := range z[l*n+from : l*n+to] {
				row[i] += float64(r * v)
			}
		}
		for i := range row {
			row[i] += m
		}
	}
}
