package kernel

import (
	"fmt"
	"math"

	"wgf/internal/simd"
)

// SteinGradient writes the two parts of the gradient of
//
//	x -> sum_j w_j k_pi(x, x_j),   k_pi the Stein kernel of [Kernel.Stein],
//
// at every x_i: it is hess log p(x_i) velocity_i + rest_i, with velocity that of
// [Kernel.SteinVelocity] and, r = x_i - x_j, psi, chi as in [Kernel.At] and
// omega = chi'(|r|)/|r|,
//
//	rest_i = sum_j w_j [psi (s_j - s_i) + (psi s_i.s_j + chi (s_j - s_i).r - (d+2) chi - omega |r|^2) r].
//
// The kernel must be smooth, see [Family.Smooth]; SteinGradient panics otherwise. The
// cost is of order n^2 d, about three of SteinVelocity's.
// Korba, Aubin-Frankowski, Majewski and Ablin 2021, section 3.
func (k Kernel) SteinGradient(velocity, rest []float64, x Points, score []float64, threads int) {
	if !k.Family.Smooth() {
		panic(fmt.Sprintf("kernel: the %v kernel has no Stein kernel", k.Family))
	}
	ox := x
	x, _ = k.enter(x, x)
	n, d := x.N, x.D
	clear(velocity)
	clear(rest)
	if n == 0 {
		return
	}
	if k.spread(x, x) {
		k.steinGradientEach(velocity, rest, ox, score, threads)
		return
	}
	w := x.weights()
	if k.Family == Gaussian {
		k.steinGradientGaussian(velocity, rest, x, score, w, threads)
		return
	}
	// phi with w s; psi with w, w x, w s; the coefficient of r with w, w x.
	scores, own := make([]float64, d*n), make([]float64, (d+1)*n)
	slopes := make([]float64, (2*d+1)*n)
	copy(slopes, w)
	for c := range d {
		for j, v := range x.X[c*n : (c+1)*n] {
			s := float64(w[j] * score[c*n+j])
			scores[c*n+j] = s
			slopes[(1+c)*n+j] = float64(w[j] * v)
			slopes[(1+d+c)*n+j] = s
		}
	}
	copy(own, slopes)
	// Point by point for the scalar products: scores and places of the sources.
	sources2 := make([]float64, 2*d*n)
	along := make([]float64, n) // s_j.x_j
	for j := range n {
		for c := range d {
			s, v := score[c*n+j], x.X[c*n+j]
			sources2[j*2*d+c], sources2[j*2*d+d+c] = s, v
			along[j] += float64(s * v)
		}
	}
	var req request
	req.rows = [planes][]float64{planePhi: scores, planePsi: slopes, planeChi: nil, planeOwn: own}
	req.own = func(w *work, first, count, from, block int) {
		// In the tile: s_i.s_j, s_i.x_j and x_i.s_j for all pairs.
		tile := w.own(3*sources*lanes + d*lanes)
		ss, sx, xs, si := tile[:block*lanes], tile[sources*lanes:][:block*lanes], tile[2*sources*lanes:][:block*lanes], tile[3*sources*lanes:]
		for c := range d {
			row := si[c*lanes : (c+1)*lanes]
			copy(row, score[c*n+first:c*n+first+count])
			clear(row[count:])
		}
		simd.MatMul(ss, sources2[from*2*d:], si, block, d, lanes, 2*d, 1, false)
		simd.MatMul(sx, sources2[from*2*d+d:], si, block, d, lanes, 2*d, 1, false)
		simd.MatMul(xs, sources2[from*2*d:], w.x, block, d, lanes, 2*d, 1, false)
		phi, psi, out := w.plane[planePhi], w.plane[planePsi], w.plane[planeOwn]
		var self [lanes]float64 // s_i.x_i
		for l := range count {
			self[l] = along[first+l]
		}
		for j := range block {
			for l := range lanes {
				at := j*lanes + l
				chi, omega := k.third(w.r2[at], phi[at], psi[at])
				bend := xs[at] - along[from+j] - self[l] + sx[at] // (s_j - s_i).(x_i - x_j)
				out[at] = float64(psi[at]*ss[at]) + float64(chi*(bend-float64(d+2))) - omega
			}
		}
	}
	req.finish = func(first, count int, acc *[planes][]float64) {
		a, p, o := acc[planePhi], acc[planePsi], acc[planeOwn]
		for c := range d {
			for l := range count {
				i := c*n + first + l
				velocity[i] = a[c*lanes+l] - (float64(x.X[i]*p[l]) - p[(1+c)*lanes+l])
				rest[i] = p[(1+d+c)*lanes+l] - float64(score[i]*p[l]) + float64(x.X[i]*o[l]) - o[(1+c)*lanes+l]
			}
		}
	}
	k.run(x, x, threads, req)
}

