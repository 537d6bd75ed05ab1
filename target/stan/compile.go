package stan

import (
	"wgf/internal/tape"
	"wgf/target/stan/library"
	"wgf/target/stan/syntax"
)

// The checked tree is compiled to Go closures once; every run then calls these. Variables are found by slot, and
// scalars pass as numbers, so that a loop over data costs no look-up and no allocation of its own.
type (
	numFn  func(f *frame) tape.Num
	valFn  func(f *frame) library.Value
	stmtFn func(f *frame) signal
)

// compiler turns the tree of a program into closures.
type compiler struct {
	lib   *library.Table
	funcs map[*syntax.FuncDecl]*function
	errs  syntax.Errors
	// inFunc is the user function being compiled, nil inside blocks.
	inFunc *function
}

// refuse records that something valid in the language is not supported.
func (c *compiler) refuse(pos syntax.Pos, format string, args ...any) {
	c.errs = append(c.errs, syntax.Errorf(pos, format, args...))
}

// supported refuses types that have no values here.
func (c *compiler) supported(pos syntax.Pos, t syntax.Type) bool {
	switch {
	case t.IsComplex():
		c.refuse(pos, "complex numbers (%s) are part of Stan but not supported by wgf", t)
	case t.Kind == syntax.Tuple:
		c.refuse(pos, "tuples (%s) are part of Stan but not supported by wgf", t)
	default:
		return true
	}
	return false
}

// scalar tells whether values of a type pass as a tape.Num.
func scalar(t syntax.Type) bool {
	return t.ArrayDims == 0 && (t.Kind == syntax.Int || t.Kind == syntax.Real)
}

// num compiles a scalar expression.
func (c *compiler) num(e syntax.Expr) numFn {
	if !c.supported(e.Pos(), e.Type()) {
		return nothing
	}
	switch e := e.(type) {
	case *syntax.IntLit:
		return constant(float64(e.Value))
	case *syntax.RealLit:
		return constant(e.Value)
	case *syntax.Var:
		slot := e.Sym.Slot
		if e.Sym.Global {
			return func(f *frame) tape.Num { return f.m.globals[slot].num }
		}
		return func(f *frame) tape.Num { return f.cells[slot].num }
	case *syntax.Unary:
		return c.unaryNum(e)
	case *syntax.Binary:
		if scalar(e.X.Type()) && scalar(e.Y.Type()) {
			return c.binaryNum(e)
		}
		return unwrap(c.binaryValue(e))
	case *syntax.Ternary:
		return c.ternaryNum(e)
	case *syntax.IndexExpr:
		return c.indexNum(e)
	case *syntax.Promote:
		return c.num(e.X)
	case *syntax.Call:
		return c.callNum(e)
	}
	c.refuse(e.Pos(), "this expression is part of Stan but not supported by wgf")
	return nothing
}

func nothing(*frame) tape.Num { return tape.Num{} }

func noValue(*frame) library.Value { return library.Real(0) }

func constant(v float64) numFn {
	n := tape.Num{V: v}
	return func(*frame) tape.Num { return n }
}

// unwrap takes the number out of a scalar value.
func unwrap(v valFn) numFn { return func(f *frame) tape.Num { return v(f).At(0) } }

// wrap makes a scalar value of a number.
func wrap(t syntax.Type, n numFn) valFn {
	return func(f *frame) library.Value { return scalarValue(t, n(f)) }
}

func scalarValue(t syntax.Type, x tape.Num) library.Value {
	v := library.Value{Type: t, Data: []float64{x.V}}
	if x.Ref != 0 {
		v.Refs = []tape.Ref{x.Ref}
	}
	return v
}

// value compiles any expression. The value may share storage with a variable: whoever stores it copies.
func (c *compiler) value(e syntax.Expr) valFn {
	if !c.supported(e.Pos(), e.Type()) {
		return noValue
	}
	if scalar(e.Type()) {
		return wrap(e.Type(), c.num(e))
	}
	switch e := e.(type) {
	case *syntax.Var:
		slot := e.Sym.Slot
		if e.Sym.Global {
			return func(f *frame) library.Value { return f.m.globals[slot].val }
		}
		return func(f *frame) library.Value { return f.cells[slot].val }
	case *syntax.Unary:
		return c.unaryValue(e)
	case *syntax.Binary:
		return c.binaryValue(e)
	case *syntax.Ternary:
		return c.ternaryValue(e)
	case *syntax.IndexExpr:
		return c.indexValue(e)
	case *syntax.ArrayLit:
		return c.literal(e.Type(), e.Elems)
	case *syntax.RowLit:
		return c.literal(e.Type(), e.Elems)
	case *syntax.Promote:
		x, t := c.value(e.X), e.Type()
		return func(f *frame) library.Value { return x(f).Promote(t) }
	case *syntax.Call:
		return c.callValue(e)
	}
	c.refuse(e.Pos(), "this expression is part of Stan but not supported by wgf")
	return noValue
}

// literal compiles {a, b} and [a, b].
func (c *compiler) literal(t syntax.Type, elems []syntax.Expr) valFn {
	if len(elems) == 0 || scalar(elems[0].Type()) {
		nums := make([]numFn, len(elems))
		for i, e := range elems {
			nums[i] = c.num(e)
		}
		return func(f *frame) library.Value {
			dims := make([]int, t.Dims())
			dims[0] = len(nums)
			v := library.New(t, dims...)
			for i, n := range nums {
				v.Set(i, n(f))
			}
			return v
		}
	}
	vals := make([]valFn, len(elems))
	for i, e := range elems {
		vals[i] = c.value(e)
	}
	return func(f *frame) library.Value {
		var out library.Value
		at := 0
		for i, fn := range vals {
			v := fn(f)
			if i == 0 {
				out = library.New(t, append([]int{len(vals)}, v.Dims...)...)
			} else if !sameDims(v.Dims, out.Dims[1:]) {
				fail(broken, elems[i].Pos(), "element %d of this list has size %s, the first has size %s",
					i+1, dimsText(v.Dims), dimsText(out.Dims[1:]))
			}
			store(&out, at, v)
			at += len(v.Data)
		}
		return out
	}
}

// store copies all numbers of v into dst from place at on.
func store(dst *library.Value, at int, v library.Value) {
	copy(dst.Data[at:], v.Data)
	if v.Refs != nil && dst.Refs == nil {
		dst.Refs = make([]tape.Ref, len(dst.Data))
	}
	if dst.Refs != nil {
		if v.Refs != nil {
			copy(dst.Refs[at:], v.Refs)
		} else {
			clear(dst.Refs[at : at+len(v.Data)])
		}
	}
}

func sameDims(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
