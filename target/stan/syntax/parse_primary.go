package syntax

// startsExpr tells whether the token at hand can start an expression.
func (p *parser) startsExpr() bool {
	t := p.cur()
	switch t.kind {
	case tokInt, tokReal, tokImag:
		return true
	case tokIdent:
		return reservedName(t.text) == "" || t.text == "target" || t.text == "lp__" || len(t.text) > 2 && t.text[len(t.text)-2:] == "__"
	case tokPunct:
		switch t.text {
		case "(", "[", "{", "-", "+", "!":
			return true
		}
	}
	return false
}

// primary reads a number, a variable, a call, a literal in brackets or an expression in parentheses.
func (p *parser) primary() Expr {
	t := p.cur()
	if !p.startsExpr() {
		if t.kind == tokString {
			p.fail(t.pos, "found a text; texts can only be printed, in print, reject and fatal_error")
		}
		if t.kind == tokIdent && p.ahead(1).is("(") && t.text != "jacobian" {
			p.fail(t.pos, "%q is reserved and cannot be called in an expression", t.text)
		}
		p.wrong("an expression")
	}
	p.take()
	switch t.kind {
	case tokInt, tokReal, tokImag:
		return p.number(t)
	case tokIdent:
		if p.cur().is("(") {
			return p.call(t)
		}
		if t.text == "target" {
			p.wrong("\"()\" after \"target\"")
		}
		return p.made(&Var{Name: t.text}, t.pos)
	}
	p.enter()
	defer p.leave()
	switch t.text {
	case "(":
		x := p.expr()
		if p.accept(")") {
			x.info().parens = true
			return x
		}
		if !p.accept(",") {
			p.wrong("\")\" or \",\" after an expression in parentheses")
		}
		elems := append([]Expr{x}, p.exprList(")", "a tuple element")...)
		if len(elems) < 2 {
			p.fail(t.pos, "a tuple has at least two elements")
		}
		return p.made(&TupleLit{Elems: elems}, t.pos, elems...)
	case "[":
		elems := p.exprList("]", "an element")
		return p.made(&RowLit{Elems: elems}, t.pos, elems...)
	}
	if p.cur().is("}") {
		p.fail(t.pos, "an array literal needs at least one element: the type of {} is not known")
	}
	elems := p.exprList("}", "an element")
	return p.made(&ArrayLit{Elems: elems}, t.pos, elems...)
}

// call reads the arguments of a function call.
func (p *parser) call(name token) Expr {
	p.enter()
	defer p.leave()
	c := &Call{Name: name.text}
	p.take()
	if name.text == "target" {
		p.expect(")", "after \"target(\"")
		c.Target = true
		return p.made(c, name.pos)
	}
	if !p.cur().is(")") {
		c.Args = append(c.Args, p.expr())
		if p.accept("|") {
			c.Bar = true
			c.Args = append(c.Args, p.exprList(")", "an argument")...)
			return p.made(c, name.pos, c.Args...)
		}
		if !p.cur().is(")") {
			p.expect(",", "or \")\" after an argument of \""+clip(c.Name)+"\"")
			if p.cur().is(")") {
				p.wrong("another argument after \",\"")
			}
		}
	}
	c.Args = append(c.Args, p.exprList(")", "an argument")...)
	return p.made(c, name.pos, c.Args...)
}

// exprList reads expressions between commas up to and including the closing bracket; there may be none.
func (p *parser) exprList(closing, what string) []Expr {
	var out []Expr
	for !p.accept(closing) {
		if len(out) > 0 {
			p.expect(",", "or \""+closing+"\" after "+what)
		}
		out = append(out, p.expr())
	}
	return out
}
