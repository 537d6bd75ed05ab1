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
	pair, err := newGaussianPair(a, b)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for k, m := range a.Mean {
		sum += (m - b.Mean[k]) * (m - b.Mean[k])
	}
	var diff mat.Dense
	diff.Mul(pair.rootB, pair.u)
	diff.Sub(pair.rootA, &diff)
	f := mat.Norm(&diff, 2)
	return sum + f*f, nil
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
// the pseudo-inverse standing in where A is singular: the result is a map onto B
// where the range of A is wide enough, and the best linear one otherwise.
func GaussianMap(a, b measure.Gaussian) (Affine, error) {
	pair, err := newGaussianPair(a, b)
	if err != nil {
		return Affine{}, err
	}
	return Affine{From: a.Mean, To: b.Mean, Matrix: pair.matrix()}, nil
}

// GaussianGeodesic is the W2 geodesic at time t,
//
//	N((1-t) m + t n, ((1-t) I + t T) A ((1-t) I + t T)),
//
// T the linear part of GaussianMap. Where A is singular and B is not, the way
// is walked from B. Reference: McCann 1997, example 1.7; Takatsu 2011.
func GaussianGeodesic(a, b measure.Gaussian, t float64) (measure.Gaussian, error) {
	pair, err := newGaussianPair(a, b)
	if err != nil {
		return measure.Gaussian{}, err
	}
	// (1-t) A^1/2 + t B^1/2 U is a root of the covariance at t, and needs no inverse.
	d := a.Dim()
	var root mat.Dense
	root.Mul(pair.rootB, pair.u)
	root.Scale(t, &root)
	var rest mat.Dense
	rest.Scale(1-t, pair.rootA)
	root.Add(&root, &rest)
	out := measure.Gaussian{Mean: make([]float64, d), Cov: make([]float64, d*d)}
	for k := range d {
		out.Mean[k] = (1-t)*a.Mean[k] + t*b.Mean[k]
	}
	symmetricProduct(out.Cov, &root)
	return out, nil
}

// GaussianBarycentre is the W2 barycentre of Gaussians with the given weights
// (nil: equal), N(sum_i w_i m_i, S) where S = sum_i w_i (S^1/2 C_i S^1/2)^1/2. It
// is found by the fixed-point iteration
//
//	S <- S^-1/2 (sum_i w_i (S^1/2 C_i S^1/2)^1/2)^2 S^-1/2
//
// from the weighted mean of the covariances, to 1e-14 relative or 1000
// iterations. Reference: Agueh and Carlier 2011; Álvarez-Esteban, del Barrio,
// Cuesta-Albertos and Matrán 2016, theorem 4.2.
func GaussianBarycentre(all []measure.Gaussian, weights []float64) (measure.Gaussian, error) {
	w, err := mixingWeights(len(all), weights)
	if err != nil {
		return measure.Gaussian{}, err
	}
	d := all[0].Dim()
	out := measure.Gaussian{Mean: make([]float64, d), Cov: make([]float64, d*d)}
	for i, g := range all {
		if _, err := newGaussianPair(all[0], g); err != nil {
			return measure.Gaussian{}, err
		}
		for k, m := range g.Mean {
			out.Mean[k] += w[i] * m
		}
		for k, c := range g.Cov {
			out.Cov[k] += w[i] * c
		}
	}
	next := make([]float64, d*d)
	for range 1000 {
		mean := mat.NewDense(d, d, nil)
		var root *mat.Dense
		for i, g := range all {
			pair, err := newGaussianPair(out, measure.Gaussian{Mean: out.Mean, Cov: g.Cov})
			if err != nil {
				return measure.Gaussian{}, err
			}
			var step mat.Dense // the map of S to C_i after the root of S
			step.Mul(pair.rootB, pair.u)
			step.Scale(w[i], &step)
			mean.Add(mean, &step)
			root = pair.rootA
		}
		// M S^1/2, with M the mean of the maps, is a root of the next S.
		symmetricProduct(next, mean)
		change, size := 0.0, 0.0
		for k, v := range next {
			change = math.Max(change, math.Abs(v-out.Cov[k]))
			size = math.Max(size, math.Abs(v))
		}
		copy(out.Cov, next)
		if change <= 1e-14*size || root == nil {
			break
		}
	}
	return out, nil
}

// gaussianPair is what every formula about two Gaussians needs: roots of the
// covariances and the orthogonal U for which A^1/2 and B^1/2 U are closest.
type gaussianPair struct {
	rootA, rootB, u *mat.Dense
	inverse         *mat.Dense // pseudo-inverse of rootA
}

