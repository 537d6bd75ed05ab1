package kernel

import (
	"math"
	"sync"

	"wgf/internal/parallel"
	"wgf/internal/simd"
)

// lanes is the number of targets of a tile, sources that of the sources worked
// on at a time: the numbers of all pairs of a tile fit the first cache.
const (
	lanes   = simd.SoftminLanes
	sources = 128
)

// The planes of a sum over pairs: what a pair is weighted with.
const (
	planePhi = iota // k(x_i, y_j)
	planePsi        // psi: grad_1 k = psi (x_i - y_j)
	planeChi        // chi |x_i - y_j|^2
	planeOwn        // what request.own fills
	planes
)

// request asks for sums over sources, one for each row of each matrix:
//
//	acc[p][q*lanes+l] = sum_j plane_p(x_i, y_j) rows[p][q*m+j],  i = first + l.
//
// rows[p] has a multiple of m numbers, m the number of sources; it may be empty.
type request struct {
	rows   [planes][]float64
	finish func(first, count int, acc *[planes][]float64)
	// own fills planeOwn of a tile, count targets from number first on, and of the
	// sources from number from on; phi, psi and r2 are there. nil: not needed.
	own  func(w *work, first, count, from, block int)
	bare bool // own does not look at r2
}

// work is the scratch memory of a worker.
type work struct {
	x             []float64 // the tile of targets, coordinate k of lane l at k*lanes+l
	ref, sum, top [lanes]float64
	moment        [lanes]float64
	r2, e         []float64 // numbers of all pairs of tile and block
	ones          []float64 // weights of the vector kernels
	pair          simd.PairArgs
	plane         [planes][]float64
	acc           [planes][]float64
	planes, accs  [planes][]float64 // memory of both
	args          simd.SoftminArgs
	extra         []float64
}

// own is scratch memory for request.own.
func (w *work) own(size int) []float64 {
	if len(w.extra) < size {
		w.extra = simd.Aligned(size)
	}
	return w.extra[:size]
}

// run goes over all pairs, tile of targets by tile of targets, and calls finish
// for each, from several goroutines. Points must be centred. The cost is of order
// n m (d + rows); memory is that of the points and of a tile a worker.
func (k Kernel) run(x, y Points, threads int, req request) {
	n, m, d := x.N, y.N, x.D
	if n == 0 || m == 0 {
		return
	}
	even := m + m%2
	width := max(d, 1)
	points := make([]float64, even*width) // coordinate k of source j at j*width+k
	for c := range d {
		for j, v := range y.X[c*m : (c+1)*m] {
			points[j*width+c] = v
		}
	}
	for c := range width {
		if even > m {
			points[m*width+c] = points[c]
		}
	}
	tiles := (n + lanes - 1) / lanes
	t := k.tiler(points, width, m)
	scratch := make([]*work, min(parallel.Threads(threads), tiles))
	parallel.For(threads, tiles, func(worker, tile int) {
		w := scratch[worker]
		if w == nil {
			w = newWork(width, m, &req)
			scratch[worker] = w
		}
		first := tile * lanes
		count := min(lanes, n-first)
		for c := range d {
			row := w.x[c*lanes : (c+1)*lanes]
			copy(row, x.X[c*n+first:c*n+first+count])
			for l := count; l < lanes; l++ {
				row[l] = row[0]
			}
		}
		for p := range w.acc {
			clear(w.acc[p])
		}
		t.begin(w)
		for from := 0; from < m; from += sources {
			block := min(sources, m-from)
			t.block(w, from, block+block%2, &req)
			if req.own != nil {
				req.own(w, first, count, from, block)
			}
			for p, rows := range req.rows {
				if q := len(rows) / m; q > 0 {
					simd.MatMul(w.acc[p], rows[from:], w.plane[p], q, block, lanes, m, 1, true)
				}
			}
		}
		req.finish(first, count, &w.acc)
	})
	for _, w := range scratch {
		if w != nil {
			works.Put(w)
		}
	}
}

