package diagnostics

import "math"

// ESSBulk is the effective sample size of the rank-normalised split chains (Vehtari et
// al. 2021, section 4.1): how many independent draws would place the bulk of the
// distribution as well. draws[chain][time]; NaN for constant or non-finite draws and for
// chains shorter than four draws. Below 100 for each chain the number itself is noisy.
func ESSBulk(draws [][]float64) float64 { return Summarize(draws).ESSBulk }

// ESSTail is the smaller of the effective sample sizes of the indicators of the 5 % and
// 95 % quantiles (Vehtari et al. 2021, section 4.3).
func ESSTail(draws [][]float64) float64 { return Summarize(draws).ESSTail }

// ESSMean is the effective sample size of the split chains for the mean.
func ESSMean(draws [][]float64) float64 {
	return essOfFunction(draws, func(w *workspace, _ *Summary) { w.split(w.x) })
}

// ESSSD is the effective sample size for the standard deviation: that of the squared
// deviations from the mean.
func ESSSD(draws [][]float64) float64 {
	return essOfFunction(draws, func(w *workspace, s *Summary) { w.splitSquares(s.Mean, s.SD) })
}

// ESSQuantile is the effective sample size for the quantile of probability prob: that of
// the indicator of draws at or below it.
func ESSQuantile(draws [][]float64, prob float64) float64 {
	return essOfFunction(draws, func(w *workspace, _ *Summary) {
		w.splitIndicator(quantileSorted(w.sorted, prob))
	})
}

func essOfFunction(draws [][]float64, fill func(*workspace, *Summary)) float64 {
	var w workspace
	s := w.describe(draws)
	if w.length < minDraws || s.Undefined() {
		return math.NaN()
	}
	fill(&w, &s)
	return w.essOf(2*w.chains, w.length/2)
}

// splitSquares fills y with the split squares of (x - centre)/scale.
func (w *workspace) splitSquares(centre, scale float64) {
	w.split(w.x)
	for i, v := range w.y {
		c := (v - centre) / scale
		w.y[i] = c * c
	}
}

// essOf is the effective sample size of the m sequences of n numbers in y, which it
// centres: m n / tau with
//
//	rho(t) = 1 - (W - mean acov(t) ...)/var+,  tau = -1 + 2 sum_{t<=T} rho(t) + rho(T+1),
//
// rho the autocorrelation that counts differences between sequences as correlation
// (equation 10), summed over Geyer's initial monotone positive sequence of pairs.
// A sequence without variation, as the indicator of a quantile of a discrete variable
// may be, counts as m n. tau is at least 1/log10(m n): antithetic draws are not
// credited with more.
func (w *workspace) essOf(m, n int) float64 {
	y := w.y[:m*n]
	total := float64(m * n)
	if constant(y) {
		return total
	}
	w.scratch = resize(w.scratch, m+n)
	means, rho := w.scratch[:m], w.scratch[m:]
	for c := range m {
		part := y[c*n : (c+1)*n]
		means[c] = mean(part)
		for i := range part {
			part[i] -= means[c]
		}
	}
	w.lags.start(y, m)
	within := w.acov(0) * float64(n) / float64(n-1)
	varPlus := w.acov(0)
	if m > 1 {
		varPlus += variance(means)
	}
	at := func(t int) float64 { return 1 - (within-w.acov(t))/varPlus }

	clear(rho)
	even, odd := 1.0, at(1)
	rho[0], rho[1] = even, odd
	t := 1
	for t < n-3 && even+odd > 0 {
		even, odd = at(t+1), at(t+2)
		if even+odd >= 0 {
			rho[t+1], rho[t+2] = even, odd
		}
		t += 2
	}
	last := t - 2
	if even > 0 {
		rho[last+1] = even
	}
	for t := 1; t <= last-2; t += 2 {
		if before := rho[t-1] + rho[t]; rho[t+1]+rho[t+2] > before {
			rho[t+1], rho[t+2] = before/2, before/2
		}
	}
	tau := -1.0
	for _, r := range rho[:last+1] {
		tau += 2 * r
	}
	tau += rho[last+1]
	tau = math.Max(tau, 1/math.Log10(total))
	return total / tau
}

func constant(y []float64) bool {
	for _, v := range y {
		if v != y[0] {
			return false
		}
	}
	return true
}
