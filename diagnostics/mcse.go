package diagnostics

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// MCSEMean is the Monte Carlo standard error of the mean, sd/sqrt(ESS of the mean).
func MCSEMean(draws [][]float64) float64 { return Summarize(draws).MCSEMean }

// MCSESD is the Monte Carlo standard error of the standard deviation s, by the delta
// method from the variance of the squared deviations and their effective sample size:
//
//	sqrt((E c^4 - (E c^2)^2)/ESS(c^2)/(4 E c^2)),  c = x - mean.
func MCSESD(draws [][]float64) float64 { return Summarize(draws).MCSESD }

// MCSEQuantile is the Monte Carlo standard error of the quantile of probability prob:
// half the width of the interval between the order statistics at the 15.9 % and 84.1 %
// points of Beta(ESS p + 1, ESS (1 - p) + 1) (Vehtari et al. 2021, section 4.4).
func MCSEQuantile(draws [][]float64, prob float64) float64 {
	var w workspace
	s := w.describe(draws)
	if w.length < minDraws || s.Undefined() {
		return math.NaN()
	}
	w.splitIndicator(quantileSorted(w.sorted, prob))
	return quantileError(w.sorted, prob, w.essOf(2*w.chains, w.length/2))
}

// mcseSD computes on the scale of the standard deviation, so that fourth powers of large
// draws do not overflow.
func (w *workspace) mcseSD(centre, sd float64) float64 {
	w.splitSquares(centre, sd)
	ess := w.essOf(2*w.chains, w.length/2)
	return sdError(w.x, centre, sd, ess)
}

// sdError is the delta method: the error of sqrt(E c^2) given the effective sample size
// of the mean of c^2.
func sdError(x []float64, centre, sd, ess float64) float64 {
	var second, fourth float64
	for _, v := range x {
		c := (v - centre) / sd
		c *= c
		second += c
		fourth += c * c
	}
	n := float64(len(x))
	second, fourth = second/n, fourth/n
	return sd * math.Sqrt((fourth-second*second)/ess/second/4)
}

// quantileError turns an effective sample size into the error of a quantile.
func quantileError(sorted []float64, prob, ess float64) float64 {
	a, b := ess*prob+1, ess*(1-prob)+1
	n := float64(len(sorted))
	low := mathext.InvRegIncBeta(a, b, 0.1586553)*n - 1
	high := mathext.InvRegIncBeta(a, b, 0.8413447)*n - 1
	i := int(math.Floor(math.Max(low, 0)))
	j := int(math.Ceil(math.Min(high, n-1)))
	return (sorted[j] - sorted[i]) / 2
}
