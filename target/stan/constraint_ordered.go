package stan

import (
	"fmt"
	"math"

	"wgf/internal/tape"
)

// ordered is a vector y_1 < y_2 < ...: y_1 = x_1, y_k = y_{k-1} + exp(x_k), log|J| = x_2 + ... + x_K.
var ordered = transform{
	free: func(size []int) int { return size[0] },
	constrain: func(m *machine, x []tape.Num, size []int) ([]tape.Num, tape.Num) {
		if len(x) == 0 {
			return nil, tape.Num{}
		}
		return increments(m, x[0], x), m.addUp(x[1:])
	},
	unconstrain: func(y []float64, size []int) []float64 {
		x := append([]float64(nil), y...)
		logDifferences(x, y)
		return x
	},
	check: func(m *machine, y []tape.Num, size []int, need needFn) { increasing(m, y, "ordered", need) },
}

// positiveOrdered is a vector 0 < y_1 < y_2 < ...: as ordered, with y_1 = exp(x_1) and log|J| = x_1 + ... + x_K.
var positiveOrdered = transform{
	free: func(size []int) int { return size[0] },
	constrain: func(m *machine, x []tape.Num, size []int) ([]tape.Num, tape.Num) {
		if len(x) == 0 {
			return nil, tape.Num{}
		}
		return increments(m, m.op1(tape.Exp, x[0]), x), m.addUp(x)
	},
	unconstrain: func(y []float64, size []int) []float64 {
		x := append([]float64(nil), y...)
		logDifferences(x, y)
		if len(x) > 0 {
			x[0] = math.Log(y[0])
		}
		return x
	},
	check: func(m *machine, y []tape.Num, size []int, need needFn) {
		if len(y) > 0 {
			need(m.op2(tape.GE, y[0], tape.Num{}), func(name string) string {
				return fmt.Sprintf("%s is not a valid positive_ordered vector: the element at 1 is %s, but should be positive",
					name, formatNum(y[0]))
			})
		}
		increasing(m, y, "positive_ordered", need)
	},
}

func increments(m *machine, first tape.Num, x []tape.Num) []tape.Num {
	y := make([]tape.Num, len(x))
	y[0] = first
	for k := 1; k < len(x); k++ {
		y[k] = m.op2(tape.Add, y[k-1], m.op1(tape.Exp, x[k]))
	}
	return y
}

func logDifferences(x, y []float64) {
	for k := 1; k < len(y); k++ {
		x[k] = math.Log(y[k] - y[k-1])
	}
}

func increasing(m *machine, y []tape.Num, kind string, need needFn) {
	for k := 1; k < len(y); k++ {
		need(m.op2(tape.GT, y[k], y[k-1]), func(name string) string {
			return fmt.Sprintf("%s is not a valid %s vector: the element at %d is %s, but should be greater than the previous element, %s",
				name, kind, k+1, formatNum(y[k]), formatNum(y[k-1]))
		})
	}
}
