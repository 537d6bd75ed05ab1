package tape

import "math"

// partial1 gives the derivative of v = op(x) as coef*partial; coef 0 means that it vanishes.
func (g *graph) partial1(op Op, v, x Num) (partial Num, coef float64) {
	switch op {
	case Exp:
		return v, 1
	case Log:
		return g.op1(Inv, x), 1
	case opLogSum:
		return g.op1(Inv, g.op2(opMaxStop, x, Const(1))), 1
	case Log1p:
		return g.op1(Inv, g.sum2(x, Const(1))), 1
	case Log1m:
		return g.op1(Inv, g.difference(Const(1), x)), -1
	case Expm1:
		return g.sum2(v, Const(1)), 1
	case Sqrt:
		return g.op1(Inv, v), 0.5
	case Cbrt:
		return g.op1(Inv, g.op1(Square, v)), 1.0 / 3
	case Inv:
		return g.op1(Square, v), -1
	case Log1pExp:
		return g.op1(InvLogit, x), 1
	case Log1mExp:
		return g.op1(Inv, g.op1(Expm1, g.op1(Neg, x))), -1
	case InvLogit:
		return g.difference(v, g.op1(Square, v)), 1
	case Logit:
		return g.op1(Inv, g.difference(x, g.op1(Square, x))), 1
	case Tanh:
		return g.difference(Const(1), g.op1(Square, v)), 1
	case Lgamma:
		return g.op1(Digamma, x), 1
	case Digamma:
		return g.op1(Trigamma, x), 1
	case Trigamma:
		return g.op2(Polygamma, Const(2), x), 1
	case Erf:
		return g.op1(Exp, g.op1(Neg, g.op1(Square, x))), 2 / math.SqrtPi
	case Erfc:
		return g.op1(Exp, g.op1(Neg, g.op1(Square, x))), -2 / math.SqrtPi
	case Phi:
		return g.op1(Exp, g.product(Const(-0.5), g.op1(Square, x))), 1 / math.Sqrt(2*math.Pi)
	case InvPhi:
		return g.op1(Exp, g.product(Const(0.5), g.op1(Square, v))), math.Sqrt(2 * math.Pi)
	case Abs:
		return g.difference(g.op2(LT, Const(0), x), g.op2(LT, x, Const(0))), 1
	}
	return g.partialCircular(op, v, x)
}

// partialCircular is partial1 for circular and hyperbolic functions.
func (g *graph) partialCircular(op Op, v, x Num) (partial Num, coef float64) {
	one := Const(1)
	switch op {
	case Sin:
		return g.op1(Cos, x), 1
	case Cos:
		return g.op1(Sin, x), -1
	case Tan:
		return g.sum2(one, g.op1(Square, v)), 1
	case Asin:
		return g.op1(Inv, g.op1(Sqrt, g.difference(one, g.op1(Square, x)))), 1
	case Acos:
		return g.op1(Inv, g.op1(Sqrt, g.difference(one, g.op1(Square, x)))), -1
	case Atan:
		return g.op1(Inv, g.sum2(one, g.op1(Square, x))), 1
	case Sinh:
		return g.op1(Cosh, x), 1
	case Cosh:
		return g.op1(Sinh, x), 1
	case Asinh:
		return g.op1(Inv, g.op1(Sqrt, g.sum2(g.op1(Square, x), one))), 1
	case Acosh:
		return g.op1(Inv, g.op1(Sqrt, g.difference(g.op1(Square, x), one))), 1
	case Atanh:
		return g.op1(Inv, g.difference(one, g.op1(Square, x))), 1
	}
	return Num{}, 0
}
