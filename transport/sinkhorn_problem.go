package transport

import (
	"fmt"
	"math"

	"wgf/internal/parallel"
	"wgf/internal/simd"
	"wgf/measure"
)

// entropic is a problem made ready for entropic solvers: points without weight
// are left out and, for the squared Euclidean cost, both clouds are centred.
// With D the difference mean A - mean B and x', y' centred,
//
//	|x-y|^2 = |x'-y'|^2 + 2 <D, x'-y'> + |D|^2:
//
// the middle term moves into the potentials, so the plan is the same.
type entropic struct {
	problem    Problem
	a, b       *measure.Cloud // with positive weights; centred
	wa, wb     []float64      // weights
	la, lb     []float64      // their logarithms
	ia, ib     []int32        // indices into problem.A and problem.B; nil: all
	ma, mb     []float64      // what centring subtracted
	shift      []float64      // D for the squared Euclidean cost, or nil
	shift2     float64        // |D|^2
	offset     float64        // what centring took out of the linear cost
	costs      costRange      // of a matrix or a function
	forA, forB *softmin       // f from g, g from f
}

// newEntropic makes a problem ready. Its error is a cost function that gives
// what is no finite number, or costs that are none.
func newEntropic(p Problem, threads int) (*entropic, error) {
	e := &entropic{problem: p}
	e.a, e.wa, e.la, e.ia = support(p.A)
	e.b, e.wb, e.lb, e.ib = support(p.B)
	cost := p.Cost
	switch cost.kind {
	case sqEuclidean:
		e.ma, e.mb = recentre(e.a, e.wa, nil), recentre(e.b, e.wb, nil)
		e.shift = make([]float64, len(e.ma))
		for k := range e.shift {
			e.shift[k] = e.ma[k] - e.mb[k]
			e.shift2 += float64(e.shift[k] * e.shift[k])
			// the means are rounded, so that those of the centred clouds are not 0
			rest := simd.Dot(e.wa, e.a.Coordinate(k)) - simd.Dot(e.wb, e.b.Coordinate(k))
			e.offset += float64(e.shift[k] * (e.shift[k] + 2*rest))
		}
	case power: // no separable part: one common centre
		e.ma = recentre(e.a, e.wa, nil)
		e.mb = recentre(e.b, e.wb, e.ma)
	case matrix:
		if e.ia != nil || e.ib != nil {
			cost = subMatrix(cost, e.ia, e.ib, e.a.N, e.b.N)
		}
	}
	e.forA = &softmin{x: e.a, y: e.b, cost: cost, threads: threads}
	e.forB = &softmin{x: e.b, y: e.a, cost: cost, threads: threads, swapped: true}
	if p.Cost.Exponent() == 0 {
		e.costs = e.measureCosts()
	}
	if d := e.diameter(); math.IsNaN(d) || math.IsInf(d, 0) {
		return nil, fmt.Errorf("transport: the costs are not finite, or too large for floating-point numbers")
	}
	return e, nil
}

// support is the cloud of the points that have weight.
func support(c *measure.Cloud) (out *measure.Cloud, w, logw []float64, index []int32) {
	w = c.Weights()
	n := 0
	for _, v := range w {
		if v > 0 {
			n++
		}
	}
	if n == c.N {
		out = &measure.Cloud{N: n, D: c.D, X: append([]float64(nil), c.X...)}
	} else {
		index = make([]int32, 0, n)
		out = measure.New(n, c.D)
		for i, v := range w {
			if v > 0 {
				w[len(index)] = v
				index = append(index, int32(i))
			}
		}
		w = w[:n]
		for k := range c.D {
			for j, i := range index {
				out.X[k*n+j] = c.X[k*c.N+int(i)]
			}
		}
	}
	logw = make([]float64, n)
	for i, v := range w {
		logw[i] = math.Log(v)
	}
	return out, w, logw, index
}

