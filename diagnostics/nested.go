package diagnostics

import (
	"fmt"
	"math"
)

// NestedRHat compares superchains, groups of particles that started together (Margossian
// et al. 2024, section 3): x[particle][time], the particles of one superchain next to
// each other, all superchains of the same size,
//
//	sqrt(1 + B/W),
//	B the variance of the superchain means (divisor S-1),
//	W the mean over superchains of [variance of the particle means (divisor M-1)
//	  + mean over the particles of the variance in time (divisor T-1)].
//
// A term whose divisor would be 0 is 0. At stationarity the value is about
// sqrt(1 + S/ESS). NaN with fewer than two superchains or for constant or non-finite
// draws; +Inf where only the superchains differ. It panics where the number of particles
// is no multiple of superchains, or where particles differ in length.
func NestedRHat(x [][]float64, superchains int) float64 {
	means := make([]float64, len(x))
	variances := make([]float64, len(x))
	for n, p := range x {
		if len(p) != len(x[0]) {
			panic(fmt.Sprintf("diagnostics: particle %d has %d draws, particle 0 has %d", n, len(p), len(x[0])))
		}
		means[n] = mean(p)
		if len(p) > 1 {
			variances[n] = sumSquares(p, means[n]) / float64(len(p)-1)
		}
	}
	return NestedRHatMoments(means, variances, superchains)
}

// NestedRHatMoments is [NestedRHat] from the mean and the variance in time (divisor T-1;
// 0 where T = 1) of every particle, for callers that keep running sums.
func NestedRHatMoments(means, variances []float64, superchains int) float64 {
	if superchains < 1 || len(means)%superchains != 0 {
		panic(fmt.Sprintf("diagnostics: %d particles do not form %d superchains of equal size", len(means), superchains))
	}
	if superchains < 2 || len(means) == 0 {
		return math.NaN()
	}
	size := len(means) / superchains
	var within float64
	centres := make([]float64, superchains)
	for s := range centres {
		m := means[s*size : (s+1)*size]
		centres[s] = mean(m)
		if size > 1 {
			within += sumSquares(m, centres[s]) / float64(size-1)
		}
		within += mean(variances[s*size : (s+1)*size])
	}
	within /= float64(superchains)
	return math.Sqrt(1 + variance(centres)/within)
}
