package transport

import (
	"math"

	"wgf/internal/parallel"
	"wgf/internal/simd"
	"wgf/measure"
)

// softmin computes soft minima over all pairs of n targets x_i and m sources y_j,
//
//	out_i = -eps log sum_j exp((g_j - c(x_i, y_j))/eps + logw_j),
//
// and averages under the softmax weights
//
//	p_ij = exp((out_i + g_j - c(x_i, y_j))/eps + logw_j),  sum_j p_ij = 1,
//
// in O((n + m) d) memory and n m d time.
//
// Exponentials are taken relative to a reference, the value that out has before;
// the largest exponent is followed, and a tile of targets whose reference was so
// far off that its sums could overflow or vanish is done again with the largest
// exponent itself. With the potentials of the last iteration in out that never
// happens, and the safe sum costs no more than an unsafe one.
//
// For |x-y|^2 the exponents are inner products, |x-y|^2 = |x|^2 + |y|^2 - 2 <x, y>:
// points should be centred. A softmin is for one goroutine at a time.
type softmin struct {
	x, y    *measure.Cloud
	cost    Cost
	swapped bool // the targets are the points of B: the cost is c(y_j, x_i)
	threads int

	tiles  []float64 // of targets: coordinate k of lane l of tile t at (t*d+k)*softminLanes+l
	points []float64 // of sources: coordinate k of source j at j*d+k; an even number of them
	x2, y2 []float64 // |x_i|^2 and |y_j|^2 for the squared cost

	scaled []float64 // points, in units of the exponents
	h      []float64 // part of the exponents that depends on the source only
	unit   float64   // exponents to base 2 in units of the cost
	work   []softminWork
}

const (
	softminLanes = simd.SoftminLanes
	// A group of tiles is worked on together, so that a block of sources is read
	// from the near caches for all but the first.
	softminGroup = 4
	// Sources of a block at most: short sums lose few digits.
	softminSources = 1024
	// Sources of a block for which numbers are kept for every pair.
	softminPairs = 128
	absent       = -1e300 // exponent of a source that is none
)

// softminWork is the scratch memory of a worker: of the tiles of a group.
type softminWork struct {
	ref, sum, top [softminGroup][softminLanes]float64
	block, moment [softminLanes]float64
	costs         []float64 // of a tile and a block
	weights       []float64
	acc           []float64 // of averages
	p, q          []float64 // two points
	args          simd.SoftminArgs
}

// to is the same softmin with other targets.
func (s *softmin) to(x *measure.Cloud) *softmin {
	return &softmin{x: x, y: s.y, cost: s.cost, swapped: s.swapped, threads: s.threads}
}

// apply writes the soft minima to out, which holds guesses of them before (any
// numbers). logw must be finite.
func (s *softmin) apply(out, g, logw []float64, eps float64) {
	s.run(out, g, logw, eps, nil)
}

// visitor sees the softmax weights 2^s_ij of a tile of targets, not normalised:
// begin and end once a tile (begin again where a tile is done again), block for
// every block of sources from..from+count, with w.weights at
// (j-from)*softminLanes+lane and, at the end, their sums.
type visitor struct {
	begin func(w *softminWork, tile int)
	block func(w *softminWork, tile, from, count int)
	end   func(w *softminWork, tile int, ref, sum *[softminLanes]float64)
}

// pack arranges targets and sources once, and the exponents for g.
func (s *softmin) pack(g, logw []float64, eps float64) {
	n, m, d := s.x.N, s.y.N, max(s.x.D, 1)
	even := m + m%2
	if s.h == nil {
		s.h = make([]float64, even)
		s.work = make([]softminWork, parallel.Threads(s.threads))
		if s.geometric() {
			s.tiles = make([]float64, (n+softminLanes-1)/softminLanes*softminLanes*d)
			s.points = make([]float64, even*d)
			for k := range s.x.D {
				for i, v := range s.x.Coordinate(k) {
					s.tiles[(i/softminLanes*d+k)*softminLanes+i%softminLanes] = v
				}
				for j, v := range s.y.Coordinate(k) {
					s.points[j*d+k] = v
				}
			}
		}
		s.scaled = s.points
		if s.cost.kind == sqEuclidean {
			s.scaled = make([]float64, len(s.points))
			s.x2, s.y2 = squaredNorms(s.x), squaredNorms(s.y)
		}
	}
	s.unit = math.Log2E / eps
	for j := range m {
		s.h[j] = float64(g[j]*s.unit) + float64(logw[j]*math.Log2E)
	}
	if even > m {
		s.h[m] = absent
	}
	if s.cost.kind == sqEuclidean {
		for j, v := range s.y2 {
			s.h[j] -= float64(v * s.unit)
		}
		simd.Scale(s.scaled, 2*s.unit, s.points)
	}
}

