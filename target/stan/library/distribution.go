package library

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// Distribution is a probability distribution of the language: what its functions are. It is a *Univariate or a
// *Multivariate.
type Distribution interface {
	name() string
	functions() []*Function
}

// Arg is an argument of a distribution of scalars.
type Arg struct {
	Name string // as in error messages: "Scale parameter"
	Int  bool   // takes ints only
	Rule *rule  // what its values must fulfil
}

// Univariate is a distribution of scalars, vectorised over all its arguments. Every argument is a scalar or a
// container (vector, row vector, array); containers have one size, which is the number of elements.
type Univariate struct {
	Name string
	// Args are the variate and the parameters. The variate of a distribution over the integers is Int.
	Args []Arg
	// Support, where set, takes the place of the rule of the variate in the distribution functions.
	Support *rule
	// Check, where set, checks what concerns several arguments; the variate x[0] is nil for _rng.
	Check func(b *builder, x []vec)
	// LogDensity adds the terms of the log density.
	LogDensity func(b *builder, x []vec)
	// LCDF and LCCDF are log P(Y <= y) and log P(Y > y) for one element; nil where Stan has none.
	LCDF, LCCDF func(c *Context, x []tape.Num) tape.Num
	// NoCDF leaves out _cdf, which Stan lacks for some.
	NoCDF bool
	// Random draws one number given the parameters; nil where there is no _rng.
	Random func(r *rand.Rand, params []float64) float64
}

func (u *Univariate) name() string { return u.Name }

// functions lists the functions of the distribution.
func (u *Univariate) functions() []*Function {
	args := make([]string, len(u.Args))
	for i, a := range u.Args {
		args[i] = "reals"
		if a.Int {
			args[i] = "ints"
		}
	}
	density := sigs(strings.Join(args, ", ") + " => real")
	kind := "df"
	if u.Args[0].Int {
		kind = "mf"
	}
	fs := []*Function{
		{u.Name + "_lp" + kind, density, u.density("_lp"+kind, false)},
		{u.Name + "_lup" + kind, density, u.density("_lp"+kind, true)},
	}
	if u.LCDF != nil {
		if !u.NoCDF {
			fs = append(fs, &Function{u.Name + "_cdf", density, u.cumulative("_cdf", u.LCDF)})
		}
		fs = append(fs,
			&Function{u.Name + "_lcdf", density, u.cumulative("_lcdf", u.LCDF)},
			&Function{u.Name + "_lccdf", density, u.cumulative("_lccdf", u.LCCDF)})
	}
	if u.Random != nil {
		result := "reals"
		if u.Args[0].Int {
			result = "ints"
		}
		s := sigs(strings.Join(args[1:], ", ") + " => " + result)
		fs = append(fs, &Function{u.Name + "_rng", s, u.random})
	}
	return fs
}

// prepare reads and checks arguments.
func (u *Univariate) prepare(b *builder, specs []Arg, args []Value) []vec {
	b.n = 1
	first := -1 // the first container
	for i, a := range args {
		if a.IsScalar() {
			continue
		}
		if first >= 0 && a.Len() != b.n {
			b.failf("%s has size = %d, but %s has size %d; and they must be the same size.",
				specs[first].Name, b.n, specs[i].Name, a.Len())
			return nil
		}
		if first < 0 {
			first, b.n = i, a.Len()
		}
	}
	x := make([]vec, len(args))
	for i, a := range args {
		x[i] = b.vec(a)
		if specs[i].Rule != nil {
			b.fail(b.check(b.function, specs[i].Name, specs[i].Rule, x[i], !a.IsScalar()))
		}
	}
	if u.Check != nil && b.err == nil {
		all := make([]vec, len(u.Args))
		copy(all[len(all)-len(x):], x)
		u.Check(b, all)
	}
	return x
}

func (u *Univariate) density(suffix string, unnormalised bool) func(*Context, []Value) (Value, error) {
	function := u.Name + suffix
	return func(c *Context, args []Value) (Value, error) {
		c.scratch = c.scratch[:0]
		b := &builder{Context: c, function: function, drop: unnormalised && c.Propto}
		x := u.prepare(b, u.Args, args)
		if b.err != nil || b.n == 0 || b.drop && allConst(args) {
			return Real(0), b.err
		}
		u.LogDensity(b, x)
		return Scalar(b.total()), b.err
	}
}

