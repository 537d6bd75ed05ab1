package tape

import "math"

// trigamma is the second derivative of log Gamma: the recurrence psi'(x) = psi'(x+1) + 1/x^2 up to x >= 12, then the
// asymptotic series (Abramowitz and Stegun, 6.4.11); below zero the reflection psi'(1-x) + psi'(x) = (pi/sin(pi x))^2.
func trigamma(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, -1) {
		return math.NaN()
	}
	if x <= 0 {
		if x == math.Floor(x) {
			return math.Inf(1)
		}
		s := math.Pi / math.Sin(math.Pi*(x-math.Floor(x)))
		return s*s - trigamma(1-x)
	}
	sum := 0.0
	for x < 12 {
		sum += 1 / (x * x)
		x++
	}
	r := 1 / x
	r2 := r * r
	// Bernoulli numbers B2, B4, ...: 1/6, -1/30, 1/42, -1/30, 5/66, -691/2730, 7/6.
	series := r2 * (1.0/6 + r2*(-1.0/30+r2*(1.0/42+r2*(-1.0/30+r2*(5.0/66+r2*(-691.0/2730+r2*7.0/6))))))
	return sum + r*(1+0.5*r+series)
}

// tetragamma is the third derivative of log Gamma, by the derivative of the same recurrence, series and reflection.
func tetragamma(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, -1) {
		return math.NaN()
	}
	if x <= 0 {
		f := x - math.Floor(x)
		if f == 0 {
			return math.NaN()
		}
		s, c := math.Sincos(math.Pi * f)
		// d/dx of (pi/sin(pi x))^2 - psi'(1-x)
		return -2*math.Pi*math.Pi*math.Pi*c/(s*s*s) + tetragamma(1-x)
	}
	sum := 0.0
	for x < 12 {
		sum -= 2 / (x * x * x)
		x++
	}
	r := 1 / x
	r2 := r * r
	// psi''(x) ~ -1/x^2 - 1/x^3 - sum (2k+1) B_2k / x^(2k+2)
	series := r2 * r2 * (3.0/6 + r2*(-5.0/30+r2*(7.0/42+r2*(-9.0/30+r2*(55.0/66+r2*(-13*691.0/2730+r2*15*7.0/6))))))
	return sum - r2 - r2*r - series
}
