package library

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// studentT is Student's t distribution with nu degrees of freedom, location mu and scale sigma; with z = (y - mu)/sigma
//
//	log p(y) = lgamma((nu+1)/2) - lgamma(nu/2) - log(pi nu)/2 - log sigma - (nu+1)/2 log(1 + z^2/nu)
var studentT = &Univariate{
	Name: "student_t",
	Args: []Arg{
		{Name: "Random variable", Rule: notNaN},
		{Name: "Degrees of freedom parameter", Rule: positiveFinite},
		{Name: "Location parameter", Rule: finite},
		{Name: "Scale parameter", Rule: positiveFinite},
	},
	LogDensity: func(b *builder, x []vec) {
		y, nu, mu, sigma := x[0], x[1], x[2], x[3]
		half := b.Scale(0.5, nu)
		b.constant(-0.5 * math.Log(math.Pi))
		b.plus(b.Sub(b.Sub(b.Lgamma(b.Shift(half, 0.5)), b.Lgamma(half)), b.Scale(0.5, b.Log(nu))))
		b.minus(b.Log(sigma))
		precision := b.Inv(b.Mul(nu, b.Square(sigma)))
		b.minusProduct(b.Shift(half, 0.5), b.Log1p(b.Mul(precision, b.Square(b.Sub(y, mu)))))
	},
	LCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logStudentT, c.div(c.sub(x[0], x[2]), x[3]), x[1])
	},
	LCCDF: func(c *Context, x []tape.Num) tape.Num {
		return c.call(logStudentT, c.div(c.sub(x[2], x[0]), x[3]), x[1])
	},
	Random: func(r *rand.Rand, p []float64) float64 {
		chi := distuv.ChiSquared{K: p[0], Src: r}.Rand()
		return p[1] + p[2]*r.NormFloat64()/math.Sqrt(chi/p[0])
	},
}

// logStudentT is the log distribution function of the standard t distribution, of (t, nu).
var logStudentT = &tape.Func{
	Name:  "log_student_t_cdf",
	Value: func(x []float64) float64 { return logStudentTCDF(x[0], x[1]) },
	Partials: func(x, dx []float64) {
		t, nu := x[0], x[1]
		logDensity := -0.5*math.Log(nu) - lbetaValue(0.5, nu/2) - (nu+1)/2*math.Log1p(t*t/nu)
		dx[0] = math.Exp(logDensity - logStudentTCDF(t, nu))
		dx[1] = slope(func(nu float64) float64 { return logStudentTCDF(t, nu) }, nu)
	},
}

func logStudentTCDF(t, nu float64) float64 {
	var tail float64 // P(T > |t|)
	if t*t < nu {
		tail = 0.5 - 0.5*mathI(0.5, nu/2, t*t/(nu+t*t))
	} else {
		tail = 0.5 * mathI(nu/2, 0.5, 1/(1+t/nu*t))
	}
	if t < 0 {
		return math.Log(tail)
	}
	return math.Log1p(-tail)
}
