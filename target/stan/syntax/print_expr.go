package syntax

import (
	"strconv"
	"strings"
)

// ExprString writes an expression as Stan text, with the parentheses that it needs and no more.
func ExprString(e Expr) string {
	var b strings.Builder
	pr := printer{b: &b}
	pr.expr(e, 0)
	return b.String()
}

// printer writes trees as Stan text.
type printer struct {
	b    *strings.Builder
	full bool // parentheses around every operation
}

func precedence(op BinaryOp) int {
	switch op {
	case Or:
		return precOr
	case And:
		return precAnd
	case Eq, Ne:
		return precEqual
	case Lt, Le, Gt, Ge:
		return precCompare
	case Add, Sub:
		return precAdd
	case IntDiv, LeftDiv:
		return precLeftDiv
	case Pow, EltPow:
		return precPow
	}
	return precMul
}

// open writes a parenthesis where an operation of precedence prec stands where at least need is asked for.
func (p printer) open(prec, need int) (closing string) {
	if p.full || prec < need {
		p.b.WriteString("(")
		return ")"
	}
	return ""
}

// expr writes e where an operand of at least precedence need is expected.
func (p printer) expr(e Expr, need int) {
	b := p.b
	switch e := e.(type) {
	case nil:
	case *IntLit:
		b.WriteString(strconv.Itoa(e.Value))
	case *RealLit:
		b.WriteString(e.Text)
	case *ImagLit:
		b.WriteString(e.Text)
	case *StringLit:
		b.WriteString(`"` + e.Value + `"`)
	case *Var:
		b.WriteString(e.Name)
	case *FuncRef:
		b.WriteString(e.Name)
	case *Promote:
		p.expr(e.X, need)
	case *Unary:
		p.unary(e, need)
	case *Binary:
		prec := precedence(e.Op)
		left, right := prec, prec+1
		if prec == precPow {
			left, right = prec+1, prec
		}
		end := p.open(prec, need)
		p.expr(e.X, left)
		b.WriteString(" " + e.Op.String() + " ")
		p.expr(e.Y, right)
		b.WriteString(end)
	case *Ternary:
		end := p.open(0, need)
		p.expr(e.Cond, precOr)
		b.WriteString(" ? ")
		p.expr(e.Then, 0)
		b.WriteString(" : ")
		p.expr(e.Else, 0)
		b.WriteString(end)
	case *IndexExpr:
		p.expr(e.X, precIndex)
		p.indices(e.Indices)
	case *FieldExpr:
		p.expr(e.X, precIndex)
		b.WriteString("." + strconv.Itoa(e.Field))
	case *ArrayLit:
		p.list("{", e.Elems, "}")
	case *RowLit:
		p.list("[", e.Elems, "]")
	case *TupleLit:
		p.list("(", e.Elems, ")")
	case *Call:
		p.call(e)
	}
}

// precIndex is asked of what an index follows, precTranspose is what a transposition is.
const (
	precTranspose = precPow + 1
	precIndex     = precPow + 2
)

func (p printer) unary(e *Unary, need int) {
	if e.Op == Transpose {
		end := p.open(precTranspose, need)
		p.expr(e.X, precTranspose)
		p.b.WriteString("'" + end)
		return
	}
	end := p.open(precPrefix, need)
	p.b.WriteString(e.Op.String())
	p.expr(e.X, precPrefix)
	p.b.WriteString(end)
}

func (p printer) list(open string, elems []Expr, closing string) {
	p.b.WriteString(open)
	for i, e := range elems {
		if i > 0 {
			p.b.WriteString(", ")
		}
		p.expr(e, 0)
	}
	p.b.WriteString(closing)
}

func (p printer) call(e *Call) {
	p.b.WriteString(e.Name)
	switch {
	case e.Target:
		p.b.WriteString("()")
	case e.Bar:
		p.b.WriteString("(")
		p.expr(e.Args[0], 0)
		p.list(" | ", e.Args[1:], ")")
	default:
		p.list("(", e.Args, ")")
	}
}

func (p printer) indices(indices []Index) {
	p.b.WriteString("[")
	for i, ix := range indices {
		if i > 0 {
			p.b.WriteString(", ")
		}
		p.expr(ix.Lo, 0)
		switch ix.Kind {
		case IndexFrom, IndexUpTo, IndexRange, IndexAll:
			p.b.WriteString(":")
		}
		p.expr(ix.Hi, 0)
	}
	p.b.WriteString("]")
}