func newGaussianPair(a, b measure.Gaussian) (*gaussianPair, error) {
	if a.Dim() != b.Dim() {
		return nil, fmt.Errorf("transport: the Gaussians live in %d and %d dimensions", a.Dim(), b.Dim())
	}
	p := &gaussianPair{}
	var err error
	if p.rootA, p.inverse, err = covarianceRoot(a); err != nil {
		return nil, err
	}
	if p.rootB, _, err = covarianceRoot(b); err != nil {
		return nil, err
	}
	var m mat.Dense
	m.Mul(p.rootA, p.rootB)
	var svd mat.SVD
	if !svd.Factorize(&m, mat.SVDFull) {
		return nil, fmt.Errorf("transport: the covariances have no singular value decomposition")
	}
	var left, right mat.Dense
	svd.UTo(&left)
	svd.VTo(&right)
	p.u = &mat.Dense{}
	p.u.Mul(&right, left.T())
	return p, nil
}

// matrix is B^1/2 U A^-1/2, made symmetric.
func (p *gaussianPair) matrix() []float64 {
	var t mat.Dense
	t.Mul(p.rootB, p.u)
	t.Mul(&t, p.inverse)
	d, _ := t.Dims()
	out := make([]float64, d*d)
	for i := range d {
		for j := range d {
			out[i*d+j] = (t.At(i, j) + t.At(j, i)) / 2
		}
	}
	return out
}

// covarianceRoot is the symmetric root of a covariance and its pseudo-inverse,
// eigenvalues below 1e-14 of the largest counting as 0.
func covarianceRoot(g measure.Gaussian) (root, inverse *mat.Dense, err error) {
	d := g.Dim()
	if d == 0 || len(g.Cov) != d*d {
		return nil, nil, fmt.Errorf("transport: a Gaussian has a mean of %d and a covariance of %d numbers", d, len(g.Cov))
	}
	size := 0.0
	for i, v := range g.Cov {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, nil, fmt.Errorf("transport: a covariance holds %v at row %d, column %d", v, i/d+1, i%d+1)
		}
		size = math.Max(size, math.Abs(v))
	}
	for _, m := range g.Mean {
		if math.IsNaN(m) || math.IsInf(m, 0) {
			return nil, nil, fmt.Errorf("transport: the mean of a Gaussian holds %v", m)
		}
	}
	sym := mat.NewSymDense(d, nil)
	for i := range d {
		for j := range i + 1 {
			v, w := g.Cov[i*d+j], g.Cov[j*d+i]
			if math.Abs(v-w) > 1e-9*size {
				return nil, nil, fmt.Errorf("transport: a covariance is not symmetric: %v at row %d, column %d and %v across", v, i+1, j+1, w)
			}
			sym.SetSym(i, j, (v+w)/2)
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(sym, true) {
		return nil, nil, fmt.Errorf("transport: a covariance has no eigenvalue decomposition")
	}
	values := eig.Values(nil)
	top := math.Max(values[d-1], 0)
	if values[0] < -1e-9*size {
		return nil, nil, fmt.Errorf("transport: a covariance has the negative eigenvalue %.6g", values[0])
	}
	var q mat.Dense
	eig.VectorsTo(&q)
	scaled := func(f func(v float64) float64) *mat.Dense {
		var out mat.Dense
		out.CloneFrom(&q)
		for k, v := range values {
			s := 0.0
			if v > 1e-14*top {
				s = f(v)
			}
			for i := range d {
				out.Set(i, k, out.At(i, k)*s)
			}
		}
		out.Mul(&out, q.T())
		return &out
	}
	return scaled(math.Sqrt), scaled(func(v float64) float64 { return 1 / math.Sqrt(v) }), nil
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

// mixingWeights normalises the weights of n measures; nil means equal ones.
func mixingWeights(n int, weights []float64) ([]float64, error) {
	if n == 0 {
		return nil, fmt.Errorf("transport: there are no measures")
	}
	out := make([]float64, n)
	if weights == nil {
		for i := range out {
			out[i] = 1 / float64(n)
		}
		return out, nil
	}
	if len(weights) != n {
		return nil, fmt.Errorf("transport: there are %d weights for %d measures", len(weights), n)
	}
	sum := 0.0
	for i, w := range weights {
		if !(w >= 0) || math.IsInf(w, 0) {
			return nil, fmt.Errorf("transport: weight %d is %v, want a number that is not negative", i+1, w)
		}
		sum += w
	}
	if sum == 0 {
		return nil, fmt.Errorf("transport: all weights are 0")
	}
	for i, w := range weights {
		out[i] = w / sum
	}
	return out, nil
}
