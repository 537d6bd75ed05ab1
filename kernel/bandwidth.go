package kernel

import (
	"math"
	"slices"

	"wgf/internal/rng"
)

// bandwidthPoints is the number of points that bandwidth rules look at; of more,
// a subsample with a fixed seed.
const bandwidthPoints = 1000

// Rule chooses a bandwidth from points.
type Rule uint8

const (
	// Median is h^2 = med/2, med the median squared distance of distinct pairs:
	// the Gaussian kernel is exp(-r^2/med).
	Median Rule = iota
	// MedianLog is h^2 = med/(2 log(n+1)), the rule of SVGD (Liu and Wang 2016,
	// section 5): sum_j k(x_i, x_j) is of order 1.
	MedianLog
	// Scott is h = sqrt(mean squared distance) n^(-1/(d+4)).
	Scott
)

// Fit is the kernel with the bandwidth that the rule gives for the points, where
// it has none yet and has need of one. It reports whether the points were all
// the same, so that the bandwidth fell back to 1.
func (k Kernel) Fit(x Points, rule Rule) (fitted Kernel, fellBack bool) {
	if k.Bandwidth != 0 || !k.Family.Scaled() {
		return k, false
	}
	k.Bandwidth = rule.Bandwidth(x)
	if !(k.Bandwidth > 0) || math.IsInf(k.Bandwidth, 0) {
		k.Bandwidth, fellBack = 1, true
	}
	return k, fellBack
}

// Bandwidth is the bandwidth of the rule, 0 for identical or fewer than two
// points. Weights count as equal. The cost is of order min(n, 1000)^2 d.
func (r Rule) Bandwidth(x Points) float64 {
	x.check()
	index := make([]int, x.N)
	for i := range index {
		index[i] = i
	}
	if x.N > bandwidthPoints {
		source := rng.New(1, rng.Shuffle).Source(0, 0)
		for i := range bandwidthPoints { // the start of a shuffle
			j := i + int(source.Uint64()%uint64(x.N-i))
			index[i], index[j] = index[j], index[i]
		}
		index = index[:bandwidthPoints]
	}
	n := len(index)
	if n < 2 {
		return 0
	}
	all := make([]float64, 0, n*(n-1)/2)
	row := make([]float64, n)
	for a, i := range index {
		clear(row)
		for c := range x.D {
			v := x.X[c*x.N+i]
			for b, j := range index[:a] {
				t := x.X[c*x.N+j] - v
				row[b] += float64(t * t)
			}
		}
		all = append(all, row[:a]...)
	}
	if r == Scott {
		sum := 0.0
		for _, v := range all {
			sum += v
		}
		return math.Sqrt(sum/float64(len(all))) * math.Pow(float64(x.N), -1/float64(x.D+4))
	}
	half := len(all) / 2
	selectSmallest(all, half)
	med := all[half]
	if len(all)%2 == 0 {
		med = (med + slices.Max(all[:half])) / 2
	}
	if r == MedianLog {
		med /= math.Log(float64(x.N + 1))
	}
	return math.Sqrt(med / 2)
}

// selectSmallest orders v so that v[k] is what sorting would put there, with nothing
// larger before it and nothing smaller after it (Hoare 1961), in time of order len(v).
func selectSmallest(v []float64, k int) {
	low, high := 0, len(v)-1
	for low < high {
		// The median of three as pivot.
		a, b, c := v[low], v[low+(high-low)/2], v[high]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := low, high
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return
		}
	}
}
