package diagnostics

import "math"

// Summary is one row of the table of a sampling run. Chains and ensembles fill the
// same fields; only the estimators differ. A NaN field is undefined.
type Summary struct {
	Name      string
	Mean      float64
	MCSEMean  float64 // Monte Carlo standard error of Mean
	SD        float64 // standard deviation, divisor draws-1
	MCSESD    float64 // Monte Carlo standard error of SD
	MAD       float64 // median absolute deviation from the median times 1.4826
	Q5        float64 // quantiles, type 7
	Q50       float64
	Q95       float64
	ETILow    float64 // equal-tailed 89 % interval: the 5.5 % quantile
	ETIHigh   float64 // and the 94.5 % quantile
	ESSBulk   float64
	ESSTail   float64
	RHat      float64
	Draws     int // draws in all chains together
	NaN       int // how many of them are NaN
	Infinite  int // how many are +Inf or -Inf
	Constant  bool
	Particles int // particles of an ensemble, 0 for chains
}

// madScale makes the median absolute deviation of a normal law its standard deviation.
const madScale = 1.482602218505602

// Undefined reports whether the diagnostics of the row have no meaning because its
// draws never vary or are not all finite.
func (s *Summary) Undefined() bool { return s.Constant || s.NaN > 0 || s.Infinite > 0 }

// Summarize describes one quantity from chains of equal length, draws[chain][time].
// It costs one sort and a few passes over the draws. Many quantities are better
// served by [SummarizeAll] or a [Summarizer] kept for all of them.
func Summarize(draws [][]float64) Summary {
	var s Summarizer
	return s.Chains(draws)
}

// A Summarizer computes summaries one after another and keeps its buffers between
// them. Its zero value is ready. It must not be used by two goroutines at once.
type Summarizer struct {
	workspace
}

// Chains is [Summarize] with kept buffers.
func (s *Summarizer) Chains(draws [][]float64) Summary {
	w := &s.workspace
	out := w.describe(draws)
	if w.length < minDraws || out.Undefined() {
		return out
	}
	half := w.length / 2
	parts := 2 * w.chains

	w.rankNormalise(w.order, w.sorted)
	out.RHat = splitRHat(w.y[:parts*half], parts)
	out.ESSBulk = w.essOf(parts, half)
	w.rankNormalise(w.foldedOrder, w.folded)
	if folded := splitRHat(w.y[:parts*half], parts); folded > out.RHat { // NaN for two equally likely values
		out.RHat = folded
	}

	w.splitIndicator(out.Q5)
	low := w.essOf(parts, half)
	w.splitIndicator(out.Q95)
	out.ESSTail = math.Min(low, w.essOf(parts, half))

	w.split(w.x)
	out.MCSEMean = out.SD / math.Sqrt(w.essOf(parts, half))
	out.MCSESD = w.mcseSD(out.Mean, out.SD)
	return out
}

// describe loads the draws, sorts them and fills what needs no error estimate.
func (w *workspace) describe(draws [][]float64) Summary {
	w.load(draws)
	nan := math.NaN()
	out := Summary{
		Mean: nan, MCSEMean: nan, SD: nan, MCSESD: nan, MAD: nan, Q5: nan, Q50: nan, Q95: nan,
		ETILow: nan, ETIHigh: nan, ESSBulk: nan, ESSTail: nan, RHat: nan, Draws: len(w.x),
	}
	for _, v := range w.x {
		switch {
		case math.IsNaN(v):
			out.NaN++
		case math.IsInf(v, 0):
			out.Infinite++
		}
	}
	if out.NaN > 0 || len(w.x) == 0 {
		return out
	}
	w.sortDraws()
	out.Q5 = quantileSorted(w.sorted, 0.05)
	out.Q50 = quantileSorted(w.sorted, 0.5)
	out.Q95 = quantileSorted(w.sorted, 0.95)
	out.ETILow = quantileSorted(w.sorted, 0.055)
	out.ETIHigh = quantileSorted(w.sorted, 0.945)
	out.Mean = mean(w.x)
	if out.Infinite > 0 {
		return out
	}
	low, high := w.sorted[0], w.sorted[len(w.sorted)-1]
	out.Constant = nearlyEqual(low, high)
	out.SD = math.Sqrt(sumSquares(w.x, out.Mean) / float64(len(w.x)-1))
	if out.Constant {
		out.SD, out.MAD = 0, 0
		return out
	}
	w.fold(out.Q50)
	out.MAD = madScale * quantileSorted(w.folded, 0.5)
	return out
}

// nearlyEqual is true where the smallest and the largest draw differ by rounding only,
// as the diagonal of a correlation matrix does.
func nearlyEqual(low, high float64) bool {
	const eps = 0x1p-52
	return high-low <= 16*eps*math.Max(math.Abs(low), math.Abs(high))
}
