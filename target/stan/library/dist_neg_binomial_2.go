package library

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// negBinomial2 is the negative binomial distribution with mean mu and precision phi (variance mu + mu^2/phi).
//
//	log p(n) = log[Gamma(n+phi) / (Gamma(phi) n! phi^n)] + n log mu - (n+phi) log(1 + mu/phi)
var negBinomial2 = &Univariate{
	Name: "neg_binomial_2",
	Args: []Arg{
		{Name: "Failures variable", Int: true, Rule: nonnegative},
		{Name: "Location parameter", Rule: positiveFinite},
		{Name: "Precision parameter", Rule: positiveFinite},
	},
	Support: anything,
	LogDensity: func(b *builder, x []vec) {
		n, mu, phi := x[0], x[1], x[2]
		b.minus(b.Lgamma(b.Shift(n, 1)))
		b.plus(b.map2(b.risingExcess, phi, n))
		b.plusCounts(n, b.Log(mu))
		b.minusProduct(b.Add(n, phi), b.Log1p(b.Div(mu, phi)))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		n, mu, phi := x[0], x[1], x[2]
		if n.V < 0 {
			return num(math.Inf(-1))
		}
		return c.call(logIncBeta, phi, num(n.V+1), c.div(phi, c.add(mu, phi)))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		n, mu, phi := x[0], x[1], x[2]
		if n.V < 0 {
			return num(0)
		}
		return c.call(logIncBeta, num(n.V+1), phi, c.div(mu, c.add(mu, phi)))
	},
	Random: func(r *rand.Rand, p []float64) float64 { return negBinomialDraw(r, p[0], p[1]) },
}

// negBinomialDraw mixes the Poisson rate over a gamma distribution.
func negBinomialDraw(r *rand.Rand, mu, phi float64) float64 {
	return poissonDraw(r, distuv.Gamma{Alpha: phi, Beta: phi / mu, Src: r}.Rand())
}

// risingExcess is log[Gamma(x+n) / (Gamma(x) x^n)] for an int n, which tends to 0 for large x.
func (c *Context) risingExcess(x, n tape.Num) tape.Num {
	if n.V == 0 {
		return num(0)
	}
	return c.call(risingExcess, x, n)
}

var risingExcess = &tape.Func{
	Name: "rising_excess",
	Value: func(x []float64) float64 {
		a, n := x[0], x[1]
		if a < stirlingFrom {
			return lgammaValue(a+n) - lgammaValue(a) - n*math.Log(a)
		}
		return (a+n-0.5)*math.Log1p(n/a) - n + stirlingRest(a+n) - stirlingRest(a)
	},
	Partials: func(x, dx []float64) {
		a, n := x[0], x[1]
		switch {
		case n <= 32:
			// sum over k < n of 1/(a+k) - 1/a = -k/(a (a+k))
			dx[0] = 0
			for k := 1.0; k < n; k++ {
				dx[0] -= k / (a * (a + k))
			}
		default:
			dx[0] = digamma(a+n) - digamma(a) - n/a
		}
		dx[1] = digamma(a+n) - math.Log(a)
	},
}
