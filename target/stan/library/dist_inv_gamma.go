package library

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// invGamma is the inverse gamma distribution with shape alpha and scale beta: 1/y is gamma.
//
//	log p(y) = alpha log beta - lgamma(alpha) - (alpha+1) log y - beta/y
var invGamma = &Univariate{
	Name: "inv_gamma",
	Args: []Arg{
		{Name: "Random variable", Rule: notNaN},
		{Name: "Shape parameter", Rule: positiveFinite},
		{Name: "Scale parameter", Rule: positiveFinite},
	},
	Support: nonnegative,
	LogDensity: func(b *builder, x []vec) {
		y, alpha, beta := x[0], x[1], x[2]
		b.require(b.Positive(y))
		b.minus(b.Lgamma(alpha))
		b.plusProduct(alpha, b.Log(beta))
		b.minusProduct(b.Shift(alpha, 1), b.Log(y))
		b.minusProduct(beta, b.Inv(y))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logGammaQ, x[1], c.div(x[2], x[0]))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logGammaP, x[1], c.div(x[2], x[0]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return 1 / distuv.Gamma{Alpha: p[0], Beta: p[1], Src: r}.Rand()
	},
}
