package syntax

// varDecl checks a declaration and enters its variable. The variable is in scope in its own definition, as in Stan.
func (c *checker) varDecl(d *VarDecl) {
	c.try(func() { c.typeSpec(d.Spec) })
	t := d.Spec.Type
	d.Sym = &Symbol{Name: d.Name, Type: t, Decl: d, At: d.At, Level: c.localLevel(t)}
	if top := c.fn == nil && len(c.scopes) == 1; top && t.HasInt() {
		c.try(func() {
			switch c.block {
			case ParamsBlock:
				c.fail(d.At, "parameters cannot be integers")
			case TransParamsBlock:
				c.fail(d.At, "transformed parameters cannot be integers")
			}
		})
	}
	c.declare(d.Sym)
	if d.Init != nil {
		c.try(func() {
			c.expr(&d.Init)
			c.assignable(&d.Init, t, "the variable \""+clip(d.Name)+"\"")
		})
	}
}

// typeSpec checks sizes and constraints; once for a list of declarations that share it.
func (c *checker) typeSpec(s *TypeSpec) {
	if s.checked {
		return
	}
	s.checked = true
	top := c.fn == nil && len(c.scopes) == 1
	for i := range s.Dims {
		c.sizeExpr(&s.Dims[i], top, "an array size")
	}
	for i := range s.Sizes {
		c.sizeExpr(&s.Sizes[i], top, "a size")
	}
	for _, e := range s.Elems {
		c.typeSpec(e)
	}
	k := &s.Constraint
	c.bound(&k.Lower, s, "the lower bound")
	c.bound(&k.Upper, s, "the upper bound")
	c.bound(&k.Offset, s, "the offset")
	c.bound(&k.Multiplier, s, "the multiplier")
}

// sizeExpr checks a size: an int and, at the top level, made of data only.
func (c *checker) sizeExpr(slot *Expr, top bool, what string) {
	if t := c.expr(slot); !t.Is(Int) {
		c.fail((*slot).Pos(), "%s must be of type int, found %s", what, t)
	}
	if !top {
		return
	}
	walk(*slot, func(e Expr) {
		v, ok := e.(*Var)
		if ok && v.Sym != nil && v.Sym.Block != DataBlock && v.Sym.Block != TransDataBlock {
			c.fail(v.pos, "sizes must be known from the data, but %q is declared in the block %q", clip(v.Name), v.Sym.Block)
		}
	})
}

// bound checks one expression of a constraint: a scalar, or for containers a container of the same type.
func (c *checker) bound(slot *Expr, s *TypeSpec, what string) {
	if *slot == nil {
		return
	}
	t := c.expr(slot)
	scalar := TypeOf(Real)
	if s.Type.Kind == Int {
		scalar = TypeOf(Int)
	}
	for _, want := range []Type{scalar, s.Type} {
		if _, ok := promotion(t, want); ok {
			c.promote(slot, want)
			return
		}
	}
	if s.Type.Scalar() {
		c.fail((*slot).Pos(), "%s must be of type %s, found %s", what, scalar, t)
	}
	c.fail((*slot).Pos(), "%s must be of type %s or, like the variable, %s; found %s", what, scalar, s.Type, t)
}

// walk visits an expression and all below it.
func walk(e Expr, visit func(Expr)) {
	if e == nil {
		return
	}
	visit(e)
	list := func(l []Expr) {
		for _, x := range l {
			walk(x, visit)
		}
	}
	switch e := e.(type) {
	case *Unary:
		walk(e.X, visit)
	case *Binary:
		walk(e.X, visit)
		walk(e.Y, visit)
	case *Ternary:
		walk(e.Cond, visit)
		walk(e.Then, visit)
		walk(e.Else, visit)
	case *IndexExpr:
		walk(e.X, visit)
		for _, ix := range e.Indices {
			walk(ix.Lo, visit)
			walk(ix.Hi, visit)
		}
	case *FieldExpr:
		walk(e.X, visit)
	case *ArrayLit:
		list(e.Elems)
	case *RowLit:
		list(e.Elems)
	case *TupleLit:
		list(e.Elems)
	case *Call:
		list(e.Args)
	case *Promote:
		walk(e.X, visit)
	}
}
