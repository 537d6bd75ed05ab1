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
// in O((n + m) d) memory and n m d time. The largest exponent of a sum is always
// taken out, so that no sum overflows or vanishes.
type softmin struct {
	x, y    *measure.Cloud
	cost    Cost
	swapped bool // the targets are the points of B: the cost is c(y_j, x_i)
	threads int
}

// to is the same softmin with other targets.
func (s *softmin) to(x *measure.Cloud) *softmin {
	out := *s
	out.x = x
	return &out
}

// softminBlock is the number of targets that a worker takes at a time.
const softminBlock = 16

// costs writes c(x_i, y_j) for all j to dst.
func (s *softmin) costs(dst []float64, i int, p, q []float64) {
	switch {
	case !s.swapped || s.cost.kind == sqEuclidean || s.cost.kind == power:
		s.cost.row(dst, s.x, s.y, i, p, q)
	case s.cost.kind == matrix:
		for j := range dst {
			dst[j] = s.cost.matrix[j*s.cost.m+i]
		}
	default:
		s.x.Point(p, i)
		for j := range dst {
			s.y.Point(q, j)
			dst[j] = s.cost.f(q, p)
		}
	}
}

// apply writes the soft minima to out. logw must be finite.
func (s *softmin) apply(out, g, logw []float64, eps float64) {
	s.each(g, logw, eps, func(i int, low float64, p, c []float64) { out[i] = low })
}

// averages writes the soft minima to out, and the averages of q functions of the
// sources, value k of source j at v[k*m+j], to dst[k*n+i]. Where cost is not nil
// it gets the average cost.
func (s *softmin) averages(out, dst, cost, v []float64, q int, g, logw []float64, eps float64) {
	n, m := s.x.N, s.y.N
	s.each(g, logw, eps, func(i int, low float64, p, c []float64) {
		out[i] = low
		for k := range q {
			dst[k*n+i] = simd.Dot(p, v[k*m:(k+1)*m])
		}
		if cost != nil {
			cost[i] = simd.Dot(p, c)
		}
	})
}

// each calls f with the soft minimum, the softmax weights and the costs of every
// target.
func (s *softmin) each(g, logw []float64, eps float64, f func(i int, low float64, p, c []float64)) {
	n, m := s.x.N, s.y.N
	type scratch struct{ c, p, x, y []float64 }
	work := make([]scratch, parallel.Threads(s.threads))
	parallel.For(s.threads, (n+softminBlock-1)/softminBlock, func(worker, block int) {
		w := &work[worker]
		if w.c == nil {
			*w = scratch{make([]float64, m), make([]float64, m), make([]float64, s.x.D), make([]float64, s.y.D)}
		}
		for i := block * softminBlock; i < min(n, (block+1)*softminBlock); i++ {
			s.costs(w.c, i, w.x, w.y)
			top := math.Inf(-1)
			for j, c := range w.c {
				w.p[j] = (g[j]-c)/eps + logw[j]
				top = math.Max(top, w.p[j])
			}
			for j := range w.p {
				w.p[j] -= top
			}
			simd.Exp(w.p, w.p)
			total := simd.Sum(w.p)
			simd.Scale(w.p, 1/total, w.p)
			f(i, -eps*(top+math.Log(total)), w.p, w.c)
		}
	})
}
