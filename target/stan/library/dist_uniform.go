package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// uniform is the uniform distribution on [alpha, beta]:
//
//	log p(y) = -log(beta - alpha)
var uniform = &Univariate{
	Name: "uniform",
	Args: []Arg{
		{Name: "Random variable", Rule: notNaN},
		{Name: "Lower bound parameter", Rule: finite},
		{Name: "Upper bound parameter", Rule: finite},
	},
	Check: func(b *builder, x []vec) {
		b.checkGreater("Upper bound parameter", x[2], x[1])
	},
	LogDensity: func(b *builder, x []vec) {
		y, lower, upper := x[0], x[1], x[2]
		b.require(b.map2(b.atMost, lower, y))
		b.require(b.map2(b.atMost, y, upper))
		b.minus(b.Log(b.Sub(upper, lower)))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		below, above := c.atMost(x[0], x[1]), c.atMost(x[2], x[0])
		return c.choose(below, func() tape.Num { return num(math.Inf(-1)) }, func() tape.Num {
			return c.choose(above, func() tape.Num { return num(0) }, func() tape.Num {
				return c.log(c.div(c.sub(x[0], x[1]), c.sub(x[2], x[1])))
			})
		})
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		below, above := c.atMost(x[0], x[1]), c.atMost(x[2], x[0])
		return c.choose(above, func() tape.Num { return num(math.Inf(-1)) }, func() tape.Num {
			return c.choose(below, func() tape.Num { return num(0) }, func() tape.Num {
				return c.log(c.div(c.sub(x[2], x[0]), c.sub(x[2], x[1])))
			})
		})
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return p[0] + (p[1]-p[0])*r.Float64()
	},
}
