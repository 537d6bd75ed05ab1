package diagnostics

import (
	"fmt"
	"math"
)

// EnsembleESS is the effective sample size of an ensemble for the mean of x,
// x[particle][time]:
//
//	ESS = N Var(x)/Var_n(m_n),
//
// N particles with time means m_n, the variance over all draws above and the variance of
// the N means (divisor N-1) below. No autocorrelation is estimated; with N = 128 the
// estimate has a relative standard error of sqrt(2/127) = 12.5 %. Particles that never
// move give about N and superchains stuck in different modes more than the truth, so the
// number counts only where [NestedRHat] is near 1 and it exceeds several N. It is capped
// at the draws times their decimal logarithm. NaN for constant or non-finite draws and
// for fewer than two particles.
func EnsembleESS(x [][]float64) float64 {
	var w workspace
	s := w.describe(x)
	if s.Undefined() || len(x) < 2 {
		return math.NaN()
	}
	w.y = append(w.y[:0], w.x...)
	return particleESS(w.y, len(x), w.means(len(x)))
}

// EnsembleESSMoments is [EnsembleESS] from running sums: the time mean of every particle
// and the variance of all draws together.
func EnsembleESSMoments(means []float64, pooled float64, draws int) float64 {
	if len(means) < 2 {
		return math.NaN()
	}
	n := float64(len(means))
	return capESS(n*pooled/variance(means), n*float64(draws))
}

// Ensemble describes one quantity of an interacting ensemble, x[particle][time], the
// particles of each of the superchains next to each other. It fills the same [Summary]
// as [Summarize]:
//
//   - ESSBulk is [EnsembleESS] of the normal scores of the draws, ESSTail the smaller of
//     those of the indicators of the 5 % and 95 % quantiles;
//   - RHat is [NestedRHat] of the normal scores;
//   - MCSEMean is sqrt(Var_n(m_n)/N), the error across particles, and MCSESD follows
//     from the particle means of the squared deviations by the delta method.
//
// One superchain gives no RHat. Shape errors panic as in [NestedRHat].
func Ensemble(x [][]float64, superchains int) Summary {
	var s Summarizer
	return s.Ensemble(x, superchains)
}

// Ensemble is the function [Ensemble] with kept buffers.
func (s *Summarizer) Ensemble(x [][]float64, superchains int) Summary {
	if superchains < 1 || len(x)%superchains != 0 {
		panic(fmt.Sprintf("diagnostics: %d particles do not form %d superchains of equal size", len(x), superchains))
	}
	w := &s.workspace
	out := w.describe(x)
	out.Particles = len(x)
	if len(x) < 2 || out.Undefined() {
		return out
	}
	n := len(x)

	w.y = append(w.y[:0], w.x...)
	out.MCSEMean = math.Sqrt(variance(w.means(n)) / float64(n))
	for i, v := range w.y {
		c := (v - out.Mean) / out.SD
		w.y[i] = c * c
	}
	out.MCSESD = out.SD * math.Sqrt(variance(w.means(n))/float64(n)) / 2

	low := w.indicatorESS(n, out.Q5)
	out.ESSTail = math.Min(low, w.indicatorESS(n, out.Q95))

	w.scoreAll()
	means := w.means(n)
	out.ESSBulk = particleESS(w.y, n, means)
	variances := make([]float64, n)
	if t := w.length; t > 1 {
		for p := range variances {
			variances[p] = sumSquares(w.y[p*t:(p+1)*t], means[p]) / float64(t-1)
		}
	}
	out.RHat = NestedRHatMoments(means, variances, superchains)
	return out
}

// EnsembleMCSEQuantile is the Monte Carlo standard error of a quantile of an ensemble:
// that of [MCSEQuantile] with the effective sample size across particles.
func EnsembleMCSEQuantile(x [][]float64, prob float64) float64 {
	var w workspace
	s := w.describe(x)
	if s.Undefined() || len(x) < 2 {
		return math.NaN()
	}
	return quantileError(w.sorted, prob, w.indicatorESS(len(x), quantileSorted(w.sorted, prob)))
}

// means gives the mean of each of n equal parts of y.
func (w *workspace) means(n int) []float64 {
	y := w.y
	w.scratch = resize(w.scratch, n)
	t := len(y) / n
	for p := range w.scratch {
		w.scratch[p] = mean(y[p*t : (p+1)*t])
	}
	return w.scratch
}

func (w *workspace) indicatorESS(n int, q float64) float64 {
	w.y = append(w.y[:0], w.x...)
	indicator(w.y, q)
	return particleESS(w.y, n, w.means(n))
}

// scoreAll fills y with the normal scores of the draws.
func (w *workspace) scoreAll() {
	n := len(w.x)
	w.y = resize(w.y, n)
	w.normal.prepare(n)
	for i := 0; i < n; {
		j := i + 1
		for j < n && w.sorted[j] == w.sorted[i] {
			j++
		}
		score := w.normal.shared(i, j-i)
		for _, o := range w.order[i:j] {
			w.y[o] = score
		}
		i = j
	}
}

// particleESS is the formula of [EnsembleESS] for draws y of n particles.
func particleESS(y []float64, n int, means []float64) float64 {
	total := float64(len(y))
	if constant(y) {
		return total
	}
	return capESS(float64(n)*variance(y)/variance(means), total)
}

func capESS(ess, draws float64) float64 {
	return math.Min(ess, draws*math.Max(1, math.Log10(draws)))
}
