package kernel

import (
	"math"

	"wgf/internal/parallel"
	"wgf/internal/simd"
)

const (
	dotsLanes = simd.PairLanes
	// Sources of a block: the numbers of its pairs with a tile of targets fit into
	// the first cache.
	dotsSources = 64
	// Blocks whose sums are taken by themselves: short sums lose few digits.
	dotsBlocks = 16
	// Largest |x|^2/h^2 about the mean. Rounding of the inner products changes r^2/h^2
	// by some 1e-16 of it, at worst.
	dotsSpread = 4096
)

// dots takes sums over all pairs by two matrix products, of functions that are smooth
// in r^2 on the scale h^2:
//
//	r^2 = |x|^2 + |y|^2 - 2 <x, y>,
//	sum_j w_j f(r_ij^2) (x_i - y_j) = x_i sum_j w_j f(r_ij^2) - sum_j w_j f(r_ij^2) y_j,
//
// with coordinates about the joint mean of the points. That costs two multiply-adds a
// pair and coordinate, the least there is, where differences cost four operations; they
// remain the way for kernels with a root at r = 0 and for points that are spread over
// many bandwidths, whose near pairs would lose digits.
type dots struct {
	k    Kernel
	m, d int
	x    []float64 // targets about the mean, coordinate-major
	w    []float64 // weights of the sources
	unit float64   // of the exponents, or of what the root is taken of, by r^2
	// Row j: 1, then -2 unit y_j, then unit |y_j|^2.
	left []float64
}

// dotsSum asks for sums over a derivative of phi by r^2.
type dotsSum struct {
	order  int       // of the derivative
	rows   []float64 // rows[j*stride+r], r < q, is what source j is multiplied with
	q      int
	stride int // between the rows of two sources
}

// newDots returns nil where the sums should be taken by differences.
func (k Kernel) newDots(x, y Points) *dots {
	k.mustHaveBandwidth()
	x.check()
	y.check()
	if x.D != y.D {
		panic("kernel: points of different dimensions")
	}
	if k.Family != Gaussian && k.Family != IMQ || x.D == 0 || x.N == 0 || y.N == 0 {
		return nil
	}
	t := &dots{k: k, m: y.N, d: x.D, x: make([]float64, len(x.X))}
	h2 := k.Bandwidth * k.Bandwidth
	t.unit = -math.Log2E / (2 * h2)
	if k.Family == IMQ {
		t.unit = 1 / h2
	}
	far := make([]float64, x.N)
	own := t.d + 2
	t.left = make([]float64, t.m*own)
	for c := range t.d {
		xs, ys := x.X[c*x.N:(c+1)*x.N], y.X[c*t.m:(c+1)*t.m]
		mean := meanOf(xs, ys)
		for i, v := range xs {
			v -= mean
			t.x[c*x.N+i] = v
			far[i] += float64(v * v)
		}
		for j, v := range ys {
			v -= mean
			row := t.left[j*own : (j+1)*own]
			row[c+1] = -2 * t.unit * v
			row[t.d+1] += float64(v * v)
		}
	}
	for _, u := range far {
		if !(u <= dotsSpread*h2) {
			return nil
		}
	}
	for j := range t.m {
		row := t.left[j*own : (j+1)*own]
		if !(row[t.d+1] <= dotsSpread*h2) {
			return nil
		}
		row[0] = 1
		row[t.d+1] *= t.unit
	}
	t.w = make([]float64, t.m)
	for j := range t.w {
		t.w[j] = y.weight(j)
	}
	return t
}

func meanOf(a, b []float64) float64 {
	s := 0.0
	for _, v := range a {
		s += v
	}
	for _, v := range b {
		s += v
	}
	return s / float64(len(a)+len(b))
}

// source is coordinate c of source j about the mean.
func (t *dots) source(c, j int) float64 { return t.left[j*(t.d+2)+c+1] / (-2 * t.unit) }

// dotsWork is the scratch memory of a worker.
type dotsWork struct {
	x      []float64    // of a tile: unit |x|^2, then x, then 1
	u      []float64    // of all pairs of tile and block
	planes [3][]float64 // derivatives of phi times the weights
	part   [][]float64  // sums over some blocks
	total  [][]float64  // over all
	args   simd.PairArgs
}

