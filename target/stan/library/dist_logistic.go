package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// logistic is the logistic distribution with location mu and scale sigma; with z = (y - mu)/sigma
//
//	log p(y) = -z - log sigma - 2 log(1 + exp(-z))
var logistic = &Univariate{
	Name: "logistic",
	Args: []Arg{
		{Name: "Random variable", Rule: finite},
		{Name: "Location parameter", Rule: finite},
		{Name: "Scale parameter", Rule: positiveFinite},
	},
	Support: notNaN,
	LogDensity: func(b *builder, x []vec) {
		y, mu, sigma := x[0], x[1], x[2]
		z := b.Div(b.Sub(y, mu), sigma)
		b.minus(b.Log(sigma))
		b.minus(z)
		b.plus(b.Scale(-2, b.Log1pExp(b.Neg(z))))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.neg(c.log1pExp(c.div(c.sub(x[1], x[0]), x[2])))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.neg(c.log1pExp(c.div(c.sub(x[0], x[1]), x[2])))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		u := r.Float64()
		return p[0] + p[1]*math.Log((u+0x1p-54)/(1-u))
	},
}
