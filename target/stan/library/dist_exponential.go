package library

import (
	"math/rand/v2"

	"wgf/internal/tape"
)

// exponential is the exponential distribution with rate beta:
//
//	log p(y) = log beta - beta y
var exponential = &Univariate{
	Name: "exponential",
	Args: []Arg{
		{Name: "Random variable", Rule: nonnegative},
		{Name: "Inverse scale parameter", Rule: positiveFinite},
	},
	LogDensity: func(b *builder, x []vec) {
		y, beta := x[0], x[1]
		b.plus(b.Log(beta))
		b.minusProduct(beta, y)
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.log1mExp(c.neg(c.mul(x[0], x[1])))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.neg(c.mul(x[0], x[1]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return r.ExpFloat64() / p[0]
	},
}
