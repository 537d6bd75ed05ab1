package syntax

// stmts checks a list of statements in the scope at hand; an error in one does not stop the others.
func (c *checker) stmts(body []Stmt) {
	for _, s := range body {
		c.stmt(s)
	}
}

// scoped checks a list of statements in a scope of its own.
func (c *checker) scoped(body ...Stmt) {
	c.push()
	c.stmts(body)
	c.pop()
}

func (c *checker) stmt(s Stmt) {
	switch s := s.(type) {
	case *VarDecl:
		c.varDecl(s)
	case *Block:
		c.scoped(s.Body...)
	case *Profile:
		c.scoped(s.Body...)
	case *If:
		c.try(func() { c.condition(&s.Cond) })
		c.scoped(s.Then)
		if s.Else != nil {
			c.scoped(s.Else)
		}
	case *While:
		c.try(func() { c.condition(&s.Cond) })
		c.loop(s.Body, nil)
	case *For:
		c.try(func() { c.loopEnd(&s.Lo) })
		c.try(func() { c.loopEnd(&s.Hi) })
		s.Var.Type = TypeOf(Int)
		c.loop(s.Body, s.Var)
	case *ForEach:
		c.try(func() { s.Var.Type = c.elementType(&s.X) })
		if s.Var.Type.Kind != Invalid {
			s.Var.Level = s.X.Level()
			c.loop(s.Body, s.Var)
		}
	default:
		c.try(func() { c.simpleStmt(s) })
	}
}

// simpleStmt checks a statement that contains no others.
func (c *checker) simpleStmt(s Stmt) {
	switch s := s.(type) {
	case *Assign:
		c.assign(s)
	case *TupleAssign:
		c.tupleAssign(s)
	case *TargetAdd:
		c.needTarget(s.At, "\"target +=\"")
		c.expr(&s.X)
		c.summable(s.X)
	case *JacobianAdd:
		c.needJacobian(s.At, "\"jacobian +=\"")
		c.expr(&s.X)
		c.summable(s.X)
	case *Tilde:
		c.tilde(s)
	case *Break:
		if c.loops == 0 {
			c.fail(s.At, "break stands outside of any loop")
		}
	case *Continue:
		if c.loops == 0 {
			c.fail(s.At, "continue stands outside of any loop")
		}
	case *Return:
		c.returnStmt(s)
	case *Print:
		for i := range s.Args {
			if t := c.printable(&s.Args[i]); t.Kind == Func {
				c.fail(s.Args[i].Pos(), "a function cannot be printed")
			}
		}
	case *CallStmt:
		c.callStmt(s)
	}
}

func (c *checker) printable(slot *Expr) Type {
	if lit, ok := (*slot).(*StringLit); ok {
		lit.typ = TypeOf(Void)
		return lit.typ
	}
	return c.expr(slot)
}

// loop checks the body of a loop with its variable, nil for while.
func (c *checker) loop(body Stmt, v *Symbol) {
	c.push()
	c.loops++
	if v != nil {
		c.declare(v)
	}
	c.scoped(body)
	c.loops--
	c.pop()
}

func (c *checker) condition(slot *Expr) {
	if t := c.expr(slot); !t.Is(Int) {
		c.fail((*slot).Pos(), "a condition must be of type int, found %s", t)
	}
}

func (c *checker) loopEnd(slot *Expr) {
	if t := c.expr(slot); !t.Is(Int) {
		c.fail((*slot).Pos(), "the range of a loop must be of type int, found %s", t)
	}
}

// elementType is the type of the elements that a loop over a container visits.
func (c *checker) elementType(slot *Expr) Type {
	t := c.expr(slot)
	switch {
	case t.ArrayDims > 0:
		t.ArrayDims--
		return t
	case t.Kind == Vector || t.Kind == RowVector || t.Kind == Matrix:
		return TypeOf(Real)
	}
	c.fail((*slot).Pos(), "a loop runs over a range (1:N) or over an array, vector, row_vector or matrix, found %s", t)
	return Type{}
}

// summable refuses what cannot be added to a log density.
func (c *checker) summable(x Expr) {
	t := x.Type()
	if t.IsComplex() || t.Kind == Tuple || t.Kind == Void || t.Kind == Func {
		c.fail(x.Pos(), "a log density is a real number or a container of them, found %s", t)
	}
}

func (c *checker) returnStmt(s *Return) {
	switch {
	case c.fn == nil:
		c.fail(s.At, "return stands outside of any function")
	case s.X == nil && c.fn.Result.Kind != Void:
		c.fail(s.At, "the function %q must return a value of type %s", c.fn.Name, c.fn.Result)
	case s.X == nil:
		return
	case c.fn.Result.Kind == Void:
		c.fail(s.At, "the function %q is void and cannot return a value", c.fn.Name)
	}
	t := c.expr(&s.X)
	if _, ok := promotion(t, c.fn.Result); !ok {
		c.fail(s.X.Pos(), "the function %q returns %s, found %s", c.fn.Name, c.fn.Result, t)
	}
	c.promote(&s.X, c.fn.Result)
}

// needTarget refuses what changes the log density where that is not allowed.
func (c *checker) needTarget(pos Pos, what string) {
	if c.fn != nil && suffix(c.fn.Name) == "_lp" || c.fn == nil && c.block == ModelBlock {
		return
	}
	c.fail(pos, "%s may only stand in the model block or in functions that end in _lp", what)
}

// readTarget refuses target() and calls of _lp functions where they are not allowed.
func (c *checker) readTarget(pos Pos, what string) {
	if c.fn == nil && c.block == TransParamsBlock {
		return
	}
	c.needTarget(pos, what)
}

func (c *checker) needJacobian(pos Pos, what string) {
	if c.fn != nil && suffix(c.fn.Name) == "_jacobian" || c.fn == nil && c.block == TransParamsBlock {
		return
	}
	c.fail(pos, "%s may only stand in the block \"transformed parameters\" or in functions that end in _jacobian", what)
}
