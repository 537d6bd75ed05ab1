package syntax

// indexed is the type of x[indices] for x of type t. A list of indices takes the array dimensions first.
func (c *checker) indexed(pos Pos, t Type, indices []Index) Type {
	for i := range indices {
		c.index(&indices[i])
	}
	if len(indices) > t.Dims() {
		if t.Dims() == 0 {
			c.fail(pos, "a value of type %s cannot be indexed", t)
		}
		c.fail(pos, "too many indices: %s takes at most %d, found %d", t, t.Dims(), len(indices))
	}
	kept := 0
	arrays := min(t.ArrayDims, len(indices))
	for _, ix := range indices[:arrays] {
		if ix.Kind != IndexSingle {
			kept++
		}
	}
	out := t
	out.ArrayDims = t.ArrayDims - arrays + kept
	rest := indices[arrays:]
	if len(rest) > 0 {
		out.Kind = elementKind(t.Kind, rest)
	}
	return out
}

// index checks one index.
func (c *checker) index(ix *Index) {
	if ix.Kind == IndexAll {
		return
	}
	if ix.Kind == IndexSingle {
		t := c.expr(&ix.Lo)
		switch {
		case t.Is(Int):
		case t.Kind == Int && t.ArrayDims == 1:
			ix.Kind = IndexMulti
		default:
			c.fail(ix.At, "an index must be of type int, array[] int or a range such as 1:3, found %s", t)
		}
		return
	}
	for _, slot := range []*Expr{&ix.Lo, &ix.Hi} {
		if *slot == nil {
			continue
		}
		if t := c.expr(slot); !t.Is(Int) {
			c.fail((*slot).Pos(), "the ends of a range must be of type int, found %s", t)
		}
	}
}

// elementKind is the kind that indices into a vector or matrix give.
func elementKind(k Kind, indices []Index) Kind {
	one := func(i int) bool { return i < len(indices) && indices[i].Kind == IndexSingle }
	scalar, row, col := Real, RowVector, Vector
	switch k {
	case ComplexVector, ComplexRowVector, ComplexMatrix:
		scalar, row, col = Complex, ComplexRowVector, ComplexVector
	}
	if k.ElementDims() == 1 {
		if one(0) {
			return scalar
		}
		return k
	}
	switch {
	case one(0) && one(1):
		return scalar
	case one(0):
		return row
	case one(1):
		return col
	}
	return k
}

// field is the type of a tuple element.
func (c *checker) field(pos Pos, t Type, n int) Type {
	if !t.Is(Tuple) {
		c.fail(pos, "only a tuple has elements such as .%d, found %s", n, t)
	}
	if n > len(t.Elems) {
		c.fail(pos, "the tuple has %d elements; there is no .%d", len(t.Elems), n)
	}
	return t.Elems[n-1]
}
