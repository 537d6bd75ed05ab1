package library

import (
	"math/rand/v2"

	"wgf/internal/tape"
)

// bernoulliLogit is the distribution of n in {0, 1} with log odds theta of 1.
//
//	log p(n) = n theta - log(1 + exp(theta))
//
// Stan replaces the logarithm by its leading term beyond |theta| = 20, which differs by at most 2.1e-9.
var bernoulliLogit = &Univariate{
	Name: "bernoulli_logit",
	Args: []Arg{
		{Name: "n", Int: true, Rule: probability},
		{Name: "Logit transformed probability parameter", Rule: notNaN},
	},
	LogDensity: func(b *builder, x []vec) {
		n, theta := x[0], x[1]
		if constant(theta) {
			// n theta - log(1+exp(theta)) = -log(1+exp(-theta)) for n = 1, without cancellation
			b.plusCounts(n, b.Neg(b.Log1pExp(b.Neg(theta))))
			b.plusCounts(b.Sub(vec{num(1)}, n), b.Neg(b.Log1pExp(theta)))
			return
		}
		b.plusCounts(n, theta)
		b.minus(b.Log1pExp(theta))
	},
	Random: func(r *rand.Rand, p []float64) float64 { return flip(r, tape.Eval1(tape.InvLogit, p[0])) },
}
