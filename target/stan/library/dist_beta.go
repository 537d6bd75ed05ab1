package library

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// betaDist is the beta distribution with shapes alpha and beta:
//
//	log p(y) = (alpha-1) log y + (beta-1) log(1-y) - lbeta(alpha, beta)
var betaDist = &Univariate{
	Name: "beta",
	Args: []Arg{
		{Name: "Random variable", Rule: probability},
		{Name: "First shape parameter", Rule: positiveFinite},
		{Name: "Second shape parameter", Rule: positiveFinite},
	},
	LogDensity: func(b *builder, x []vec) {
		y, alpha, beta := x[0], x[1], x[2]
		b.minus(b.map2(b.lbeta, alpha, beta))
		b.plusProduct(b.Shift(alpha, -1), b.Log(y))
		b.plusProduct(b.Shift(beta, -1), b.Log1m(y))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logIncBeta, x[1], x[2], x[0])
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logIncBeta, x[2], x[1], c.sub(num(1), x[0]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return distuv.Beta{Alpha: p[0], Beta: p[1], Src: r}.Rand()
	},
}
