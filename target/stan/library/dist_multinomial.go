package library

import "wgf/target/stan/syntax"

// multinomial is the distribution of the counts n of K categories with the probabilities theta.
//
//	log p(n) = lgamma(1 + sum n) - sum lgamma(1 + n_k) + sum n_k log theta_k
var multinomial = &Multivariate{
	Name:       "multinomial",
	Discrete:   true,
	Signatures: []string{"array[] int, vector"},
	LogDensity: func(b *builder, a []Value) {
		n, theta := b.vec(a[0]), b.vec(a[1])
		if len(n) != len(theta) {
			b.fail(sizeMismatch(b.function, "Size of number of trials variable", len(n), "rows of probabilities parameter", len(theta)))
			return
		}
		b.fail(b.check(b.function, "Number of trials variable", nonnegative, n, true))
		b.checkSimplex("Probabilities parameter", theta)
		b.plus(vec{b.sub(b.lgamma(b.add(num(1), b.sum(n))), b.sum(b.Lgamma(b.Shift(n, 1))))})
		b.plusCounts(n, b.Log(theta))
	},
	RandomSignatures: []string{"vector, int => array[] int"},
	Random: func(b *builder, a []Value) Value {
		b.checkSimplex("Probabilities parameter", a[0].Nums())
		b.fail(b.check(b.function, "number of trials variables", nonnegative, a[1].Nums(), false))
		out := New(syntax.ArrayOf(IntType, 1), a[0].Len())
		if b.err != nil {
			return out
		}
		left, mass := a[1].Data[0], 1.0
		for i, p := range a[0].Data {
			if i == len(out.Data)-1 {
				out.Data[i] = left
				break
			}
			if mass > 0 {
				out.Data[i] = binomialDraw(b.RNG, left, min(1, p/mass))
			}
			left -= out.Data[i]
			mass -= p
		}
		return out
	},
}
