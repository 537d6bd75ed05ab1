package library

import (
	"math"

	"wgf/internal/tape"
)

// The arithmetic of numbers that are constants or nodes of the trace. Constants are computed on the spot, so that a
// Context without a trace serves wherever nothing depends on parameters.

func (c *Context) op1(op tape.Op, x tape.Num) tape.Num {
	if x.Ref == 0 {
		return tape.Num{V: tape.Eval1(op, x.V)}
	}
	return c.T.Op1(op, x)
}

func (c *Context) op2(op tape.Op, x, y tape.Num) tape.Num {
	if x.Ref == 0 && y.Ref == 0 {
		return tape.Num{V: tape.Eval2(op, x.V, y.V)}
	}
	return c.T.Op2(op, x, y)
}

var (
	inf = math.Inf(1)
	nan = math.NaN()
)

func num(v float64) tape.Num { return tape.Num{V: v} }

func (c *Context) add(x, y tape.Num) tape.Num {
	if x.Ref == 0 && y.Ref == 0 {
		return tape.Num{V: x.V + y.V}
	}
	return c.T.Op2(tape.Add, x, y)
}

func (c *Context) sub(x, y tape.Num) tape.Num {
	if x.Ref == 0 && y.Ref == 0 {
		return tape.Num{V: x.V - y.V}
	}
	return c.T.Op2(tape.Sub, x, y)
}

func (c *Context) mul(x, y tape.Num) tape.Num {
	if x.Ref == 0 && y.Ref == 0 {
		return tape.Num{V: x.V * y.V}
	}
	return c.T.Op2(tape.Mul, x, y)
}

func (c *Context) div(x, y tape.Num) tape.Num {
	if x.Ref == 0 && y.Ref == 0 {
		return tape.Num{V: x.V / y.V}
	}
	return c.T.Op2(tape.Div, x, y)
}

func (c *Context) neg(x tape.Num) tape.Num    { return c.op1(tape.Neg, x) }
func (c *Context) exp(x tape.Num) tape.Num    { return c.op1(tape.Exp, x) }
func (c *Context) log(x tape.Num) tape.Num    { return c.op1(tape.Log, x) }
func (c *Context) log1m(x tape.Num) tape.Num  { return c.op1(tape.Log1m, x) }
func (c *Context) expm1(x tape.Num) tape.Num  { return c.op1(tape.Expm1, x) }
func (c *Context) sqrt(x tape.Num) tape.Num   { return c.op1(tape.Sqrt, x) }
func (c *Context) square(x tape.Num) tape.Num { return c.op1(tape.Square, x) }
func (c *Context) inv(x tape.Num) tape.Num    { return c.op1(tape.Inv, x) }
func (c *Context) abs(x tape.Num) tape.Num    { return c.op1(tape.Abs, x) }
func (c *Context) lgamma(x tape.Num) tape.Num { return c.op1(tape.Lgamma, x) }

func (c *Context) log1pExp(x tape.Num) tape.Num { return c.op1(tape.Log1pExp, x) }
func (c *Context) log1mExp(x tape.Num) tape.Num { return c.op1(tape.Log1mExp, x) }
func (c *Context) invLogit(x tape.Num) tape.Num { return c.op1(tape.InvLogit, x) }

func (c *Context) less(x, y tape.Num) tape.Num { return c.op2(tape.LT, x, y) }

// scale is k*x.
func (c *Context) scale(k float64, x tape.Num) tape.Num { return c.mul(num(k), x) }

// mulLog is x*log(y), and 0 where x is the constant 0 or x and y are 0.
func (c *Context) mulLog(x, y tape.Num) tape.Num {
	if x.Ref == 0 && x.V == 0 {
		if y.Ref == 0 && math.IsNaN(y.V) {
			return y
		}
		return num(0)
	}
	if x.Ref == 0 {
		return c.mul(x, c.log(y))
	}
	return c.choose(c.op2(tape.And, c.op2(tape.EQ, x, num(0)), c.op2(tape.EQ, y, num(0))),
		func() tape.Num { return num(0) },
		func() tape.Num { return c.mul(x, c.log(y)) })
}

// choose is then() where cond holds, otherwise() elsewhere. A traced condition computes both under masks.
func (c *Context) choose(cond tape.Num, then, otherwise func() tape.Num) tape.Num {
	if cond.Ref == 0 {
		if cond.V != 0 {
			return then()
		}
		return otherwise()
	}
	c.T.PushMask(cond)
	a := then()
	c.T.PopMask()
	c.T.PushMask(c.T.Op1(tape.Not, cond))
	b := otherwise()
	c.T.PopMask()
	return c.T.Op3(tape.Select, cond, a, b)
}

// call applies a special function that has no operation of its own.
func (c *Context) call(f *tape.Func, args ...tape.Num) tape.Num {
	for _, a := range args {
		if a.Ref != 0 {
			return c.T.Call(f, args...)
		}
	}
	x := make([]float64, len(args))
	for i, a := range args {
		x[i] = a.V
	}
	return num(f.Value(x))
}

func constant(xs []tape.Num) bool {
	for _, x := range xs {
		if x.Ref != 0 {
			return false
		}
	}
	return true
}

// sum is the sum of all xs.
func (c *Context) sum(xs []tape.Num) tape.Num {
	if !constant(xs) {
		return c.T.Sum(xs)
	}
	s := 0.0
	for _, x := range xs {
		s += x.V
	}
	return num(s)
}

// dot is the sum of xs[i]*ys[i].
func (c *Context) dot(xs, ys []tape.Num) tape.Num {
	if !constant(xs) || !constant(ys) {
		return c.T.Dot(xs, ys)
	}
	s := 0.0
	for i, x := range xs {
		s += float64(x.V * ys[i].V)
	}
	return num(s)
}

// logSumExp is log sum exp(xs[i]), -Inf for no numbers.
func (c *Context) logSumExp(xs []tape.Num) tape.Num {
	if !constant(xs) {
		return c.T.LogSumExp(xs)
	}
	m := math.Inf(-1)
	for _, x := range xs {
		if math.IsNaN(x.V) {
			return x
		}
		m = math.Max(m, x.V)
	}
	if math.IsInf(m, 0) {
		return num(m)
	}
	s := 0.0
	for _, x := range xs {
		s += math.Exp(x.V - m)
	}
	return num(m + math.Log(s))
}

// atMost tells whether x <= y.
func (c *Context) atMost(x, y tape.Num) tape.Num { return c.op2(tape.LE, x, y) }
