package library

import (
	"math"
	"math/rand/v2"
)

// negBinomial2Log is the negative binomial distribution with log mean eta and precision phi.
//
//	log p(n) = log[Gamma(n+phi) / (Gamma(phi) n! phi^n)] + n eta - (n+phi) log(1 + exp(eta)/phi)
var negBinomial2Log = &Univariate{
	Name: "neg_binomial_2_log",
	Args: []Arg{
		{Name: "Failures variable", Int: true, Rule: nonnegative},
		{Name: "Log location parameter", Rule: finite},
		{Name: "Precision parameter", Rule: positiveFinite},
	},
	LogDensity: func(b *builder, x []vec) {
		n, eta, phi := x[0], x[1], x[2]
		b.minus(b.Lgamma(b.Shift(n, 1)))
		b.plus(b.map2(b.risingExcess, phi, n))
		b.plusCounts(n, eta)
		b.minusProduct(b.Add(n, phi), b.Log1pExp(b.Sub(eta, b.Log(phi))))
	},
	Random: func(r *rand.Rand, p []float64) float64 { return negBinomialDraw(r, math.Exp(p[0]), p[1]) },
}
