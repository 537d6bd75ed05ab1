package sampler

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// snapshot is the cloud at one time: positions and gradients, coordinate-major
// over all particles.
type snapshot struct{ x, g []float64 }

// snapshots is the recent past of the ensemble, from which metrics are estimated.
type snapshots struct {
	d, n  int
	limit int
	list  []snapshot
}

// take adds the present cloud and forgets the oldest beyond the limit.
func (s *snapshots) take(en *ensemble) {
	var snap snapshot
	if len(s.list) >= s.limit {
		snap = s.list[0]
		s.list = append(s.list[:0], s.list[1:]...)
	} else {
		snap = snapshot{x: make([]float64, s.d*s.n), g: make([]float64, s.d*s.n)}
	}
	for _, b := range en.blocks {
		for k := range s.d {
			copy(snap.x[k*s.n+b.first:], b.x[k*b.n:(k+1)*b.n])
			copy(snap.g[k*s.n+b.first:], b.g[k*b.n:(k+1)*b.n])
		}
	}
	s.list = append(s.list, snap)
}

// denseLimit is the largest dimension with a dense metric.
const denseLimit = 512

// metric estimates the preconditioner from the particles lo <= i < hi of all
// snapshots: the geometric mean of the covariance C of the positions and the
// inverse of the covariance P of the gradients,
//
//	Sigma = C # P^-1 = L (L^T P L)^(-1/2) L^T,    C = L L^T,
//
// which minimises the Fisher divergence between the target, whitened, and the
// standard normal. On a Gaussian target it is the target's covariance exactly,
// from any cloud of more than d particles in general position, in equilibrium
// or not, whereas the sample covariance carries the noise of the cloud and
// lags behind while it travels. It is affine invariant; shrinking towards the
// diagonal is not, and ruins strongly correlated targets.
//
// The eigenvalues of L^T P L, 1 in equilibrium on a Gaussian, are held above
// 1e-4: one estimate stretches the cloud's own scale by at most ten.
//
// Where there are too few particles, or a covariance is singular, the diagonal
// version is taken: Sigma_ii = sqrt(var x_i / var g_i). The cost is of order
// n d^2 + d^3.
func (s *snapshots) metric(lo, hi int) *metric {
	samples := (hi - lo) * len(s.list)
	if s.d <= denseLimit && effective(hi-lo, len(s.list)) >= 2*s.d {
		if m := s.denseMetric(lo, hi, samples); m != nil {
			return m
		}
	}
	return s.diagonalMetric(lo, hi)
}

// effective is a cautious count of independent points among correlated snapshots.
func effective(particles, times int) int {
	return (particles - 1) * (1 + times) / 2
}

func (s *snapshots) diagonalMetric(lo, hi int) *metric {
	m := identity(s.d)
	for k := range s.d {
		vx, vg := s.variance(lo, hi, k, false), s.variance(lo, hi, k, true)
		v := math.Sqrt(vx / vg)
		if vg <= 1e-8/vx || !(vg > 0) {
			v = 1e4 * vx
		}
		if v > 0 && !math.IsInf(v, 0) {
			m.diag[k] = math.Sqrt(v)
		}
	}
	return m
}

// variance is the variance of coordinate k within snapshots.
func (s *snapshots) variance(lo, hi, k int, gradient bool) float64 {
	total := 0.0
	for _, snap := range s.list {
		row := snap.x
		if gradient {
			row = snap.g
		}
		row = row[k*s.n+lo : k*s.n+hi]
		mean := 0.0
		for _, v := range row {
			mean += v
		}
		mean /= float64(len(row))
		for _, v := range row {
			total += float64((v - mean) * (v - mean))
		}
	}
	return total / float64((hi-lo-1)*len(s.list))
}

// denseMetric returns nil where a covariance cannot be factored.
func (s *snapshots) denseMetric(lo, hi, samples int) *metric {
	d := s.d
	cx, sx := s.correlation(lo, hi, false)
	cg, sg := s.correlation(lo, hi, true)
	if cx == nil || cg == nil {
		return nil
	}
	for i := range d {
		cx.SetSym(i, i, cx.At(i, i)+1e-12)
	}
	var chol mat.Cholesky
	if !chol.Factorize(cx) {
		return nil
	}
	var l mat.TriDense
	chol.LTo(&l)
	// In units in which every coordinate has sd 1: M = L^T R L with
	// R_ij = sx_i P_ij sx_j.
	r := mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			r.SetSym(i, j, cg.At(i, j)*(sg[i]*sx[i])*(sg[j]*sx[j]))
		}
	}
	var rl, mm mat.Dense
	rl.Mul(r, &l)
	mm.Mul(l.T(), &rl)
	sym := mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			v := (mm.At(i, j) + mm.At(j, i)) / 2
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil
			}
			sym.SetSym(i, j, v)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(sym, true) {
		return nil
	}
	var vectors, w mat.Dense
	eigen.VectorsTo(&vectors)
	values := eigen.Values(nil)
	for j, v := range values {
		scale := math.Pow(max(v, 1e-4), -0.25)
		for i := range d {
			vectors.Set(i, j, vectors.At(i, j)*scale)
		}
	}
	w.Mul(&l, &vectors)
	m := &metric{d: d, dense: make([]float64, d*d)}
	for i := range d {
		for j := range d {
			v := w.At(i, j) * sx[i]
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil
			}
			m.dense[i*d+j] = v
		}
	}
	return m
}

// correlation is the correlation matrix within snapshots, and the standard
// deviations; nil where one of these is zero or not finite.
func (s *snapshots) correlation(lo, hi int, gradient bool) (*mat.SymDense, []float64) {
	d, n := s.d, hi-lo
	sd := make([]float64, d)
	for k := range d {
		sd[k] = math.Sqrt(s.variance(lo, hi, k, gradient))
		if !(sd[k] > 0) || math.IsInf(sd[k], 0) {
			return nil, nil
		}
	}
	c := mat.NewSymDense(d, nil)
	rows := blas64.General{Rows: d, Cols: n, Stride: n, Data: make([]float64, d*n)}
	for _, snap := range s.list {
		src := snap.x
		if gradient {
			src = snap.g
		}
		for k := range d {
			row := src[k*s.n+lo : k*s.n+hi]
			mean := 0.0
			for _, v := range row {
				mean += v
			}
			mean /= float64(n)
			dst := rows.Data[k*n : (k+1)*n]
			for i, v := range row {
				dst[i] = (v - mean) / sd[k]
			}
		}
		blas64.Syrk(blas.NoTrans, 1/float64((n-1)*len(s.list)), rows, 1, c.RawSymmetric())
	}
	return c, sd
}
