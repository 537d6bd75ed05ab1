package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// rayleigh is the Rayleigh distribution with scale sigma:
//
//	log p(y) = log y - 2 log sigma - y^2/(2 sigma^2)
var rayleigh = &Univariate{
	Name: "rayleigh",
	Args: []Arg{
		{Name: "Random variable", Rule: positive},
		{Name: "Scale parameter", Rule: positive},
	},
	Support: nonnegative,
	LogDensity: func(b *builder, x []vec) {
		y, sigma := x[0], x[1]
		b.plus(b.Scale(-2, b.Log(sigma)))
		b.plus(b.Log(y))
		b.minusProduct(b.Scale(0.5, b.Square(b.Inv(sigma))), b.Square(y))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.log1mExp(c.scale(-0.5, c.square(c.div(x[0], x[1]))))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.scale(-0.5, c.square(c.div(x[0], x[1])))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return p[0] * math.Sqrt(2*r.ExpFloat64())
	},
}
