package transport

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"wgf/measure"
)

// BuresWasserstein2 is the squared W2 distance of two Gaussians,
//
//	W2^2(N(m, A), N(n, B)) = |m - n|^2 + tr A + tr B - 2 tr (A^1/2 B A^1/2)^1/2.
//
// The part of the covariances is computed as min_U |A^1/2 - B^1/2 U|_F^2 over
// orthogonal U, which loses no digits where the covariances are close, and is 0
// for equal ones. Covariances may be singular. The cost is of order d^3.
// Errors are dimensions that differ and matrices that are no covariances.
//
// Reference: Dowson and Landau 1982; Bhatia, Jain and Lim 2019, theorem 1.
func BuresWasserstein2(a, b measure.Gaussian) (float64, error) {
	roots, err := gaussianRoots([]measure.Gaussian{a, b})
	if err != nil {
		return 0, err
	}
	return bures2(a, b, roots[0], roots[1])
}

// bures2 is BuresWasserstein2 for roots of the covariances.
func bures2(a, b measure.Gaussian, rootA, rootB *mat.Dense) (float64, error) {
	sum := 0.0
	for k, m := range a.Mean {
		sum += float64((m - b.Mean[k]) * (m - b.Mean[k]))
	}
	var diff mat.Dense
	if err := procrustes(&diff, rootA, rootB); err != nil {
		return 0, err
	}
	diff.Sub(rootA, &diff)
	f := mat.Norm(&diff, 2)
	return sum + float64(f*f), nil
}

// Affine is the map T(x) = To + Matrix (x - From).
type Affine struct {
	From, To []float64
	Matrix   []float64 // d x d, row-major
}

// Apply maps n points, coordinate-major: dst[k*n+i]. dst must not overlap x.
func (t Affine) Apply(dst, x []float64, n int) {
	d := len(t.From)
	for k := range d {
		row := dst[k*n : (k+1)*n]
		for i := range row {
			row[i] = t.To[k]
		}
		for l := range d {
			m, from := t.Matrix[k*d+l], t.From[l]
			for i, v := range x[l*n : (l+1)*n] {
				row[i] += float64(m * (v - from))
			}
		}
	}
}

// GaussianMap is the optimal map between Gaussians,
//
//	T(x) = n + A^-1/2 (A^1/2 B A^1/2)^1/2 A^-1/2 (x - m),
//
// computed as B^1/2 U A^-1/2, which inverts once. Where A is singular the
// pseudo-inverse stands in: T pushes a to b if the rank of A^1/2 B^1/2 is that of
// B, and is the barycentric projection of an optimal plan otherwise; directions in
// which A has no spread are mapped to 0. Errors are those of BuresWasserstein2.
//
// Reference: Knott and Smith 1984; Olkin and Pukelsheim 1982.
func GaussianMap(a, b measure.Gaussian) (Affine, error) {
	roots, err := gaussianRoots([]measure.Gaussian{a, b})
	if err != nil {
		return Affine{}, err
	}
	spectrum, err := a.Spectrum()
	if err != nil {
		return Affine{}, err
	}
	inverse := spectrum.InverseRoot()
	svd, err := crossSVD(roots[0], roots[1])
	if err != nil {
		return Affine{}, err
	}
	d := a.Dim()
	var left, right, t, onto, within mat.Dense
	svd.UTo(&left)
	svd.VTo(&right)
	values, rank := svd.Values(nil), 0
	for rank < d && values[rank] > 1e-15*float64(d)*values[0] {
		rank++
	}
	out := Affine{From: a.Mean, To: b.Mean, Matrix: make([]float64, d*d)}
	if rank == 0 {
		return out, nil
	}
	t.Mul(right.Slice(0, d, 0, rank), left.Slice(0, d, 0, rank).T())
	t.Mul(roots[1], &t)
	t.Mul(&t, inverse)
	// Within the range of A the matrix is symmetric but for rounding.
	onto.Mul(roots[0], inverse)
	within.Mul(&onto, &t)
	for i := range d {
		for j := range d {
			out.Matrix[i*d+j] = t.At(i, j) + (within.At(j, i)-within.At(i, j))/2
		}
	}
	return out, nil
}

// GaussianGeodesic is the W2 geodesic at time t,
//
//	N((1-t) m + t n, ((1-t) I + t T) A ((1-t) I + t T)),
//
// T the linear part of GaussianMap. Singular covariances have one too: the
// covariance is R R^T with R = (1-t) A^1/2 + t B^1/2 U, which inverts nothing.
// t may lie outside [0, 1], where it is no geodesic. Errors are those of
// BuresWasserstein2, and times that are not finite.
//
// Reference: McCann 1997, example 1.7; Takatsu 2011.
func GaussianGeodesic(a, b measure.Gaussian, t float64) (measure.Gaussian, error) {
	if math.IsNaN(t) || math.IsInf(t, 0) {
		return measure.Gaussian{}, fmt.Errorf("transport: the time of the geodesic is %v", t)
	}
	roots, err := gaussianRoots([]measure.Gaussian{a, b})
	if err != nil {
		return measure.Gaussian{}, err
	}
	d := a.Dim()
	var root, rest mat.Dense
	if err := procrustes(&root, roots[0], roots[1]); err != nil {
		return measure.Gaussian{}, err
	}
	root.Scale(t, &root)
	rest.Scale(1-t, roots[0])
	root.Add(&root, &rest)
	out := measure.Gaussian{Mean: make([]float64, d), Cov: make([]float64, d*d)}
	for k := range d {
		out.Mean[k] = (1-t)*a.Mean[k] + t*b.Mean[k]
	}
	symmetricProduct(out.Cov, &root)
	return out, nil
}

// gaussianRoots are the symmetric roots of the covariances.
func gaussianRoots(all []measure.Gaussian) ([]*mat.Dense, error) {
	out := make([]*mat.Dense, len(all))
	for i, g := range all {
		s, err := g.Spectrum()
		if err != nil {
			return nil, fmt.Errorf("transport: Gaussian %d: %w", i+1, err)
		}
		if g.Dim() != all[0].Dim() {
			return nil, fmt.Errorf("transport: the Gaussians live in %d and %d dimensions", all[0].Dim(), g.Dim())
		}
		out[i] = s.Root()
	}
	return out, nil
}

// crossSVD is the singular value decomposition of R^T Q.
func crossSVD(r, q mat.Matrix) (*mat.SVD, error) {
	var m mat.Dense
	m.Mul(r.T(), q)
	var svd mat.SVD
	if !svd.Factorize(&m, mat.SVDFull) {
		return nil, fmt.Errorf("transport: the covariances have no singular value decomposition")
	}
	return &svd, nil
}

// procrustes sets dst to Q U, U the orthogonal matrix for which |R - Q U|_F is
// least: U = V W^T where R^T Q = W S V^T (Schönemann 1966).
func procrustes(dst *mat.Dense, r, q *mat.Dense) error {
	svd, err := crossSVD(r, q)
	if err != nil {
		return err
	}
	var w, v, u mat.Dense
	svd.UTo(&w)
	svd.VTo(&v)
	u.Mul(&v, w.T())
	dst.Mul(q, &u)
	return nil
}

// symmetricProduct writes R R^T to dst, row-major.
func symmetricProduct(dst []float64, r *mat.Dense) {
	d, _ := r.Dims()
	for i := range d {
		for j := range i + 1 {
			v := 0.0
			for k := range d {
				v += float64(r.At(i, k) * r.At(j, k))
			}
			dst[i*d+j], dst[j*d+i] = v, v
		}
	}
}
