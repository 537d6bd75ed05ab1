package syntax

import (
	"strconv"
	"strings"
)

// assign checks x = y and x op= y.
func (c *checker) assign(s *Assign) {
	place := c.lvalue(s.LHS)
	t := c.expr(&s.RHS)
	what := "\"" + clip(s.LHS.String()) + "\""
	if !s.Op.Compound {
		c.assignable(&s.RHS, place, what)
		return
	}
	result, ok := binaryType(s.Op.Op, place, t)
	if ok {
		_, ok = promotion(result, place)
	}
	if ok && s.Op.Op == Mul {
		ok = t.Scalar() || t.Is(Matrix) && place.Is(Matrix) || t.Is(ComplexMatrix) && place.Is(ComplexMatrix)
	}
	if ok && (s.Op.Op == EltMul || s.Op.Op == EltDiv) {
		ok = !place.Scalar() || place.Is(Complex)
	}
	if ok && s.Op.Op == Div {
		ok = t.Scalar()
	}
	if !ok {
		c.fail(s.RHS.Pos(), "the operator %s= cannot be applied to %s of type %s and a value of type %s", s.Op.Op, what, place, t)
	}
	if place.IsComplex() && !t.IsComplex() {
		k := t
		k.Kind = complexOf(t.Kind)
		c.promote(&s.RHS, k)
	}
}

// lvalue resolves a place and returns its type.
func (c *checker) lvalue(v *LValue) Type {
	sym := c.lookup(v.Name)
	if sym == nil {
		c.unknownVariable(v.At, v.Name)
	}
	v.Sym = sym
	switch {
	case sym.Kind == LoopVar:
		c.fail(v.At, "cannot assign to the loop variable %q", clip(v.Name))
	case sym.Kind == ParamVar:
		c.fail(v.At, "cannot assign to %q: it is a function parameter; assign to a local variable instead", clip(v.Name))
	case sym.Global && (sym.Block != c.block || sym.Block == DataBlock || sym.Block == ParamsBlock):
		c.fail(v.At, "cannot assign to %q here: it is declared in the block %q", clip(v.Name), sym.Block)
	}
	t := sym.Type
	multi := false
	for i := range v.Steps {
		st := &v.Steps[i]
		if st.Field > 0 {
			t = c.field(st.At, t, st.Field)
		} else {
			if multi {
				c.fail(st.At, "on the left of an assignment nothing can follow an index that selects several elements")
			}
			t = c.indexed(st.At, t, st.Indices)
			for _, ix := range st.Indices {
				multi = multi || ix.Kind != IndexSingle
			}
		}
		st.Type = t
	}
	v.Type = t
	return t
}

// tupleAssign checks (a, b) = x.
func (c *checker) tupleAssign(s *TupleAssign) {
	seen := map[string]bool{}
	c.targets(s.Targets, seen)
	t := c.expr(&s.RHS)
	c.distribute(s.RHS.Pos(), s.Targets, t)
}

// targets resolves the places on the left, which must all be different.
func (c *checker) targets(list []TupleTarget, seen map[string]bool) {
	for i := range list {
		t := &list[i]
		if t.LValue == nil {
			c.targets(t.Nested, seen)
			continue
		}
		t.Type = c.lvalue(t.LValue)
		text := t.LValue.String()
		for old := range seen {
			if old == text || strings.HasPrefix(text, old+".") || strings.HasPrefix(old, text+".") ||
				strings.HasPrefix(text, old+"[") || strings.HasPrefix(old, text+"[") {
				c.fail(t.LValue.At, "%q is assigned to twice in one assignment", clip(text))
			}
		}
		seen[text] = true
	}
}

// distribute checks that the elements of a tuple fit the places.
func (c *checker) distribute(pos Pos, list []TupleTarget, t Type) {
	if !t.Is(Tuple) || len(t.Elems) != len(list) {
		c.fail(pos, "expected a tuple of %d elements on the right of the assignment, found %s", len(list), t)
	}
	for i := range list {
		if list[i].LValue == nil {
			c.distribute(pos, list[i].Nested, t.Elems[i])
			list[i].Type = t.Elems[i]
			continue
		}
		if _, ok := promotion(t.Elems[i], list[i].Type); !ok {
			c.fail(pos, "cannot assign element %d of the tuple to %q of type %s: found %s", i+1,
				clip(list[i].LValue.String()), list[i].Type, t.Elems[i])
		}
	}
}

// String writes the place as Stan text, such as "x[i, 1:2].1".
func (v *LValue) String() string {
	var b strings.Builder
	p := printer{b: &b}
	b.WriteString(v.Name)
	for _, s := range v.Steps {
		if s.Field > 0 {
			b.WriteString("." + strconv.Itoa(s.Field))
		} else {
			p.indices(s.Indices)
		}
	}
	return b.String()
}
