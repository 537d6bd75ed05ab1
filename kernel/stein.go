package kernel

import "fmt"

// Stein writes dst_i = sum_j w_j k_pi(x_i, y_j) with the Stein kernel
//
//	k_pi(x, y) = s(x).s(y) k + s(x).grad_y k + s(y).grad_x k + div_x grad_y k
//
// of the density whose scores s are sx at x and sy at y, coordinate-major. The
// mean of dst over x = y under w is the squared kernel Stein discrepancy
// (Liu, Lee and Jordan 2016; Chwialkowski, Strathmann and Gretton 2016). The
// kernel must be smooth, see [Family.Smooth]; Stein panics otherwise. The cost is
// of order n m d.
func (k Kernel) Stein(dst []float64, x Points, sx []float64, y Points, sy []float64, threads int) {
	if !k.Family.Smooth() {
		panic(fmt.Sprintf("kernel: the %v kernel has no Stein kernel", k.Family))
	}
	ox, oy := x, y
	x, y = k.enter(x, y)
	n, m, d := x.N, y.N, x.D
	clear(dst)
	if k.spread(x, y) {
		k.each(dst, ox, oy, 1, threads, func(acc []float64, p *pair) {
			sum := -float64(d)*p.psi - float64(p.chi*p.r2)
			for c, t := range p.diff {
				si, sj := sx[c*n+p.i], sy[c*m+p.j]
				sum += float64(p.phi*si*sj) - float64(p.psi*t*(si-sj))
			}
			acc[0] += float64(p.w * sum)
		})
		return
	}
	w := y.weights()
	if k.Family == Gaussian {
		k.steinGaussian(dst, x, sx, y, sy, w, threads)
		return
	}
	// phi with w s; psi with w, w y, w s and w s.y; chi r^2 with w.
	scores := make([]float64, d*m)
	rest := make([]float64, (2*d+2)*m)
	copy(rest, w)
	for c := range d {
		for j, v := range y.X[c*m : (c+1)*m] {
			s := float64(w[j] * sy[c*m+j])
			scores[c*m+j] = s
			rest[(1+c)*m+j] = float64(w[j] * v)
			rest[(1+d+c)*m+j] = s
			rest[(1+2*d)*m+j] += float64(s * v)
		}
	}
	var req request
	req.rows = [planes][]float64{scores, rest, w}
	req.finish = func(first, count int, acc *[planes][]float64) {
		a, p := acc[planePhi], acc[planePsi]
		for l := range count {
			i := first + l
			sum := -float64(d)*p[l] - p[(1+2*d)*lanes+l] - acc[planeChi][l]
			for c := range d {
				xi, si := x.X[c*n+i], sx[c*n+i]
				sum += float64(si * (a[c*lanes+l] - (float64(xi*p[l]) - p[(1+c)*lanes+l])))
				sum += float64(xi * p[(1+d+c)*lanes+l])
			}
			dst[i] = sum
		}
	}
	k.run(x, y, threads, req)
}

// aside is p = s - x/h^2, coordinate-major, and c = p.x/h^2: with them the Stein kernel
// of a Gaussian kernel of bandwidth h is
//
//	k_pi(x, y) = k(x, y) [p_x.p_y + x.y/h^4 + c_x + c_y + d/h^2].
func aside(x Points, score []float64, h2 float64) (p, c []float64) {
	p, c = make([]float64, len(x.X)), make([]float64, x.N)
	for i, v := range x.X {
		p[i] = score[i] - v/h2
		c[i%x.N] += float64(p[i] * v / h2)
	}
	return p, c
}

// steinGaussian is Stein for the Gaussian kernel, by sums over one plane.
func (k Kernel) steinGaussian(dst []float64, x Points, sx []float64, y Points, sy, w []float64, threads int) {
	n, m, d := x.N, y.N, x.D
	h2 := k.bandwidth() * k.bandwidth()
	px, cx := aside(x, sx, h2)
	py, cy := aside(y, sy, h2)
	rows := make([]float64, (2*d+2)*m) // w, w c, w p, w y/h^4
	copy(rows, w)
	for j, v := range cy {
		rows[m+j] = float64(w[j] * v)
	}
	for i := range d * m {
		rows[2*m+i] = float64(w[i%m] * py[i])
		rows[(2+d)*m+i] = float64(w[i%m] * y.X[i] / (h2 * h2))
	}
	var req request
	req.rows[planePhi] = rows
	req.finish = func(first, count int, acc *[planes][]float64) {
		a := acc[planePhi]
		for l := range count {
			i := first + l
			sum := float64((cx[i]+float64(d)/h2)*a[l]) + a[lanes+l]
			for c := range d {
				sum += float64(px[c*n+i]*a[(2+c)*lanes+l]) + float64(x.X[c*n+i]*a[(2+d+c)*lanes+l])
			}
			dst[i] = sum
		}
	}
	k.run(x, y, threads, req)
}

// KSD2 is the squared kernel Stein discrepancy sum_ij w_i w_j k_pi(x_i, x_j),
// pairs of a point with itself included, so that it is not negative beyond
// rounding.
func (k Kernel) KSD2(x Points, score []float64, threads int) float64 {
	sums := make([]float64, x.N)
	k.Stein(sums, x, score, x, score, threads)
	total := 0.0
	for i, v := range sums {
		total += float64(x.weight(i) * v)
	}
	return total
}
