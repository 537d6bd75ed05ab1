package transport

import (
	"wgf/internal/simd"
)

// fill writes the costs between a tile of targets and m sources, m even, to
// w.costs, at j*softminLanes+lane.
func (s *softmin) fill(w *softminWork, tile, at, m int) {
	if w.costs == nil {
		w.costs = make([]float64, softminPairs*softminLanes)
	}
	from := tile * softminLanes
	n, sources := min(softminLanes, s.x.N-from), min(m, s.y.N-at)
	switch s.cost.kind {
	case power:
		s.squares(w, tile, at, m)
		c := w.costs[:m*softminLanes]
		if s.cost.p == 1 {
			simd.Sqrt(c, c)
			return
		}
		simd.Log(c, c)
		simd.Scale(c, s.cost.p/2, c)
		simd.Exp(c, c)
		return
	case matrix:
		for j := range sources {
			row := w.costs[j*softminLanes : (j+1)*softminLanes]
			if s.swapped {
				copy(row, s.cost.matrix[(at+j)*s.cost.m+from:][:n])
			}
		}
		if !s.swapped {
			for l := range n {
				for j, c := range s.cost.matrix[(from+l)*s.cost.m+at:][:sources] {
					w.costs[j*softminLanes+l] = c
				}
			}
		}
	case function:
		if w.p == nil {
			w.p, w.q = make([]float64, s.x.D), make([]float64, s.y.D)
		}
		for l := range n {
			s.x.Point(w.p, from+l)
			for j := range sources {
				s.y.Point(w.q, at+j)
				if s.swapped {
					w.costs[j*softminLanes+l] = s.cost.f(w.q, w.p)
				} else {
					w.costs[j*softminLanes+l] = s.cost.f(w.p, w.q)
				}
			}
		}
	}
	// What is left over must be finite, so that a source that is none stays so.
	for j := range m {
		row := w.costs[j*softminLanes : (j+1)*softminLanes]
		if j >= sources {
			clear(row)
		} else {
			clear(row[n:])
		}
	}
}

// squares writes |x_i - y_j|^2 to w.costs.
func (s *softmin) squares(w *softminWork, tile, at, m int) {
	if w.costs == nil {
		w.costs = make([]float64, softminPairs*softminLanes)
	}
	d := max(s.x.D, 1)
	p := simd.SoftminArgs{X: &s.tiles[tile*d*softminLanes], Y: &s.points[at*d], C: &w.costs[0], D: d, M: m}
	simd.SoftminSquares(&p)
}

// row writes the costs of target i to dst.
func (s *softmin) row(dst []float64, i int, p, q []float64) {
	switch {
	case !s.swapped || s.geometric():
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
