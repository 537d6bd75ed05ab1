package diagnostics

import (
	"wgf/internal/simd"
	"wgf/measure"
)

// tileSize is the number of points in a block: a tile of pairs is tileSize x tileSize.
const tileSize = 128

// blocks holds points in blocks of tileSize, each a contiguous d x tileSize matrix; the
// last one is filled up with zeros.
type blocks struct {
	n, d, count int
	x           []float64 // coordinate k of point r of block J at (J*d+k)*tileSize+r
}

func newBlocks(c *measure.Cloud) *blocks {
	b := &blocks{n: c.N, d: c.D, count: (c.N + tileSize - 1) / tileSize}
	b.x = make([]float64, b.count*b.d*tileSize)
	for k := range c.D {
		for i, v := range c.Coordinate(k) {
			b.x[(i/tileSize*b.d+k)*tileSize+i%tileSize] = v
		}
	}
	return b
}

// size is the number of points in block j.
func (b *blocks) size(j int) int { return min(tileSize, b.n-j*tileSize) }

// point copies point i to dst.
func (b *blocks) point(dst []float64, i int) {
	at := i / tileSize * b.d * tileSize
	for k := range dst {
		dst[k] = b.x[at+k*tileSize+i%tileSize]
	}
}

// band is how many coordinates are differenced at a time, to stay in the first cache.
const band = 16

// pairRow computes what belongs to one point and the points of a block. It holds scratch
// memory and is used by one goroutine.
type pairRow struct {
	diff, diffS  []float64 // band x tileSize
	cross, inner []float64 // tileSize
	x, s         []float64 // the point and its score
	args         simd.RowArgs
	sub, dotVV   func(*simd.RowArgs)
	dotVC        func(*simd.RowArgs)
}

func newPairRow(d int) *pairRow {
	return &pairRow{
		diff: make([]float64, min(band, d)*tileSize), diffS: make([]float64, min(band, d)*tileSize),
		cross: make([]float64, tileSize), inner: make([]float64, tileSize),
		x: make([]float64, d), s: make([]float64, d),
		sub:   simd.RowKernel(simd.RowSub, simd.V, simd.C, simd.V),
		dotVV: simd.RowKernel(simd.RowDot, simd.V, simd.V, simd.V),
		dotVC: simd.RowKernel(simd.RowDot, simd.V, simd.C, simd.V),
	}
}

// squares writes |y_r - x|^2 for the points y_r of block j to dst, tileSize numbers, x
// being r.x. The differences are taken before they are squared, so that near points lose
// no digits.
func (r *pairRow) squares(dst []float64, b *blocks, j int) {
	for k := 0; k < b.d; k += band {
		rows := min(band, b.d-k)
		r.difference(r.diff, b, j, k, rows, r.x)
		r.accumulate(dst, r.diff, r.diff, rows, k == 0)
	}
}

// difference writes y_r - x for coordinates k to k+rows.
func (r *pairRow) difference(dst []float64, b *blocks, j, k, rows int, x []float64) {
	r.args = simd.RowArgs{Dst: &dst[0], A: &b.x[(j*b.d+k)*tileSize], B: &x[k], Rows: rows, Cols: tileSize, SA: tileSize, SB: 1}
	r.sub(&r.args)
}

// accumulate adds sum over rows of a*b to dst, or begins at 0.
func (r *pairRow) accumulate(dst, a, b []float64, rows int, start bool) {
	r.args = simd.RowArgs{Dst: &dst[0], A: &a[0], B: &b[0], Rows: rows, Cols: tileSize, SA: tileSize, SB: tileSize}
	if !start {
		r.args.C, r.args.SC = &dst[0], tileSize
	}
	r.dotVV(&r.args)
}

// products writes <y_r, v> for the points of block j, v one number a coordinate.
func (r *pairRow) products(dst []float64, b *blocks, j int, v []float64) {
	r.args = simd.RowArgs{Dst: &dst[0], A: &b.x[j*b.d*tileSize], B: &v[0], Rows: b.d, Cols: tileSize, SA: tileSize, SB: 1}
	r.dotVC(&r.args)
}
