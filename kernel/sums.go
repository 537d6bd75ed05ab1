package kernel

import "wgf/internal/parallel"

// Sum writes, for every point x_i of x,
//
//	dst_i = sum_j w_j k(x_i, y_j),
//
// the embedding of y in the function space of the kernel, at x_i. x and y may be the
// same points; the weights of x are not used. The cost is of order n m d.
func (k Kernel) Sum(dst []float64, x, y Points, threads int) {
	if k.sumGradientDots(dst, nil, x, y, threads) {
		return
	}
	k.pairs(x, y, dst, 1, threads, func(acc []float64, i, j int, p [4]float64, diff []float64) {
		acc[0] += y.weight(j) * p[0]
	})
}

// Gradient writes, for every point x_i of x,
//
//	dst_i = sum_j w_j grad_1 k(x_i, y_j),
//
// the gradient of Sum by x_i while y is held, coordinate-major n x d. A point does not
// act on a point at the same place. The cost is of order n m d.
func (k Kernel) Gradient(dst []float64, x, y Points, threads int) {
	if k.sumGradientDots(nil, dst, x, y, threads) {
		return
	}
	k.pairs(x, y, dst, x.D, threads, func(acc []float64, i, j int, p [4]float64, diff []float64) {
		for c := range acc {
			acc[c] += y.weight(j) * 2 * p[1] * diff[c]
		}
	})
}

// SumGradient is Sum and Gradient in one pass.
func (k Kernel) SumGradient(sum, grad []float64, x, y Points, threads int) {
	if k.sumGradientDots(sum, grad, x, y, threads) {
		return
	}
	k.Sum(sum, x, y, threads)
	k.Gradient(grad, x, y, threads)
}

// Apply writes dst_i = sum_j w_j k(x_i, y_j) v_j for vectors v_j of q numbers, v and
// dst coordinate-major (number c of v_j at v[c*m+j]). The cost is of order n m (d+q).
func (k Kernel) Apply(dst []float64, x, y Points, v []float64, q int, threads int) {
	if k.applyDots(dst, x, y, v, q, threads) {
		return
	}
	k.pairs(x, y, dst, q, threads, func(acc []float64, i, j int, p [4]float64, diff []float64) {
		for c := range acc {
			acc[c] += y.weight(j) * p[0] * v[c*y.N+j]
		}
	})
}

// MeanPair is sum_ij w_i v_j k(x_i, y_j), w the weights of x and v those of y.
func (k Kernel) MeanPair(x, y Points, threads int) float64 {
	sums := make([]float64, x.N)
	k.Sum(sums, x, y, threads)
	total := 0.0
	for i, s := range sums {
		total += x.weight(i) * s
	}
	return total
}

// pairs adds up what term adds for each pair.
func (k Kernel) pairs(x, y Points, dst []float64, q, threads int, term func(acc []float64, i, j int, p [4]float64, diff []float64)) {
	parallel.For(threads, x.N, func(_, i int) {
		acc, diff := make([]float64, q), make([]float64, x.D)
		for j := range y.N {
			u := 0.0
			for c := range diff {
				diff[c] = x.X[c*x.N+i] - y.X[c*y.N+j]
				u += diff[c] * diff[c]
			}
			term(acc, i, j, k.Radial(u), diff)
		}
		for c, v := range acc {
			dst[c*x.N+i] = v
		}
	})
}