func (u *Univariate) cumulative(suffix string, f func(*Context, []tape.Num) tape.Num) func(*Context, []Value) (Value, error) {
	function := u.Name + suffix
	specs := append([]Arg(nil), u.Args...)
	if u.Support != nil {
		specs[0].Rule = u.Support
	}
	return func(c *Context, args []Value) (Value, error) {
		c.scratch = c.scratch[:0]
		b := &builder{Context: c, function: function}
		x := u.prepare(b, specs, args)
		if b.err == nil && b.n > 0 {
			terms := b.each(func(x []tape.Num) tape.Num { return f(c, x) }, x...)
			b.plus(terms)
		}
		total := b.total()
		if suffix == "_cdf" {
			total = c.exp(total)
		}
		return Scalar(total), b.err
	}
}

func (u *Univariate) random(c *Context, args []Value) (Value, error) {
	c.scratch = c.scratch[:0]
	b := &builder{Context: c, function: u.Name + "_rng"}
	x := u.prepare(b, u.Args[1:], args)
	if b.err == nil && c.RNG == nil {
		b.failf("random numbers can only be drawn in transformed data and generated quantities")
	}
	if b.err != nil {
		return Value{}, b.err
	}
	kind := syntax.Real
	if u.Args[0].Int {
		kind = syntax.Int
	}
	scalars := true
	for _, a := range args {
		scalars = scalars && a.IsScalar()
	}
	out := New(syntax.TypeOf(kind))
	if !scalars {
		out = New(syntax.ArrayOf(syntax.TypeOf(kind), 1), b.n)
	}
	params := make([]float64, len(x))
	for i := range out.Data {
		for k := range x {
			params[k] = at(x[k], i).V
		}
		out.Data[i] = u.Random(c.RNG, params)
	}
	return out, nil
}

// Multivariate is a distribution whose variate or parameters are vectors or matrices, or that is not vectorised.
type Multivariate struct {
	Name     string
	Discrete bool // _lpmf instead of _lpdf
	// Signatures are those of the density, without the result.
	Signatures []string
	// LogDensity checks the arguments and adds the terms of the log density; errors go to b.fail.
	LogDensity func(b *builder, args []Value)
	// Random draws; nil where there is no _rng. RandomSignatures are complete.
	RandomSignatures []string
	Random           func(b *builder, args []Value) Value
}

func (m *Multivariate) name() string { return m.Name }

func (m *Multivariate) functions() []*Function {
	kind := "df"
	if m.Discrete {
		kind = "mf"
	}
	lines := make([]string, len(m.Signatures))
	for i, s := range m.Signatures {
		lines[i] = s + " => real"
	}
	s := sigs(lines...)
	density := func(unnormalised bool) func(*Context, []Value) (Value, error) {
		return func(c *Context, args []Value) (Value, error) {
			c.scratch = c.scratch[:0]
			b := &builder{Context: c, function: m.Name + "_lp" + kind, n: 1, drop: unnormalised && c.Propto}
			m.LogDensity(b, args)
			if b.err != nil || b.drop && allConst(args) {
				return Real(0), b.err
			}
			return Scalar(b.total()), nil
		}
	}
	fs := []*Function{
		{m.Name + "_lp" + kind, s, density(false)},
		{m.Name + "_lup" + kind, s, density(true)},
	}
	if m.Random == nil {
		return fs
	}
	return append(fs, &Function{m.Name + "_rng", sigs(m.RandomSignatures...), func(c *Context, args []Value) (Value, error) {
		c.scratch = c.scratch[:0]
		b := &builder{Context: c, function: m.Name + "_rng", n: 1}
		if c.RNG == nil {
			return Value{}, fmt.Errorf("%s: random numbers can only be drawn in transformed data and generated quantities", b.function)
		}
		v := m.Random(b, args)
		return v, b.err
	}})
}

func allConst(args []Value) bool {
	for _, a := range args {
		if !a.IsConst() {
			return false
		}
	}
	return true
}