func squaredNorms(c *measure.Cloud) []float64 {
	out := make([]float64, c.N)
	for k := range c.D {
		for i, v := range c.Coordinate(k) {
			out[i] += float64(v * v)
		}
	}
	return out
}

// run computes the soft minima and shows the weights to v, if there is one.
func (s *softmin) run(out, g, logw []float64, eps float64, v *visitor) {
	s.pack(g, logw, eps)
	n := s.x.N
	tiles := (n + softminLanes - 1) / softminLanes
	parallel.For(len(s.work), (tiles+softminGroup-1)/softminGroup, func(worker, group int) {
		w := &s.work[worker]
		first := group * softminGroup
		count := min(softminGroup, tiles-first)
		for t := range count {
			ref := &w.ref[t]
			*ref = [softminLanes]float64{}
			for l := range min(softminLanes, n-(first+t)*softminLanes) {
				i := (first+t)*softminLanes + l
				guess := out[i]
				if s.x2 != nil {
					guess -= s.x2[i]
				}
				if r := -guess * s.unit; math.Abs(r) < -absent {
					ref[l] = r
				}
			}
		}
		if v == nil {
			s.tile(w, first, 0, count, nil)
		}
		for t := range count {
			if v != nil { // one tile after the other: the visitor has room for one
				s.tile(w, first, t, 1, v)
			}
			for s.adjust(w, first, t) {
				s.tile(w, first, t, 1, v)
			}
			s.finish(w, out, first, t)
			if v != nil {
				v.end(w, first+t, &w.ref[t], &w.sum[t])
			}
		}
	})
}

// tile sums over all sources for count tiles from first+from on.
func (s *softmin) tile(w *softminWork, first, from, count int, v *visitor) {
	m := s.y.N
	size := s.sources(v != nil)
	for t := from; t < from+count; t++ {
		w.sum[t] = [softminLanes]float64{}
		for l := range w.top[t] {
			w.top[t][l] = math.Inf(-1)
		}
		if v != nil {
			v.begin(w, first+t)
		}
	}
	for at := 0; at < m; at += size {
		n := min(size, m-at)
		for t := from; t < from+count; t++ {
			s.block(w, first, t, at, n+n%2, v != nil)
			if v != nil {
				v.block(w, first+t, at, n)
			}
		}
	}
}

// sources is the even number of sources of a block: with the targets of a tile
// they fit into the near caches.
func (s *softmin) sources(pairs bool) int {
	if pairs || s.cost.kind != sqEuclidean && !s.euclidean() {
		return softminPairs
	}
	return max(64, min(softminSources, (1<<14)/(s.x.D+1)*2))
}

func (s *softmin) euclidean() bool { return s.cost.kind == power && s.cost.p == 1 }

// geometric says whether the cost is one of positions.
func (s *softmin) geometric() bool { return s.cost.kind == sqEuclidean || s.cost.kind == power }

// block adds the sources at..at+m, m even, to the sums of tile first+t.
func (s *softmin) block(w *softminWork, first, t, at, m int, weights bool) {
	d := max(s.x.D, 1)
	w.block = [softminLanes]float64{}
	p := &w.args
	*p = simd.SoftminArgs{
		H: &s.h[at], Ref: &w.ref[t][0], Sum: &w.block[0], Max: &w.top[t][0], D: d, M: m, Scale: s.unit,
	}
	if s.geometric() {
		p.X, p.Y = &s.tiles[(first+t)*d*softminLanes], &s.scaled[at*d]
	}
	if weights {
		if w.weights == nil {
			w.weights = make([]float64, softminPairs*softminLanes)
		}
		p.E, p.Moment = &w.weights[0], &w.moment[0]
	}
	switch {
	case s.cost.kind == sqEuclidean:
		simd.SoftminDot(p)
	case s.euclidean():
		simd.SoftminDistance(p)
	default:
		s.fill(w, first+t, at, m)
		p.C = &w.costs[0]
		simd.SoftminCosts(p)
	}
	for l, v := range w.block {
		w.sum[t][l] += v
	}
}

// adjust moves references that were too far off and says whether there are any.
func (s *softmin) adjust(w *softminWork, first, t int) bool {
	again := false
	for l := range min(softminLanes, s.x.N-(first+t)*softminLanes) {
		if top := w.top[t][l]; !(math.Abs(top) <= simd.SoftminLimit) {
			w.ref[t][l] += top
			again = true
		}
	}
	return again
}

// finish writes the soft minima of a tile.
func (s *softmin) finish(w *softminWork, out []float64, first, t int) {
	from := (first + t) * softminLanes
	n := min(softminLanes, s.x.N-from)
	simd.Log(w.block[:n], w.sum[t][:n])
	for l := range n {
		out[from+l] = -(w.ref[t][l] + float64(w.block[l]*math.Log2E)) / s.unit
		if s.x2 != nil {
			out[from+l] += s.x2[from+l]
		}
	}
}
