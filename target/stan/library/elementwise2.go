package library

import (
	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// binarySignature is f(T, T) => T, either argument possibly a scalar, with int made real.
var binarySignature = []syntax.Signature{{
	Args: []syntax.Type{syntax.TypeOf(syntax.Each), syntax.TypeOf(syntax.Each)}, Result: syntax.TypeOf(syntax.Each),
	Text: "(T, T) => T",
	Match: func(given []syntax.Type) ([]syntax.Type, syntax.Type, bool) {
		if len(given) != 2 || !numeric(given[0]) || !numeric(given[1]) {
			return nil, syntax.Type{}, false
		}
		a, b := toReal(given[0]), toReal(given[1])
		switch {
		case b.Scalar(), a.Equal(b):
			return []syntax.Type{a, b}, a, true
		case a.Scalar():
			return []syntax.Type{a, b}, b, true
		}
		return nil, syntax.Type{}, false
	},
}}

// binary is a function of two arguments that acts on pairs of numbers.
func binary(name string, f func(c *Context, x, y tape.Num) tape.Num) *Function {
	return &Function{Name: name, Signatures: binarySignature, Eval: func(c *Context, args []Value) (Value, error) {
		return zip(name, args[0], args[1], func(x, y tape.Num) tape.Num { return f(c, x, y) })
	}}
}

// zip applies f to pairs of numbers; a scalar pairs with every number of the other argument.
func zip(name string, a, b Value, f func(x, y tape.Num) tape.Num) (Value, error) {
	like := a
	switch {
	case a.IsScalar():
		like = b
	case b.IsScalar():
	case a.Len() != b.Len() || len(a.Dims) == len(b.Dims) && !SameDims(a, b):
		return Value{}, sizeMismatch(name, "Size of first argument", a.Len(), "Size of second argument", b.Len())
	case a.Type.Kind == syntax.Int:
		like = b
	}
	out := New(toReal(like.Type), like.Dims...)
	for i := range out.Data {
		x, y := a.At(0), b.At(0)
		if !a.IsScalar() {
			x = a.At(i)
		}
		if !b.IsScalar() {
			y = b.At(i)
		}
		out.Set(i, f(x, y))
	}
	return out, nil
}

// withInts is f(T, ints) (or f(ints, T) where intFirst): the second argument a scalar or an array of ints with as many
// indices as the first. Where both are ints the result is of ints if keepInts.
func withInts(name string, intFirst, keepInts bool, f func(c *Context, x, n tape.Num) tape.Num) *Function {
	text := "(T, ints) => T"
	if intFirst {
		text = "(ints, T) => T"
	}
	match := func(given []syntax.Type) ([]syntax.Type, syntax.Type, bool) {
		if len(given) != 2 || !numeric(given[0]) || !numeric(given[1]) {
			return nil, syntax.Type{}, false
		}
		x, n := given[0], given[1]
		if intFirst {
			x, n = n, x
		}
		if n.Kind != syntax.Int || !n.Scalar() && !x.Scalar() && x.Dims() != n.Dims() {
			return nil, syntax.Type{}, false
		}
		if !keepInts {
			x = toReal(x)
		}
		params, result := []syntax.Type{x, n}, x
		if x.Scalar() && !n.Scalar() {
			result = n
			result.Kind = x.Kind
		}
		if intFirst {
			params[0], params[1] = n, x
		}
		return params, result, true
	}
	each := syntax.TypeOf(syntax.Each)
	s := syntax.Signature{Args: []syntax.Type{each, each}, Result: each, Text: text, Match: match}
	return &Function{name, []syntax.Signature{s}, func(c *Context, args []Value) (Value, error) {
		x, n := args[0], args[1]
		if intFirst {
			x, n = n, x
		}
		out, err := zip(name, x, n, func(x, n tape.Num) tape.Num { return f(c, x, n) })
		if err == nil {
			_, result, _ := match([]syntax.Type{args[0].Type, args[1].Type})
			out = out.Promote(result)
		}
		return out, err
	}}
}

func elementwise2() []*Function {
	op := func(name string, op tape.Op) *Function {
		return binary(name, func(c *Context, x, y tape.Num) tape.Num { return c.op2(op, x, y) })
	}
	return []*Function{
		op("atan2", tape.Atan2), op("fmod", tape.Fmod), op("hypot", tape.Hypot), op("pow", tape.Pow),
		op("log_diff_exp", tape.LogDiffExp), op("fmax", tape.Max), op("fmin", tape.Min),
		binary("beta", func(c *Context, x, y tape.Num) tape.Num { return c.exp(c.lbeta(x, y)) }),
		binary("fdim", func(c *Context, x, y tape.Num) tape.Num {
			return c.choose(c.less(y, x), func() tape.Num { return c.sub(x, y) }, func() tape.Num { return num(0) })
		}),
		binary("lbeta", (*Context).lbeta),
		binary("lchoose", (*Context).lchoose),
		binary("lmultiply", (*Context).mulLog),
		binary("log_inv_logit_diff", func(c *Context, x, y tape.Num) tape.Num {
			// log(1 - exp(y-x)) + log inv_logit(x) + log(1 - inv_logit(y)), whose terms are all negative
			return c.sub(c.sub(c.log1mExp(c.sub(y, x)), c.log1pExp(c.neg(x))), c.log1pExp(y))
		}),
		binary("log_falling_factorial", func(c *Context, x, n tape.Num) tape.Num {
			x1 := c.add(x, num(1))
			return c.sub(c.lgamma(x1), c.lgamma(c.sub(x1, n)))
		}),
		binary("log_rising_factorial", func(c *Context, x, n tape.Num) tape.Num {
			return c.sub(c.lgamma(c.add(x, n)), c.lgamma(x))
		}),
		binary("gamma_p", func(c *Context, a, x tape.Num) tape.Num { return c.call(gammaP, a, x) }),
		binary("gamma_q", func(c *Context, a, x tape.Num) tape.Num { return c.call(gammaQ, a, x) }),
		withInts("ldexp", false, false, func(c *Context, x, n tape.Num) tape.Num {
			return c.mul(x, c.op2(tape.Pow, num(2), n))
		}),
		withInts("falling_factorial", false, true, func(c *Context, x, n tape.Num) tape.Num { return fallingFactorial(c, x, n, -1) }),
		withInts("rising_factorial", false, true, func(c *Context, x, n tape.Num) tape.Num { return fallingFactorial(c, x, n, 1) }),
		withInts("lmgamma", true, false, lmgamma),
		chooseFunction(),
	}
}
