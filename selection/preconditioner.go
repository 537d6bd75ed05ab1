package selection

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"wgf/kernel"
	"wgf/measure"
)

// Preconditioners are the names of the matrices Gamma that the kernel of the Stein
// recipes, a function of (x-y)^T Gamma^-1 (x-y), may have. With l the median
// distance of at most 1000 draws, n their number (Riabiz et al. 2022, section 2.3):
//
//	med     l^2 I
//	id      I
//	sclmed  l^2/log(n) I
//	smpcov  the covariance of the draws
func Preconditioners() []string { return []string{"med", "id", "sclmed", "smpcov"} }

// medianDraws bounds the draws of the median, and the n of sclmed.
const medianDraws = 1000

// precondition returns u = Gamma^-1/2 x and v = Gamma^-1 x of the points, and the trace
// of Gamma^-1; for a multiple h^2 of the identity it returns h alone.
func precondition(name string, draws *measure.Cloud) (h float64, inverse, root *mat.Dense, err error) {
	switch name {
	case "", "med", "sclmed":
		h = math.Sqrt2 * kernel.Median.Bandwidth(kernel.Points{N: draws.N, D: draws.D, X: draws.X})
		if n := min(draws.N, medianDraws); name == "sclmed" && n > 1 {
			h /= math.Sqrt(math.Log(float64(n)))
		}
		if !(h > 0) {
			h = 1 // identical draws: any length will do
		}
		return h, nil, nil, nil
	case "id":
		return 1, nil, nil, nil
	case "smpcov":
		d := draws.D
		cov := draws.Covariance()
		var eigen mat.EigenSym
		if !eigen.Factorize(mat.NewSymDense(d, cov), true) {
			return 0, nil, nil, fmt.Errorf("preconditioner smpcov: the covariance of the draws has no eigenvalue decomposition")
		}
		values := eigen.Values(nil)
		if !(values[0] > float64(d)*1e-13*values[d-1]) {
			return 0, nil, nil, fmt.Errorf("preconditioner smpcov: the %d draws do not span all %d directions: use med", draws.N, d)
		}
		var vectors mat.Dense
		eigen.VectorsTo(&vectors)
		inverse, root = mat.NewDense(d, d, nil), mat.NewDense(d, d, nil)
		for i := range d {
			for j := range d {
				a, b := 0.0, 0.0
				for k, v := range values {
					t := vectors.At(i, k) * vectors.At(j, k)
					a += t / v
					b += t / math.Sqrt(v)
				}
				inverse.Set(i, j, a)
				root.Set(i, j, b)
			}
		}
		return 0, inverse, root, nil
	}
	return 0, nil, nil, fmt.Errorf("unknown preconditioner %q: known are med, id, sclmed, smpcov", name)
}

// multiply returns m x for every point.
func multiply(m *mat.Dense, c *measure.Cloud) []float64 {
	n, d := c.N, c.D
	out := make([]float64, n*d)
	for i := range d {
		row := out[i*n : (i+1)*n]
		for k := range d {
			a := m.At(i, k)
			for p, v := range c.X[k*n : (k+1)*n] {
				row[p] += float64(a * v)
			}
		}
	}
	return out
}
