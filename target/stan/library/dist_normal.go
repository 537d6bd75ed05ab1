package library

import (
	"math"
	"math/rand/v2"

	"wgf/internal/tape"
)

// normal is the normal distribution with location mu and scale sigma:
//
//	log p(y) = -log(2 pi)/2 - log sigma - ((y - mu)/sigma)^2 / 2
var normal = &Univariate{
	Name: "normal",
	Args: []Arg{
		{Name: "Random variable", Rule: notNaN},
		{Name: "Location parameter", Rule: finite},
		{Name: "Scale parameter", Rule: positive},
	},
	LogDensity: func(b *builder, x []vec) {
		y, mu, sigma := x[0], x[1], x[2]
		b.constant(-halfLogTwoPi)
		b.minus(b.Log(sigma))
		precision := b.Square(b.Inv(sigma))
		b.plusProduct(b.Scale(-0.5, precision), b.Square(b.Sub(y, mu)))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logPhi, c.div(c.sub(x[0], x[1]), x[2]))
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logPhi, c.div(c.sub(x[1], x[0]), x[2]))
	},
	Random: func(r *rand.Rand, p []float64) float64 { return p[0] + float64(p[1]*r.NormFloat64()) },
}

const halfLogTwoPi = 0.918938533204672741780329736405617639861397473637783412817

// logPhi is the logarithm of the standard normal distribution function, accurate in both tails.
var logPhi = &tape.Func{
	Name:  "logPhi",
	Value: func(x []float64) float64 { return logNormalCDF(x[0]) },
	Partials: func(x, dx []float64) {
		if x[0] < -20 {
			dx[0] = -x[0] / normalTail(x[0])
			return
		}
		dx[0] = math.Exp(-0.5*x[0]*x[0] - halfLogTwoPi - logNormalCDF(x[0]))
	},
}

func logNormalCDF(x float64) float64 {
	switch {
	case x > 0:
		return math.Log1p(-0.5 * math.Erfc(x/math.Sqrt2))
	case x > -20:
		return math.Log(0.5 * math.Erfc(-x/math.Sqrt2))
	}
	return -0.5*x*x - halfLogTwoPi - math.Log(-x) + math.Log(normalTail(x))
}

// normalTail is Phi(x) |x| / phi(x) far below zero: 1 - 1/x^2 + 3/x^4 - 15/x^6 + ..., Abramowitz and Stegun 26.2.12.
func normalTail(x float64) float64 {
	u := 1 / (x * x)
	return 1 - u*(1-3*u*(1-5*u*(1-7*u*(1-9*u*(1-11*u*(1-13*u))))))
}
