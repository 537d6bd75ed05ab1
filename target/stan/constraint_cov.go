package stan

import (
	"fmt"
	"math"

	"wgf/internal/tape"
)

// choleskyFactorCov is a lower triangular M x N matrix, M >= N, with positive diagonal: the entries of the triangle
// row by row, the diagonal as exponentials, log|J| = sum of the x of the diagonal.
var choleskyFactorCov = transform{
	free: func(size []int) int {
		rows, cols := size[0], size[1]
		return cols*(cols+1)/2 + (rows-cols)*cols
	},
	constrain: func(m *machine, x []tape.Num, size []int) ([]tape.Num, tape.Num) {
		y, diagonal := triangle(m, x, size[0], size[1])
		return y, m.addUp(diagonal)
	},
	unconstrain: func(y []float64, size []int) []float64 { return triangleInverse(y, size[0], size[1]) },
	check:       checkTriangular,
}

// covMatrix is a covariance matrix y = L L' of the lower triangular K x K matrix L of choleskyFactorCov, with
//
//	log|J| = K log 2 + sum_k (K - k + 2) log L_kk     (k = 1..K).
var covMatrix = transform{
	free: func(size []int) int { return size[0] * (size[0] + 1) / 2 },
	constrain: func(m *machine, x []tape.Num, size []int) ([]tape.Num, tape.Num) {
		n := size[0]
		factor, diagonal := triangle(m, x, n, n)
		terms := []tape.Num{{V: float64(n) * math.Ln2}}
		for k, d := range diagonal {
			terms = append(terms, m.op2(tape.Mul, tape.Num{V: float64(n - k + 1)}, d))
		}
		return m.product(factor, n, n), m.addUp(terms)
	},
	unconstrain: func(y []float64, size []int) []float64 {
		return triangleInverse(choleskyOf(y, size[0]), size[0], size[0])
	},
	check: func(m *machine, y []tape.Num, size []int, need needFn) { checkPositiveDefinite(m, y, size[0], need) },
}

// triangle fills a lower triangular matrix row by row; diagonal are the logarithms of its diagonal.
func triangle(m *machine, x []tape.Num, rows, cols int) (y, diagonal []tape.Num) {
	y = make([]tape.Num, rows*cols)
	k := 0
	for i := range rows {
		for j := range min(i+1, cols) {
			y[i*cols+j] = x[k]
			if i == j {
				diagonal = append(diagonal, x[k])
				y[i*cols+j] = m.op1(tape.Exp, x[k])
			}
			k++
		}
	}
	return y, diagonal
}

func triangleInverse(y []float64, rows, cols int) []float64 {
	var x []float64
	for i := range rows {
		for j := range min(i+1, cols) {
			u := y[i*cols+j]
			if i == j {
				u = math.Log(u)
			}
			x = append(x, u)
		}
	}
	return x
}

// product is L L' for a lower triangular n x k matrix.
func (m *machine) product(l []tape.Num, n, k int) []tape.Num {
	y := make([]tape.Num, n*n)
	for i := range n {
		for j := range i + 1 {
			var terms []tape.Num
			for c := range min(j+1, k) {
				terms = append(terms, m.op2(tape.Mul, l[i*k+c], l[j*k+c]))
			}
			y[i*n+j] = m.addUp(terms)
			y[j*n+i] = y[i*n+j]
		}
	}
	return y
}

// choleskyOf is the lower triangular factor of a symmetric positive definite matrix; NaN where it has none.
func choleskyOf(y []float64, n int) []float64 {
	l := make([]float64, n*n)
	for i := range n {
		for j := range i + 1 {
			s := y[i*n+j]
			for k := range j {
				s -= l[i*n+k] * l[j*n+k]
			}
			if i == j {
				l[i*n+i] = math.Sqrt(s)
			} else {
				l[i*n+j] = s / l[j*n+j]
			}
		}
	}
	return l
}

func checkTriangular(m *machine, y []tape.Num, size []int, need needFn) {
	rows, cols := size[0], size[1]
	for i := range rows {
		for j := range cols {
			u := y[i*cols+j]
			switch {
			case j > i:
				need(m.op2(tape.EQ, u, tape.Num{}), func(name string) string {
					return fmt.Sprintf("%s is not lower triangular: %s is %s", name, elementName(name, size, i*cols+j), formatNum(u))
				})
			case j == i:
				need(m.op2(tape.GT, u, tape.Num{}), func(name string) string {
					return must("positive", u, elementName(name, size, i*cols+j))
				})
			}
		}
	}
}

// checkPositiveDefinite demands symmetry and positive pivots.
func checkPositiveDefinite(m *machine, y []tape.Num, n int, need needFn) {
	for i := range n {
		for j := range i {
			a, b := y[i*n+j], y[j*n+i]
			if a == b {
				continue
			}
			need(m.op2(tape.LE, m.op1(tape.Abs, m.op2(tape.Sub, a, b)), tape.Num{V: tolerance}), func(name string) string {
				return fmt.Sprintf("%s is not symmetric: %s is %s, but %s is %s", name, elementName(name, []int{n, n}, i*n+j),
					formatNum(a), elementName(name, []int{n, n}, j*n+i), formatNum(b))
			})
		}
	}
	l := make([]tape.Num, n*n)
	for i := range n {
		for j := range i + 1 {
			s := y[i*n+j]
			for k := range j {
				s = m.op2(tape.Sub, s, m.op2(tape.Mul, l[i*n+k], l[j*n+k]))
			}
			if i == j {
				need(m.op2(tape.GT, s, tape.Num{}), func(name string) string { return name + " is not positive definite" })
				s = m.op1(tape.Sqrt, s)
			} else {
				s = m.op2(tape.Div, s, l[j*n+j])
			}
			l[i*n+j] = s
		}
	}
}
