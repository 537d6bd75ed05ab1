package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// discreteRange is the uniform distribution over the ints from lower to upper.
//
//	log p(n) = -log(upper - lower + 1)
var discreteRange = &Univariate{
	Name: "discrete_range",
	Args: []Arg{
		{Name: "Random variable", Int: true},
		{Name: "Lower bound parameter", Int: true},
		{Name: "Upper bound parameter", Int: true},
	},
	Check: func(b *builder, x []vec) {
		for i := range max(len(x[1]), len(x[2])) {
			if lo, hi := at(x[1], i).V, at(x[2], i).V; hi < lo {
				b.failf("Upper bound parameter is %s, but must be greater than or equal to %s", show(hi), show(lo))
				return
			}
		}
	},
	LogDensity: func(b *builder, x []vec) {
		n, lower, upper := x[0], x[1], x[2]
		b.require(b.map2(b.atMost, lower, n))
		b.require(b.map2(b.atMost, n, upper))
		b.minus(b.Log(b.Shift(b.Sub(upper, lower), 1)))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return num(math.Log(math.Max(0, math.Min(1, (x[0].V-x[1].V+1)/(x[2].V-x[1].V+1)))))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return num(math.Log(math.Max(0, math.Min(1, (x[2].V-x[0].V)/(x[2].V-x[1].V+1)))))
	},
	Random: func(r *rand.Rand, p []float64) float64 { return p[0] + float64(r.Int64N(int64(p[1]-p[0])+1)) },
}
