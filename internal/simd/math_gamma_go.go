package simd

import "math"

// gammaThreshold is where the asymptotic series of lgamma and digamma start.
const gammaThreshold = 8

// lgammaCut is where the interval of length one around 2 starts in which
// lgamma is a polynomial.
const lgammaCut = 1.2578125

// lgamma returns log|Gamma(x)|: below the threshold the polynomial around 2
// carried over by the recurrence, above it Stirling's series, and for negative
// arguments the reflection Gamma(x) Gamma(1-x) = pi/sin(pi x).
func lgamma(x float64) float64 {
	if x < 0 {
		return lgammaReflected(x)
	}
	if !(x < gammaThreshold) {
		inv := 1 / x
		v := lgammaOffset + inv*polynomial(lgammaStirling[:], inv*inv)
		return (x-0.5)*(log(x)-1) + v
	}
	n := math.Floor(x - lgammaCut)
	t := x - (n + 2)
	y := t * polynomial(lgammaTwo[:], t)
	switch {
	case n == 0:
		return y
	case n == -1:
		return y - log(x)
	case n < -1:
		return y - log(x+x*x)
	}
	p := x - 1
	for j := 2.0; j <= n; j++ {
		p *= x - j
	}
	return y + log(p)
}

// lgammaReflected is lgamma for x < 0.
func lgammaReflected(x float64) float64 {
	if math.IsInf(x, -1) {
		return x
	}
	r := x - math.Round(x)
	if r == 0 {
		return math.Inf(1)
	}
	s := math.Abs(math.Sin(math.Pi * r))
	if x > -1 {
		return log(math.Pi/s) - lgamma(1-x)
	}
	return log(math.Pi/(s*-x)) - lgamma(-x)
}

// digamma returns the derivative of log Gamma at x by the same three ways.
func digamma(x float64) float64 {
	switch {
	case x == 0:
		return math.Copysign(math.Inf(1), -x)
	case x < 0:
		r := x - math.Round(x)
		if r == 0 || math.IsInf(x, -1) {
			return math.NaN()
		}
		return digamma(1-x) - math.Pi/math.Tan(math.Pi*r)
	case !(x < gammaThreshold):
		inv := 1 / x
		w := inv * inv
		return log(x) - (0.5*inv + w*polynomial(digammaStirling[:], w))
	}
	n := math.Floor(x) - 1
	u := x - (n + 1)
	y := (u - digammaRootHi - digammaRootLo) * polynomial(digammaOne[:], u-0.5)
	if n < 0 {
		return y - 1/x
	}
	upper, lower := 0.0, 1.0
	for j := 1.0; j <= n; j++ {
		z := x - j
		upper, lower = upper*z+lower, lower*z
	}
	return y + upper/lower
}
