package stan

import (
	"fmt"

	"wgf/internal/tape"
)

// columnStochastic is a matrix whose columns are simplexes, rowStochastic one whose rows are: the simplex transform
// of each, the unconstrained numbers being those of a matrix with one row (column) less, column by column.
var (
	columnStochastic = stochastic(func(rows, cols int) (count, n int, at, free func(k, i int) int) {
		return cols, rows, func(k, i int) int { return i*cols + k }, func(k, i int) int { return k*(rows-1) + i }
	}, "column")
	rowStochastic = stochastic(func(rows, cols int) (count, n int, at, free func(k, i int) int) {
		return rows, cols, func(k, i int) int { return k*cols + i }, func(k, i int) int { return i*rows + k }
	}, "row")
)

// stochastic makes the transform of a matrix that consists of count simplexes of n numbers; layout gives their number
// and size and the places of number i of simplex k in the matrix and among the unconstrained numbers.
func stochastic(layout func(rows, cols int) (count, n int, at, free func(k, i int) int), part string) transform {
	return transform{
		free: func(size []int) int {
			count, n, _, _ := layout(size[0], size[1])
			return count * max(0, n-1)
		},
		constrain: func(m *machine, x []tape.Num, size []int) ([]tape.Num, tape.Num) {
			count, n, at, free := layout(size[0], size[1])
			y := make([]tape.Num, count*n)
			var jacobian tape.Num
			for k := range count {
				u := make([]tape.Num, max(0, n-1))
				for i := range u {
					u[i] = x[free(k, i)]
				}
				s, j := simplexOf(m, u, n)
				jacobian = m.op2(tape.Add, jacobian, j)
				for i := range s {
					y[at(k, i)] = s[i]
				}
			}
			return y, jacobian
		},
		unconstrain: func(y []float64, size []int) []float64 {
			count, n, at, free := layout(size[0], size[1])
			x := make([]float64, count*max(0, n-1))
			for k := range count {
				s := make([]float64, n)
				for i := range s {
					s[i] = y[at(k, i)]
				}
				for i, u := range simplexInverse(s) {
					x[free(k, i)] = u
				}
			}
			return x
		},
		check: func(m *machine, y []tape.Num, size []int, need needFn) {
			count, n, at, _ := layout(size[0], size[1])
			for k := range count {
				s := make([]tape.Num, n)
				for i := range s {
					s[i] = y[at(k, i)]
				}
				checkSimplex(m, s, fmt.Sprintf("%s %d of ", part, k+1), need)
			}
		},
	}
}
