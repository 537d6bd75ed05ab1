package library

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// betaProportion is the beta distribution by its mean mu and precision kappa: beta(mu kappa, (1-mu) kappa).
var betaProportion = &Univariate{
	Name: "beta_proportion",
	Args: []Arg{
		{Name: "Random variable", Rule: probability},
		{Name: "Location parameter", Rule: openUnit},
		{Name: "Precision parameter", Rule: positiveFinite},
	},
	LogDensity: func(b *builder, x []vec) {
		y, mu, kappa := x[0], x[1], x[2]
		alpha := b.Mul(mu, kappa)
		beta := b.Sub(kappa, alpha)
		b.plus(b.Lgamma(kappa))
		b.minus(b.Add(b.Lgamma(alpha), b.Lgamma(beta)))
		b.plusProduct(b.Shift(alpha, -1), b.Log(y))
		b.plusProduct(b.Shift(beta, -1), b.Log1m(y))
	},
	NoCDF: true,
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		alpha := c.mul(x[1], x[2])
		return c.call(logIncBeta, alpha, c.sub(x[2], alpha), x[0])
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		alpha := c.mul(x[1], x[2])
		return c.call(logIncBeta, c.sub(x[2], alpha), alpha, c.sub(num(1), x[0]))
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		return distuv.Beta{Alpha: p[0] * p[1], Beta: (1 - p[0]) * p[1], Src: r}.Rand()
	},
}

// openUnit is the rule of a number strictly between 0 and 1.
var openUnit = &rule{
	mustBe: "in the open interval (0, 1)",
	holds:  func(v float64) bool { return v > 0 && v < 1 },
	guard: func(c *Context, x tape.Num) tape.Num {
		return c.op2(tape.And, isPositive(c, x), c.less(x, num(1)))
	},
}
