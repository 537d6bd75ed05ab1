package radix

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func sortInputs(n int) map[string][]float64 {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	fill := func(f func(i int) float64) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = f(i)
		}
		return x
	}
	return map[string][]float64{
		"normal":   fill(func(int) float64 { return r.NormFloat64() }),
		"near 1":   fill(func(int) float64 { return 1 + 1e-12*r.Float64() }),
		"repeated": fill(func(int) float64 { return float64(r.IntN(5) - 2) }),
		"equal":    fill(func(int) float64 { return -3 }),
		"falling":  fill(func(i int) float64 { return -float64(i) }),
		"wide":     fill(func(int) float64 { return math.Exp(300*r.NormFloat64()) * float64(1-2*r.IntN(2)) }),
		"zeros":    fill(func(i int) float64 { return math.Copysign(0, float64(r.IntN(2))-0.5) }),
	}
}

func TestSort(t *testing.T) {
	var s Sorter
	for _, n := range []int{0, 1, 2, 50, 159, 160, 1000, 20000} {
		for name, x := range sortInputs(n) {
			want := slices.Clone(x)
			slices.Sort(want)
			got := slices.Clone(x)
			s.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s, n = %d: not sorted", name, n)
			}
			idx := make([]int32, n)
			s.Argsort(idx, x)
			for k, i := range idx {
				if x[i] != want[k] {
					t.Fatalf("%s, n = %d: argsort gives %v at %d, want %v", name, n, x[i], k, want[k])
				}
				if k > 0 && x[i] == x[idx[k-1]] && i < idx[k-1] {
					t.Fatalf("%s, n = %d: equal numbers changed their order", name, n)
				}
			}
		}
	}
}

func BenchmarkSort(b *testing.B) {
	const n = 100_000
	x, idx, y := sortInputs(n)["normal"], make([]int32, n), make([]float64, n)
	var s Sorter
	b.Run("radix", func(b *testing.B) {
		for b.Loop() {
			copy(y, x)
			s.Sort(y)
		}
	})
	b.Run("radix index", func(b *testing.B) {
		for b.Loop() {
			s.Argsort(idx, x)
		}
	})
	b.Run("slices.Sort", func(b *testing.B) {
		for b.Loop() {
			copy(y, x)
			slices.Sort(y)
		}
	})
}
