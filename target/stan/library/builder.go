package library

import (
	"fmt"
	"math"

	"wgf/internal/tape"
)

// vec is an argument or an intermediate result of a vectorised density: one number for each element, or a single
// number that all elements share.
type vec []tape.Num

// builder adds up the log density of all elements of a vectorised distribution.
//
// A density is written as a sum of terms (plus, minus, plusProduct, constant). A term whose inputs are all constant
// is dropped where constants do not matter: the rule by which Stan's `~` drops terms. A shared term is computed once
// and multiplied by the number of elements; in a product of a shared factor with one that varies, the shared one is
// pulled out of the sum, so that data collapse into sufficient statistics.
type builder struct {
	*Context
	function string // full name, for errors
	drop     bool   // leave out constant terms
	n        int    // number of elements
	terms    []tape.Num
	err      error

	conditions []tape.Num // of the support, traced
	impossible bool       // a constant is outside the support
}

// alloc returns working space for n numbers, valid until the next density is evaluated.
func (c *Context) alloc(n int) vec {
	if cap(c.scratch)-len(c.scratch) < n {
		c.scratch = make([]tape.Num, 0, max(2*cap(c.scratch), 4*n, 64))
	}
	from := len(c.scratch)
	c.scratch = c.scratch[:from+n]
	return vec(c.scratch[from : from+n : from+n])
}

// vec returns the numbers of an argument.
func (c *Context) vec(v Value) vec {
	out := c.alloc(v.Len())
	for i := range out {
		out[i] = v.At(i)
	}
	return out
}

// fail keeps the first error.
func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *builder) failf(format string, args ...any) {
	b.fail(fmt.Errorf("%s: "+format, append([]any{b.function}, args...)...))
}

// at is element i of x.
func at(x vec, i int) tape.Num {
	if len(x) == 1 {
		return x[0]
	}
	return x[i]
}

// each applies f to every element; where all arguments are shared, so is the result.
func (b *builder) each(f func(x []tape.Num) tape.Num, args ...vec) vec {
	n := 1
	for _, a := range args {
		if len(a) != 1 {
			n = len(a)
		}
	}
	out, x := b.alloc(n), b.alloc(len(args))
	for i := range out {
		for k, a := range args {
			x[k] = at(a, i)
		}
		out[i] = f(x)
	}
	return out
}

func (b *builder) map1(op tape.Op, x vec) vec {
	out := b.alloc(len(x))
	for i := range out {
		out[i] = b.op1(op, x[i])
	}
	return out
}

func (b *builder) map2(f func(x, y tape.Num) tape.Num, x, y vec) vec {
	n := len(x)
	if n == 1 {
		n = len(y)
	}
	out := b.alloc(n)
	for i := range out {
		out[i] = f(at(x, i), at(y, i))
	}
	return out
}

func (b *builder) Add(x, y vec) vec { return b.map2(b.add, x, y) }
func (b *builder) Sub(x, y vec) vec { return b.map2(b.sub, x, y) }
func (b *builder) Mul(x, y vec) vec { return b.map2(b.mul, x, y) }
func (b *builder) Div(x, y vec) vec { return b.map2(b.div, x, y) }

func (b *builder) Log(x vec) vec      { return b.map1(tape.Log, x) }
func (b *builder) Log1m(x vec) vec    { return b.map1(tape.Log1m, x) }
func (b *builder) Log1p(x vec) vec    { return b.map1(tape.Log1p, x) }
func (b *builder) Log1pExp(x vec) vec { return b.map1(tape.Log1pExp, x) }
func (b *builder) Exp(x vec) vec      { return b.map1(tape.Exp, x) }
func (b *builder) Square(x vec) vec   { return b.map1(tape.Square, x) }
func (b *builder) Inv(x vec) vec      { return b.map1(tape.Inv, x) }
func (b *builder) Neg(x vec) vec      { return b.map1(tape.Neg, x) }
func (b *builder) Abs(x vec) vec      { return b.map1(tape.Abs, x) }
func (b *builder) Lgamma(x vec) vec   { return b.map1(tape.Lgamma, x) }

