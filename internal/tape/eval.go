package tape

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Eval1 is the value of a one-operand operation: the meaning used for folding constants.
func Eval1(op Op, a float64) float64 {
	switch op {
	case Neg:
		return -a
	case opCopy:
		return a
	case Exp:
		return math.Exp(a)
	case Log, opLogSum:
		return math.Log(a)
	case Log1p:
		return math.Log1p(a)
	case Log1m:
		return math.Log1p(-a)
	case Expm1:
		return math.Expm1(a)
	case Sqrt:
		return math.Sqrt(a)
	case Cbrt:
		return math.Cbrt(a)
	case Square:
		return a * a
	case Inv:
		return 1 / a
	case Log1pExp:
		return log1pExp(a)
	case Log1mExp:
		return log1mExp(a)
	case InvLogit:
		return invLogit(a)
	case Logit:
		return math.Log(a / (1 - a))
	case Tanh:
		return math.Tanh(a)
	case Lgamma:
		v, _ := math.Lgamma(a)
		return v
	case Digamma:
		return digamma(a)
	case Trigamma:
		return polygamma(1, a)
	case Abs:
		return math.Abs(a)
	case Not:
		return truth(a == 0)
	}
	return evalRare(op, a)
}

// evalRare evaluates the operations that have no vector kernel.
func evalRare(op Op, a float64) float64 {
	switch op {
	case Sin:
		return math.Sin(a)
	case Cos:
		return math.Cos(a)
	case Tan:
		return math.Tan(a)
	case Asin:
		return math.Asin(a)
	case Acos:
		return math.Acos(a)
	case Atan:
		return math.Atan(a)
	case Sinh:
		return math.Sinh(a)
	case Cosh:
		return math.Cosh(a)
	case Asinh:
		return math.Asinh(a)
	case Acosh:
		return math.Acosh(a)
	case Atanh:
		return math.Atanh(a)
	case Erf:
		return math.Erf(a)
	case Erfc:
		return math.Erfc(a)
	case Phi:
		return 0.5 * math.Erfc(-a/math.Sqrt2)
	case InvPhi:
		return invPhi(a)
	case Floor:
		return math.Floor(a)
	case Ceil:
		return math.Ceil(a)
	case Round:
		return math.Round(a)
	case Trunc:
		return math.Trunc(a)
	}
	panic("tape: " + op.String() + " does not take one operand")
}

// Eval2 is the value of a two-operand operation.
func Eval2(op Op, a, b float64) float64 {
	switch op {
	case Add:
		return a + b
	case Sub:
		return a - b
	case Mul:
		return a * b
	case opMulZ:
		if a == 0 {
			return 0
		}
		return a * b
	case Div:
		return a / b
	case Pow:
		return math.Pow(a, b)
	case Polygamma:
		return polygamma(a, b)
	case Min:
		return math.Min(a, b)
	case Max, opMaxStop:
		return math.Max(a, b)
	case Atan2:
		return math.Atan2(a, b)
	case Hypot:
		return math.Hypot(a, b)
	case Fmod:
		return math.Mod(a, b)
	case LogDiffExp:
		return a + log1mExp(b-a)
	case LT:
		return truth(a < b)
	case LE:
		return truth(a <= b)
	case GT:
		return truth(a > b)
	case GE:
		return truth(a >= b)
	case EQ:
		return truth(a == b)
	case NE:
		return truth(a != b)
	case And:
		return truth(a != 0 && b != 0)
	case Or:
		return truth(a != 0 || b != 0)
	}
	panic("tape: " + op.String() + " does not take two operands")
}

// Eval3 is the value of a three-operand operation.
func Eval3(op Op, a, b, c float64) float64 {
	switch op {
	case FMA:
		return math.FMA(a, b, c)
	case opNegFMA:
		return math.FMA(-a, b, c)
	case Select:
		if a != 0 {
			return b
		}
		return c
	}
	panic("tape: " + op.String() + " does not take three operands")
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func log1pExp(a float64) float64 {
	if a > 0 {
		return a + math.Log1p(math.Exp(-a))
	}
	return math.Log1p(math.Exp(a))
}

// log1mExp follows Maechler, Accurately computing log(1 - exp(-|a|)) (2012), equation 7.
func log1mExp(a float64) float64 {
	if a > -math.Ln2 {
		return math.Log(-math.Expm1(a))
	}
	return math.Log1p(-math.Exp(a))
}

func invLogit(a float64) float64 {
	if a < 0 {
		e := math.Exp(a)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-a))
}

func invPhi(p float64) float64 {
	if !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	return mathext.NormalQuantile(p)
}
