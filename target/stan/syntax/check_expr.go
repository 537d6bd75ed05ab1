package syntax

// set records type and level of an expression. Whatever is of kind int counts as data, as in Stan.
func (c *checker) set(e Expr, t Type, from ...Expr) Type {
	in := e.info()
	in.typ = t
	if t.Kind == Int {
		return t
	}
	for _, x := range from {
		if x != nil {
			in.level = max(in.level, x.Level())
		}
	}
	return t
}

// expr checks the expression in a slot, which conversions and function names may replace, and returns its type.
func (c *checker) expr(slot *Expr) Type {
	switch e := (*slot).(type) {
	case *IntLit:
		return c.set(e, TypeOf(Int))
	case *RealLit:
		return c.set(e, TypeOf(Real))
	case *ImagLit:
		return c.set(e, TypeOf(Complex))
	case *StringLit:
		c.fail(e.pos, "found a text; texts can only be printed")
	case *Var:
		return c.variable(e)
	case *Unary:
		t := c.expr(&e.X)
		r, ok := unaryType(e.Op, t)
		if !ok {
			c.fail(e.pos, "the operator %s cannot be applied to %s", e.Op, t)
		}
		return c.set(e, r, e.X)
	case *Binary:
		x, y := c.expr(&e.X), c.expr(&e.Y)
		r, ok := binaryType(e.Op, x, y)
		if !ok {
			c.fail(e.OpAt, "the operator %s cannot be applied to %s and %s%s", e.Op, x, y, operatorHint(e.Op, x, y))
		}
		return c.set(e, r, e.X, e.Y)
	case *Ternary:
		c.condition(&e.Cond)
		x, y := c.expr(&e.Then), c.expr(&e.Else)
		t, ok := commonType(x, y)
		if !ok {
			c.fail(e.Then.Pos(), "the two branches of a conditional expression have types that do not fit: %s and %s", x, y)
		}
		c.promote(&e.Then, t)
		c.promote(&e.Else, t)
		return c.set(e, t, e.Then, e.Else, e.Cond)
	case *IndexExpr:
		t := c.expr(&e.X)
		return c.set(e, c.indexed(e.Indices[0].At, t, e.Indices), e.X)
	case *FieldExpr:
		t := c.expr(&e.X)
		return c.set(e, c.field(e.pos, t, e.Field), e.X)
	case *ArrayLit:
		return c.set(e, ArrayOf(c.elements(e.Elems, "an array"), 1), e.Elems...)
	case *RowLit:
		return c.set(e, c.rowType(e), e.Elems...)
	case *TupleLit:
		t := Type{Kind: Tuple, Elems: make([]Type, len(e.Elems))}
		for i := range e.Elems {
			t.Elems[i] = c.expr(&e.Elems[i])
			c.isValue(e.Elems[i])
		}
		return c.set(e, t, e.Elems...)
	case *Call:
		t := c.call(e)
		if t.Kind == Void {
			c.fail(e.pos, "the function %q returns nothing and cannot be used as a value", clip(e.Name))
		}
		return t
	}
	return (*slot).Type()
}

// isValue refuses functions where a value is expected.
func (c *checker) isValue(e Expr) {
	if k := e.Type().Kind; k == Func || k == Void {
		c.fail(e.Pos(), "expected a value, found %s", e.Type())
	}
}

// variable resolves the use of a variable.
func (c *checker) variable(e *Var) Type {
	sym := c.lookup(e.Name)
	if sym == nil {
		if len(c.users[e.Name]) > 0 || len(c.lib.Signatures(e.Name)) > 0 {
			c.fail(e.pos, "%q is a function; expected a variable, or \"(\" and arguments after it", clip(e.Name))
		}
		c.unknownVariable(e.pos, e.Name)
	}
	e.Sym = sym
	e.typ = sym.Type
	e.level = sym.Level
	if c.block == GeneratedBlock {
		e.level = DataLevel
	}
	return e.typ
}

// unknownVariable fails with the nearest name in scope.
func (c *checker) unknownVariable(pos Pos, name string) {
	if r := replacement(name); r != "" {
		c.fail(pos, "%q was removed from Stan; write %s instead", clip(name), r)
	}
	var names []string
	for _, s := range c.scopes {
		for n := range s {
			names = append(names, n)
		}
	}
	hint := ""
	if s := nearest(name, names); s != "" {
		hint = "; did you mean \"" + s + "\"?"
	}
	c.fail(pos, "unknown variable %q%s", clip(name), hint)
}

// elements checks the elements of a literal and promotes them to one type.
func (c *checker) elements(elems []Expr, what string) Type {
	var t Type
	for i := range elems {
		x := c.expr(&elems[i])
		c.isValue(elems[i])
		if i == 0 {
			t = x
			continue
		}
		u, ok := commonType(t, x)
		if !ok {
			c.fail(elems[i].Pos(), "the elements of %s must be of one type: expected %s, found %s", what, t, x)
		}
		t = u
	}
	for i := range elems {
		c.promote(&elems[i], t)
	}
	return t
}

// rowType is the type of [a, b, c]: a row vector of scalars, a matrix of row vectors; [] is an empty row vector.
func (c *checker) rowType(e *RowLit) Type {
	if len(e.Elems) == 0 {
		return TypeOf(RowVector)
	}
	t := c.elements(e.Elems, "a row vector or matrix")
	if t.ArrayDims == 0 {
		switch t.Kind {
		case Int:
			for i := range e.Elems {
				c.promote(&e.Elems[i], TypeOf(Real))
			}
			return TypeOf(RowVector)
		case Real:
			return TypeOf(RowVector)
		case Complex:
			return TypeOf(ComplexRowVector)
		case RowVector:
			return TypeOf(Matrix)
		case ComplexRowVector:
			return TypeOf(ComplexMatrix)
		}
	}
	c.fail(e.Elems[0].Pos(), "[...] holds numbers (a row vector) or row vectors (a matrix), found %s; an array is written {...}", t)
	return Type{}
}
