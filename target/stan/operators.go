package stan

import (
	"math"

	"wgf/internal/tape"
	"wgf/target/stan/library"
	"wgf/target/stan/syntax"
)

func (c *compiler) unaryNum(e *syntax.Unary) numFn {
	if !scalar(e.X.Type()) {
		return unwrap(c.unaryValue(e))
	}
	x := c.num(e.X)
	switch e.Op {
	case syntax.Neg:
		return func(f *frame) tape.Num { return f.m.op1(tape.Neg, x(f)) }
	case syntax.Not:
		return func(f *frame) tape.Num { return f.m.op1(tape.Not, x(f)) }
	}
	return x
}

func (c *compiler) unaryValue(e *syntax.Unary) valFn {
	x, op, pos := c.value(e.X), e.Op, e.Pos()
	return func(f *frame) library.Value {
		v, err := library.Unary(&f.m.ctx, op, x(f))
		if err != nil {
			f.m.libraryFailure(pos, err)
		}
		return v
	}
}

func (c *compiler) binaryValue(e *syntax.Binary) valFn {
	x, y, op, pos := c.value(e.X), c.value(e.Y), e.Op, e.OpAt
	return func(f *frame) library.Value { return f.m.binary(pos, op, x(f), y(f)) }
}

func (m *machine) binary(pos syntax.Pos, op syntax.BinaryOp, x, y library.Value) library.Value {
	v, err := library.Binary(&m.ctx, op, x, y)
	if err != nil {
		m.libraryFailure(pos, err)
	}
	return v
}

var scalarOps = map[syntax.BinaryOp]tape.Op{
	syntax.Add: tape.Add, syntax.Sub: tape.Sub, syntax.Mul: tape.Mul, syntax.Div: tape.Div, syntax.Pow: tape.Pow,
	syntax.EltMul: tape.Mul, syntax.EltDiv: tape.Div, syntax.EltPow: tape.Pow, syntax.LeftDiv: tape.Div,
	syntax.Eq: tape.EQ, syntax.Ne: tape.NE, syntax.Lt: tape.LT, syntax.Le: tape.LE, syntax.Gt: tape.GT, syntax.Ge: tape.GE,
}

// binaryNum compiles an operator between two scalars.
func (c *compiler) binaryNum(e *syntax.Binary) numFn {
	x, y := c.num(e.X), c.num(e.Y)
	if e.Type().Is(syntax.Int) && e.X.Type().Is(syntax.Int) && e.Op >= syntax.Add {
		return c.intArithmetic(e, x, y)
	}
	switch e.Op {
	case syntax.Add:
		return func(f *frame) tape.Num {
			a, b := x(f), y(f)
			if a.Ref == 0 && b.Ref == 0 {
				return tape.Num{V: a.V + b.V}
			}
			return f.m.ctx.T.Op2(tape.Add, a, b)
		}
	case syntax.Mul:
		return func(f *frame) tape.Num {
			a, b := x(f), y(f)
			if a.Ref == 0 && b.Ref == 0 {
				return tape.Num{V: a.V * b.V}
			}
			return f.m.ctx.T.Op2(tape.Mul, a, b)
		}
	case syntax.And, syntax.Or:
		return c.shortCircuit(e.Op == syntax.Or, x, y)
	case syntax.LeftDiv:
		x, y = y, x
	}
	op, ok := scalarOps[e.Op]
	if !ok {
		c.refuse(e.OpAt, "operator %s is not supported between %s and %s", e.Op, e.X.Type(), e.Y.Type())
		return nothing
	}
	return func(f *frame) tape.Num { return f.m.op2(op, x(f), y(f)) }
}

// intArithmetic compiles an operator between two ints: 32 bits that wrap around, division truncates towards zero and
// the remainder has the sign of the dividend.
func (c *compiler) intArithmetic(e *syntax.Binary, x, y numFn) numFn {
	pos, op := e.OpAt, e.Op
	return func(f *frame) tape.Num { return f.m.intBinary(pos, op, x(f), y(f)) }
}

