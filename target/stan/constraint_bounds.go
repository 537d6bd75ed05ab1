package stan

import (
	"math"

	"wgf/internal/tape"
)

// bounds is <lower=L, upper=U>, either of them possibly infinite, that is, absent:
//
//	L:     y = L + exp(x)                       log|J| = x
//	U:     y = U - exp(x)                       log|J| = x
//	L, U:  y = L + (U-L) inv_logit(x)           log|J| = log(U-L) + log inv_logit(x) + log inv_logit(-x)
//	none:  y = x                                log|J| = 0
//
// Bounds may depend on parameters that are declared before.
type bounds struct {
	v            *variable
	lower, upper tape.Num
}

func (b bounds) absent() (noLower, noUpper bool) {
	return b.lower.Ref == 0 && math.IsInf(b.lower.V, -1), b.upper.Ref == 0 && math.IsInf(b.upper.V, 1)
}

func (b bounds) constrain(m *machine, x tape.Num) (y, jacobian tape.Num) {
	noLower, noUpper := b.absent()
	switch {
	case noLower && noUpper:
		return x, tape.Num{}
	case noUpper:
		return m.op2(tape.Add, b.lower, m.op1(tape.Exp, x)), x
	case noLower:
		return m.op2(tape.Sub, b.upper, m.op1(tape.Exp, x)), x
	}
	m.require(b.v.pos, rejected, m.op2(tape.LT, b.lower, b.upper), func() string {
		return "the lower bound of " + b.v.name + " is " + formatNum(b.lower) + ", but must be less than its upper bound, " +
			formatNum(b.upper)
	})
	width := m.op2(tape.Sub, b.upper, b.lower)
	y = m.op2(tape.Add, b.lower, m.op2(tape.Mul, width, m.op1(tape.InvLogit, x)))
	// log inv_logit(x) + log inv_logit(-x) = x - 2 log(1+exp(x))
	jacobian = m.op2(tape.Sub, x, m.op2(tape.Mul, tape.Num{V: 2}, m.op1(tape.Log1pExp, x)))
	return y, m.op2(tape.Add, m.op1(tape.Log, width), jacobian)
}

func (b bounds) unconstrain(y float64) float64 {
	noLower, noUpper := b.absent()
	l, u := b.lower.V, b.upper.V
	switch {
	case noLower && noUpper:
		return y
	case noUpper:
		return math.Log(y - l)
	case noLower:
		return math.Log(u - y)
	}
	return math.Log(y-l) - math.Log(u-y)
}

func (b bounds) check(m *machine, y tape.Num, need needFn) {
	noLower, noUpper := b.absent()
	if !noLower && !(b.lower == tape.Num{} && y.Ref != 0 && m.ctx.T.NonNegative(y)) {
		need(m.op2(tape.GE, y, b.lower), func(name string) string {
			return must("greater than or equal to "+formatNum(b.lower), y, name)
		})
	}
	if !noUpper {
		need(m.op2(tape.LE, y, b.upper), func(name string) string {
			return must("less than or equal to "+formatNum(b.upper), y, name)
		})
	}
}
