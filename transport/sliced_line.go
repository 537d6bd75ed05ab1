package transport

import (
	"fmt"
	"math"

	"wgf/internal/parallel"
	"wgf/internal/simd"
	"wgf/measure"
)

// slicedPair is two clouds made ready for transport along lines: centred, without
// the points that have no weight, rows padded for simd.MatMul.
type slicedPair struct {
	a, b  slicedSide
	p     float64
	shift []float64 // mean of a minus mean of b
	// plan between the sorted points where all weights are equal: it is the same
	// along all lines. nil also where point k goes to point k.
	plan    *Plan
	matched bool // equal weights and as many points
}

type slicedSide struct {
	n, d, stride int
	x            []float64 // coordinate k of point i at x[k*stride+i]
	w            []float64 // nil: equal
	mean         []float64
	index        []int32 // points of the cloud; nil: all
	size         int     // points of the cloud
}

func newSlicedPair(a, b *measure.Cloud, p float64) (*slicedPair, error) {
	if p == 0 {
		p = 2
	}
	if !(p >= 1) || math.IsInf(p, 0) {
		return nil, fmt.Errorf("transport: sliced distances need an exponent p of at least 1, not %v", p)
	}
	if err := (Problem{A: a, B: b}).Check(); err != nil {
		return nil, err
	}
	s := &slicedPair{a: newSlicedSide(a), b: newSlicedSide(b), p: p, shift: make([]float64, a.D)}
	for k := range s.shift {
		s.shift[k] = s.a.mean[k] - s.b.mean[k]
	}
	switch {
	case s.a.w == nil && s.b.w == nil:
		s.matched = s.a.n == s.b.n
		if !s.matched {
			s.plan = monotone(&Quantile{X: make([]float64, s.a.n), equal: true}, &Quantile{X: make([]float64, s.b.n), equal: true})
		}
	default:
		s.a.fillWeights()
		s.b.fillWeights()
	}
	return s, nil
}

func newSlicedSide(c *measure.Cloud) slicedSide {
	w := c.Weights()
	at := positive(w)
	s := slicedSide{n: len(at), d: c.D, stride: (len(at) + 7) &^ 7, size: c.N}
	if len(at) < c.N {
		s.index = at
	}
	equal := true
	s.w = make([]float64, s.n)
	for k, i := range at {
		s.w[k] = w[i]
		equal = equal && w[i] == w[at[0]]
	}
	s.x, s.mean = make([]float64, s.d*s.stride), make([]float64, s.d)
	for k := range s.d {
		col, row := c.Coordinate(k), s.x[k*s.stride:(k+1)*s.stride]
		first := col[at[0]] // sums are relative to a point: far clouds lose no digits
		for j, i := range at {
			row[j] = col[i] - first
		}
		mean := simd.Dot(s.w, row[:s.n])
		for j := range row[:s.n] {
			row[j] -= mean
		}
		s.mean[k] = first + mean
	}
	if equal {
		s.w = nil
	}
	return s
}

// fillWeights writes equal weights out.
func (s *slicedSide) fillWeights() {
	if s.w == nil {
		s.w = make([]float64, s.n)
		for i := range s.w {
			s.w[i] = 1 / float64(s.n)
		}
	}
}

// group is the number of lines that are projected at a time, so that the points
// are read once for several of them: at most 8, and fewer for large clouds.
func (s *slicedPair) group() int {
	return max(2, min(8, (1<<20)/max(1, s.a.stride+s.b.stride)))
}

// shiftAlong is the difference of the means along a line.
func (s *slicedPair) shiftAlong(theta []float64) float64 {
	t := 0.0
	for k, v := range s.shift {
		t += float64(v * theta[k])
	}
	return t
}

// slicedScratch is the memory of one goroutine.
type slicedScratch struct {
	sorter
	x, y  []float64
	sides [2]slicedOrder
}

// slicedOrder is one side of a line: points in ascending order.
type slicedOrder struct {
	order []int32
	x, w  []float64
}

// sorted returns the positions x in ascending order, and sets order and weights
// where they are needed. x is overwritten where they are not.
func (o *slicedOrder) sorted(s *sorter, x, w []float64, indexed bool) []float64 {
	if w == nil && !indexed {
		s.sort(x)
		return x
	}
	o.order, o.x = grow(o.order, len(x)), grow(o.x, len(x))
	s.argsort(o.order, x)
	for k, i := range o.order {
		o.x[k] = x[i]
	}
	if w != nil {
		o.w = grow(o.w, len(x))
		for k, i := range o.order {
			o.w[k] = w[i]
		}
	}
	return o.x
}

// project writes the projections on some lines to x and y, one row a line.
func (w *slicedScratch) project(s *slicedPair, lines []float64) {
	d := s.a.d
	rows := 1
	if d > 0 {
		rows = len(lines) / d
	}
	w.x, w.y = grow(w.x, rows*s.a.stride), grow(w.y, rows*s.b.stride)
	simd.MatMul(w.x, lines, s.a.x, rows, d, s.a.stride, d, 1, false)
	simd.MatMul(w.y, lines, s.b.x, rows, d, s.b.stride, d, 1, false)
}

