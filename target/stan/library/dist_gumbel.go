package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// gumbel is the Gumbel distribution with location mu and scale beta; with z = (y - mu)/beta
//
//	log p(y) = -log beta - z - exp(-z)
var gumbel = &Univariate{
	Name: "gumbel",
	Args: []Arg{
		{Name: "Random variable", Rule: notNaN},
		{Name: "Location parameter", Rule: finite},
		{Name: "Scale parameter", Rule: positive},
	},
	LogDensity: func(b *builder, x []vec) {
		y, mu, beta := x[0], x[1], x[2]
		z := b.Div(b.Sub(y, mu), beta)
		b.minus(b.Log(beta))
		b.minus(b.Add(z, b.Exp(b.Neg(z))))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.neg(c.exp(c.div(c.sub(x[1], x[0]), x[2])))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.log1mExp(c.neg(c.exp(c.div(c.sub(x[1], x[0]), x[2]))))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return p[0] - p[1]*math.Log(r.ExpFloat64())
	},
}
