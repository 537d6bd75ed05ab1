package library

import (
	"math/rand/v2"

	"wgf/internal/tape"
)

// stdNormal is the normal distribution with mean 0 and standard deviation 1:
//
//	log p(y) = -log(2 pi)/2 - y^2/2
var stdNormal = &Univariate{
	Name: "std_normal",
	Args: []Arg{
		{Name: "Random variable", Rule: notNaN},
	},
	LogDensity: func(b *builder, x []vec) {
		b.constant(-halfLogTwoPi)
		b.plus(b.Scale(-0.5, b.Square(x[0])))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logPhi, x[0])
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logPhi, c.neg(x[0]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return r.NormFloat64()
	},
}
