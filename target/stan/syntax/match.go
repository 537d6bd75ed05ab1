package syntax

import (
	"fmt"
	"strings"
)

// matched is a signature that fits the arguments of a call.
type matched struct {
	params []Type
	result Type
	cost   int
}

// matchSignature fits a library signature to argument types.
func matchSignature(s *Signature, args []Type) (matched, bool) {
	if s.Match != nil {
		params, result, ok := s.Match(args)
		if !ok || len(params) != len(args) {
			return matched{}, false
		}
		m := matched{params: params, result: result}
		for i := range args {
			n, ok := promotion(args[i], params[i])
			if !ok {
				return matched{}, false
			}
			m.cost += n
		}
		return m, true
	}
	if len(s.Args) != len(args) {
		return matched{}, false
	}
	m := matched{params: make([]Type, len(args))}
	b := bindings{scalars: true}
	for i := range args {
		p, cost, ok := b.argument(s.Args[i], args[i])
		if !ok {
			return matched{}, false
		}
		m.params[i] = p
		m.cost += cost
	}
	var ok bool
	m.result, ok = b.result(s.Result)
	return m, ok
}

// bindings is what the patterns of a signature stand for in one call.
type bindings struct {
	scalars bool // every argument that matched Reals or Ints was a scalar
	each    Type // common type of the Each arguments, scalars spread; Invalid: none yet
	any     Type // what the first Any stands for
}

// argument fits one argument and returns the type that it is promoted to.
func (b *bindings) argument(want, got Type) (Type, int, bool) {
	if got.Kind == Invalid || got.Kind == Void {
		return got, 0, false
	}
	switch want.Kind {
	case Reals:
		ok := got.ArrayDims == 0 && (got.Kind == Vector || got.Kind == RowVector) ||
			got.ArrayDims <= 1 && (got.Kind == Int || got.Kind == Real)
		b.scalars = b.scalars && got.Scalar()
		t, cost := overReals(got)
		return t, cost, ok
	case Ints:
		b.scalars = b.scalars && got.Scalar()
		return got, 0, got.Kind == Int && got.ArrayDims <= 1
	case Vectors:
		return got, 0, got.ArrayDims <= 1 && (got.Kind == Vector || got.Kind == RowVector)
	case Each:
		t, cost := overReals(got)
		return t, cost, b.bindEach(t)
	case Any:
		if got.Kind == Func || got.ArrayDims < want.ArrayDims {
			return got, 0, false
		}
		if b.any.Kind == Invalid {
			b.any = got
			b.any.ArrayDims -= want.ArrayDims
		}
		return got, 0, true
	case Func:
		if got.Kind != Func || got.Func == nil {
			return got, 0, false
		}
		return got, 0, want.Func == nil || want.Func.accepts(got.Func)
	}
	cost, ok := promotion(got, want)
	return want, cost, ok
}

// bindEach enters an elementwise argument: a scalar, or a container of the same type as the others.
func (b *bindings) bindEach(t Type) bool {
	switch t.Kind {
	case Real, Vector, RowVector, Matrix:
	default:
		return false
	}
	if b.each.Kind == Invalid || b.each.Scalar() {
		b.each = t
		return true
	}
	return t.Scalar() || t.Equal(b.each)
}

// overReals replaces int by real; the cost is that of the promotion.
func overReals(t Type) (Type, int) {
	if t.Kind == Int {
		t.Kind = Real
		return t, 1
	}
	return t, 0
}

// result replaces the pattern of a result by what it stands for.
func (b *bindings) result(t Type) (Type, bool) {
	dims := t.ArrayDims
	switch t.Kind {
	case Reals, Ints:
		k := Real
		if t.Kind == Ints {
			k = Int
		}
		if b.scalars {
			return TypeOf(k), true
		}
		return ArrayOf(TypeOf(k), 1), true
	case Each:
		t = b.each
	case Any:
		t = b.any
	default:
		return t, true
	}
	t.ArrayDims += dims
	return t, t.Kind != Invalid
}

// accepts tells whether function g can be passed where f is expected: the same types, and data only where f is.
func (f *FuncType) accepts(g *FuncType) bool {
	if !f.equal(g) {
		return false
	}
	for i, only := range g.DataOnly {
		if only && (i >= len(f.DataOnly) || !f.DataOnly[i]) {
			return false
		}
	}
	return true
}

// misfit says why a signature does not fit, in one line.
func misfit(s *Signature, args []Type) string {
	if s.Match != nil {
		return ""
	}
	if len(s.Args) != len(args) {
		return fmt.Sprintf("expected %d %s, found %d", len(s.Args), plural("argument", len(s.Args)), len(args))
	}
	b := bindings{scalars: true}
	for i := range args {
		if _, _, ok := b.argument(s.Args[i], args[i]); !ok {
			return fmt.Sprintf("argument %d must be %s, found %s", i+1, s.Args[i], args[i])
		}
	}
	return ""
}

func plural(word string, n int) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// available lists signatures for an error message, the most promising first.
func available(sigs []Signature, args []Type) string {
	const most = 5
	var b strings.Builder
	shown := 0
	for _, sameCount := range []bool{true, false} {
		for i := range sigs {
			s := &sigs[i]
			if (s.Match != nil || len(s.Args) == len(args)) != sameCount {
				continue
			}
			if shown++; shown > most {
				continue
			}
			fmt.Fprintf(&b, "\n  %s", s)
			if why := misfit(s, args); why != "" {
				fmt.Fprintf(&b, "\n    %s", why)
			}
		}
	}
	if shown > most {
		fmt.Fprintf(&b, "\n  and %d more", shown-most)
	}
	return b.String()
}
