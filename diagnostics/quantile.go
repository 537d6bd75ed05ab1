package diagnostics

import (
	"math"
	"slices"
)

// Quantile is the sample quantile of probability prob in [0, 1] of all values: the
// linear interpolation between order statistics known as type 7 (Hyndman and Fan 1996),
// h = (n-1) prob. NaN where x is empty or holds a NaN. It sorts a copy.
func Quantile(x []float64, prob float64) float64 {
	if len(x) == 0 || slices.ContainsFunc(x, math.IsNaN) {
		return math.NaN()
	}
	s := slices.Clone(x)
	slices.Sort(s)
	return quantileSorted(s, prob)
}

// MAD is the median of |x - median(x)| times 1.4826, which estimates the standard
// deviation of a normal law. NaN where x is empty or holds a NaN.
func MAD(x []float64) float64 {
	median := Quantile(x, 0.5)
	d := make([]float64, len(x))
	for i, v := range x {
		d[i] = math.Abs(v - median)
	}
	return madScale * Quantile(d, 0.5)
}

func quantileSorted(s []float64, prob float64) float64 {
	if len(s) == 0 {
		return math.NaN()
	}
	h := math.Min(math.Max(prob, 0), 1) * float64(len(s)-1)
	i := int(h)
	if i+1 >= len(s) || s[i] == s[i+1] {
		return s[i]
	}
	f := h - float64(i)
	if f == 0 {
		return s[i]
	}
	return (1-f)*s[i] + f*s[i+1]
}