// Shift is x + k, Scale is k*x.
func (b *builder) Shift(x vec, k float64) vec { return b.Add(x, vec{num(k)}) }
func (b *builder) Scale(k float64, x vec) vec { return b.Mul(vec{num(k)}, x) }

// constant adds k for every element.
func (b *builder) constant(k float64) {
	if !b.drop {
		b.terms = append(b.terms, num(k*float64(b.n)))
	}
}

// plus adds x, minus subtracts it.
func (b *builder) plus(x vec)  { b.weighted(1, x) }
func (b *builder) minus(x vec) { b.weighted(-1, x) }

func (b *builder) weighted(k float64, x vec) {
	if b.drop && constant(x) {
		return
	}
	if len(x) == 1 {
		k *= float64(b.n)
	}
	b.terms = append(b.terms, b.scale(k, b.sum(x)))
}

// plusProduct adds x*y, minusProduct subtracts it.
func (b *builder) plusProduct(x, y vec)  { b.product(1, x, y) }
func (b *builder) minusProduct(x, y vec) { b.product(-1, x, y) }

func (b *builder) product(k float64, x, y vec) {
	if b.drop && constant(x) && constant(y) {
		return
	}
	var s tape.Num
	switch {
	case len(x) == len(y):
		s = b.dot(x, y)
	default:
		s = b.mul(b.sum(x), b.sum(y))
	}
	if len(x) == 1 && len(y) == 1 {
		k *= float64(b.n)
	}
	b.terms = append(b.terms, b.scale(k, s))
}

// require makes the log density -Inf where a condition does not hold for an element: outside the support.
func (b *builder) require(conditions vec) {
	for _, x := range conditions {
		switch {
		case x.Ref != 0:
			b.conditions = append(b.conditions, x)
		case x.V == 0:
			b.impossible = true
		}
	}
}

// total is the log density.
func (b *builder) total() tape.Num {
	if b.impossible {
		return num(math.Inf(-1))
	}
	out := b.sum(b.terms)
	for _, ok := range b.conditions {
		out = b.T.Op3(tape.Select, ok, out, num(math.Inf(-1)))
	}
	return out
}

// Positive and Nonnegative are the conditions x > 0 and x >= 0, which hold at once where the sign is known.
func (b *builder) Positive(x vec) vec {
	return b.each(func(x []tape.Num) tape.Num { return b.sign(x[0], isPositive, x[0].V > 0) }, x)
}

func (b *builder) Nonnegative(x vec) vec {
	return b.each(func(x []tape.Num) tape.Num { return b.sign(x[0], isNonnegative, x[0].V >= 0) }, x)
}

func (b *builder) sign(x tape.Num, traced func(*Context, tape.Num) tape.Num, constant bool) tape.Num {
	switch {
	case x.Ref != 0:
		return traced(b.Context, x)
	case constant:
		return num(1)
	}
	return num(0)
}

// checkGreater checks that hi is above lo.
func (b *builder) checkGreater(name string, hi, lo vec) {
	for i := range max(len(hi), len(lo)) {
		h, l := at(hi, i), at(lo, i)
		ok := b.less(l, h)
		switch {
		case ok.Ref != 0:
			b.T.Guard(ok, b.function+": "+name+" must be greater than the lower bound")
		case ok.V == 0:
			b.failf("%s is %s, but must be greater than %.6f", name, show(h.V), l.V)
		}
	}
}

// plusCounts adds counts*x for constant counts; where a count is 0 the term is 0 whatever x is.
func (b *builder) plusCounts(counts, x vec) {
	if b.drop && constant(x) {
		return
	}
	if len(x) == 1 {
		k := b.sum(counts)
		if len(counts) == 1 {
			k = b.scale(float64(b.n), k)
		}
		if k.V != 0 {
			b.terms = append(b.terms, b.mul(k, x[0]))
		}
		return
	}
	ks, xs := b.alloc(len(x))[:0], b.alloc(len(x))[:0]
	for i, v := range x {
		if k := at(counts, i); k.V != 0 {
			ks, xs = append(ks, k), append(xs, v)
		}
	}
	b.terms = append(b.terms, b.dot(ks, xs))
}
