package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// weibull is the Weibull distribution with shape alpha and scale sigma:
//
//	log p(y) = log alpha - alpha log sigma + (alpha-1) log y - (y/sigma)^alpha
var weibull = &Univariate{
	Name: "weibull",
	Args: []Arg{
		{Name: "Random variable", Rule: finite},
		{Name: "Shape parameter", Rule: positiveFinite},
		{Name: "Scale parameter", Rule: positiveFinite},
	},
	Support: nonnegative,
	LogDensity: func(b *builder, x []vec) {
		y, alpha, sigma := x[0], x[1], x[2]
		b.require(b.Nonnegative(y))
		b.plus(b.Log(alpha))
		b.minusProduct(alpha, b.Log(sigma))
		b.plusProduct(b.Shift(alpha, -1), b.Log(y))
		b.minus(b.map2(b.pow, b.Div(y, sigma), alpha))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.log1mExp(c.neg(c.pow(c.div(x[0], x[2]), x[1])))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.neg(c.pow(c.div(x[0], x[2]), x[1]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return p[1] * math.Pow(r.ExpFloat64(), 1/p[0])
	},
}
