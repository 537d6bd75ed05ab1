package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// pareto is the Pareto distribution with minimum y_min and shape alpha:
//
//	log p(y) = log alpha + alpha log y_min - (alpha+1) log y, y >= y_min
var pareto = &Univariate{
	Name: "pareto",
	Args: []Arg{
		{Name: "Random variable", Rule: notNaN},
		{Name: "Scale parameter", Rule: positiveFinite},
		{Name: "Shape parameter", Rule: positiveFinite},
	},
	Support: nonnegative,
	LogDensity: func(b *builder, x []vec) {
		y, least, alpha := x[0], x[1], x[2]
		b.require(b.map2(b.atMost, least, y))
		b.plus(b.Log(alpha))
		b.plusProduct(alpha, b.Log(least))
		b.minusProduct(b.Shift(alpha, 1), b.Log(y))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.choose(c.atMost(x[0], x[1]), func() tape.Num { return num(math.Inf(-1)) }, func() tape.Num {
			return c.log1mExp(c.mul(x[2], c.log(c.div(x[1], x[0]))))
		})
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.choose(c.atMost(x[0], x[1]), func() tape.Num { return num(0) }, func() tape.Num {
			return c.mul(x[2], c.log(c.div(x[1], x[0])))
		})
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return p[0] * math.Exp(r.ExpFloat64()/p[1])
	},
}
