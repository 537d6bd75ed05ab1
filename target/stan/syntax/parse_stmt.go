package syntax

// block reads { statements }.
func (p *parser) block() *Block {
	b := &Block{}
	b.At = p.cur().pos
	b.Body = p.body("block")
	return b
}

// body reads { statements } of a block or profile.
func (p *parser) body(what string) []Stmt {
	p.enter()
	defer p.leave()
	open := p.expect("{", "at the start of a "+what)
	var out []Stmt
	for !p.cur().is("}") {
		if p.cur().kind == tokEOF {
			p.wrong("\"}\" at the end of the " + what + " that starts in line " + itoa(int(open.pos.Line)))
		}
		out = append(out, p.declOrStmt()...)
	}
	p.take()
	return out
}

// declOrStmt reads a local declaration or a statement.
func (p *parser) declOrStmt() []Stmt {
	if p.startsDecl() {
		return p.declaration(NoBlock, false)
	}
	return []Stmt{p.statement()}
}

// branch reads the statement that an if or a loop governs.
func (p *parser) branch() Stmt {
	p.enter()
	defer p.leave()
	if !p.startsDecl() {
		return p.statement()
	}
	b := &Block{}
	b.At = p.cur().pos
	b.Body = p.declOrStmt()
	return b
}

// statement reads any statement but a declaration.
func (p *parser) statement() Stmt {
	t := p.cur()
	info := stmtInfo{At: t.pos}
	if t.kind == tokIdent {
		switch t.text {
		case "if":
			return p.ifStmt()
		case "for":
			return p.forStmt()
		case "while":
			p.take()
			p.expect("(", "after \"while\"")
			cond := p.expr()
			p.expect(")", "after the condition")
			return &While{info, cond, p.branch()}
		case "break":
			p.take()
			p.end("break")
			return &Break{info}
		case "continue":
			p.take()
			p.end("continue")
			return &Continue{info}
		case "return":
			p.take()
			if p.accept(";") {
				return &Return{stmtInfo: info}
			}
			x := p.expr()
			p.end("the value to return")
			return &Return{info, x}
		case "print":
			return p.printStmt(PrintStmt)
		case "reject":
			return p.printStmt(RejectStmt)
		case "fatal_error":
			return p.printStmt(FatalStmt)
		case "profile":
			return p.profileStmt()
		case "target", "jacobian":
			if p.ahead(1).is("+=") {
				p.take()
				p.take()
				x := p.expr()
				p.end("the term added to " + t.text)
				if t.text == "target" {
					return &TargetAdd{info, x}
				}
				return &JacobianAdd{info, x}
			}
			if t.text == "jacobian" || !p.ahead(1).is("(") {
				p.take()
				p.wrong("\"+=\" after \"" + t.text + "\"")
			}
		}
	}
	if p.accept(";") {
		return &Empty{info}
	}
	if t.is("{") && !p.arrayStatement() {
		return p.block()
	}
	return p.exprStatement(info)
}

// arrayStatement tells whether the brace at hand opens an array literal and not a block: what follows its closing
// brace can then only continue an expression.
func (p *parser) arrayStatement() bool {
	end, ok := p.closing[p.at]
	if !ok || end+1 >= len(p.tokens) || end == p.at+1 {
		return false
	}
	t := p.tokens[end+1]
	if t.kind != tokPunct {
		return false
	}
	switch t.text {
	case "{", "}", ";", "(", ")", "!", "=":
		return false
	case "[", "+", "-":
		// These could also start the next statement; a block holds a semicolon or is empty.
		return !p.tokens[end-1].is(";") && !p.tokens[end-1].is("}")
	}
	return true
}

// end expects the semicolon that ends a statement.
func (p *parser) end(what string) { p.expect(";", "after "+what) }

func (p *parser) ifStmt() Stmt {
	p.enter()
	defer p.leave()
	s := &If{stmtInfo: stmtInfo{p.take().pos}}
	p.expect("(", "after \"if\"")
	s.Cond = p.expr()
	p.expect(")", "after the condition")
	s.Then = p.branch()
	if p.accept("else") {
		s.Else = p.branch()
	}
	return s
}

// forStmt reads a loop over a range or over a container.
func (p *parser) forStmt() Stmt {
	info := stmtInfo{p.take().pos}
	p.expect("(", "after \"for\"")
	name, at := p.name("a loop variable")
	v := &Symbol{Name: name, At: at, Kind: LoopVar}
	p.expect("in", "after the loop variable")
	lo := p.expr()
	if p.accept(")") {
		return &ForEach{info, v, lo, p.branch()}
	}
	p.expect(":", "or \")\" after the start of the loop")
	hi := p.expr()
	p.expect(")", "after the end of the loop")
	return &For{info, v, lo, hi, p.branch()}
}

// printStmt reads the texts and values of print, reject and fatal_error.
func (p *parser) printStmt(kind PrintKind) Stmt {
	word := p.take()
	s := &Print{stmtInfo: stmtInfo{word.pos}, Kind: kind}
	p.expect("(", "after \""+word.text+"\"")
	for {
		if t := p.cur(); t.kind == tokString {
			p.take()
			lit := &StringLit{Value: t.text}
			lit.pos = t.pos
			s.Args = append(s.Args, lit)
		} else {
			s.Args = append(s.Args, p.expr())
		}
		if !p.accept(",") {
			break
		}
	}
	p.expect(")", "or \",\" after an argument of \""+word.text+"\"")
	p.end("\"" + word.text + "(...)\"")
	return s
}

func (p *parser) profileStmt() Stmt {
	s := &Profile{stmtInfo: stmtInfo{p.take().pos}}
	p.expect("(", "after \"profile\"")
	if p.cur().kind != tokString {
		p.wrong("the name of the profile as a text in double quotes")
	}
	s.Name = p.take().text
	p.expect(")", "after the name of the profile")
	s.Body = p.body("profile")
	return s
}
