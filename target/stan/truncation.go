package stan

import (
	"math"

	"wgf/internal/tape"
	"wgf/target/stan/library"
	"wgf/target/stan/syntax"
)

// truncation compiles T[lower, upper] of a ~ statement: no density outside the bounds, and the probability between
// them divided out,
//
//	T[l, ]  -log P(Y >= l),   T[, u]  -log P(Y <= u),   T[l, u]  -log(P(Y <= u) - P(Y < l)),
//
// where for integers P(Y < l) is the distribution function at l-1.
func (c *compiler) truncation(s *syntax.Tilde) func(*frame) {
	t, discrete := s.Trunc, s.X.Type().HasInt()
	y := c.value(s.X)
	bound := func(e syntax.Expr) numFn {
		if e == nil {
			return nil
		}
		if !scalar(e.Type()) {
			c.refuse(e.Pos(), "a bound of a truncation that is a %s is not supported by wgf", e.Type())
			return nothing
		}
		return c.num(e)
	}
	lower, upper := bound(t.Lower), bound(t.Upper)
	cdf, ccdf := c.cumulative(t.CDF, s.Args), c.cumulative(t.CCDF, s.Args)
	pos := t.At
	return func(f *frame) {
		m := f.m
		lo, hi := tape.Num{V: math.Inf(-1)}, tape.Num{V: math.Inf(1)}
		if lower != nil {
			lo = lower(f)
		}
		if upper != nil {
			hi = upper(f)
		}
		v := y(f)
		for i := range v.Data {
			x := v.At(i)
			ok := m.op2(tape.And, m.op2(tape.LE, lo, x), m.op2(tape.LE, x, hi))
			m.require(pos, rejected, ok, func() string {
				return "the value " + formatNum(x) + " is outside the truncation [" + formatNum(lo) + ", " + formatNum(hi) + "]"
			})
		}
		below := lo // P(Y < lo) is the distribution function here
		if discrete {
			below = m.op2(tape.Sub, lo, tape.Num{V: 1})
		}
		var mass tape.Num
		switch {
		case lower == nil && upper == nil:
			return
		case upper == nil:
			mass = ccdf(f, below)
		case lower == nil:
			mass = cdf(f, hi)
		default:
			mass = m.op2(tape.LogDiffExp, cdf(f, hi), cdf(f, below))
		}
		m.add(m.op2(tape.Mul, tape.Num{V: -float64(len(v.Data))}, mass))
	}
}

// cumulative compiles a distribution function of a bound, given the parameters of the distribution.
func (c *compiler) cumulative(call *syntax.Call, args []syntax.Expr) func(f *frame, bound tape.Num) tape.Num {
	if call == nil {
		return nil
	}
	params := make([]valFn, len(args))
	for i, a := range args {
		if !scalar(a.Type()) {
			c.refuse(a.Pos(), "truncation of a distribution whose parameters are not scalars is not supported by wgf")
		}
		params[i] = c.value(a)
	}
	pos := call.Pos()
	if call.Decl != nil {
		fn := c.callee(pos, call.Decl)
		return func(f *frame, bound tape.Num) tape.Num {
			cells := make([]cell, max(fn.decl.Locals, len(params)+1))
			cells[0].num = bound
			for i, p := range params {
				cells[i+1].num = p(f).At(0)
			}
			return f.invoke(fn, pos, cells, false).num
		}
	}
	fn := c.find(pos, call.Lib.Name, false)
	bt := call.Lib.Params[0]
	return func(f *frame, bound tape.Num) tape.Num {
		in := []library.Value{scalarValue(bt, bound)}
		for _, p := range params {
			in = append(in, p(f))
		}
		return f.m.call(pos, fn, in).At(0)
	}
}

// require demands a condition: a constant one now, one that depends on parameters wherever the density is evaluated.
func (m *machine) require(pos syntax.Pos, kind failKind, ok tape.Num, msg func() string) {
	if ok.Ref == 0 {
		if ok.V == 0 {
			fail(kind, pos, "%s", msg())
		}
		return
	}
	m.ctx.T.Guard(ok, "") // Explain says why, over constants
}
