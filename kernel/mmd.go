package kernel

// MMD2 is the squared maximum mean discrepancy
//
//	sum_ij w_i w_j k(x_i, x_j) + sum_ij v_i v_j k(y_i, y_j) - 2 sum_ij w_i v_j k(x_i, y_j),
//
// pairs of a point with itself included: not negative beyond rounding where both
// have the same mass (Gretton et al. 2012, eq. 5). For the Energy kernel it is the
// energy distance 2 E|X-Y| - E|X-X'| - E|Y-Y'|.
func (k Kernel) MMD2(x, y Points, threads int) float64 {
	return k.MeanPair(x, x, threads) + k.MeanPair(y, y, threads) - 2*k.MeanPair(x, y, threads)
}

// Witness writes f(z_i) and grad f(z_i) of the witness function
//
//	f(z) = sum_j w_j k(x_j, z) - sum_j v_j k(y_j, z),
//
// the first variation of MMD^2/2 in x (Arbel, Korba, Salim and Gretton 2019,
// eq. 3). Either of value and gradient may be nil.
func (k Kernel) Witness(value, gradient []float64, z, x, y Points, threads int) {
	all := Points{N: x.N + y.N, D: x.D, X: make([]float64, 0, (x.N+y.N)*x.D), W: make([]float64, 0, x.N+y.N)}
	for c := range x.D {
		all.X = append(append(all.X, x.X[c*x.N:(c+1)*x.N]...), y.X[c*y.N:(c+1)*y.N]...)
	}
	all.W = append(all.W, x.weights()...)
	for j := range y.N {
		all.W = append(all.W, -y.weight(j))
	}
	k.sumGradient(value, gradient, z, all, threads)
}

// MMDGradient writes the gradient of the witness at the points x themselves, the
// Wasserstein gradient of MMD^2/2; the derivative of MMD^2/2 by point i is w_i
// times it.
func (k Kernel) MMDGradient(dst []float64, x, y Points, threads int) {
	k.Witness(nil, dst, x, x, y, threads)
}