// works is scratch memory between calls: sums of few points are dominated by it.
var works = sync.Pool{New: func() any {
	size := lanes * (sources + 1)
	w := &work{r2: simd.Aligned(size), e: simd.Aligned(size), ones: make([]float64, sources+1)}
	for i := range w.ones {
		w.ones[i] = 1
	}
	return w
}}

func newWork(width, m int, req *request) *work {
	w := works.Get().(*work)
	if cap(w.x) < width*lanes {
		w.x = make([]float64, width*lanes)
	}
	w.x = w.x[:width*lanes]
	for p, rows := range req.rows {
		w.plane[p], w.acc[p] = nil, nil
		if len(rows) == 0 {
			continue
		}
		if w.planes[p] == nil {
			w.planes[p] = simd.Aligned(lanes * (sources + 1))
		}
		w.plane[p] = w.planes[p]
		size := len(rows) / m * lanes
		if cap(w.accs[p]) < size {
			w.accs[p] = make([]float64, size)
		}
		w.acc[p] = w.accs[p][:size]
	}
	return w
}

// tiler fills the planes of a tile and a block.
type tiler struct {
	k      Kernel
	points []float64 // sources, row by row
	scaled []float64 // Gaussian: points in units of the exponents to base 2
	h      []float64 // Gaussian: -|y_j|^2 in these units
	d      int
	unit   float64
}

func (k Kernel) tiler(points []float64, d, m int) *tiler {
	t := &tiler{k: k, points: points, d: d}
	if k.Family != Gaussian {
		return t
	}
	h := k.bandwidth()
	t.unit = math.Log2E / (2 * h * h)
	t.scaled, t.h = make([]float64, len(points)), make([]float64, len(points)/d)
	simd.Scale(t.scaled, 2*t.unit, points)
	for j := range t.h {
		for _, v := range points[j*d : (j+1)*d] {
			t.h[j] -= float64(v * v * t.unit)
		}
		if j >= m {
			t.h[j] = -1e300 // no source
		}
	}
	return t
}

// begin prepares a tile of targets.
func (t *tiler) begin(w *work) {
	if t.k.Family != Gaussian {
		return
	}
	clear(w.ref[:])
	for c := range t.d {
		for l, v := range w.x[c*lanes : (c+1)*lanes] {
			w.ref[l] += float64(v * v * t.unit)
		}
	}
}

// block fills the planes that are asked for with count sources, an even number.
func (t *tiler) block(w *work, from, count int, req *request) {
	size := count * lanes
	a := &w.args
	a.X, a.D, a.M = &w.x[0], t.d, count
	need := func(p int) bool { return len(req.rows[p]) > 0 }
	if t.k.Family == Gaussian {
		phi := w.plane[planePhi]
		if phi == nil {
			phi = w.e
		}
		clear(w.sum[:])
		clear(w.moment[:])
		for l := range w.top {
			w.top[l] = math.Inf(-1)
		}
		a.Y, a.H, a.Ref, a.Sum, a.Max = &t.scaled[from*t.d], &t.h[from], &w.ref[0], &w.sum[0], &w.top[0]
		a.E, a.Moment, a.Scale = &phi[0], &w.moment[0], 1
		simd.SoftminDot(a)
		b := t.k.bandwidth()
		if need(planePsi) {
			simd.Scale(w.plane[planePsi][:size], -1/(b*b), phi[:size])
		}
		if need(planeChi) || need(planeOwn) && !req.bare {
			t.squares(w, from, count)
		}
		if need(planeChi) {
			chi := w.plane[planeChi][:size]
			simd.Mul(chi, phi[:size], w.r2[:size])
			simd.Scale(chi, 1/(b*b*b*b), chi)
		}
		return
	}
	t.squares(w, from, count)
	t.k.profile(w, size)
}

// squares writes |x_i - y_j|^2 to w.r2, from differences of coordinates.
func (t *tiler) squares(w *work, from, count int) {
	a := &w.pair
	a.X, a.Y, a.D, a.M, a.U = &w.x[0], &t.points[from*t.d], t.d, count, &w.r2[0]
	simd.PairSquares(a)
}
