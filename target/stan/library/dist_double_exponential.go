package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// doubleExponential is the Laplace distribution with location mu and scale sigma:
//
//	log p(y) = -log 2 - log sigma - |y - mu|/sigma
var doubleExponential = &Univariate{
	Name: "double_exponential",
	Args: []Arg{
		{Name: "Random variable", Rule: finite},
		{Name: "Location parameter", Rule: finite},
		{Name: "Scale parameter", Rule: positiveFinite},
	},
	Support: notNaN,
	LogDensity: func(b *builder, x []vec) {
		y, mu, sigma := x[0], x[1], x[2]
		b.constant(-math.Ln2)
		b.minus(b.Log(sigma))
		b.minusProduct(b.Inv(sigma), b.Abs(b.Sub(y, mu)))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return laplaceTail(c, c.div(c.sub(x[1], x[0]), x[2]))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return laplaceTail(c, c.div(c.sub(x[0], x[1]), x[2]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		if r.IntN(2) == 0 {
			return p[0] - p[1]*r.ExpFloat64()
		}
		return p[0] + p[1]*r.ExpFloat64()
	},
}

// laplaceTail is the log probability of exceeding z.
func laplaceTail(c *Context, z tape.Num) tape.Num {
	return c.choose(c.less(num(0), z),
		func() tape.Num { return c.sub(num(-math.Ln2), z) },
		func() tape.Num { return c.log1m(c.scale(0.5, c.exp(z))) })
}
