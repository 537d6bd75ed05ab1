package tape

import "math"

// bernoulli are the Bernoulli numbers B2, B4, ..., B16.
var bernoulli = [...]float64{
	1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
}

// polygamma is the m-th derivative of the digamma function, m a whole number: the recurrence
//
//	psi_m(x) = psi_m(x+1) - (-1)^m m! / x^(m+1)
//
// up to x >= 15 + m, then the asymptotic series (Abramowitz and Stegun, Handbook of Mathematical Functions, 6.4.11),
//
//	psi_m(x) ~ (-1)^(m-1) ( (m-1)!/x^m + m!/(2 x^(m+1)) + sum_k B_2k (2k+m-1)!/((2k)! x^(2k+m)) ).
//
// NaN for other m, at the poles of even m, and below -1000; +Inf at the poles of odd m.
func polygamma(order, x float64) float64 {
	m := int(order)
	if float64(m) != order || m < 0 || m > 60 || math.IsNaN(x) || x < -1000 {
		return math.NaN()
	}
	if m == 0 {
		return digamma(x)
	}
	sign := 1.0 // (-1)^(m-1)
	if m%2 == 0 {
		sign = -1
	}
	if x <= 0 && x == math.Floor(x) {
		if m%2 == 0 {
			return math.NaN()
		}
		return math.Inf(1)
	}
	factorial := math.Gamma(float64(m)) // (m-1)!
	sum := 0.0
	for x < float64(15+m) {
		sum += factorial * float64(m) / math.Pow(x, float64(m+1))
		x++
	}
	r := 1 / x
	power := math.Pow(r, float64(m))
	series := factorial*power + 0.5*factorial*float64(m)*power*r
	// term is (2k+m-1)!/(2k)! r^(2k+m)
	term := factorial * power
	for k, b := range bernoulli {
		j := float64(2 * (k + 1))
		term *= (j + float64(m) - 2) * (j + float64(m) - 1) / ((j - 1) * j) * r * r
		series += b * term
	}
	return sign * (sum + series)
}

// digamma is the derivative of log |Gamma|: recurrence up to x >= 15, then psi(x) ~ log x - 1/(2x) - sum_k B_2k/(2k x^2k)
// (Abramowitz and Stegun, 6.3.18); below zero the reflection psi(x) = psi(1-x) - pi cot(pi x). NaN at the poles.
func digamma(x float64) float64 {
	if math.IsInf(x, 1) {
		return x
	}
	if x <= 0 {
		f := x - math.Floor(x)
		if f == 0 || math.IsInf(x, -1) {
			return math.NaN()
		}
		s, c := math.Sincos(math.Pi * f)
		return digamma(1-x) - math.Pi*c/s
	}
	sum := 0.0
	for x < 15 {
		sum -= 1 / x
		x++
	}
	r2 := 1 / (x * x)
	series, power := 0.0, r2
	for k, b := range bernoulli {
		series += b / float64(2*(k+1)) * power
		power *= r2
	}
	return sum + math.Log(x) - 0.5/x - series
}
