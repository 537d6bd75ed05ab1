package syntax

// shape is a kind without regard to int, real or complex.
type shape uint8

const (
	noShape shape = iota
	scalarShape
	colShape
	rowShape
	matrixShape
)

func shapeOf(k Kind) shape {
	switch k {
	case Int, Real, Complex:
		return scalarShape
	case Vector, ComplexVector:
		return colShape
	case RowVector, ComplexRowVector:
		return rowShape
	case Matrix, ComplexMatrix:
		return matrixShape
	}
	return noShape
}

// kindOf is the kind of a shape over the complex or real numbers.
func (s shape) kindOf(complex bool) Kind {
	k := [...]Kind{Invalid, Real, Vector, RowVector, Matrix}[s]
	if complex {
		return complexOf(k)
	}
	return k
}

// unaryType is the type of op x.
func unaryType(op UnaryOp, t Type) (Type, bool) {
	s := shapeOf(t.Kind)
	switch op {
	case Neg:
		return t, s != noShape
	case Plus:
		return t, s != noShape && t.ArrayDims == 0 && (s == scalarShape || !t.IsComplex())
	case Not:
		return t, t.Is(Int)
	}
	if t.ArrayDims > 0 {
		return t, false
	}
	switch s {
	case colShape:
		return TypeOf(rowShape.kindOf(t.IsComplex())), true
	case rowShape:
		return TypeOf(colShape.kindOf(t.IsComplex())), true
	case matrixShape:
		return t, true
	}
	return t, false
}

// binaryType is the type of x op y.
func binaryType(op BinaryOp, x, y Type) (Type, bool) {
	if op == Pow || op == EltPow {
		return powType(x, y)
	}
	a, b := shapeOf(x.Kind), shapeOf(y.Kind)
	if x.ArrayDims > 0 || y.ArrayDims > 0 || a == noShape || b == noShape {
		return Type{}, false
	}
	complex := x.IsComplex() || y.IsComplex()
	ints := x.Kind == Int && y.Kind == Int
	switch op {
	case Or, And, Mod, IntDiv:
		return TypeOf(Int), ints
	case Eq, Ne:
		return TypeOf(Int), a == scalarShape && b == scalarShape
	case Lt, Le, Gt, Ge:
		return TypeOf(Int), a == scalarShape && b == scalarShape && !complex
	}
	if ints && op != LeftDiv {
		return TypeOf(Int), true
	}
	s := resultShape(op, a, b)
	if op == LeftDiv && complex {
		s = noShape
	}
	return TypeOf(s.kindOf(complex)), s != noShape
}

// resultShape is the shape of an arithmetic operation, noShape where the operands do not fit.
func resultShape(op BinaryOp, a, b shape) shape {
	switch op {
	case Add, Sub, EltMul, EltDiv:
		switch {
		case a == b, b == scalarShape:
			return a
		case a == scalarShape:
			return b
		}
	case Mul:
		switch {
		case a == scalarShape:
			return b
		case b == scalarShape:
			return a
		case a == colShape && b == rowShape, a == matrixShape && b == matrixShape:
			return matrixShape
		case a == rowShape && b == colShape:
			return scalarShape
		case a == rowShape && b == matrixShape:
			return rowShape
		case a == matrixShape && b == colShape:
			return colShape
		}
	case Div:
		switch {
		case b == scalarShape:
			return a
		case a == scalarShape:
			return b
		case b == matrixShape && (a == rowShape || a == matrixShape):
			return a
		}
	case LeftDiv:
		if a == matrixShape && (b == colShape || b == matrixShape) {
			return b
		}
	}
	return noShape
}

// powType is the type of x ^ y and x .^ y: elementwise, also over arrays, with scalars spread out.
func powType(x, y Type) (Type, bool) {
	if shapeOf(x.Kind) == noShape || shapeOf(y.Kind) == noShape {
		return Type{}, false
	}
	complex := x.IsComplex() || y.IsComplex()
	over := func(t Type) Type {
		return ArrayOf(TypeOf(shapeOf(t.Kind).kindOf(complex)), t.ArrayDims)
	}
	a, b := over(x), over(y)
	switch {
	case a.Equal(b), y.Scalar():
		return a, true
	case x.Scalar():
		return b, true
	}
	return Type{}, false
}

// operatorHint says what might have been meant.
func operatorHint(op BinaryOp, x, y Type) string {
	switch {
	case x.ArrayDims > 0 || y.ArrayDims > 0:
		return "; arrays have no arithmetic: use vectors, or a loop over the elements"
	case op == Mul && shapeOf(x.Kind) == shapeOf(y.Kind) && shapeOf(x.Kind) != noShape:
		return "; the elementwise product is .*"
	case op == Div && shapeOf(x.Kind) == shapeOf(y.Kind) && shapeOf(x.Kind) != noShape:
		return "; the elementwise quotient is ./"
	case (op == Or || op == And) && (x.Is(Real) || y.Is(Real)):
		return "; compare with zero first: x != 0"
	case op == Mod || op == IntDiv:
		return "; both operands must be int"
	}
	return ""
}
