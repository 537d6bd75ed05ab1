package kernel

// SteinVelocity writes the velocity of Stein variational gradient descent (Liu and
// Wang 2016, "Stein variational gradient descent", equation 8),
//
//	dst_i = sum_j w_j (k(x_j, x_i) s_j + grad_{x_j} k(x_j, x_i)),
//
// s_j = grad log pi(x_j) being the score, both coordinate-major n x d. The cost is of
// order n^2 d.
func (k Kernel) SteinVelocity(dst []float64, x Points, score []float64, threads int) {
	if k.velocityDots(dst, x, score, threads) {
		return
	}
	k.pairs(x, x, dst, x.D, threads, func(acc []float64, i, j int, p [4]float64, diff []float64) {
		for c := range acc {
			acc[c] += x.weight(j) * (p[0]*score[c*x.N+j] - 2*p[1]*diff[c])
		}
	})
}

// Stein writes dst_i = sum_j w_j k_pi(x_i, y_j) with the Stein kernel
//
//	k_pi(x, y) = s(x).s(y) k + s(x).grad_2 k + s(y).grad_1 k + div_1 grad_2 k
//	           = s(x).s(y) phi - 2 phi' (s(x)-s(y)).(x-y) - 2 d phi' - 4 r^2 phi''
//
// (Oates, Girolami and Chopin 2017; Liu, Lee and Jordan 2016), given the scores sx at x
// and sy at y, coordinate-major. KSD^2 = sum_i w_i dst_i for y = x. The kernel must be
// smooth. The cost is of order n m d.
func (k Kernel) Stein(dst []float64, x Points, sx []float64, y Points, sy []float64, threads int) {
	if k.steinDots(dst, x, sx, y, sy, threads) {
		return
	}
	k.pairs(x, y, dst, 1, threads, func(acc []float64, i, j int, p [4]float64, diff []float64) {
		inner, cross, u := 0.0, 0.0, 0.0
		for c, v := range diff {
			a, b := sx[c*x.N+i], sy[c*y.N+j]
			inner += a * b
			cross += (a - b) * v
			u += v * v
		}
		acc[0] += y.weight(j) * (p[0]*inner - 2*p[1]*(cross+float64(x.D)) - 4*u*p[2])
	})
}