// recentre moves the mean, or the given point, to the origin; it returns what it
// subtracted.
func recentre(c *measure.Cloud, w, at []float64) []float64 {
	if at == nil {
		at = make([]float64, c.D)
		for k := range at {
			x := c.Coordinate(k)
			origin := x[0] // the mean of differences: nothing is lost far from 0
			for i, v := range x {
				at[k] += float64(w[i] * (v - origin))
			}
			at[k] += origin
		}
	}
	for k, m := range at {
		x := c.Coordinate(k)
		for i := range x {
			x[i] -= m
		}
	}
	return at
}

func subMatrix(c Cost, ia, ib []int32, n, m int) Cost {
	at := func(index []int32, i int) int {
		if index == nil {
			return i
		}
		return int(index[i])
	}
	out := make([]float64, n*m)
	for i := range n {
		row := c.matrix[at(ia, i)*c.m:]
		for j := range m {
			out[i*m+j] = row[at(ib, j)]
		}
	}
	return Matrix(out, n, m)
}

// scale is the scale of the cost that EpsilonRelative refers to, see Sinkhorn.
// Where all costs are equal it is their size, and 1 where that is 0.
func (e *entropic) scale() float64 {
	var s float64
	if p := e.problem.Cost.Exponent(); p > 0 {
		s = math.Pow(spread(e.a, e.wa)+spread(e.b, e.wb), p/2)
		if s == 0 {
			s = e.diameter()
		}
	} else {
		s = e.costs.deviation
		if top := math.Max(math.Abs(e.costs.low), math.Abs(e.costs.high)); s <= 1e-14*top {
			s = top
		}
	}
	if s == 0 {
		return 1
	}
	return s
}

// costRange is what a matrix or a function of costs is like.
type costRange struct{ low, high, deviation float64 }

// measureCosts looks at all pairs. The standard deviation is under a x b; one
// cost that is no finite number makes everything NaN.
func (e *entropic) measureCosts() costRange {
	type row struct{ low, high, sum, square float64 }
	rows := make([]row, e.a.N)
	first := make([]float64, e.b.N)
	e.forA.row(first, 0, make([]float64, e.a.D), make([]float64, e.b.D))
	parallel.For(e.forA.threads, len(rows), func(_, i int) {
		c, r := make([]float64, e.b.N), row{low: math.Inf(1), high: math.Inf(-1)}
		e.forA.row(c, i, make([]float64, e.a.D), make([]float64, e.b.D))
		for j, v := range c {
			t := v - first[0] // a constant must not cost digits
			r.low, r.high = min(r.low, v), max(r.high, v)
			r.sum += float64(e.wb[j] * t)
			r.square += float64(e.wb[j] * t * t)
		}
		rows[i] = r
	})
	out := costRange{low: math.Inf(1), high: math.Inf(-1)}
	mean, square := 0.0, 0.0
	for i, r := range rows {
		out.low, out.high = min(out.low, r.low), max(out.high, r.high)
		mean += float64(e.wa[i] * r.sum)
		square += float64(e.wa[i] * r.square)
	}
	out.deviation = math.Sqrt(math.Max(square-float64(mean*mean), 0))
	if math.IsNaN(mean) {
		out.low = math.NaN()
	}
	return out
}

// spread is the trace of the covariance.
func spread(c *measure.Cloud, w []float64) float64 {
	total := 0.0
	for k := range c.D {
		x := c.Coordinate(k)
		mean := 0.0
		for i, v := range x {
			mean += float64(w[i] * v)
		}
		for i, v := range x {
			total += float64(w[i] * (v - mean) * (v - mean))
		}
	}
	return total
}

// diameter bounds the largest cost less the smallest.
func (e *entropic) diameter() float64 {
	if p := e.problem.Cost.Exponent(); p > 0 {
		radius := func(c *measure.Cloud) float64 {
			top := 0.0
			for i := range c.N {
				r := 0.0
				for k := range c.D {
					r += float64(c.X[k*c.N+i] * c.X[k*c.N+i])
				}
				top = math.Max(top, r)
			}
			return math.Sqrt(top)
		}
		return math.Pow(radius(e.a)+radius(e.b), p)
	}
	return e.costs.high - e.costs.low
}
