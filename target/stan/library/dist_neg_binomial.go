package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// negBinomial is the negative binomial distribution with shape alpha and inverse scale beta (mean alpha/beta):
//
//	log p(n) = log[Gamma(n+alpha) / (Gamma(alpha) n!)] + alpha log(beta/(1+beta)) - n log(1+beta)
var negBinomial = &Univariate{
	Name: "neg_binomial",
	Args: []Arg{
		{Name: "Failures variable", Int: true, Rule: nonnegative},
		{Name: "Shape parameter", Rule: positiveFinite},
		{Name: "Inverse scale parameter", Rule: positiveFinite},
	},
	Support: anything,
	LogDensity: func(b *builder, x []vec) {
		n, alpha, beta := x[0], x[1], x[2]
		b.minus(b.Lgamma(b.Shift(n, 1)))
		b.plus(b.map2(b.risingExcess, alpha, n))
		b.plusCounts(n, b.Log(alpha))
		b.minusProduct(alpha, b.Log1p(b.Inv(beta)))
		b.plusCounts(n, b.Neg(b.Log1p(beta)))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		n, alpha, beta := x[0], x[1], x[2]
		if n.V < 0 {
			return num(math.Inf(-1))
		}
		return c.call(logIncBeta, alpha, num(n.V+1), c.div(beta, c.add(beta, num(1))))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		n, alpha, beta := x[0], x[1], x[2]
		if n.V < 0 {
			return num(0)
		}
		return c.call(logIncBeta, num(n.V+1), alpha, c.inv(c.add(beta, num(1))))
	},
	Random: func(r *rand.Rand, p []float64) float64 { return negBinomialDraw(r, p[0]/p[1], p[0]) },
}
