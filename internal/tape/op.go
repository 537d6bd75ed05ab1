package tape

// Op names a scalar operation.
type Op uint8

// The operations that Op1, Op2, Op3 and Eval1, Eval2, Eval3 take. Conditions are numbers: 1 holds, 0 does not; any
// number other than 0 counts as true.
const (
	_ Op = iota // a node without operation does not exist

	// One operand.
	Neg      // -a
	Exp      // e^a
	Log      // natural logarithm
	Log1p    // log(1+a)
	Log1m    // log(1-a)
	Expm1    // e^a - 1
	Sqrt     // square root
	Cbrt     // cube root
	Square   // a*a
	Inv      // 1/a
	Log1pExp // log(1+e^a), without overflow
	Log1mExp // log(1-e^a) for a < 0
	InvLogit // 1/(1+e^-a)
	Logit    // log(a/(1-a))
	Tanh
	Sin
	Cos
	Tan
	Asin
	Acos
	Atan
	Sinh
	Cosh
	Asinh
	Acosh
	Atanh
	Erf
	Erfc
	Phi      // standard normal distribution function
	InvPhi   // its inverse
	Lgamma   // log |Gamma(a)|
	Digamma  // derivative of Lgamma
	Trigamma // second derivative
	Abs
	Floor
	Ceil
	Round // halves away from zero
	Trunc
	Not // 1 if a is 0, else 0

	// Two operands.
	Add
	Sub
	Mul
	Div
	Pow
	Polygamma // Polygamma(m, x): derivative m+1 of Lgamma; m a whole number from 0
	Min
	Max
	Atan2 // Atan2(y, x)
	Hypot
	Fmod       // remainder with the sign of a
	LogDiffExp // log(e^a - e^b), a > b
	LT         // a < b
	LE
	GT
	GE
	EQ
	NE
	And
	Or

	// Three operands.
	FMA    // a*b + c
	Select // a != 0 ? b : c

	// Kept inside the package.
	opInput   // a: coordinate
	opLin     // sum of coefs*list + bias
	opMaxN    // maximum of a list, at least c; taken as a constant by differentiation
	opMinN    // minimum of a list; no derivative (conditions)
	opMaxStop // max(a, b), taken as a constant by differentiation
	opLogSum  // log(a) of a sum of exponentials of which the largest is 1
	opMulZ    // a == 0 ? 0 : a*b
	opNegFMA  // c - a*b
	opCopy    // a, in programs only
	opCall    // user function
	opPartial // its c-th partial derivative
	opCount
)

var opNames = [opCount]string{
	Neg: "Neg", Exp: "Exp", Log: "Log", Log1p: "Log1p", Log1m: "Log1m", Expm1: "Expm1", Sqrt: "Sqrt", Cbrt: "Cbrt",
	Square: "Square", Inv: "Inv", Log1pExp: "Log1pExp", Log1mExp: "Log1mExp", InvLogit: "InvLogit", Logit: "Logit",
	Tanh: "Tanh", Sin: "Sin", Cos: "Cos", Tan: "Tan", Asin: "Asin", Acos: "Acos", Atan: "Atan", Sinh: "Sinh",
	Cosh: "Cosh", Asinh: "Asinh", Acosh: "Acosh", Atanh: "Atanh", Erf: "Erf", Erfc: "Erfc", Phi: "Phi",
	InvPhi: "InvPhi", Lgamma: "Lgamma", Digamma: "Digamma", Trigamma: "Trigamma",
	Abs: "Abs", Floor: "Floor", Ceil: "Ceil", Round: "Round", Trunc: "Trunc", Not: "Not",
	Add: "Add", Sub: "Sub", Mul: "Mul", Div: "Div", Pow: "Pow", Polygamma: "Polygamma", Min: "Min", Max: "Max", Atan2: "Atan2",
	Hypot: "Hypot", Fmod: "Fmod", LogDiffExp: "LogDiffExp", LT: "LT", LE: "LE", GT: "GT", GE: "GE", EQ: "EQ",
	NE: "NE", And: "And", Or: "Or", FMA: "FMA", Select: "Select",
	opInput: "input", opLin: "linear", opMaxN: "maximum", opMinN: "minimum", opMaxStop: "max",
	opLogSum: "logsum", opMulZ: "mulz", opNegFMA: "NegFMA", opCopy: "copy", opCall: "call", opPartial: "partial",
}

// String gives the name of the operation.
func (o Op) String() string {
	if int(o) < len(opNames) && opNames[o] != "" {
		return opNames[o]
	}
	return "op?"
}

// arity is the number of scalar operands of an operation, 0 for those that keep their operands in a list.
func (o Op) arity() int {
	switch {
	case o >= Neg && o <= Not, o == opLogSum, o == opCopy:
		return 1
	case o >= Add && o <= Or, o == opMaxStop, o == opMulZ:
		return 2
	case o == FMA, o == Select, o == opNegFMA:
		return 3
	}
	return 0
}

// hasList tells that operand a is a list of numbers rather than a number.
func (o Op) hasList() bool {
	switch o {
	case opLin, opMaxN, opMinN, opCall, opPartial:
		return true
	}
	return false
}

// commutes tells that the first two operands may be exchanged.
func (o Op) commutes() bool {
	switch o {
	case Add, Mul, Min, Max, EQ, Hypot, FMA, opNegFMA, opMaxStop:
		return true
	}
	return false
}
