package library

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// invChiSquare is the inverse chi-square distribution with nu degrees of freedom: 1/y is chi-square.
//
//	log p(y) = -(nu/2) log 2 - lgamma(nu/2) - (nu/2+1) log y - 1/(2y)
var invChiSquare = &Univariate{
	Name: "inv_chi_square",
	Args: []Arg{
		{Name: "Random variable", Rule: notNaN},
		{Name: "Degrees of freedom parameter", Rule: positiveFinite},
	},
	Support: nonnegative,
	LogDensity: func(b *builder, x []vec) {
		y, half := x[0], b.Scale(0.5, x[1])
		b.require(b.Positive(y))
		b.minus(b.Add(b.Scale(math.Ln2, half), b.Lgamma(half)))
		b.minusProduct(b.Shift(half, 1), b.Log(y))
		b.minus(b.Scale(0.5, b.Inv(y)))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logGammaQ, c.scale(0.5, x[1]), c.div(num(0.5), x[0]))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logGammaP, c.scale(0.5, x[1]), c.div(num(0.5), x[0]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return 1 / distuv.ChiSquared{K: p[0], Src: r}.Rand()
	},
}
