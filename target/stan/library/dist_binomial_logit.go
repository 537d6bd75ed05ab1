package library

// binomialLogit is the number n of successes in N trials with log odds alpha.
//
//	log p(n) = log choose(N, n) + n alpha - N log(1 + exp(alpha))
var binomialLogit = &Univariate{
	Name: "binomial_logit",
	Args: []Arg{
		{Name: "Successes variable", Int: true},
		{Name: "Population size parameter", Int: true, Rule: nonnegative},
		{Name: "Probability parameter", Rule: finite},
	},
	LogDensity: func(b *builder, x []vec) {
		n, trials, alpha := x[0], x[1], x[2]
		b.checkSuccesses(n, trials)
		b.plus(b.map2(b.lchoose, trials, n))
		b.plusCounts(n, alpha)
		b.plusCounts(trials, b.Neg(b.Log1pExp(alpha)))
	},
}
