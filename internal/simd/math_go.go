package simd

import "math"

func sameLen(dst, x []float64) {
	if len(dst) != len(x) {
		panic("simd: dst and x differ in length")
	}
}

func each(dst, x []float64, f func(float64) float64) {
	for i, v := range x {
		dst[i] = f(v)
	}
}

// log1pExp returns log(1+exp(x)).
func log1pExp(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}

// invLogit returns 1/(1+exp(-x)).
func invLogit(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	t := math.Exp(x)
	return t / (1 + t)
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// digamma returns the derivative of log Gamma at x.
func digamma(x float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 1):
		return x
	case math.IsInf(x, -1):
		return math.NaN()
	case x == 0:
		return math.Copysign(math.Inf(1), -x)
	case x < 0:
		if x == math.Floor(x) {
			return math.NaN()
		}
		f := x - math.Floor(x)
		return digamma(1-x) - math.Pi/math.Tan(math.Pi*f)
	}
	s := 0.0
	for x < 10 {
		s -= 1 / x
		x++
	}
	w := 1 / (x * x)
	return s + math.Log(x) - 0.5/x - w*(1./12-w*(1./120-w*(1./252-w*(1./240-w*(5./660-w*(691./32760-w/12))))))
}
