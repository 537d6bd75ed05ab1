package library

import (
	"fmt"

	"wgf/internal/tape"
)

// orderedLogistic is the distribution over 1..K with location eta and the K-1 cut points c:
//
//	P(n) = inv_logit(eta - c_{n-1}) - inv_logit(eta - c_n),   c_0 = -Inf, c_K = Inf
var orderedLogistic = &Multivariate{
	Name:       "ordered_logistic",
	Discrete:   true,
	Signatures: []string{"int, real, vector", "array[] int, vector, vector|array[] vector"},
	LogDensity: func(b *builder, a []Value) {
		n, eta, cuts := a[0], b.vec(a[1]), b.vectors(a[2])
		if n.Len() != len(eta) {
			b.failf("Integers has size = %d, but Locations has size %d; and they must be the same size.", n.Len(), len(eta))
			return
		}
		if len(cuts) > 1 && len(cuts) != len(eta) {
			b.fail(sizeMismatch(b.function, "Length of location variables ", len(eta), "Number of cutpoint vectors ", len(cuts)))
			return
		}
		if n.Len() == 0 || len(cuts) == 0 {
			return
		}
		b.fail(b.check(b.function, "Location parameter", finite, eta, !a[1].IsScalar()))
		for _, c := range cuts {
			b.checkOrdered("Cut-points", c)
		}
		k := len(cuts[0]) + 1
		b.fail(b.check(b.function, "Random variable", interval(1, float64(k)), n.Nums(), !n.IsScalar()))
		for i := range n.Len() {
			if b.err != nil {
				return
			}
			b.plus(vec{orderedTerm(b.Context, n.IntAt(i), eta[i], pick(cuts, i))})
		}
	},
	RandomSignatures: []string{"real, vector => int"},
	Random: func(b *builder, a []Value) Value {
		b.fail(b.check(b.function, "Location parameter", finite, a[0].Nums(), false))
		b.checkOrdered("Cut points parameter", a[1].Nums())
		if b.err != nil {
			return Value{}
		}
		p := make([]float64, a[1].Len()+1)
		for i := range p {
			p[i] = b.exp(orderedTerm(b.Context, i+1, a[0].Num(), a[1].Nums())).V
		}
		return Int(categoryDraw(b.RNG, p))
	},
}

// orderedTerm is log P(n).
func orderedTerm(c *Context, n int, eta tape.Num, cuts []tape.Num) tape.Num {
	var above, below tape.Num // log inv_logit(eta - c_{n-1}), log(1 - inv_logit(eta - c_n))
	if n > 1 {
		above = c.neg(c.log1pExp(c.sub(cuts[n-2], eta)))
	}
	if n > len(cuts) {
		return above
	}
	below = c.neg(c.log1pExp(c.sub(eta, cuts[n-1])))
	if n == 1 {
		return below
	}
	return c.add(c.add(above, below), c.log1mExp(c.sub(cuts[n-2], cuts[n-1])))
}

// checkOrdered checks that numbers increase.
func (b *builder) checkOrdered(name string, x []tape.Num) {
	for i := 1; i < len(x); i++ {
		ok := b.less(x[i-1], x[i])
		switch {
		case ok.Ref != 0:
			b.T.Guard(ok, b.function+": "+name+" is not a valid ordered vector")
		case ok.V == 0:
			b.fail(fmt.Errorf("%s: %s is not a valid ordered vector. The element at %d is %s, but should be greater than the previous element, %s",
				b.function, name, i+1, show(x[i].V), show(x[i-1].V)))
		}
	}
}
