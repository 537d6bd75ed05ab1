package stan

import (
	"fmt"
	"math"

	"wgf/internal/tape"
)

// choleskyFactorCorr is the Cholesky factor of a correlation matrix: lower triangular, rows of length 1, positive
// diagonal. The K(K-1)/2 unconstrained numbers become canonical partial correlations z = tanh(x), row by row,
//
//	y_ij = z_ij sqrt(1 - sum_{l<j} y_il^2),   y_ii = sqrt(1 - sum_{l<i} y_il^2),
//	log|J| = sum log(1 - z^2) + 1/2 sum_{0<j<i} log(1 - sum_{l<j} y_il^2).
//
// Reference: Lewandowski, Kurowicka, Joe, "Generating random correlation matrices based on vines and extended onion
// method", Journal of Multivariate Analysis 100 (2009).
var choleskyFactorCorr = transform{
	free: func(size []int) int { return size[0] * (size[0] - 1) / 2 },
	constrain: func(m *machine, x []tape.Num, size []int) ([]tape.Num, tape.Num) {
		n := size[0]
		y := make([]tape.Num, n*n)
		terms := []tape.Num{{}}
		k := 0
		for i := range n {
			rest := tape.Num{V: 1} // 1 - sum of squares so far
			for j := range i {
				z := m.op1(tape.Tanh, x[k])
				k++
				terms = append(terms, m.op1(tape.Log1m, m.op1(tape.Square, z)))
				if j > 0 {
					terms = append(terms, m.op2(tape.Mul, tape.Num{V: 0.5}, m.op1(tape.Log, rest)))
				}
				y[i*n+j] = m.op2(tape.Mul, z, m.op1(tape.Sqrt, rest))
				rest = m.op2(tape.Sub, rest, m.op1(tape.Square, y[i*n+j]))
			}
			y[i*n+i] = m.op1(tape.Sqrt, rest)
		}
		return y, m.addUp(terms)
	},
	unconstrain: func(y []float64, size []int) []float64 {
		n := size[0]
		var x []float64
		for i := range n {
			rest := 1.0
			for j := range i {
				u := y[i*n+j]
				x = append(x, math.Atanh(u/math.Sqrt(rest)))
				rest -= u * u
			}
		}
		return x
	},
	check: func(m *machine, y []tape.Num, size []int, need needFn) {
		checkTriangular(m, y, size, need)
		n := size[0]
		for i := range n {
			s := m.sumOfSquares(y[i*n : (i+1)*n])
			need(m.op2(tape.LE, m.op1(tape.Abs, m.op2(tape.Sub, s, tape.Num{V: 1})), tape.Num{V: tolerance}), func(name string) string {
				return fmt.Sprintf("%s is not a Cholesky factor of a correlation matrix: the squares of row %d sum to %s, but should sum to 1",
					name, i+1, formatNum(s))
			})
		}
	},
}

// corrMatrix is a correlation matrix: the product L L' of the factor that belongs to the canonical partial
// correlations z = tanh(x), column by column, with
//
//	log|J| = sum log(1 - z^2) + 1/2 sum_k (K-k-1) sum_{i>k} log(1 - z_ik^2)     (k = 1..K-2).
var corrMatrix = transform{
	free: func(size []int) int { return size[0] * (size[0] - 1) / 2 },
	constrain: func(m *machine, x []tape.Num, size []int) ([]tape.Num, tape.Num) {
		n := size[0]
		factor := make([]tape.Num, n*n)
		terms := []tape.Num{{}}
		rest := make([]tape.Num, n)
		for i := range rest {
			rest[i] = tape.Num{V: 1}
		}
		k := 0
		for j := range n {
			factor[j*n+j] = m.op1(tape.Sqrt, rest[j])
			for i := j + 1; i < n; i++ {
				z := m.op1(tape.Tanh, x[k])
				k++
				left := m.op2(tape.Sub, tape.Num{V: 1}, m.op1(tape.Square, z))
				terms = append(terms, m.op2(tape.Mul, tape.Num{V: 1 + 0.5*float64(n-j-2)}, m.op1(tape.Log, left)))
				factor[i*n+j] = m.op2(tape.Mul, z, m.op1(tape.Sqrt, rest[i]))
				rest[i] = m.op2(tape.Mul, rest[i], left)
			}
		}
		y := m.product(factor, n, n)
		for i := range n {
			y[i*n+i] = tape.Num{V: 1}
		}
		return y, m.addUp(terms)
	},
	unconstrain: func(y []float64, size []int) []float64 {
		n := size[0]
		factor := choleskyOf(y, n)
		rest := make([]float64, n)
		for i := range rest {
			rest[i] = 1
		}
		var x []float64
		for j := range n {
			for i := j + 1; i < n; i++ {
				u := factor[i*n+j]
				x = append(x, math.Atanh(u/math.Sqrt(rest[i])))
				rest[i] -= u * u
			}
		}
		return x
	},
	check: func(m *machine, y []tape.Num, size []int, need needFn) {
		n := size[0]
		for i := range n {
			d := y[i*n+i]
			need(m.op2(tape.LE, m.op1(tape.Abs, m.op2(tape.Sub, d, tape.Num{V: 1})), tape.Num{V: tolerance}), func(name string) string {
				return fmt.Sprintf("%s is not a valid correlation matrix: its element %d of the diagonal is %s, but should be 1", name, i+1, formatNum(d))
			})
		}
		checkPositiveDefinite(m, y, n, need)
	},
}
