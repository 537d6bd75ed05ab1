package diagnostics

import "math"

// RHat is the rank-normalised split R-hat (Vehtari et al. 2021, section 4.2): the larger
// of split R-hat of the normal scores of the draws and of their distances from the
// median, so that chains that differ in location or in scale are both found. Values
// above 1.01 say that the chains do not agree. One chain is compared with itself, half
// against half. NaN for constant or non-finite draws and chains shorter than four draws.
func RHat(draws [][]float64) float64 { return Summarize(draws).RHat }

// splitRHat is R-hat of the sequences in y (equations 1 to 4):
//
//	sqrt((B/W + n - 1)/n),  B/n the variance of the means, W the mean of the variances.
//
// +Inf where no sequence varies but their means differ, NaN where nothing varies.
func splitRHat(y []float64, parts int) float64 {
	n := len(y) / parts
	var within, grand float64
	for c := range parts {
		grand += mean(y[c*n : (c+1)*n])
	}
	grand /= float64(parts)
	var between float64
	for c := range parts {
		part := y[c*n : (c+1)*n]
		m := mean(part)
		between += (m - grand) * (m - grand)
		within += sumSquares(part, m) / float64(n-1)
	}
	within /= float64(parts)
	between *= float64(n) / float64(parts-1)
	if between == 0 && within == 0 {
		return math.NaN()
	}
	if within <= 1e-24*between { // nothing but rounding
		return math.Inf(1)
	}
	return math.Sqrt((between/within + float64(n) - 1) / float64(n))
}
