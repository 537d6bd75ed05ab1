package library

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// gammaDist is the gamma distribution with shape alpha and rate beta:
//
//	log p(y) = alpha log beta - lgamma(alpha) + (alpha-1) log y - beta y
var gammaDist = &Univariate{
	Name: "gamma",
	Args: []Arg{
		{Name: "Random variable", Rule: positiveFinite},
		{Name: "Shape parameter", Rule: positiveFinite},
		{Name: "Inverse scale parameter", Rule: positiveFinite},
	},
	Support: nonnegative,
	LogDensity: func(b *builder, x []vec) {
		y, alpha, beta := x[0], x[1], x[2]
		b.minus(b.Lgamma(alpha))
		b.plusProduct(alpha, b.Log(beta))
		b.plusProduct(b.Shift(alpha, -1), b.Log(y))
		b.minusProduct(beta, y)
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logGammaP, x[1], c.mul(x[2], x[0]))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logGammaQ, x[1], c.mul(x[2], x[0]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return distuv.Gamma{Alpha: p[0], Beta: p[1], Src: r}.Rand()
	},
}
