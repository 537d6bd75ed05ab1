package syntax

import "strings"

// startsDecl tells whether a declaration starts here.
func (p *parser) startsDecl() bool {
	t := p.cur()
	return t.kind == tokIdent && isTypeWord(t.text)
}

// declaration reads one declaration statement, which may declare several names. kind is the block that it stands in
// (NoBlock inside functions) and top tells whether at the top level of it.
func (p *parser) declaration(kind BlockKind, top bool) []Stmt {
	spec := p.sizedType(top && kind != ModelBlock && kind != NoBlock)
	var out []Stmt
	for {
		d := &VarDecl{Spec: spec}
		d.Name, d.At = p.name("a variable")
		p.oldArray(d)
		if p.cur().is("=") {
			if kind == DataBlock || kind == ParamsBlock {
				p.fail(p.cur().pos, "variables of the block %q cannot be given a value", kind)
			}
			p.take()
			d.Init = p.expr()
		}
		out = append(out, d)
		if p.accept(";") {
			return out
		}
		if !p.accept(",") {
			p.missing("\";\" or \"= value\" after the declaration of \"" + clip(d.Name) + "\"")
		}
	}
}

// oldArray rejects declarations such as `real x[3]`.
func (p *parser) oldArray(d *VarDecl) {
	if !p.cur().is("[") {
		return
	}
	at := p.take().pos
	var sizes []string
	for {
		sizes = append(sizes, ExprString(p.expr()))
		if !p.accept(",") {
			break
		}
	}
	p.fail(at, "this way of declaring arrays was removed from Stan; write %q instead",
		"array["+strings.Join(sizes, ", ")+"] "+d.Spec.String()+" "+d.Name)
}

// sizedType reads the type of a declaration with sizes and, where allowed, constraints.
func (p *parser) sizedType(constrained bool) *TypeSpec {
	p.enter()
	defer p.leave()
	t := p.take()
	switch t.text {
	case "array":
		return p.arraySpec(t.pos, constrained)
	case "tuple":
		return p.tupleSpec(t.pos, constrained)
	}
	k, ok := typeOfKeyword(t.text)
	if !ok || t.kind != tokIdent {
		p.at--
		p.wrong("a type")
	}
	s := &TypeSpec{At: t.pos, Type: TypeOf(k.kind)}
	s.Constraint.Kind = k.constraint
	if !constrained && k.constraint != NoConstraint {
		p.fail(t.pos, "local variables have no constraints; write %q instead of %q", k.kind, t.text)
	}
	if p.cur().is("<") {
		switch {
		case !constrained:
			p.fail(p.cur().pos, "local variables have no constraints")
		case k.constraint != NoConstraint:
			p.fail(p.cur().pos, "the type %q takes no further constraint", t.text)
		case s.Type.IsComplex():
			p.fail(p.cur().pos, "complex types have no constraints")
		}
		p.constraint(s)
	}
	if k.maxSizes > 0 {
		p.elementSizes(s, t.text, k)
	} else if p.cur().is("[") {
		p.fail(p.cur().pos, "found \"[\" after %q: arrays are declared as \"array[N] %s x\"", t.text, t.text)
	}
	return s
}

// elementSizes reads the sizes of vectors and matrices.
func (p *parser) elementSizes(s *TypeSpec, word string, k typeKeyword) {
	open := p.expect("[", "and a size after the type \""+word+"\"")
	s.Sizes = append(s.Sizes, p.size())
	for p.accept(",") {
		s.Sizes = append(s.Sizes, p.size())
	}
	p.expect("]", "or \",\" after a size")
	if n := len(s.Sizes); n < k.minSizes || n > k.maxSizes {
		want := [...]string{1: "one size", 2: "two sizes, rows and columns"}[k.maxSizes]
		if k.minSizes != k.maxSizes {
			want = "one or two sizes"
		}
		p.fail(open.pos, "the type %q takes %s, found %d", word, want, n)
	}
}

// size reads one size.
func (p *parser) size() Expr {
	if p.cur().is("]") || p.cur().is(",") {
		p.wrong("a size")
	}
	return p.expr()
}

// arraySpec reads array[...] and the type of the elements.
func (p *parser) arraySpec(at Pos, constrained bool) *TypeSpec {
	p.expect("[", "after \"array\"")
	dims := []Expr{p.size()}
	for p.accept(",") {
		dims = append(dims, p.size())
	}
	p.expect("]", "or \",\" after an array size")
	if !p.startsDecl() {
		p.wrong("the type of the array elements")
	}
	s := p.sizedType(constrained)
	if len(s.Dims) > 0 {
		p.fail(s.At, "found an array of arrays; write array[N, M] instead of array[N] array[M]")
	}
	s.At, s.Dims = at, dims
	s.Type = ArrayOf(s.Type, len(dims))
	return s
}

// tupleSpec reads the element types of a tuple.
func (p *parser) tupleSpec(at Pos, constrained bool) *TypeSpec {
	s := &TypeSpec{At: at, Type: Type{Kind: Tuple}}
	p.expect("(", "after \"tuple\"")
	for {
		if !p.startsDecl() {
			p.wrong("the type of a tuple element")
		}
		e := p.sizedType(constrained)
		s.Elems = append(s.Elems, e)
		s.Type.Elems = append(s.Type.Elems, e.Type)
		if !p.accept(",") {
			break
		}
	}
	p.expect(")", "or \",\" in the type of a tuple")
	if len(s.Elems) < 2 {
		p.fail(at, "a tuple has at least two elements")
	}
	return s
}

// constraint reads <lower=..., upper=...> or <offset=..., multiplier=...>.
func (p *parser) constraint(s *TypeSpec) {
	p.take()
	c := &s.Constraint
	for {
		t := p.cur()
		var slot *Expr
		kind := BoundsConstraint
		switch t.text {
		case "lower":
			slot = &c.Lower
		case "upper":
			slot = &c.Upper
		case "offset":
			slot, kind = &c.Offset, OffsetMultiplier
		case "multiplier":
			slot, kind = &c.Multiplier, OffsetMultiplier
		}
		switch {
		case slot == nil:
			p.wrong("\"lower\", \"upper\", \"offset\" or \"multiplier\"")
		case *slot != nil:
			p.fail(t.pos, "%q is given twice", t.text)
		case c.Kind != NoConstraint && c.Kind != kind:
			p.fail(t.pos, "bounds cannot be combined with offset or multiplier")
		case kind == OffsetMultiplier && s.Type.Kind == Int:
			p.fail(t.pos, "integers have no offset and no multiplier; expected \"lower\" or \"upper\"")
		}
		c.Kind = kind
		p.take()
		p.expect("=", "after \""+t.text+"\"")
		*slot = p.binary(precAdd)
		if p.accept(">") {
			return
		}
		if !p.accept(",") {
			p.wrong("\",\" or \">\" after the value of \"" + t.text + "\" (comparisons and logical operators need parentheses here)")
		}
	}
}