// run takes sums over all sources,
//
//	total[s][r*dotsLanes+l] = sum_j w_j phi^(order)(r_ij^2) rows[j*stride+r],  i = first + l,
//
// and hands them to finish tile by tile, from several goroutines.
func (t *dots) run(n, threads int, sums []dotsSum, finish func(first, count int, total [][]float64)) {
	tiles := (n + dotsLanes - 1) / dotsLanes
	work := make([]*dotsWork, min(parallel.Threads(threads), tiles))
	parallel.For(threads, tiles, func(worker, tile int) {
		w := work[worker]
		if w == nil {
			w = t.newWork(sums)
			work[worker] = w
		}
		first := tile * dotsLanes
		count := min(dotsLanes, n-first)
		t.pack(w, first, count, n)
		for s := range w.total {
			clear(w.total[s])
		}
		for from := 0; from < t.m; from += dotsSources * dotsBlocks {
			end := min(t.m, from+dotsSources*dotsBlocks)
			for at := from; at < end; at += dotsSources {
				t.block(w, sums, at, min(dotsSources, end-at), at > from)
			}
			for s, total := range w.total {
				simd.Add(total, total, w.part[s])
			}
		}
		finish(first, count, w.total)
	})
}

func (t *dots) newWork(sums []dotsSum) *dotsWork {
	w := &dotsWork{
		x: simd.Aligned((t.d + 2) * dotsLanes), u: simd.Aligned(dotsSources * dotsLanes),
		part: make([][]float64, len(sums)), total: make([][]float64, len(sums)),
	}
	for s, sum := range sums {
		if t.k.Family != Gaussian && w.planes[sum.order] == nil {
			w.planes[sum.order] = simd.Aligned(dotsSources * dotsLanes)
		}
		w.part[s], w.total[s] = simd.Aligned(sum.q*dotsLanes), make([]float64, sum.q*dotsLanes)
	}
	return w
}

// plane is where derivative order is kept: those of the Gaussian are multiples of it.
func (t *dots) plane(order int) int {
	if t.k.Family == Gaussian {
		return 0
	}
	return order
}

// scale is what a sum over plane(order) is multiplied with to be one over phi^(order).
func (t *dots) scale(order int) float64 {
	if t.k.Family != Gaussian {
		return 1
	}
	return math.Pow(-1/(2*t.k.Bandwidth*t.k.Bandwidth), float64(order))
}

// pack arranges a tile of targets; lanes without a target repeat the first.
func (t *dots) pack(w *dotsWork, first, count, n int) {
	squares, ones := w.x[:dotsLanes], w.x[(t.d+1)*dotsLanes:]
	clear(squares)
	for c := range t.d {
		row := w.x[(c+1)*dotsLanes : (c+2)*dotsLanes]
		copy(row, t.x[c*n+first:c*n+first+count])
		for l := count; l < dotsLanes; l++ {
			row[l] = row[0]
		}
		for l, v := range row {
			squares[l] += float64(v * v)
		}
	}
	for l := range dotsLanes {
		squares[l] *= t.unit
		ones[l] = 1
	}
}

// block adds count sources from at on.
func (t *dots) block(w *dotsWork, sums []dotsSum, at, count int, more bool) {
	own := t.d + 2
	simd.MatMul(w.u, t.left[at*own:], w.x, count, own, dotsLanes, own, 1, false)
	p := &w.args
	p.U, p.W, p.M = &w.u[0], &t.w[at], count
	if t.k.Family == Gaussian {
		p.P[0], p.F[0], p.Q[0] = 1, 1, &w.u[0]
		simd.PairGaussian(p)
		w.planes[0] = w.u
	} else {
		p.P = [2]float64{1, 1}
		f := 1.0
		for order, plane := range w.planes {
			if plane != nil {
				p.F[order+1], p.Q[order+1] = f, &plane[0]
			}
			f *= -(float64(order) + 0.5) * t.unit
		}
		simd.PairRoot(p)
	}
	for s, sum := range sums {
		simd.MatMul(w.part[s], sum.rows[at*sum.stride:], w.planes[t.plane(sum.order)], sum.q, count, dotsLanes, 1, sum.stride, more)
	}
}
