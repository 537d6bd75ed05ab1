package transport

import (
	"math"
	"testing"

	"wgf/internal/simd"
)

// direct is the sum that gridKernel computes, one pair at a time.
func directGridSum(shape []int, h []float64, eps float64) []float64 {
	at := Grid{Shape: shape}
	out := make([]float64, len(h))
	for i := range out {
		x := at.at(i)
		terms, top := make([]float64, len(h)), math.Inf(-1)
		for j, v := range h {
			for k, y := range at.at(j) {
				v -= float64((x[k]-y)*(x[k]-y)) / eps
			}
			terms[j] = v
			top = math.Max(top, v)
		}
		sum := 0.0
		for _, v := range terms {
			sum += math.Exp(v - top)
		}
		out[i] = top + math.Log(sum)
	}
	return out
}

// The blocked sums are those one pair at a time, for flat and for steep
// logarithms (as potentials of far transport are), with holes, for sizes that
// no block divides, for every variant and every number of threads.
func TestGridKernelIsDirectSum(t *testing.T) {
	for _, variant := range simd.Variants() {
		restore := simd.Use(variant)
		for _, shape := range [][]int{{1}, {37}, {1, 9}, {19, 70}, {5, 1, 18}, {6, 7, 8}} {
			for _, eps := range []float64{0.01, 0.5, 3, 500} {
				for _, slope := range []float64{0, 1, 40} {
					n := 1
					for _, s := range shape {
						n *= s
					}
					h := make([]float64, n)
					g := Grid{Shape: shape}
					for i := range h {
						h[i] = 3 * math.Sin(float64(i*i))
						for _, x := range g.at(i) {
							h[i] += slope * float64(x) / eps
						}
						if i%5 == 1 {
							h[i] = nothing
						}
					}
					want := directGridSum(shape, h, eps)
					var first []float64
					for threads := 1; threads <= 3; threads++ {
						k := newGridKernel(shape, threads)
						k.scale(eps)
						got := make([]float64, n)
						k.apply(got, h)
						for i, v := range want {
							if !(math.Abs(got[i]-v) <= 1e-13*(10+math.Abs(v)+2*70*70/eps)) {
								t.Fatalf("%s, shape %v, eps %v, slope %v: entry %d is %v, want %v", variant, shape, eps, slope, i, got[i], v)
							}
							if first != nil && first[i] != got[i] {
								t.Fatalf("%s, shape %v: %d threads change entry %d", variant, shape, threads, i)
							}
						}
						first = got
						copy(h, h)
					}
					k := newGridKernel(shape, 1)
					k.scale(eps)
					k.apply(h, h)
					for i, v := range first {
						if h[i] != v {
							t.Fatalf("shape %v: in place, entry %d is %v, want %v", shape, i, h[i], v)
						}
					}
				}
			}
		}
		restore()
	}
}
