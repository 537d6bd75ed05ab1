package sampler

import (
	"math"

	"wgf/internal/simd"
)

// metric is a factor W of the preconditioner Sigma = W W^T: a dense d x d
// matrix, row-major, or a diagonal one.
type metric struct {
	d     int
	dense []float64 // nil: diagonal
	diag  []float64
}

// identity is W = I.
func identity(d int) *metric {
	m := &metric{d: d, diag: make([]float64, d)}
	for i := range m.diag {
		m.diag[i] = 1
	}
	return m
}

// apply writes W v to dst for a block of cols vectors.
func (m *metric) apply(dst, v []float64, cols int) {
	if m.dense != nil {
		simd.MatMul(dst, m.dense, v, m.d, m.d, cols, m.d, 1, false)
		return
	}
	m.scale(dst, v, cols)
}

// applyT writes W^T v to dst for a block of cols vectors.
func (m *metric) applyT(dst, v []float64, cols int) {
	if m.dense != nil {
		simd.MatMul(dst, m.dense, v, m.d, m.d, cols, 1, m.d, false)
		return
	}
	m.scale(dst, v, cols)
}

func (m *metric) scale(dst, v []float64, cols int) {
	for k, s := range m.diag {
		row, src := dst[k*cols:(k+1)*cols], v[k*cols:(k+1)*cols]
		for i, a := range src {
			row[i] = s * a
		}
	}
}

// rootMeanVariance is sqrt(tr(Sigma)/d).
func (m *metric) rootMeanVariance() float64 {
	sum := 0.0
	for _, v := range m.dense {
		sum += float64(v * v)
	}
	if m.dense == nil {
		for _, v := range m.diag {
			sum += float64(v * v)
		}
	}
	return math.Sqrt(sum / float64(m.d))
}