// steinGradientGaussian is SteinGradient for the Gaussian kernel: with q_ij the bracket of
// aside the coefficient of r is -k (q_ij + 2/h^2)/h^2, so that k and k q are all that is
// summed over.
func (k Kernel) steinGradientGaussian(velocity, rest []float64, x Points, score, w []float64, threads int) {
	n, d := x.N, x.D
	h2 := k.bandwidth() * k.bandwidth()
	p, side := aside(x, score, h2)
	rows := make([]float64, (2*d+1)*n) // w, w x, w s
	copy(rows, w)
	points := make([]float64, 2*d*n) // p and x/h^2 of a source, side by side
	for c := range d {
		for j, v := range x.X[c*n : (c+1)*n] {
			rows[(1+c)*n+j] = float64(w[j] * v)
			rows[(1+d+c)*n+j] = float64(w[j] * score[c*n+j])
			points[j*2*d+c], points[j*2*d+d+c] = p[c*n+j], v/h2
		}
	}
	var req request
	req.rows[planePhi], req.rows[planeOwn] = rows, rows[:(d+1)*n]
	req.bare = true
	req.own = func(w *work, first, count, from, block int) {
		tile := w.own((sources + 2*d) * lanes)
		q, at := tile[:block*lanes], tile[sources*lanes:]
		for c := range d {
			row, places := at[c*lanes:(c+1)*lanes], at[(d+c)*lanes:(d+c+1)*lanes]
			copy(row, p[c*n+first:c*n+first+count])
			clear(row[count:])
			for l := range places {
				places[l] = w.x[c*lanes+l] / h2
			}
		}
		simd.MatMul(q, points[from*2*d:], at, block, 2*d, lanes, 2*d, 1, false)
		phi, out := w.plane[planePhi], w.plane[planeOwn]
		var own [lanes]float64
		for l := range count {
			own[l] = side[first+l] + float64(d)/h2
		}
		for j := range block {
			c := side[from+j]
			o, f, g := out[j*lanes:(j+1)*lanes], phi[j*lanes:(j+1)*lanes], q[j*lanes:(j+1)*lanes]
			for l := range o {
				o[l] = f[l] * (g[l] + own[l] + c)
			}
		}
	}
	req.finish = func(first, count int, acc *[planes][]float64) {
		a, o := acc[planePhi], acc[planeOwn]
		for c := range d {
			for l := range count {
				i := c*n + first + l
				spread := float64(x.X[i]*a[l]) - a[(1+c)*lanes+l] // sum w k (x_i - x_j)
				bent := float64(x.X[i]*o[l]) - o[(1+c)*lanes+l]
				velocity[i] = a[(1+d+c)*lanes+l] + spread/h2
				rest[i] = -(a[(1+d+c)*lanes+l] - float64(score[i]*a[l]) + bent + 2/h2*spread) / h2
			}
		}
	}
	k.run(x, x, threads, req)
}

// third is chi and omega |r|^2 from what [Kernel.At] gives for a smooth family; where
// they have no limit at r = 0 they are 0 there.
func (k Kernel) third(r2, phi, psi float64) (chi, omega float64) {
	h := k.bandwidth()
	q := 1 / (h * h)
	switch k.Family {
	case Gaussian:
		chi = phi * q * q
		return chi, -chi * q * r2
	case IMQ:
		u := phi * phi
		chi = 3 * phi * u * u * q * q
		return chi, -5 * chi * u * q * r2
	case Matern32:
		if r2 == 0 {
			return 0, 0
		}
		a, r := math.Sqrt(3)/h, math.Sqrt(r2)
		chi = -a * psi / r
		return chi, -chi * (1 + a*r)
	}
	a, r := math.Sqrt(5)/h, math.Sqrt(r2) // Matern52
	chi = -a * a * psi / (1 + a*r)
	return chi, -a * chi * r
}

// steinGradientEach takes every pair by itself, see [Kernel.spread].
func (k Kernel) steinGradientEach(velocity, rest []float64, x Points, score []float64, threads int) {
	n, d := x.N, x.D
	both := make([]float64, 2*n*d)
	k.each(both, x, x, 2*d, threads, func(acc []float64, p *pair) {
		chi, omega := k.third(p.r2, p.phi, p.psi)
		a, bend := 0.0, 0.0
		for c, t := range p.diff {
			si, sj := score[c*n+p.i], score[c*n+p.j]
			a += float64(si * sj)
			bend += float64((sj - si) * t)
		}
		along := float64(p.psi*a) + float64(chi*(bend-float64(d+2))) - omega
		for c, t := range p.diff {
			si, sj := score[c*n+p.i], score[c*n+p.j]
			acc[c] += float64(p.w * (float64(p.phi*sj) - float64(p.psi*t)))
			acc[d+c] += float64(p.w * (float64(p.psi*(sj-si)) + float64(along*t)))
		}
	})
	copy(velocity, both[:n*d])
	copy(rest, both[n*d:])
}
