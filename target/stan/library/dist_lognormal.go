package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// lognormal is the lognormal distribution: log y is normal with location mu and scale sigma.
//
//	log p(y) = -log(2 pi)/2 - log sigma - log y - ((log y - mu)/sigma)^2 / 2
var lognormal = &Univariate{
	Name: "lognormal",
	Args: []Arg{
		{Name: "Random variable", Rule: nonnegative},
		{Name: "Location parameter", Rule: finite},
		{Name: "Scale parameter", Rule: positiveFinite},
	},
	LogDensity: func(b *builder, x []vec) {
		y, mu, sigma := x[0], x[1], x[2]
		b.require(b.Positive(y))
		logY := b.Log(y)
		b.constant(-halfLogTwoPi)
		b.minus(b.Log(sigma))
		b.minus(logY)
		precision := b.Square(b.Inv(sigma))
		b.plusProduct(b.Scale(-0.5, precision), b.Square(b.Sub(logY, mu)))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logPhi, c.div(c.sub(c.log(x[0]), x[1]), x[2]))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logPhi, c.div(c.sub(x[1], c.log(x[0])), x[2]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return math.Exp(p[0] + p[1]*r.NormFloat64())
	},
}
