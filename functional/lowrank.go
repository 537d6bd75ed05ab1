package functional

import (
	"math"

	"wgf/kernel"
)

// gram writes the kernel matrix k(x_i, y_j) sqrt(u_i v_j), row-major; u and v may be nil
// for ones.
func gram(k kernel.Kernel, x, y kernel.Points, u, v []float64) []float64 {
	out := make([]float64, x.N*y.N)
	for i := range x.N {
		for j := range y.N {
			r2 := 0.0
			for c := range x.D {
				t := x.X[c*x.N+i] - y.X[c*y.N+j]
				r2 += float64(t * t)
			}
			phi, _, _ := k.At(r2)
			if u != nil {
				phi *= math.Sqrt(u[i] * v[j])
			}
			out[i*y.N+j] = phi
		}
	}
	return out
}

// pivotedCholesky factors a positive semidefinite n x n matrix a = L L^T, row-major, up
// to a remainder of trace at most tolerance times that of a: L is n x r, row-major with
// rows of length stride, a multiple of 8, the rest zeros. Smooth kernels have a small r.
// The cost is of order n r^2. Harbrecht, Peters and Schneider 2012, algorithm 1.
func pivotedCholesky(a []float64, n int, tolerance float64) (l []float64, r, stride int) {
	rest := make([]float64, n)
	total := 0.0
	for i := range rest {
		rest[i] = a[i*n+i]
		total += rest[i]
	}
	var columns [][]float64
	for len(columns) < n {
		best, left := 0, 0.0
		for i, v := range rest {
			left += max(v, 0)
			if v > rest[best] {
				best = i
			}
		}
		if left <= tolerance*total || rest[best] <= 0 {
			break
		}
		column := make([]float64, n)
		root := math.Sqrt(rest[best])
		for i := range column {
			v := a[best*n+i]
			for _, c := range columns {
				v -= float64(c[i] * c[best])
			}
			column[i] = v / root
		}
		for i, v := range column {
			rest[i] -= float64(v * v)
		}
		rest[best] = 0
		columns = append(columns, column)
	}
	r = len(columns)
	stride = (r + 7) / 8 * 8
	l = make([]float64, n*stride)
	for c, column := range columns {
		for i, v := range column {
			l[i*stride+c] = v
		}
	}
	return l, r, stride
}
