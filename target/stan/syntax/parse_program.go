package syntax

// blockHeads are the headings of the blocks in the order of the language.
var blockHeads = []struct {
	kind  BlockKind
	words [2]string
}{
	{FunctionsBlock, [2]string{"functions"}},
	{DataBlock, [2]string{"data"}},
	{TransDataBlock, [2]string{"transformed", "data"}},
	{ParamsBlock, [2]string{"parameters"}},
	{TransParamsBlock, [2]string{"transformed", "parameters"}},
	{ModelBlock, [2]string{"model"}},
	{GeneratedBlock, [2]string{"generated", "quantities"}},
}

// program reads all blocks, each at most once and in order.
func (p *parser) program(source *Source) *Program {
	prog := &Program{Source: source}
	last := NoBlock
	for p.cur().kind != tokEOF {
		at := p.cur().pos
		kind := p.heading(last)
		if kind == last {
			p.fail(at, "there is more than one block %q", kind)
		}
		if kind < last {
			p.fail(at, "the block %q must come before the block %q", kind, last)
		}
		last = kind
		p.expect("{", "at the start of the block \""+kind.String()+"\"")
		if kind == FunctionsBlock {
			for !p.cur().is("}") {
				prog.Functions = append(prog.Functions, p.function())
			}
			p.take()
			continue
		}
		b := &ProgramBlock{Kind: kind, At: at}
		b.Body, b.End = p.blockBody(kind)
		for _, s := range b.Body {
			if d, ok := s.(*VarDecl); ok {
				b.Decls = append(b.Decls, d)
			}
		}
		prog.setBlock(b)
	}
	return prog
}

// heading reads the heading of a block.
func (p *parser) heading(last BlockKind) BlockKind {
	for _, h := range blockHeads {
		if p.cur().is(h.words[0]) && (h.words[1] == "" || p.ahead(1).is(h.words[1])) {
			p.take()
			if h.words[1] != "" {
				p.take()
			}
			return h.kind
		}
	}
	if p.cur().is("}") {
		p.fail(p.cur().pos, "found a \"}\" that closes nothing")
	}
	if t := p.cur(); t.kind == tokIdent {
		two := t.text
		if p.ahead(1).kind == tokIdent {
			two += " " + p.ahead(1).text
		}
		if s := nearest(two, blockNames[1:]); s != "" {
			p.fail(t.pos, "found %q; did you mean the block %q?", clip(two), s)
		}
	}
	if last == NoBlock {
		p.wrong("the start of a block such as \"data {\" or \"model {\"")
	}
	p.wrong("the start of a block or the end of the program after the block \"" + last.String() + "\"")
	return NoBlock
}

func (p *Program) setBlock(b *ProgramBlock) {
	switch b.Kind {
	case DataBlock:
		p.Data = b
	case TransDataBlock:
		p.TransData = b
	case ParamsBlock:
		p.Params = b
	case TransParamsBlock:
		p.TransParams = b
	case ModelBlock:
		p.Model = b
	case GeneratedBlock:
		p.Generated = b
	}
}

// blockBody reads the statements of a program block and its closing brace.
func (p *parser) blockBody(kind BlockKind) ([]Stmt, Pos) {
	var body []Stmt
	for !p.cur().is("}") {
		switch {
		case p.cur().kind == tokEOF:
			p.wrong("\"}\" at the end of the block \"" + kind.String() + "\"")
		case p.startsDecl():
			body = append(body, p.declaration(kind, true)...)
		case kind == DataBlock || kind == ParamsBlock:
			p.wrong("a declaration, the only thing that the block \"" + kind.String() + "\" may hold")
		default:
			body = append(body, p.statement())
		}
	}
	return body, p.take().pos
}

// function reads the declaration or definition of a user function.
func (p *parser) function() *FuncDecl {
	f := &FuncDecl{Result: Type{Kind: Void}}
	if !p.accept("void") {
		if t := p.cur(); !isTypeWord(t.text) || t.kind != tokIdent {
			p.wrong("the result type of a function, or \"}\" at the end of the block \"functions\"")
		}
		f.Result = p.unsizedType()
	}
	f.Name, f.At = p.name("a function")
	p.expect("(", "before the parameters of the function")
	for !p.cur().is(")") {
		if len(f.Params) > 0 {
			p.expect(",", "or \")\" after a parameter")
		}
		par := &Param{DataOnly: p.accept("data")}
		if t := p.cur(); !isTypeWord(t.text) || t.kind != tokIdent {
			p.wrong("the type of a parameter")
		}
		par.Type = p.unsizedType()
		par.Name, par.At = p.name("a parameter")
		if p.cur().is("[") {
			p.fail(p.cur().pos, "this way of writing array types was removed from Stan; write %q instead",
				"array[] "+par.Type.String()+" "+par.Name)
		}
		f.Params = append(f.Params, par)
	}
	p.take()
	if p.accept(";") {
		return f
	}
	if !p.cur().is("{") {
		p.wrong("\"{\" before the body of the function, or \";\"")
	}
	f.Body = p.block()
	return f
}

// unsizedType reads a type as functions have it: array[,] real, vector, tuple(int, real).
func (p *parser) unsizedType() Type {
	p.enter()
	defer p.leave()
	t := p.take()
	switch t.text {
	case "array":
		p.expect("[", "after \"array\"")
		dims := 1
		for p.accept(",") {
			dims++
		}
		p.expect("]", "in the type of an array: function parameters and results have no sizes")
		return ArrayOf(p.unsizedType(), dims)
	case "tuple":
		p.expect("(", "after \"tuple\"")
		elems := []Type{p.unsizedElem()}
		for p.accept(",") {
			elems = append(elems, p.unsizedElem())
		}
		p.expect(")", "or \",\" in the type of a tuple")
		if len(elems) < 2 {
			p.fail(t.pos, "a tuple has at least two elements")
		}
		return TupleOf(elems...)
	}
	k, ok := typeOfKeyword(t.text)
	if !ok || t.kind != tokIdent {
		p.at--
		p.wrong("a type")
	}
	if k.constraint != NoConstraint {
		p.fail(t.pos, "function parameters and results have no constraints; write %q instead of %q", k.kind, t.text)
	}
	switch {
	case p.cur().is("["):
		p.fail(p.cur().pos, "found \"[\" after a type: arrays are written \"array[] %s\", and sizes are not given here", k.kind)
	case p.cur().is("<"):
		p.fail(p.cur().pos, "function parameters and results have no constraints")
	}
	return TypeOf(k.kind)
}

// unsizedElem reads the type of a tuple element.
func (p *parser) unsizedElem() Type {
	if t := p.cur(); t.kind != tokIdent || !isTypeWord(t.text) {
		p.wrong("the type of a tuple element")
	}
	return p.unsizedType()
}
