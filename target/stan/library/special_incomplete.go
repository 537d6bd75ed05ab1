package library

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"wgf/internal/tape"
)

// The incomplete gamma and beta functions, plain and in logarithms. Derivatives by the limit of the integral are
// exact; those by the shapes are taken numerically (slope), to about ten digits.

// gammaP is the regularised lower incomplete gamma function P(a, x), gammaQ = 1 - P.
var gammaP = shaped("gamma_p", mathP, func(a, x float64) float64 { return gammaDensity(a, x) })
var gammaQ = shaped("gamma_q", mathQ, func(a, x float64) float64 { return -gammaDensity(a, x) })

// logGammaP and logGammaQ are their logarithms.
var logGammaP = shaped("log_gamma_p", func(a, x float64) float64 { return math.Log(mathP(a, x)) },
	func(a, x float64) float64 { return gammaDensity(a, x) / mathP(a, x) })
var logGammaQ = shaped("log_gamma_q", func(a, x float64) float64 { return math.Log(mathQ(a, x)) },
	func(a, x float64) float64 { return -gammaDensity(a, x) / mathQ(a, x) })

func mathP(a, x float64) float64 {
	switch {
	case !(a > 0) || !(x >= 0):
		return math.NaN()
	case math.IsInf(x, 1):
		return 1
	}
	return mathext.GammaIncReg(a, x)
}

func mathQ(a, x float64) float64 {
	switch {
	case !(a > 0) || !(x >= 0):
		return math.NaN()
	case math.IsInf(x, 1):
		return 0
	}
	return mathext.GammaIncRegComp(a, x)
}

// gammaDensity is x^(a-1) e^-x / Gamma(a).
func gammaDensity(a, x float64) float64 {
	return math.Exp((a-1)*math.Log(x) - x - lgammaValue(a))
}

// shaped is a function of a shape and a limit, given its derivative by the limit.
func shaped(name string, f, byLimit func(a, x float64) float64) *tape.Func {
	return &tape.Func{
		Name:  name,
		Value: func(x []float64) float64 { return f(x[0], x[1]) },
		Partials: func(x, dx []float64) {
			dx[0] = slope(func(a float64) float64 { return f(a, x[1]) }, x[0])
			dx[1] = byLimit(x[0], x[1])
		},
	}
}

// incBeta is the regularised incomplete beta function I_x(a, b) of (a, b, x).
var incBeta = incompleteBeta("inc_beta", func(v float64) (float64, float64) { return v, 1 })

// logIncBeta is its logarithm.
var logIncBeta = incompleteBeta("log_inc_beta", func(v float64) (float64, float64) { return math.Log(v), 1 / v })

// incompleteBeta is outer(I_x(a, b)); outer gives value and derivative.
func incompleteBeta(name string, outer func(v float64) (value, slope float64)) *tape.Func {
	value := func(a, b, x float64) float64 {
		v, _ := outer(mathI(a, b, x))
		return v
	}
	return &tape.Func{
		Name:  name,
		Value: func(x []float64) float64 { return value(x[0], x[1], x[2]) },
		Partials: func(x, dx []float64) {
			dx[0] = slope(func(a float64) float64 { return value(a, x[1], x[2]) }, x[0])
			dx[1] = slope(func(b float64) float64 { return value(x[0], b, x[2]) }, x[1])
			_, d := outer(mathI(x[0], x[1], x[2]))
			dx[2] = d * math.Exp((x[0]-1)*math.Log(x[2])+(x[1]-1)*math.Log1p(-x[2])-lbetaValue(x[0], x[1]))
		},
	}
}

func mathI(a, b, x float64) float64 {
	switch {
	case !(a > 0 && b > 0 && x >= 0 && x <= 1):
		return math.NaN()
	case x == 0:
		return 0
	case x == 1:
		return 1
	}
	return mathext.RegIncBeta(a, b, x)
}

// slope is the derivative of a smooth function at x > 0: central differences with steps h, h/2 and h/4, extrapolated
// to an error of order h^6 (Richardson).
func slope(f func(x float64) float64, x float64) float64 {
	h := 0.02 * math.Min(x, 4*math.Sqrt(x)+1)
	d := func(h float64) float64 { return (f(x+h) - f(x-h)) / (2 * h) }
	d0, d1, d2 := d(h), d(h/2), d(h/4)
	e0, e1 := (4*d1-d0)/3, (4*d2-d1)/3
	return (16*e1 - e0) / 15
}
