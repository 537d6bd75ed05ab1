package kernel

// MMD2 is the squared maximum mean discrepancy
//
//	sum_ij w_i w_j k(x_i, x_j) + sum_ij v_i v_j k(y_i, y_j) - 2 sum_ij w_i v_j k(x_i, y_j),
//
// w the weights of x and v those of y, pairs of a point with itself included (Gretton
// et al. 2012): never negative but for rounding, and 0 for equal points. For Energy and
// Riesz the weights of x and y must have the same sum. The cost is of order
// (n + m)^2 d.
func (k Kernel) MMD2(x, y Points, threads int) float64 {
	return k.MeanPair(x, x, threads) + k.MeanPair(y, y, threads) - 2*k.MeanPair(x, y, threads)
}

// MMDGradient writes, for every point x_i of x, the gradient of the witness function
//
//	f(z) = sum_j w_j k(x_j, z) - sum_j v_j k(y_j, z)
//
// at x_i, coordinate-major n x d. The derivative of MMD2 by x_i is 2 w_i dst_i, that of
// half of it along the flow of measures is dst_i. The cost is of order n (n + m) d.
func (k Kernel) MMDGradient(dst []float64, x, y Points, threads int) {
	k.Gradient(dst, x, x, threads)
	other := make([]float64, len(dst))
	k.Gradient(other, x, y, threads)
	for i, v := range other {
		dst[i] -= v
	}
}
