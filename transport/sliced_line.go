package transport

import (
	"math"

	"wgf/internal/radix"
	"wgf/internal/simd"
)

// slicedScratch is the memory of one goroutine.
type slicedScratch struct {
	radix.Sorter
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
func (o *slicedOrder) sorted(s *radix.Sorter, x, w []float64, indexed bool) []float64 {
	if w == nil && !indexed {
		s.Sort(x)
		return x
	}
	o.order, o.x = grow(o.order, len(x)), grow(o.x, len(x))
	s.Argsort(o.order, x)
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
		w.Sort(x)
		w.Sort(y)
		return matchedCost(x, y, shift, s.p) / float64(s.a.n)
	}
	indexed := gx != nil || gy != nil
	xs := w.sides[0].sorted(&w.Sorter, x[:s.a.n], s.a.w, indexed)
	ys := w.sides[1].sorted(&w.Sorter, y[:s.b.n], s.b.w, indexed)
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
