package library

import (
	"fmt"
	"math"

	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// Unary applies an operator of one operand.
func Unary(c *Context, op syntax.UnaryOp, x Value) (Value, error) {
	switch op {
	case syntax.Neg:
		out := New(x.Type, x.Dims...)
		for i := range out.Data {
			out.Set(i, c.neg(x.At(i)))
		}
		if x.Type.Kind == syntax.Int {
			for i := range out.Data {
				out.Data[i] += 0 // no -0 among ints
			}
		}
		return out, nil
	case syntax.Plus:
		return x, nil
	case syntax.Not:
		return integer(c.op1(tape.Not, x.Num())), nil
	}
	return transpose(x), nil
}

// integer is an int that may depend on parameters: the result of a comparison.
func integer(x tape.Num) Value { return Scalar(x).Promote(IntType) }

var comparisons = map[syntax.BinaryOp]tape.Op{
	syntax.Or: tape.Or, syntax.And: tape.And, syntax.Eq: tape.EQ, syntax.Ne: tape.NE, syntax.Lt: tape.LT,
	syntax.Le: tape.LE, syntax.Gt: tape.GT, syntax.Ge: tape.GE,
}

// Binary applies an operator of two operands with the shapes that Stan allows; an int may stand for a real. Errors
// are sizes that do not match and division of ints by zero. The evaluator handles the short circuit of && and ||.
func Binary(c *Context, op syntax.BinaryOp, x, y Value) (Value, error) {
	if cmp, ok := comparisons[op]; ok {
		return integer(c.op2(cmp, x.Num(), y.Num())), nil
	}
	if x.Type.Kind == syntax.Int && y.Type.Kind == syntax.Int && x.IsScalar() && y.IsScalar() && op != syntax.Pow && op != syntax.EltPow {
		return intBinary(c, op, x, y)
	}
	switch op {
	case syntax.Add:
		return pairs(c, "add", x, y, c.add)
	case syntax.Sub:
		return pairs(c, "subtract", x, y, c.sub)
	case syntax.EltMul:
		return pairs(c, "elt_multiply", x, y, c.mul)
	case syntax.EltDiv:
		return pairs(c, "elt_divide", x, y, c.div)
	case syntax.Pow, syntax.EltPow:
		return pairs(c, "pow", x, y, c.pow)
	case syntax.Mul:
		if x.IsScalar() || y.IsScalar() {
			return pairs(c, "multiply", x, y, c.mul)
		}
		return multiply(c, x, y)
	case syntax.Div:
		if y.IsScalar() {
			return pairs(c, "divide", x, y, c.div)
		}
		if x.IsScalar() {
			return pairs(c, "elt_divide", x, y, c.div)
		}
		return mdivideRight(c, "mdivide_right", x, y)
	case syntax.LeftDiv:
		return mdivideLeft(c, "mdivide_left", x, y)
	}
	return Value{}, fmt.Errorf("operator %s cannot be applied to %s and %s", op, x.Type, y.Type)
}

// pow is x^y with the cases that keep precision and derivatives.
func (c *Context) pow(x, y tape.Num) tape.Num {
	if y.Ref == 0 {
		switch y.V {
		case 2:
			return c.square(x)
		case 1:
			return x
		case 0.5:
			return c.sqrt(x)
		case -1:
			return c.inv(x)
		}
	}
	return c.op2(tape.Pow, x, y)
}

// pairs is zip for real operands: the shape is that of the operand that is not a scalar.
func pairs(c *Context, name string, x, y Value, f func(x, y tape.Num) tape.Num) (Value, error) {
	if !x.IsScalar() && !y.IsScalar() && !SameDims(x, y) {
		if len(x.Dims) == 2 && len(y.Dims) == 2 {
			if x.Dims[0] != y.Dims[0] {
				return Value{}, sizeMismatch(name, "Rows of m1", x.Dims[0], "rows of m2", y.Dims[0])
			}
			return Value{}, sizeMismatch(name, "Columns of m1", x.Dims[1], "columns of m2", y.Dims[1])
		}
		return Value{}, sizeMismatch(name, "Size of first operand", x.Dims[0], "size of second operand", y.Dims[0])
	}
	return zip(name, x, y, f)
}

func intBinary(c *Context, op syntax.BinaryOp, x, y Value) (Value, error) {
	a, b := x.Num(), y.Num()
	var v tape.Num
	switch op {
	case syntax.Add:
		v = c.add(a, b)
	case syntax.Sub:
		v = c.sub(a, b)
	case syntax.Mul, syntax.EltMul:
		v = c.mul(a, b)
	case syntax.Mod:
		if b.Ref == 0 && b.V == 0 {
			return Value{}, fmt.Errorf("modulus: divisor is 0, but must be nonzero!")
		}
		v = c.op2(tape.Fmod, a, b)
	default:
		if b.Ref == 0 && b.V == 0 {
			return Value{}, fmt.Errorf("divide: denominator is 0, but must be nonzero!")
		}
		v = c.op1(tape.Trunc, c.div(a, b))
	}
	if v.Ref == 0 {
		v.V += 0
		if math.Abs(v.V) > math.MaxInt32 {
			v.V = float64(int32(int64(v.V))) // ints are 32 bits wide and wrap around
		}
	}
	return integer(v), nil
}

// operatorFunctions are the operators under their names as functions.
func operatorFunctions() []*Function {
	elementwise := []string{"int, int => int", "real, real => real", "real, vector => vector", "real, row_vector => row_vector",
		"real, matrix => matrix", "vector, real => vector", "vector, vector => vector", "row_vector, real => row_vector",
		"row_vector, row_vector => row_vector", "matrix, real => matrix", "matrix, matrix => matrix"}
	op := func(name string, op syntax.BinaryOp, lines ...string) *Function {
		return &Function{name, sigs(lines...), func(c *Context, args []Value) (Value, error) {
			return Binary(c, op, args[0], args[1])
		}}
	}
	compare := func(name string, o syntax.BinaryOp) *Function {
		return op(name, o, "int|real, int|real => int")
	}
	one := func(name string, op syntax.UnaryOp, lines ...string) *Function {
		return &Function{name, sigs(lines...), func(c *Context, args []Value) (Value, error) { return Unary(c, op, args[0]) }}
	}
	return []*Function{
		op("add", syntax.Add, elementwise...), op("subtract", syntax.Sub, elementwise...),
		op("elt_multiply", syntax.EltMul, elementwise...), op("elt_divide", syntax.EltDiv, elementwise...),
		op("multiply", syntax.Mul, "int, int => int", "real, real => real", "real, vector => vector",
			"real, row_vector => row_vector", "real, matrix => matrix", "vector, real => vector",
			"row_vector, real => row_vector", "matrix, real => matrix", "vector, row_vector => matrix",
			"row_vector, vector => real", "row_vector, matrix => row_vector", "matrix, vector => vector",
			"matrix, matrix => matrix"),
		op("divide", syntax.Div, "int, int => int", "real, real => real", "real, vector => vector",
			"real, row_vector => row_vector", "real, matrix => matrix", "vector, real => vector",
			"row_vector, real => row_vector", "matrix, real => matrix"),
		op("modulus", syntax.Mod, "int, int => int"),
		{"matrix_power", sigs("matrix, int => matrix"), func(c *Context, args []Value) (Value, error) {
			return matrixPower(c, args[0], args[1])
		}},
		op("logical_or", syntax.Or, "int, int => int"), op("logical_and", syntax.And, "int, int => int"),
		compare("logical_eq", syntax.Eq), compare("logical_neq", syntax.Ne), compare("logical_lt", syntax.Lt),
		compare("logical_lte", syntax.Le), compare("logical_gt", syntax.Gt), compare("logical_gte", syntax.Ge),
		one("logical_negation", syntax.Not, "int => int"), one("minus", syntax.Neg, "T => T"),
		one("plus", syntax.Plus, "int => int", "real => real", "vector => vector", "row_vector => row_vector", "matrix => matrix"),
		one("transpose", syntax.Transpose, "vector => row_vector", "row_vector => vector", "matrix => matrix"),
	}
}
