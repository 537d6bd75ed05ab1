package syntax

// promotion tells whether a value of type from can stand where type to is expected, and at what cost: the number of
// steps along int, real, complex and along real containers, complex containers. Arrays and tuples promote by element.
func promotion(from, to Type) (cost int, ok bool) {
	if from.ArrayDims != to.ArrayDims {
		return 0, false
	}
	switch {
	case from.Kind == Func || to.Kind == Func || from.Kind == Tuple || to.Kind == Tuple:
		if from.Kind != to.Kind || len(from.Elems) != len(to.Elems) || from.Kind == Func && !from.Equal(to) {
			return 0, false
		}
		for i := range from.Elems {
			n, ok := promotion(from.Elems[i], to.Elems[i])
			if !ok {
				return 0, false
			}
			cost += n
		}
		return cost, true
	case from.Kind == Invalid || from.Kind == Void:
		return 0, false
	case from.Kind == to.Kind:
		return 0, true
	case from.Kind == Int && to.Kind == Real:
		return 1, true
	case from.Kind == Int && to.Kind == Complex:
		return 2, true
	case complexOf(from.Kind) == to.Kind:
		return 1, true
	}
	return 0, false
}

// complexOf is the kind over the complex numbers that a kind over the reals is promoted to.
func complexOf(k Kind) Kind {
	switch k {
	case Int, Real:
		return Complex
	case Vector:
		return ComplexVector
	case RowVector:
		return ComplexRowVector
	case Matrix:
		return ComplexMatrix
	}
	return k
}

// commonType is the type that values of two types can both be promoted to.
func commonType(a, b Type) (Type, bool) {
	if a.Kind == Tuple && b.Kind == Tuple && len(a.Elems) == len(b.Elems) && a.ArrayDims == b.ArrayDims {
		out := Type{Kind: Tuple, ArrayDims: a.ArrayDims, Elems: make([]Type, len(a.Elems))}
		for i := range a.Elems {
			t, ok := commonType(a.Elems[i], b.Elems[i])
			if !ok {
				return Type{}, false
			}
			out.Elems[i] = t
		}
		return out, true
	}
	if _, ok := promotion(a, b); ok {
		return b, true
	}
	if _, ok := promotion(b, a); ok {
		return a, true
	}
	return Type{}, false
}

// promote wraps the expression into a conversion where its type is not t already. The conversion must be possible.
func (c *checker) promote(slot *Expr, t Type) {
	e := *slot
	if e.Type().Equal(t) || e.Type().Kind == Func {
		return
	}
	p := &Promote{X: e}
	p.pos, p.typ, p.level, p.depth = e.Pos(), t, e.Level(), e.info().depth+1
	*slot = p
}

// assignable promotes the expression to t or reports that it cannot be assigned to what.
func (c *checker) assignable(slot *Expr, t Type, what string) {
	from := (*slot).Type()
	if _, ok := promotion(from, t); !ok {
		hint := ""
		switch {
		case from.Is(RowVector) && t.Is(Vector) || from.Is(Vector) && t.Is(RowVector):
			hint = "; a transposition x' converts between them"
		case from.Is(Real) && t.Is(Int):
			hint = "; to_int converts data, int_step compares with zero"
		}
		c.fail((*slot).Pos(), "cannot assign to %s of type %s: found %s%s", what, t, from, hint)
	}
	c.promote(slot, t)
}
