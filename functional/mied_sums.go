package functional

import (
	"math"

	"wgf/internal/parallel"
	"wgf/internal/simd"
	"wgf/measure"
)

const (
	miedRows = 32  // particles that one block takes on
	miedCols = 512 // partners in a tile
)

// squares writes squared distances of particle i to particles first to first+len(dst).
func squares(dst, x []float64, n, i, first int) {
	clear(dst)
	for k := 0; k < len(x); k += n {
		a := x[k+i]
		for l, b := range x[k+first : k+first+len(dst)] {
			t := a - b
			dst[l] += float64(t * t)
		}
	}
}

// neighbours finds, of every particle, the nearest one elsewhere and the first one in
// the same place, among those with weight; -1: none.
func (f *MIED) neighbours(c *measure.Cloud, w []float64) {
	n := c.N
	if len(f.near) != n {
		f.near, f.same = make([]int32, n), make([]int32, n)
	}
	f.self = sized(f.self, n)
	f.each(n, func(i int, tile []float64) {
		near, same, least := int32(-1), int32(-1), math.Inf(1)
		for first := 0; first < n; first += miedCols {
			r2 := tile[:min(miedCols, n-first)]
			squares(r2, c.X, n, i, first)
			for l, v := range r2 {
				switch {
				case w[first+l] == 0:
				case v == 0 && same < 0:
					same = int32(first + l)
				case v > 0 && v < least:
					near, least = int32(first+l), v
				}
			}
		}
		f.near[i], f.same[i], f.self[i] = near, same, least
	})
}

// each calls do for every particle on several threads, with scratch of three tiles.
func (f *MIED) each(n int, do func(i int, tile []float64)) {
	blocks := (n + miedRows - 1) / miedRows
	workers := min(parallel.Threads(f.Threads), blocks)
	for len(f.tiles) < workers {
		f.tiles = append(f.tiles, make([]float64, 3*miedCols))
	}
	parallel.For(workers, blocks, func(worker, b int) {
		for i := b * miedRows; i < min(n, (b+1)*miedRows); i++ {
			do(i, f.tiles[worker])
		}
	})
}

// places are log phi, and slopes if not nil, of particle i with a tile of partners; of
// partners in the same place it is that of the diagonal.
func (f *MIED) places(c *measure.Cloud, m shape, i, first int, r2, logs, slopes []float64) {
	squares(r2, c.X, c.N, i, first)
	if m.kind == RieszMollifier && f.near[i] >= 0 {
		for l, v := range r2 {
			if v == 0 {
				r2[l] = m.shrink * f.self[i]
			}
		}
	}
	m.logs(logs, slopes, r2)
}

// rowSums writes log sum_j w_j phi_ij p(x_j)^(-1/2) to f.logs.
func (f *MIED) rowSums(c *measure.Cloud, m shape, logw []float64) {
	n := c.N
	f.logs = sized(f.logs, n)
	f.each(n, func(i int, tile []float64) {
		top, sum := math.Inf(-1), 0.0
		for first := 0; first < n; first += miedCols {
			size := min(miedCols, n-first)
			r2, e := tile[:size], tile[miedCols:][:size]
			f.places(c, m, i, first, r2, e, nil)
			simd.Add(e, e, logw[first:first+size])
			high := top
			for _, v := range e {
				high = max(high, v)
			}
			if math.IsInf(high, -1) {
				continue
			}
			for l := range e {
				e[l] -= high
			}
			simd.Exp(e, e)
			sum = float64(sum*math.Exp(top-high)) + simd.Sum(e)
			top = high
		}
		f.logs[i] = top + math.Log(sum)
	})
}

// gradient writes, with e_ij the terms of the sum over its value,
//
//	g_i = sum_j w_j e_ij (2 slope_ij (x_i - x_j) - score_i) over partners elsewhere
//	    + the same of the diagonal, whose distance is that to the nearest particle,
//
// and the part that falls to the nearest particle.
func (f *MIED) gradient(dst []float64, c *measure.Cloud, m shape, w, logw []float64, total float64) {
	n, d := c.N, c.D
	place := make([]float64, n) // weight of all particles in the place of the first of them
	diagonal := make([]float64, n)
	for i, s := range f.same {
		if s >= 0 {
			place[s] += w[i]
		}
	}
	f.each(n, func(i int, tile []float64) {
		scale := math.Exp(f.logs[i] - f.lp[i]/2 - total)
		for k := range d {
			dst[k*n+i] = -scale * f.score[k*n+i]
		}
		if f.same[i] >= 0 && m.kind == RieszMollifier && f.near[i] >= 0 {
			var logs, slope [1]float64
			m.logs(logs[:], slope[:], []float64{m.shrink * f.self[i]})
			own := place[f.same[i]] * math.Exp(logs[0]-f.lp[i]-total)
			diagonal[i] = own * m.shrink * slope[0]
		}
		for first := 0; first < n; first += miedCols {
			size := min(miedCols, n-first)
			r2, e, slope := tile[:size], tile[miedCols:][:size], tile[2*miedCols:][:size]
			f.places(c, m, i, first, r2, e, slope)
			for l := range e {
				e[l] += logw[first+l] - f.logs[i]
			}
			simd.Exp(e, e)
			simd.Mul(e, e, slope)
			for k := range d {
				a, sum := c.X[k*n+i], 0.0
				for l, b := range c.X[k*n+first : k*n+first+size] {
					sum += float64(e[l] * (a - b))
				}
				dst[k*n+i] += float64(2 * scale * sum)
			}
		}
	})
	// The diagonal: d(r_ii^2)/dx of both ends, collected in order.
	pull := make([]float64, n*d)
	for i, a := range diagonal {
		j := int(f.near[i])
		if a == 0 || w[i] == 0 {
			continue
		}
		to := int(f.same[j])
		for k := range d {
			t := a * (c.X[k*n+i] - c.X[k*n+j])
			dst[k*n+i] += t
			pull[k*n+to] -= float64(w[i]*t) / place[to]
		}
	}
	for i, s := range f.same {
		if s >= 0 {
			for k := range d {
				dst[k*n+i] += pull[k*n+int(s)]
			}
		}
	}
}

// logSumExp is log sum exp v_i.
func logSumExp(v []float64) float64 {
	top := math.Inf(-1)
	for _, a := range v {
		top = max(top, a)
	}
	if math.IsInf(top, 0) {
		return top
	}
	sum := 0.0
	for _, a := range v {
		sum += math.Exp(a - top)
	}
	return top + math.Log(sum)
}
