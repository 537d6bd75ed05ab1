package library

import (
	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// unarySignature is f(T) => T for scalars, vectors, matrices and arrays of them, with int made real.
var unarySignature = []syntax.Signature{{
	Args: []syntax.Type{syntax.TypeOf(syntax.Each)}, Result: syntax.TypeOf(syntax.Each), Text: "(T) => T",
	Match: func(given []syntax.Type) ([]syntax.Type, syntax.Type, bool) {
		if len(given) != 1 || !numeric(given[0]) {
			return nil, syntax.Type{}, false
		}
		t := toReal(given[0])
		return []syntax.Type{t}, t, true
	},
}}

// numeric tells whether the elements of t are real numbers.
func numeric(t syntax.Type) bool {
	switch t.Kind {
	case syntax.Int, syntax.Real, syntax.Vector, syntax.RowVector, syntax.Matrix:
		return true
	}
	return false
}

// unary is a function of one argument that acts on every number.
func unary(name string, f func(c *Context, x tape.Num) tape.Num) *Function {
	return &Function{Name: name, Signatures: unarySignature, Eval: func(c *Context, args []Value) (Value, error) {
		return mapValue(args[0], func(x tape.Num) tape.Num { return f(c, x) }), nil
	}}
}

// mapValue applies f to every number; ints become reals.
func mapValue(v Value, f func(x tape.Num) tape.Num) Value {
	out := New(toReal(v.Type), v.Dims...)
	for i := range out.Data {
		out.Set(i, f(v.At(i)))
	}
	return out
}

// operations are the elementwise functions that are one operation of the tape.
var operations = []struct {
	name string
	op   tape.Op
}{
	{"Phi", tape.Phi}, {"acos", tape.Acos}, {"acosh", tape.Acosh}, {"asin", tape.Asin}, {"asinh", tape.Asinh},
	{"atan", tape.Atan}, {"atanh", tape.Atanh}, {"cbrt", tape.Cbrt}, {"ceil", tape.Ceil}, {"cos", tape.Cos},
	{"cosh", tape.Cosh}, {"digamma", tape.Digamma}, {"erf", tape.Erf}, {"erfc", tape.Erfc}, {"exp", tape.Exp},
	{"expm1", tape.Expm1}, {"floor", tape.Floor}, {"inv", tape.Inv}, {"inv_Phi", tape.InvPhi},
	{"inv_logit", tape.InvLogit}, {"lgamma", tape.Lgamma}, {"log1m", tape.Log1m},
	{"log1m_exp", tape.Log1mExp}, {"log1p", tape.Log1p}, {"log1p_exp", tape.Log1pExp}, {"log", tape.Log},
	{"logit", tape.Logit}, {"round", tape.Round}, {"sin", tape.Sin}, {"sinh", tape.Sinh}, {"sqrt", tape.Sqrt},
	{"square", tape.Square}, {"std_normal_qf", tape.InvPhi}, {"tan", tape.Tan}, {"tanh", tape.Tanh},
	{"trigamma", tape.Trigamma}, {"trunc", tape.Trunc},
}

// elementwise lists the functions that act on every number of their argument.
func elementwise() []*Function {
	fs := []*Function{
		absolute(),
		unary("Phi_approx", phiApprox),
		unary("exp2", func(c *Context, x tape.Num) tape.Num { return c.op2(tape.Pow, num(2), x) }),
		unary("inv_cloglog", func(c *Context, x tape.Num) tape.Num { return c.neg(c.expm1(c.neg(c.exp(x)))) }),
		unary("inv_sqrt", func(c *Context, x tape.Num) tape.Num { return c.inv(c.sqrt(x)) }),
		unary("inv_square", func(c *Context, x tape.Num) tape.Num { return c.inv(c.square(x)) }),
		unary("log_inv_logit", logInvLogit),
		unary("log1m_inv_logit", func(c *Context, x tape.Num) tape.Num { return c.neg(c.log1pExp(x)) }),
		unary("tgamma", gammaFunction),
		orConstant(unary("log10", logBase(ln10)), 1/log10E),
		orConstant(unary("log2", logBase(ln2)), ln2),
	}
	for _, o := range operations {
		op := o.op
		fs = append(fs, unary(o.name, func(c *Context, x tape.Num) tape.Num { return c.op1(op, x) }))
	}
	return fs
}

const (
	ln2    = 0.693147180559945309417232121458176568075500134360255254120680009
	ln10   = 2.302585092994045684017991454684364207601101488628772976033327900
	log10E = 1 / ln10
)

// orConstant adds the form without arguments, a constant.
func orConstant(f *Function, v float64) *Function {
	eval := f.Eval
	return &Function{f.Name, append(sigs("=> real"), f.Signatures...), func(c *Context, args []Value) (Value, error) {
		if len(args) == 0 {
			return Real(v), nil
		}
		return eval(c, args)
	}}
}

// absolute is abs, which keeps ints.
func absolute() *Function {
	f := unary("abs", (*Context).abs)
	eval := f.Eval
	f.Signatures = []syntax.Signature{{Text: "(T) => T", Args: unarySignature[0].Args, Result: unarySignature[0].Result,
		Match: func(given []syntax.Type) ([]syntax.Type, syntax.Type, bool) {
			ok := len(given) == 1 && numeric(given[0])
			if !ok {
				return nil, syntax.Type{}, false
			}
			return given, given[0], true
		}}}
	f.Eval = func(c *Context, args []Value) (Value, error) {
		v, err := eval(c, args)
		return v.Promote(args[0].Type), err
	}
	return f
}

func logBase(ln float64) func(c *Context, x tape.Num) tape.Num {
	return func(c *Context, x tape.Num) tape.Num { return c.div(c.log(x), num(ln)) }
}

// logInvLogit is log(1/(1+exp(-x))).
func logInvLogit(c *Context, x tape.Num) tape.Num { return c.neg(c.log1pExp(c.neg(x))) }

// phiApprox is the logistic approximation inv_logit(0.07056 x^3 + 1.5976 x) of the normal distribution function
// (Bowling et al. 2009).
func phiApprox(c *Context, x tape.Num) tape.Num {
	cube := c.mul(c.square(x), x)
	return c.invLogit(c.add(c.scale(0.07056, cube), c.scale(1.5976, x)))
}
