package stan

import (
	"fmt"

	"wgf/internal/tape"
)

// unitVector is a vector of length 1: y = x / |x| of K unconstrained numbers whose length is given the density of
// standard normal numbers, log|J| = -|x|^2/2. The inverse is y itself.
var unitVector = transform{
	free: func(size []int) int { return size[0] },
	constrain: func(m *machine, x []tape.Num, size []int) ([]tape.Num, tape.Num) {
		if len(x) == 0 {
			return nil, tape.Num{}
		}
		s := m.sumOfSquares(x)
		length := m.op1(tape.Sqrt, s)
		y := make([]tape.Num, len(x))
		for i := range x {
			y[i] = m.op2(tape.Div, x[i], length)
		}
		return y, m.op2(tape.Mul, tape.Num{V: -0.5}, s)
	},
	unconstrain: func(y []float64, size []int) []float64 { return append([]float64(nil), y...) },
	check: func(m *machine, y []tape.Num, size []int, need needFn) {
		s := m.sumOfSquares(y)
		off := m.op1(tape.Abs, m.op2(tape.Sub, s, tape.Num{V: 1}))
		need(m.op2(tape.LE, off, tape.Num{V: tolerance}), func(name string) string {
			return fmt.Sprintf("%s is not a valid unit vector: the sum of its squares is %s, but should be 1", name, formatNum(s))
		})
	},
}

func (m *machine) sumOfSquares(x []tape.Num) tape.Num {
	squares := make([]tape.Num, len(x))
	for i, u := range x {
		squares[i] = m.op1(tape.Square, u)
	}
	return m.addUp(squares)
}
