package syntax

// exprStatement reads what starts with an expression: an assignment, a distribution statement or a call.
func (p *parser) exprStatement(info stmtInfo) Stmt {
	start := p.at
	if t := p.cur(); !p.startsExpr() {
		p.removed()
		p.fail(t.pos, "expected a statement, found %s", t.describe())
	}
	x := p.expr()
	t := p.cur()
	switch {
	case t.is("~"):
		p.take()
		return p.tilde(info, x)
	case t.is("<-"):
		p.fail(t.pos, "the assignment \"<-\" was removed from Stan; write \"=\" instead")
	case t.is("="):
		p.take()
		if tup, ok := x.(*TupleLit); ok {
			s := &TupleAssign{stmtInfo: info, Targets: p.tupleTargets(tup), RHS: p.expr()}
			p.end("the assignment")
			return s
		}
		s := &Assign{stmtInfo: info, LHS: p.lvalue(x)}
		s.RHS = p.expr()
		p.end("the assignment")
		return s
	case t.kind == tokPunct:
		if op, ok := compoundOp(t.text); ok {
			p.take()
			s := &Assign{stmtInfo: info, LHS: p.lvalue(x), Op: AssignOp{true, op}}
			s.RHS = p.expr()
			p.end("the assignment")
			return s
		}
	}
	if c, ok := x.(*Call); ok && !c.parens && !c.Target {
		p.callRemoved(c)
		p.end("the call of \"" + clip(c.Name) + "\"")
		return &CallStmt{info, c}
	}
	if v, ok := x.(*Var); ok && p.at == start+1 && t.kind == tokIdent {
		p.fail(v.pos, "expected a statement, found %q%s", clip(v.Name), suggestType(v.Name))
	}
	p.wrong("\"=\", \"~\" or another assignment after an expression")
	return nil
}

func suggestType(word string) string {
	if s := nearest(word, statementWords); s != "" {
		return "; did you mean \"" + s + "\"?"
	}
	return ""
}

// compoundOp is the operator of x op= y.
func compoundOp(text string) (BinaryOp, bool) {
	switch text {
	case "+=":
		return Add, true
	case "-=":
		return Sub, true
	case "*=":
		return Mul, true
	case "/=":
		return Div, true
	case ".*=":
		return EltMul, true
	case "./=":
		return EltDiv, true
	}
	return 0, false
}

// lvalue turns an expression into a place that can be assigned to.
func (p *parser) lvalue(x Expr) *LValue {
	var steps []Step
	for at := x; ; {
		if at.info().parens {
			p.fail(at.Pos(), "the left side of an assignment cannot stand in parentheses")
		}
		switch e := at.(type) {
		case *Var:
			v := &LValue{At: e.pos, Name: e.Name, Steps: make([]Step, len(steps))}
			for i, s := range steps {
				v.Steps[len(steps)-1-i] = s
			}
			return v
		case *IndexExpr:
			steps = append(steps, Step{At: e.pos, Indices: e.Indices})
			at = e.X
		case *FieldExpr:
			steps = append(steps, Step{At: e.pos, Field: e.Field})
			at = e.X
		default:
			p.fail(at.Pos(), "cannot assign to this expression; expected a variable, an element or a slice of one")
		}
	}
}

// tupleTargets turns the left side of (a, b) = x into places.
func (p *parser) tupleTargets(t *TupleLit) []TupleTarget {
	out := make([]TupleTarget, len(t.Elems))
	for i, e := range t.Elems {
		if nested, ok := e.(*TupleLit); ok {
			out[i].Nested = p.tupleTargets(nested)
		} else {
			out[i].LValue = p.lvalue(e)
		}
	}
	return out
}

// tilde reads what follows `x ~`.
func (p *parser) tilde(info stmtInfo, x Expr) Stmt {
	s := &Tilde{stmtInfo: info, X: x}
	t := p.cur()
	if t.kind != tokIdent {
		p.wrong("the name of a distribution after \"~\"")
	}
	s.Dist, s.At = t.text, t.pos
	p.take()
	p.expect("(", "after the distribution \""+clip(s.Dist)+"\"")
	s.Args = p.exprList(")", "an argument")
	if p.cur().is("T") {
		tr := &Truncation{At: p.take().pos}
		p.expect("[", "after \"T\"")
		if !p.cur().is(",") {
			tr.Lower = p.expr()
		}
		p.expect(",", "between the bounds of the truncation")
		if !p.cur().is("]") {
			tr.Upper = p.expr()
		}
		p.expect("]", "after the bounds of the truncation")
		s.Trunc = tr
	}
	p.end("the distribution statement")
	return s
}
