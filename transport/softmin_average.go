package transport

import (
	"math"

	"wgf/internal/simd"
)

// averages writes the soft minima to out (which holds guesses before) and the
// averages sum_j p_ij v_kj of q functions of the sources, value k of source j at
// v[k*m+j], to dst[k*n+i]. Where cost is not nil it gets the average cost
// sum_j p_ij c_ij.
func (s *softmin) averages(out, dst, cost, v []float64, q int, g, logw []float64, eps float64) {
	n, m := s.x.N, s.y.N
	if cost != nil {
		// c_ij = g_j + eps logw_j - (exponent s_ij + reference) in units of the cost.
		all := make([]float64, (q+1)*m)
		copy(all, v[:q*m])
		for j := range m {
			all[q*m+j] = float64(g[j]) + float64(logw[j]*eps)
		}
		v = all
		q++
	}
	size := q * softminLanes
	s.run(out, g, logw, eps, &visitor{
		begin: func(w *softminWork, tile int) {
			if len(w.acc) != size {
				w.acc = make([]float64, size)
			}
			clear(w.acc)
			w.moment = [softminLanes]float64{}
		},
		block: func(w *softminWork, tile, from, count int) {
			if q > 0 {
				simd.MatMul(w.acc, v[from:], w.weights, q, count, softminLanes, m, 1, true)
			}
		},
		end: func(w *softminWork, tile int, ref, sum *[softminLanes]float64) {
			first := tile * softminLanes
			rows := q
			if cost != nil {
				rows--
			}
			for l := range min(softminLanes, n-first) {
				for k := range rows {
					dst[k*n+first+l] = w.acc[k*softminLanes+l] / sum[l]
				}
				if cost != nil {
					cost[first+l] = (w.acc[rows*softminLanes+l]-w.moment[l]/s.unit)/sum[l] - ref[l]/s.unit
					if s.x2 != nil {
						cost[first+l] += s.x2[first+l]
					}
				}
			}
		},
	})
}

// gradient writes the soft minima to out and their gradients
// sum_j p_ij grad_x c(x_i, y_j), coordinate-major, to dst. The cost must be
// |x-y|^p; where x_i = y_j the pair counts as 0, which is a subgradient for p >= 1.
func (s *softmin) gradient(out, dst, g, logw []float64, eps float64) {
	n, m, d := s.x.N, s.y.N, s.x.D
	if s.cost.kind == sqEuclidean {
		s.averages(out, dst, nil, s.y.X, d, g, logw, eps)
		for i, x := range s.x.X {
			dst[i] = 2 * (x - dst[i])
		}
		return
	}
	// grad |r|^p = p |r|^(p-2) r: a row of ones beside the coordinates.
	v := make([]float64, (d+1)*m)
	copy(v, s.y.X)
	for j := range m {
		v[d*m+j] = 1
	}
	p := s.cost.p
	s.run(out, g, logw, eps, &visitor{
		begin: func(w *softminWork, tile int) {
			if len(w.acc) != (d+1)*softminLanes {
				w.acc = make([]float64, (d+1)*softminLanes)
			}
			clear(w.acc)
		},
		block: func(w *softminWork, tile, from, count int) {
			s.squares(w, tile, from, count+count%2)
			for at, r2 := range w.costs[:count*softminLanes] {
				switch {
				case r2 == 0:
					w.weights[at] = 0
				case p == 1:
					w.weights[at] /= math.Sqrt(r2)
				default:
					w.weights[at] *= p * math.Pow(r2, p/2-1)
				}
			}
			simd.MatMul(w.acc, v[from:], w.weights, d+1, count, softminLanes, m, 1, true)
		},
		end: func(w *softminWork, tile int, ref, sum *[softminLanes]float64) {
			first := tile * softminLanes
			for l := range min(softminLanes, n-first) {
				for k := range d {
					dst[k*n+first+l] = (s.x.X[k*n+first+l]*w.acc[d*softminLanes+l] - w.acc[k*softminLanes+l]) / sum[l]
				}
			}
		},
	})
}
