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

// point is the point of the cloud that point j is, and its weight.
func (s *slicedSide) point(j int) (i int, w float64) {
	i, w = j, 1/float64(s.n)
	if s.index != nil {
		i = int(s.index[j])
	}
	if s.w != nil {
		w = s.w[j]
	}
	return i, w
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
			i, w := s.a.point(j)
			out[k*s.a.size+i] = sum[k*s.a.stride+j]/float64(lines) + float64(w*move)
		}
	}
	return out
}
