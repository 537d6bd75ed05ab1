package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// poissonLog is the Poisson distribution with log rate alpha.
//
//	log p(n) = n alpha - exp(alpha) - lgamma(n+1)
var poissonLog = &Univariate{
	Name: "poisson_log",
	Args: []Arg{
		{Name: "Random variable", Int: true, Rule: nonnegative},
		{Name: "Log rate parameter", Rule: notNaN},
	},
	LogDensity: func(b *builder, x []vec) {
		n, alpha := x[0], x[1]
		if constant(alpha) {
			b.require(b.map2(func(_, a tape.Num) tape.Num { return b.less(a, num(math.Inf(1))) }, n, alpha))
		}
		b.minus(b.Lgamma(b.Shift(n, 1)))
		b.plusCounts(n, alpha)
		b.minus(b.Exp(alpha))
	},
	Random: func(r *rand.Rand, p []float64) float64 { return poissonDraw(r, math.Exp(p[0])) },
}
