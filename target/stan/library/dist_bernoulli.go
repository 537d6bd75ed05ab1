package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// bernoulli is the distribution of n in {0, 1} with probability theta of 1.
//
//	log p(n) = n log theta + (1-n) log(1-theta)
var bernoulli = &Univariate{
	Name: "bernoulli",
	Args: []Arg{
		{Name: "n", Int: true, Rule: probability},
		{Name: "Probability parameter", Rule: probability},
	},
	Support: anything,
	LogDensity: func(b *builder, x []vec) {
		n, theta := x[0], x[1]
		b.plusCounts(n, b.Log(theta))
		b.plusCounts(b.Sub(vec{num(1)}, n), b.Log1m(theta))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		switch n := x[0].V; {
		case n < 0:
			return num(math.Inf(-1))
		case n >= 1:
			return num(0)
		}
		return c.log1m(x[1])
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		switch n := x[0].V; {
		case n < 0:
			return num(0)
		case n >= 1:
			return num(math.Inf(-1))
		}
		return c.log(x[1])
	},
	Random: func(r *rand.Rand, p []float64) float64 { return flip(r, p[0]) },
}

// flip is 1 with probability p.
func flip(r *rand.Rand, p float64) float64 {
	if r.Float64() < p {
		return 1
	}
	return 0
}
