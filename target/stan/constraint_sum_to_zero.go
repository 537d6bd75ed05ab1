package stan

import (
	"fmt"
	"math"

	"wgf/internal/tape"
)

// sumToZeroVector is a vector of n+1 numbers that add up to 0, an isometric image of n unconstrained ones:
//
//	w_i = x_i / sqrt(i (i+1)),   z_k = w_{k+1} + ... + w_n - k w_k  (w_0 = 0, k = 0..n),   log|J| = 0.
var sumToZeroVector = transform{
	free: func(size []int) int { return max(0, size[0]-1) },
	constrain: func(m *machine, x []tape.Num, size []int) ([]tape.Num, tape.Num) {
		return sumToZero(m, x, size[0]), tape.Num{}
	},
	unconstrain: func(y []float64, size []int) []float64 { return sumToZeroInverse(y) },
	check: func(m *machine, y []tape.Num, size []int, need needFn) {
		zeroSum(m, y, "", need)
	},
}

// sumToZeroMatrix is a matrix whose rows and columns all add up to 0: the transform of vectors applied to the columns
// and then to the rows of a matrix with one row and one column less, with z_0 put last in both. log|J| = 0.
var sumToZeroMatrix = transform{
	free: func(size []int) int { return max(0, size[0]-1) * max(0, size[1]-1) },
	constrain: func(m *machine, x []tape.Num, size []int) ([]tape.Num, tape.Num) {
		rows, cols := size[0], size[1]
		y := make([]tape.Num, rows*cols)
		if rows == 0 || cols == 0 {
			return y, tape.Num{}
		}
		for j := range cols - 1 { // columns
			z := sumToZero(m, x[j*(rows-1):(j+1)*(rows-1)], rows)
			for i := range rows {
				y[i*cols+j] = z[(i+1)%rows]
			}
		}
		for i := range rows {
			z := sumToZero(m, append([]tape.Num(nil), y[i*cols:(i+1)*cols-1]...), cols)
			for j := range cols {
				y[i*cols+j] = z[(j+1)%cols]
			}
		}
		return y, tape.Num{}
	},
	unconstrain: func(y []float64, size []int) []float64 {
		rows, cols := size[0], size[1]
		half := make([][]float64, rows)
		for i := range half {
			z := make([]float64, cols)
			for j := range cols {
				z[(j+1)%cols] = y[i*cols+j]
			}
			half[i] = sumToZeroInverse(z)
		}
		var x []float64
		for j := range cols - 1 {
			column := make([]float64, rows)
			for i := range column {
				column[(i+1)%rows] = half[i][j]
			}
			x = append(x, sumToZeroInverse(column)...)
		}
		return x
	},
	check: func(m *machine, y []tape.Num, size []int, need needFn) {
		rows, cols := size[0], size[1]
		for i := range rows {
			zeroSum(m, y[i*cols:(i+1)*cols], fmt.Sprintf("row %d of ", i+1), need)
		}
		for j := range cols {
			zeroSum(m, column(y, rows, cols, j), fmt.Sprintf("column %d of ", j+1), need)
		}
	},
}

func column(y []tape.Num, rows, cols, j int) []tape.Num {
	out := make([]tape.Num, rows)
	for i := range out {
		out[i] = y[i*cols+j]
	}
	return out
}

func zeroSum(m *machine, y []tape.Num, part string, need needFn) {
	sum := m.addUp(y)
	need(m.op2(tape.LE, m.op1(tape.Abs, sum), tape.Num{V: tolerance}), func(name string) string {
		return fmt.Sprintf("%s%s does not sum to zero: its sum is %s", part, name, formatNum(sum))
	})
}

// sumToZero maps len(x) = n-1 numbers to n numbers whose sum is 0.
func sumToZero(m *machine, x []tape.Num, n int) []tape.Num {
	z := make([]tape.Num, n)
	var tail tape.Num
	for i := n - 1; i > 0; i-- {
		k := float64(i)
		w := m.op2(tape.Mul, x[i-1], tape.Num{V: 1 / math.Sqrt(k*(k+1))})
		z[i] = m.op2(tape.Sub, tail, m.op2(tape.Mul, w, tape.Num{V: k}))
		tail = m.op2(tape.Add, tail, w)
	}
	if n > 0 {
		z[0] = tail
	}
	return z
}

func sumToZeroInverse(z []float64) []float64 {
	if len(z) == 0 {
		return nil
	}
	x := make([]float64, len(z)-1)
	tail := 0.0
	for i := len(z) - 1; i > 0; i-- {
		k := float64(i)
		w := (tail - z[i]) / k
		tail += w
		x[i-1] = w * math.Sqrt(k*(k+1))
	}
	return x
}
