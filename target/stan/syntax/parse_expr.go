package syntax

import (
	"math"
	"strconv"
	"strings"
)

// Precedence of the binary operators: operators of a higher level bind more tightly. Prefix operators lie between
// precLeftDiv and precPow, the ternary below precOr, indexing and transposition above all.
const (
	precOr = 1 + iota
	precAnd
	precEqual
	precCompare
	precAdd
	precMul
	precLeftDiv
	precPrefix
	precPow
)

// binaryOp is the operator that a token stands for, with its precedence; 0 if none.
func binaryOp(t token) (BinaryOp, int) {
	if t.kind != tokPunct {
		return 0, 0
	}
	switch t.text {
	case "||":
		return Or, precOr
	case "&&":
		return And, precAnd
	case "==":
		return Eq, precEqual
	case "!=":
		return Ne, precEqual
	case "<":
		return Lt, precCompare
	case "<=":
		return Le, precCompare
	case ">":
		return Gt, precCompare
	case ">=":
		return Ge, precCompare
	case "+":
		return Add, precAdd
	case "-":
		return Sub, precAdd
	case "*":
		return Mul, precMul
	case "/":
		return Div, precMul
	case "%":
		return Mod, precMul
	case ".*":
		return EltMul, precMul
	case "./":
		return EltDiv, precMul
	case "%/%":
		return IntDiv, precLeftDiv
	case "\\":
		return LeftDiv, precLeftDiv
	case "^":
		return Pow, precPow
	case ".^":
		return EltPow, precPow
	}
	return 0, 0
}

// made finishes a node: its position and the height of its tree.
func (p *parser) made(e Expr, pos Pos, below ...Expr) Expr {
	in := e.info()
	in.pos = pos
	for _, b := range below {
		if b != nil {
			in.depth = max(in.depth, b.info().depth)
		}
	}
	if in.depth++; in.depth > maxDepth {
		p.fail(pos, "the expression is too long: more than %d operations within each other", maxDepth)
	}
	return e
}

// expr reads a whole expression.
func (p *parser) expr() Expr {
	p.enter()
	defer p.leave()
	cond := p.binary(precOr)
	if !p.accept("?") {
		return cond
	}
	then := p.expr()
	p.expect(":", "in the conditional expression started by \"?\"")
	els := p.expr()
	return p.made(&Ternary{Cond: cond, Then: then, Else: els}, cond.Pos(), cond, then, els)
}

// binary reads operators of at least the given precedence.
func (p *parser) binary(lowest int) Expr {
	x := p.prefix()
	for {
		t := p.cur()
		op, prec := binaryOp(t)
		if prec == 0 || prec < lowest {
			return x
		}
		p.take()
		next := prec + 1
		if prec == precPow {
			next = prec
		}
		p.enter()
		y := p.binary(next)
		p.leave()
		x = p.made(&Binary{Op: op, X: x, Y: y, OpAt: t.pos}, x.Pos(), x, y)
	}
}

// prefix reads prefix operators and what they apply to.
func (p *parser) prefix() Expr {
	t := p.cur()
	var op UnaryOp
	switch {
	case t.is("-"):
		op = Neg
	case t.is("+"):
		op = Plus
	case t.is("!"):
		op = Not
	default:
		return p.postfix()
	}
	p.take()
	p.enter()
	defer p.leave()
	x := p.binary(precPow)
	return p.made(&Unary{Op: op, X: x}, t.pos, x)
}

// postfix reads a primary expression with indices, tuple fields and transpositions.
func (p *parser) postfix() Expr {
	x := p.primary()
	for {
		t := p.cur()
		switch {
		case t.is("["):
			p.take()
			ix := p.indices()
			x = p.made(&IndexExpr{X: x, Indices: ix}, x.Pos(), x)
		case t.kind == tokReal && isField(t.text):
			p.take()
			n, err := strconv.Atoi(t.text[1:])
			if err != nil || n < 1 {
				p.fail(t.pos, "the fields of a tuple are .1, .2, ...; found %q", clip(t.text))
			}
			x = p.made(&FieldExpr{X: x, Field: n}, x.Pos(), x)
		case t.is("'"):
			for p.accept("'") {
				x = p.made(&Unary{Op: Transpose, X: x}, x.Pos(), x)
			}
			if p.cur().is("[") {
				p.fail(p.cur().pos, "a transposed expression needs parentheses before it can be indexed: (x')[i]")
			}
			return x
		default:
			return x
		}
	}
}

// isField tells whether the text of a number is a dot and digits, as in x.1.
func isField(text string) bool {
	return text[0] == '.' && strings.Trim(text[1:], "0123456789") == ""
}

// indices reads a list of indices and the closing bracket.
func (p *parser) indices() []Index {
	var out []Index
	for {
		ix := Index{At: p.cur().pos}
		last := func() bool { return p.cur().is(",") || p.cur().is("]") }
		switch {
		case last():
			ix.Kind = IndexAll
		case p.accept(":"):
			ix.Kind = IndexAll
			if !last() {
				ix.Kind, ix.Hi = IndexUpTo, p.expr()
			}
		default:
			ix.Lo = p.expr()
			if p.accept(":") {
				ix.Kind = IndexFrom
				if !last() {
					ix.Kind, ix.Hi = IndexRange, p.expr()
				}
			}
		}
		out = append(out, ix)
		if p.accept("]") {
			return out
		}
		p.expect(",", "or \"]\" after an index")
	}
}

// number turns the text of a number into a literal.
func (p *parser) number(t token) Expr {
	text := strings.ReplaceAll(t.text, "_", "")
	switch t.kind {
	case tokInt:
		v, err := strconv.Atoi(text)
		if err != nil || v > math.MaxInt32 {
			p.fail(t.pos, "the integer %s is too large: integers go up to %d; write it with a decimal point to make it a real",
				clip(t.text), math.MaxInt32)
		}
		return p.made(&IntLit{Value: v}, t.pos)
	case tokImag:
		v, _ := strconv.ParseFloat(strings.TrimSuffix(text, "i"), 64)
		return p.made(&ImagLit{Value: v, Text: t.text}, t.pos)
	}
	v, _ := strconv.ParseFloat(text, 64) // beyond the range of float64: infinite or zero, as in C++
	return p.made(&RealLit{Value: v, Text: t.text}, t.pos)
}
