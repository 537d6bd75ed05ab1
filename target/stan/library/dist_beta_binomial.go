package library

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// betaBinomial is the number n of successes in N trials whose probability is beta(alpha, beta):
//
//	log p(n) = log choose(N, n) + lbeta(n + alpha, N - n + beta) - lbeta(alpha, beta)
var betaBinomial = &Univariate{
	Name: "beta_binomial",
	Args: []Arg{
		{Name: "Successes variable", Int: true},
		{Name: "Population size parameter", Int: true, Rule: nonnegative},
		{Name: "First prior sample size parameter", Rule: positiveFinite},
		{Name: "Second prior sample size parameter", Rule: positiveFinite},
	},
	LogDensity: func(b *builder, x []vec) {
		n, trials, alpha, beta := x[0], x[1], x[2], x[3]
		outside := b.map2(func(n, m tape.Num) tape.Num { return num(boolean(n.V >= 0 && n.V <= m.V)) }, n, trials)
		if b.require(outside); b.impossible {
			return
		}
		b.plus(b.map2(b.lchoose, trials, n))
		b.plus(b.map2(b.lbeta, b.Add(n, alpha), b.Add(b.Sub(trials, n), beta)))
		b.minus(b.map2(b.lbeta, alpha, beta))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return betaBinomialSum(c, x, 0, math.Min(x[0].V, x[1].V))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return betaBinomialSum(c, x, math.Max(0, x[0].V+1), x[1].V)
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return binomialDraw(r, p[0], distuv.Beta{Alpha: p[1], Beta: p[2], Src: r}.Rand())
	},
}

// betaBinomialSum is the log probability of from..to, term by term: N+1 terms at most.
func betaBinomialSum(c *Context, x []tape.Num, from, to float64) tape.Num {
	trials, alpha, beta := x[1], x[2], x[3]
	if from == 0 && to == trials.V {
		return num(0)
	}
	norm := c.lbeta(alpha, beta)
	var terms []tape.Num
	for k := from; k <= to; k++ {
		joint := c.lbeta(c.add(num(k), alpha), c.add(num(trials.V-k), beta))
		terms = append(terms, c.add(num(lchooseValue(trials.V, k)), c.sub(joint, norm)))
	}
	return c.logSumExp(terms)
}

func boolean(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
