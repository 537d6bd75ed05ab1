package stan

import (
	"fmt"
	"math"

	"wgf/internal/tape"
)

// simplex is a vector of K non-negative numbers that add up to 1, by the isometric log-ratio transform: z is the
// image of x in the vectors that sum to zero, y = softmax(z), and with r = log_sum_exp(z)
//
//	log|J| = -K r + log(K)/2.
//
// Reference: Egozcue, Pawlowsky-Glahn, Mateu-Figueras, Barcelo-Vidal, "Isometric logratio transformations for
// compositional data analysis", Mathematical Geology 35 (2003).
var simplex = transform{
	free: func(size []int) int { return max(0, size[0]-1) },
	constrain: func(m *machine, x []tape.Num, size []int) ([]tape.Num, tape.Num) {
		return simplexOf(m, x, size[0])
	},
	unconstrain: func(y []float64, size []int) []float64 { return simplexInverse(y) },
	check: func(m *machine, y []tape.Num, size []int, need needFn) {
		checkSimplex(m, y, "", need)
	},
}

func simplexOf(m *machine, x []tape.Num, n int) ([]tape.Num, tape.Num) {
	if n == 0 {
		return nil, tape.Num{}
	}
	z := sumToZero(m, x, n)
	r := m.logSumExp(z)
	y := make([]tape.Num, n)
	for i := range z {
		y[i] = m.op1(tape.Exp, m.op2(tape.Sub, z[i], r))
	}
	k := float64(n)
	jacobian := m.op2(tape.Add, m.op2(tape.Mul, tape.Num{V: -k}, r), tape.Num{V: 0.5 * math.Log(k)})
	return y, jacobian
}

// logSumExp is log(sum exp(z)).
func (m *machine) logSumExp(z []tape.Num) tape.Num {
	top := math.Inf(-1)
	for _, u := range z {
		if u.Ref != 0 {
			return m.ctx.T.LogSumExp(z)
		}
		top = max(top, u.V)
	}
	if math.IsInf(top, 0) {
		return tape.Num{V: top}
	}
	s := 0.0
	for _, u := range z {
		s += math.Exp(u.V - top)
	}
	return tape.Num{V: top + math.Log(s)}
}

func simplexInverse(y []float64) []float64 {
	z := make([]float64, len(y))
	mean := 0.0
	for i, u := range y {
		z[i] = math.Log(u)
		mean += z[i] / float64(len(y))
	}
	for i := range z {
		z[i] -= mean
	}
	return sumToZeroInverse(z)
}

func checkSimplex(m *machine, y []tape.Num, part string, need needFn) {
	if len(y) == 0 {
		need(tape.Num{}, func(name string) string { return part + name + " has size 0, but a simplex has at least one element" })
		return
	}
	for i, u := range y {
		need(m.op2(tape.GE, u, tape.Num{}), func(name string) string {
			return fmt.Sprintf("%s%s is not a valid simplex: its element %d is %s, but should be at least 0", part, name, i+1, formatNum(u))
		})
	}
	sum := m.addUp(y)
	off := m.op1(tape.Abs, m.op2(tape.Sub, sum, tape.Num{V: 1}))
	need(m.op2(tape.LE, off, tape.Num{V: tolerance}), func(name string) string {
		return fmt.Sprintf("%s%s is not a valid simplex: its sum is %s, but should be 1", part, name, formatNum(sum))
	})
}
