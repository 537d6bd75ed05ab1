package library

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// poisson is the Poisson distribution with rate lambda.
//
//	log p(n) = n log lambda - lambda - lgamma(n+1)
var poisson = &Univariate{
	Name: "poisson",
	Args: []Arg{
		{Name: "Random variable", Int: true, Rule: nonnegative},
		{Name: "Rate parameter", Rule: nonnegative},
	},
	Support: anything,
	LogDensity: func(b *builder, x []vec) {
		n, lambda := x[0], x[1]
		if constant(lambda) {
			b.require(b.map2(func(_, l tape.Num) tape.Num { return b.less(l, num(math.Inf(1))) }, n, lambda))
		}
		b.minus(b.Lgamma(b.Shift(n, 1)))
		b.plusCounts(n, b.Log(lambda))
		b.minus(lambda)
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		if x[0].V < 0 {
			return num(math.Inf(-1))
		}
		return c.call(logGammaQ, num(x[0].V+1), x[1])
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		if x[0].V < 0 {
			return num(0)
		}
		return c.call(logGammaP, num(x[0].V+1), x[1])
	},
	Random: func(r *rand.Rand, p []float64) float64 { return poissonDraw(r, p[0]) },
}

func poissonDraw(r *rand.Rand, rate float64) float64 {
	if rate == 0 {
		return 0
	}
	return distuv.Poisson{Lambda: rate, Src: r}.Rand()
}
