package syntax

import "strings"

// String writes the type as it is declared, such as "array[J] real<lower=0>", "simplex[K]" or "vector[N]".
func (s *TypeSpec) String() string {
	var b strings.Builder
	p := printer{b: &b}
	if len(s.Dims) > 0 {
		p.list("array[", s.Dims, "] ")
	}
	if s.Type.Kind == Tuple {
		b.WriteString("tuple(")
		for i, e := range s.Elems {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(e.String())
		}
		b.WriteString(")")
		return b.String()
	}
	if name := s.Constraint.Kind.TypeName(); name != "" {
		b.WriteString(name)
	} else {
		b.WriteString(s.Type.Kind.String())
	}
	b.WriteString(s.Constraint.String())
	if len(s.Sizes) > 0 {
		p.list("[", s.Sizes, "]")
	}
	return b.String()
}

// String writes the part of a constraint that stands in angle brackets, such as "<lower=0, upper=1>"; "" where the
// constraint has none.
func (c *Constraint) String() string {
	var b strings.Builder
	p := printer{b: &b}
	for _, part := range []struct {
		name string
		x    Expr
	}{{"lower", c.Lower}, {"upper", c.Upper}, {"offset", c.Offset}, {"multiplier", c.Multiplier}} {
		if part.x == nil {
			continue
		}
		if b.Len() == 0 {
			b.WriteString("<")
		} else {
			b.WriteString(", ")
		}
		b.WriteString(part.name + "=")
		p.expr(part.x, precAdd)
	}
	if b.Len() > 0 {
		b.WriteString(">")
	}
	return b.String()
}

// String writes the declaration without its value, such as "array[J] real<lower=0> tau".
func (d *VarDecl) String() string { return d.Spec.String() + " " + d.Name }

// String writes the head of a function, such as "real f(vector x, data real y)".
func (f *FuncDecl) String() string {
	var b strings.Builder
	b.WriteString(f.Result.String() + " " + f.Name + "(")
	for i, p := range f.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		if p.DataOnly {
			b.WriteString("data ")
		}
		b.WriteString(p.Type.String() + " " + p.Name)
	}
	b.WriteString(")")
	return b.String()
}