func (m *machine) intBinary(pos syntax.Pos, op syntax.BinaryOp, a, b tape.Num) tape.Num {
	var v tape.Num
	switch op {
	case syntax.Add:
		v = m.op2(tape.Add, a, b)
	case syntax.Sub:
		v = m.op2(tape.Sub, a, b)
	case syntax.Mul, syntax.EltMul:
		v = m.op2(tape.Mul, a, b)
	default:
		m.require(pos, rejected, m.op2(tape.NE, b, tape.Num{}), func() string { return "an integer is divided by zero" })
		if op == syntax.Mod {
			v = m.op2(tape.Fmod, a, b)
		} else {
			v = m.op1(tape.Trunc, m.op2(tape.Div, a, b))
		}
	}
	if v.Ref == 0 {
		v.V += 0 // no -0 among ints
		if math.Abs(v.V) > math.MaxInt32 {
			v.V = float64(int32(int64(v.V)))
		}
	}
	return v
}

// shortCircuit compiles && and ||: the second operand is evaluated only where the first does not decide.
func (c *compiler) shortCircuit(or bool, x, y numFn) numFn {
	return func(f *frame) tape.Num {
		a := x(f)
		if a.Ref == 0 {
			if (a.V != 0) == or {
				return truth(or)
			}
			return f.m.op2(tape.NE, y(f), tape.Num{})
		}
		open, op := a, tape.And
		if or {
			open, op = f.m.op1(tape.Not, a), tape.Or
		}
		var b tape.Num
		_, sum, _ := f.m.branch(open, func() signal { b = y(f); return next })
		f.m.add(f.m.pick(open, sum, tape.Num{}))
		return f.m.op2(op, a, b)
	}
}

func truth(b bool) tape.Num {
	if b {
		return tape.Num{V: 1}
	}
	return tape.Num{}
}

func (c *compiler) ternaryNum(e *syntax.Ternary) numFn {
	cond, then, other := c.num(e.Cond), c.num(e.Then), c.num(e.Else)
	return func(f *frame) tape.Num {
		p := cond(f)
		if p.Ref == 0 {
			if p.V != 0 {
				return then(f)
			}
			return other(f)
		}
		var a, b tape.Num
		only := f.choose(p, func() { a = then(f) }, func() { b = other(f) })
		switch only {
		case 1:
			return a
		case 2:
			return b
		}
		return f.m.pick(p, a, b)
	}
}

func (c *compiler) ternaryValue(e *syntax.Ternary) valFn {
	cond, then, other := c.num(e.Cond), c.value(e.Then), c.value(e.Else)
	return func(f *frame) library.Value {
		p := cond(f)
		if p.Ref == 0 {
			if p.V != 0 {
				return then(f)
			}
			return other(f)
		}
		var a, b library.Value
		switch f.choose(p, func() { a = then(f) }, func() { b = other(f) }) {
		case 1:
			return a
		case 2:
			return b
		}
		if !sameDims(a.Dims, b.Dims) {
			fail(refused, e.Pos(), "the condition depends on parameters, and the two values have different sizes, %s and %s",
				dimsText(a.Dims), dimsText(b.Dims))
		}
		return f.m.pickValue(p, a, b)
	}
}

// choose evaluates both sides of a choice that depends on parameters. Where one side rejects, its number tells the
// other: 1 only the first has a value, 2 only the second, 0 both.
func (f *frame) choose(cond tape.Num, then, other func()) int {
	m := f.m
	_, sumA, failA := m.branch(cond, func() signal { then(); return next })
	_, sumB, failB := m.branch(m.op1(tape.Not, cond), func() signal { other(); return next })
	m.add(m.pick(cond, sumA, sumB))
	switch {
	case failA != nil && failB != nil:
		panic(failB)
	case failA != nil:
		return 2
	case failB != nil:
		return 1
	}
	return 0
}
