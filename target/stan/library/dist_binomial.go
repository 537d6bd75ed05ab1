package library

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// binomial is the number n of successes in N trials of probability theta.
//
//	log p(n) = log choose(N, n) + n log theta + (N-n) log(1-theta)
var binomial = &Univariate{
	Name: "binomial",
	Args: []Arg{
		{Name: "Successes variable", Int: true},
		{Name: "Population size parameter", Int: true, Rule: nonnegative},
		{Name: "Probability parameter", Rule: probability},
	},
	LogDensity: func(b *builder, x []vec) {
		n, trials, theta := x[0], x[1], x[2]
		b.checkSuccesses(n, trials)
		b.plus(b.map2(b.lchoose, trials, n))
		b.plusCounts(n, b.Log(theta))
		b.plusCounts(b.Sub(trials, n), b.Log1m(theta))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		n, trials, theta := x[0], x[1], x[2]
		switch {
		case n.V < 0:
			return num(math.Inf(-1))
		case n.V >= trials.V:
			return num(0)
		}
		return c.call(logIncBeta, num(trials.V-n.V), num(n.V+1), c.sub(num(1), theta))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		n, trials, theta := x[0], x[1], x[2]
		switch {
		case n.V < 0:
			return num(0)
		case n.V >= trials.V:
			return num(math.Inf(-1))
		}
		return c.call(logIncBeta, num(n.V+1), num(trials.V-n.V), theta)
	},
	Random: func(r *rand.Rand, p []float64) float64 { return binomialDraw(r, p[0], p[1]) },
}

// checkSuccesses checks that 0 <= n <= trials.
func (b *builder) checkSuccesses(n, trials vec) {
	for i := range max(len(n), len(trials)) {
		if k, m := at(n, i).V, at(trials, i).V; k < 0 || k > m {
			place := ""
			if len(n) > 1 {
				place = "[" + show(float64(i+1)) + "]"
			}
			b.failf("Successes variable%s is %s, but must be in the interval [0, %s]", place, show(k), show(m))
			return
		}
	}
}

func binomialDraw(r *rand.Rand, n, p float64) float64 {
	switch {
	case n == 0 || p == 0:
		return 0
	case p == 1:
		return n
	}
	return distuv.Binomial{N: n, P: p, Src: r}.Rand()
}
