package library

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// chiSquare is the chi-square distribution with nu degrees of freedom:
//
//	log p(y) = -(nu/2) log 2 - lgamma(nu/2) + (nu/2-1) log y - y/2
var chiSquare = &Univariate{
	Name: "chi_square",
	Args: []Arg{
		{Name: "Random variable", Rule: nonnegative},
		{Name: "Degrees of freedom parameter", Rule: positiveFinite},
	},
	LogDensity: func(b *builder, x []vec) {
		y, half := x[0], b.Scale(0.5, x[1])
		b.minus(b.Add(b.Scale(math.Ln2, half), b.Lgamma(half)))
		b.plusProduct(b.Shift(half, -1), b.Log(y))
		b.minus(b.Scale(0.5, y))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logGammaP, c.scale(0.5, x[1]), c.scale(0.5, x[0]))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logGammaQ, c.scale(0.5, x[1]), c.scale(0.5, x[0]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return distuv.ChiSquared{K: p[0], Src: r}.Rand()
	},
}
