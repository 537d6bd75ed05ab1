package tape

import (
	"fmt"
	"strings"
)

// dump renders the steps of a program.
func dump(p *Program) string {
	var b strings.Builder
	show := func(o operand) string {
		switch o.kind {
		case isRows:
			o = p.rolled.root(o)
			s := fmt.Sprintf("A%d[%d", o.array, o.row)
			if o.stride == 1 {
				s += ":"
			}
			return s + fmt.Sprintf("]@%d", p.layout.base[o.array]+o.row)
		case isConst:
			return fmt.Sprintf("%.4g/%d", p.rolled.consts[o.row], o.stride)
		}
		return ""
	}
	for i, s := range p.rolled.steps {
		name := [...]string{"", "sum", "dot", "gather", "product", "call", "partial"}[s.form]
		if s.form == formOp {
			name = s.op.String()
		}
		fmt.Fprintf(&b, "%3d %-8s n=%d add=%v %s <-", i, name, s.n, s.add, show(s.dst))
		for _, a := range s.args {
			b.WriteString(" " + show(a))
		}
		for _, q := range s.places {
			q = p.rolled.resolve(q)
			fmt.Fprintf(&b, " %d.%d", q.array, q.row)
		}
		if s.matrix != nil {
			fmt.Fprintf(&b, " %dx%d", s.matrix.rows, s.matrix.cols)
		}
		b.WriteString("\n")
	}
	for i, o := range p.rolled.outs {
		if o.Ref == 0 {
			fmt.Fprintf(&b, "out %d = %g\n", i, o.V)
		} else {
			q := p.rolled.resolve(p.rolled.places[i])
			fmt.Fprintf(&b, "out %d = A%d[%d]@%d\n", i, q.array, q.row, p.layout.base[q.array]+q.row)
		}
	}
	return b.String()
}