// line is W_p^p along theta, for p = 2 of the centred clouds; x and y hold the
// projections and are overwritten. Gradients by the projections are written to
// gx and gy where they are not nil.
func (w *slicedScratch) line(s *slicedPair, theta, x, y, gx, gy []float64) float64 {
	shift := 0.0
	if s.p != 2 {
		shift = s.shiftAlong(theta)
	}
	if s.matched && gx == nil && gy == nil {
		x, y = x[:s.a.n], y[:s.b.n]
		w.sort(x)
		w.sort(y)
		return matchedCost(x, y, shift, s.p) / float64(s.a.n)
	}
	indexed := gx != nil || gy != nil
	xs := w.sides[0].sorted(&w.sorter, x[:s.a.n], s.a.w, indexed)
	ys := w.sides[1].sorted(&w.sorter, y[:s.b.n], s.b.w, indexed)
	orderX, orderY := w.sides[0].order, w.sides[1].order
	clear(gx)
	clear(gy)
	if s.matched {
		total, scale := 0.0, 1/float64(s.a.n)
		for k, v := range xs {
			c, g := costSlope(v-ys[k]+shift, s.p)
			total += c
			if gx != nil {
				gx[orderX[k]] = float64(scale * g)
			}
			if gy != nil {
				gy[orderY[k]] = float64(scale * g)
			}
		}
		return total * scale
	}
	total := 0.0
	add := func(i, j int32, mass float64) {
		c, g := costSlope(xs[i]-ys[j]+shift, s.p)
		total += float64(mass * c)
		if gx != nil {
			gx[orderX[i]] += float64(mass * g)
		}
		if gy != nil {
			gy[orderY[j]] += float64(mass * g)
		}
	}
	if s.plan != nil {
		for k, mass := range s.plan.Mass {
			add(s.plan.I[k], s.plan.J[k], mass)
		}
		return total
	}
	// The north-west corner rule; the last points take what rounding left.
	wx, wy := w.sides[0].w, w.sides[1].w
	n, m := int32(len(xs)-1), int32(len(ys)-1)
	i, j := int32(0), int32(0)
	left, room := wx[0], wy[0]
	for i < n || j < m {
		if j == m || left < room && i < n {
			add(i, j, left)
			room -= left
			i++
			left = wx[i]
		} else {
			add(i, j, room)
			left -= room
			j++
			room = wy[j]
		}
	}
	add(i, j, math.Max(left, 0))
	return total
}

// matchedCost is sum_k |x_k - y_k + shift|^p.
func matchedCost(x, y []float64, shift, p float64) float64 {
	total := 0.0
	if p != 2 {
		for k, v := range x {
			total += powerCost(v-y[k]+shift, p)
		}
		return total
	}
	const size = 512
	var diff [size]float64
	for len(x) > 0 {
		n := min(size, len(x))
		simd.Sub(diff[:n], x[:n], y[:n])
		total += simd.Dot(diff[:n], diff[:n])
		x, y = x[n:], y[n:]
	}
	return total
}

// costSlope is |t|^p and its derivative, 0 at a kink.
func costSlope(t, p float64) (cost, slope float64) {
	switch {
	case p == 2:
		return float64(t * t), 2 * t
	case t == 0:
		return 0, 0
	case p == 1:
		return math.Abs(t), math.Copysign(1, t)
	}
	slope = math.Pow(math.Abs(t), p-1)
	return float64(slope * math.Abs(t)), math.Copysign(p*slope, t)
}

// spread adds theta g^T over a batch of lines to the gradient.
func (s *slicedPair) spread(grad, along, lines []float64, count, threads int) {
	const rows = 4
	d, stride := s.a.d, s.a.stride
	parallel.For(threads, (d+rows-1)/rows, func(_, block int) {
		from, to := block*rows, min(d, (block+1)*rows)
		simd.MatMul(grad[from*stride:to*stride], lines[from:], along, to-from, count, stride, 1, d, true)
	})
}

// finish turns the sum over lines into the gradient at all points of the cloud.
func (s *slicedPair) finish(sum []float64, lines int) []float64 {
	out := make([]float64, s.a.d*s.a.size)
	for k := range s.a.d {
		move := 0.0
		if s.p == 2 {
			move = 2 * s.shift[k] / float64(s.a.d)
		}
		for j := range s.a.n {
			i, w := j, 1/float64(s.a.n)
			if s.a.index != nil {
				i = int(s.a.index[j])
			}
			if s.a.w != nil {
				w = s.a.w[j]
			}
			out[k*s.a.size+i] = sum[k*s.a.stride+j]/float64(lines) + float64(w*move)
		}
	}
	return out
}
