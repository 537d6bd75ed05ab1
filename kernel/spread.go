package kernel

import (
	"math"

	"wgf/internal/parallel"
)

// spreadLimit is how far points may lie from their mean, in squared bandwidths,
// for sums by inner products and moments: rounding is relative to that, and
// within it loses three digits at most.
const spreadLimit = 4096

// spread reports whether the points lie so far apart, in bandwidths, that sums
// must take every pair by itself.
func (k Kernel) spread(x, y Points) bool {
	if !k.Family.Scaled() {
		return false
	}
	h := k.bandwidth()
	for _, p := range []Points{x, y} {
		for i := range p.N {
			r2 := 0.0
			for c := range p.D {
				r2 += p.X[c*p.N+i] * p.X[c*p.N+i]
			}
			if !(r2 <= spreadLimit*h*h) {
				return true
			}
		}
	}
	return false
}

// pair is what add sees of a pair: the indices, the weight of the source, the
// kernel as [Kernel.At] gives it, r^2 and x_i - y_j.
type pair struct {
	i, j          int
	w             float64
	phi, psi, chi float64
	r2            float64
	diff          []float64
}

// each takes the points as they are given, not centred, and writes to dst[c*n+i] number c of q sums over all sources, pair by pair,
// from differences of coordinates. It is some ten times slower than tiles.
func (k Kernel) each(dst []float64, x, y Points, q, threads int, add func(acc []float64, p *pair)) {
	const size = 16
	parallel.For(threads, (x.N+size-1)/size, func(_, block int) {
		acc, p := make([]float64, q), &pair{diff: make([]float64, x.D)}
		for p.i = block * size; p.i < min(x.N, (block+1)*size); p.i++ {
			clear(acc)
			for p.j = range y.N {
				p.r2 = 0
				for c := range p.diff {
					t := x.X[c*x.N+p.i] - y.X[c*y.N+p.j]
					p.diff[c] = t
					p.r2 += float64(t * t)
				}
				p.w = y.weight(p.j)
				p.phi, p.psi, p.chi = k.At(p.r2)
				if p.phi == 0 && p.psi == 0 && !math.IsNaN(p.r2) {
					continue
				}
				add(acc, p)
			}
			for c, v := range acc {
				dst[c*x.N+p.i] = v
			}
		}
	})
}
