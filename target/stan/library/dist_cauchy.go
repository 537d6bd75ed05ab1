package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// cauchy is the Cauchy distribution with location mu and scale sigma:
//
//	log p(y) = -log pi - log sigma - log(1 + ((y - mu)/sigma)^2)
var cauchy = &Univariate{
	Name: "cauchy",
	Args: []Arg{
		{Name: "Random variable", Rule: notNaN},
		{Name: "Location parameter", Rule: finite},
		{Name: "Scale parameter", Rule: positiveFinite},
	},
	LogDensity: func(b *builder, x []vec) {
		y, mu, sigma := x[0], x[1], x[2]
		b.constant(-math.Log(math.Pi))
		b.minus(b.Log(sigma))
		precision := b.Square(b.Inv(sigma))
		b.minus(b.Log1p(b.Mul(precision, b.Square(b.Sub(y, mu)))))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return cauchyTail(c, c.div(c.sub(x[1], x[0]), x[2]))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return cauchyTail(c, c.div(c.sub(x[0], x[1]), x[2]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return p[0] + p[1]*math.Tan(math.Pi*(r.Float64()-0.5))
	},
}

// cauchyTail is the log probability of exceeding z: the angle of (z, 1) over pi, accurate in both tails.
func cauchyTail(c *Context, z tape.Num) tape.Num {
	return c.sub(c.log(c.op2(tape.Atan2, num(1), z)), num(math.Log(math.Pi)))
}
