package kernel

import "fmt"

func (k Kernel) enter(x, y Points) (Points, Points) {
	x.check()
	y.check()
	if x.D != y.D {
		panic(fmt.Sprintf("kernel: points in %d and %d dimensions", x.D, y.D))
	}
	if x.N == 0 || y.N == 0 {
		return x, y
	}
	return centred(x, y)
}

// Sum writes
//
//	dst_i = sum_j w_j k(x_i, y_j)
//
// for all points x_i, w the weights of y; those of x are not looked at. The cost
// is of order n m d time and (n + m) d memory, the same bits for every number of
// threads (0: one a processor), as of all sums here.
func (k Kernel) Sum(dst []float64, x, y Points, threads int) {
	k.sumGradient(dst, nil, x, y, threads)
}

// Gradient writes dst_i = sum_j w_j grad_1 k(x_i, y_j), coordinate-major. The
// gradient by the second argument is its negative. A pair of equal points
// counts as 0.
func (k Kernel) Gradient(dst []float64, x, y Points, threads int) {
	k.sumGradient(nil, dst, x, y, threads)
}

// SumGradient writes Sum and Gradient in one pass.
func (k Kernel) SumGradient(sum, grad []float64, x, y Points, threads int) {
	k.sumGradient(sum, grad, x, y, threads)
}

func (k Kernel) sumGradient(sum, grad []float64, x, y Points, threads int) {
	ox, oy := x, y
	x, y = k.enter(x, y)
	n, m, d := x.N, y.N, x.D
	clear(sum)
	clear(grad)
	if k.spread(x, y) {
		if sum != nil {
			k.each(sum, ox, oy, 1, threads, func(acc []float64, p *pair) { acc[0] += float64(p.w * p.phi) })
		}
		if grad != nil {
			k.each(grad, ox, oy, d, threads, func(acc []float64, p *pair) {
				for c, t := range p.diff {
					acc[c] += float64(p.w * p.psi * t)
				}
			})
		}
		return
	}
	var req request
	w := y.weights()
	moments := func() []float64 { // w, then w y
		out := append(make([]float64, 0, (d+1)*m), w...)
		for c := range d {
			for j, v := range y.X[c*m : (c+1)*m] {
				out = append(out, float64(w[j]*v))
			}
		}
		return out
	}
	// Of the Gaussian kernel psi is a multiple of phi: one plane gives all.
	plane, scale := planePsi, 1.0
	if k.Family == Gaussian {
		plane, scale = planePhi, -1/(k.bandwidth()*k.bandwidth())
	}
	if sum != nil {
		req.rows[planePhi] = w
	}
	if grad != nil {
		req.rows[plane] = moments()
	}
	req.finish = func(first, count int, acc *[planes][]float64) {
		for l := range count {
			i := first + l
			if sum != nil {
				sum[i] = acc[planePhi][l]
			}
			if grad != nil {
				for c := range d {
					grad[c*n+i] = scale * (float64(x.X[c*n+i]*acc[plane][l]) - acc[plane][(c+1)*lanes+l])
				}
			}
		}
	}
	k.run(x, y, threads, req)
}

// Apply writes dst_i = sum_j w_j k(x_i, y_j) v_j for vectors v_j of q numbers,
// number c of v_j at v[c*m+j], and of the result at dst[c*n+i].
func (k Kernel) Apply(dst []float64, x, y Points, v []float64, q, threads int) {
	ox, oy := x, y
	x, y = k.enter(x, y)
	n, m := x.N, y.N
	clear(dst)
	if k.spread(x, y) {
		k.each(dst, ox, oy, q, threads, func(acc []float64, p *pair) {
			for c := range acc {
				acc[c] += float64(p.w * p.phi * v[c*m+p.j])
			}
		})
		return
	}
	w := y.weights()
	rows := make([]float64, q*m)
	for i := range rows {
		rows[i] = float64(w[i%m] * v[i])
	}
	req := request{finish: func(first, count int, acc *[planes][]float64) {
		for c := range q {
			copy(dst[c*n+first:c*n+first+count], acc[planePhi][c*lanes:])
		}
	}}
	req.rows[planePhi] = rows
	k.run(x, y, threads, req)
}

// MeanPair is sum_ij w_i v_j k(x_i, y_j), w and v the weights of x and y.
func (k Kernel) MeanPair(x, y Points, threads int) float64 {
	sums := make([]float64, x.N)
	k.Sum(sums, x, y, threads)
	total := 0.0
	for i, v := range sums {
		total += float64(x.weight(i) * v)
	}
	return total
}

// SteinVelocity writes the velocity of Stein variational gradient descent,
//
//	dst_i = sum_j w_j [k(x_j, x_i) s_j + grad_1 k(x_j, x_i)],
//
// s_j = score the gradient of the log density at x_j, coordinate-major
// (Liu and Wang 2016, algorithm 1).
func (k Kernel) SteinVelocity(dst []float64, x Points, score []float64, threads int) {
	score = append([]float64(nil), score...)
	ox := x
	x, _ = k.enter(x, x)
	n, d := x.N, x.D
	clear(dst)
	if k.spread(x, x) {
		k.each(dst, ox, ox, d, threads, func(acc []float64, p *pair) {
			for c, t := range p.diff {
				acc[c] += float64(p.w * (float64(p.phi*score[c*n+p.j]) - float64(p.psi*t)))
			}
		})
		return
	}
	w := x.weights()
	var req request
	force := make([]float64, d*n) // w s, and w psi/phi x where that is a constant
	spread := append([]float64(nil), w...)
	for c := range d {
		for j, v := range x.X[c*n : (c+1)*n] {
			force[c*n+j] = float64(w[j] * score[c*n+j])
			spread = append(spread, float64(w[j]*v))
		}
	}
	if k.Family == Gaussian {
		scale := -1 / (k.bandwidth() * k.bandwidth())
		for i, v := range spread[n:] {
			force[i] += float64(scale * v)
		}
		req.rows[planePhi] = append(force, w...)
		req.finish = func(first, count int, acc *[planes][]float64) {
			for c := range d {
				for l := range count {
					i := c*n + first + l
					dst[i] = acc[planePhi][c*lanes+l] - float64(scale*x.X[i]*acc[planePhi][d*lanes+l])
				}
			}
		}
	} else {
		req.rows[planePhi], req.rows[planePsi] = force, spread
		req.finish = func(first, count int, acc *[planes][]float64) {
			for c := range d {
				for l := range count {
					i := c*n + first + l
					dst[i] = acc[planePhi][c*lanes+l] + acc[planePsi][(c+1)*lanes+l] - float64(x.X[i]*acc[planePsi][l])
				}
			}
		}
	}
	k.run(x, x, threads, req)
}
