package library

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// scaledInvChiSquare is the scaled inverse chi-square distribution with nu degrees of freedom and scale s:
//
//	log p(y) = (nu/2) log(nu/2) - lgamma(nu/2) + nu log s - (nu/2+1) log y - nu s^2/(2y)
var scaledInvChiSquare = &Univariate{
	Name: "scaled_inv_chi_square",
	Args: []Arg{
		{Name: "Random variable", Rule: notNaN},
		{Name: "Degrees of freedom parameter", Rule: positiveFinite},
		{Name: "Scale parameter", Rule: positiveFinite},
	},
	Support: nonnegative,
	LogDensity: func(b *builder, x []vec) {
		y, nu, s := x[0], x[1], x[2]
		half := b.Scale(0.5, nu)
		b.require(b.Positive(y))
		b.plus(b.Sub(b.Mul(half, b.Log(half)), b.Lgamma(half)))
		b.plusProduct(nu, b.Log(s))
		b.minusProduct(b.Shift(half, 1), b.Log(y))
		b.minusProduct(b.Mul(half, b.Square(s)), b.Inv(y))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		half := c.scale(0.5, x[1])
		return c.call(logGammaQ, half, c.div(c.mul(half, c.square(x[2])), x[0]))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		half := c.scale(0.5, x[1])
		return c.call(logGammaP, half, c.div(c.mul(half, c.square(x[2])), x[0]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return p[0] * p[1] * p[1] / distuv.ChiSquared{K: p[0], Src: r}.Rand()
	},
}
