package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSelectSmallest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := 1; n < 200; n++ {
		v := make([]float64, n)
		for i := range v {
			v[i] = float64(r.IntN(1 + n/2)) // with ties
		}
		sorted := slices.Sorted(slices.Values(v))
		k := r.IntN(n)
		selectSmallest(v, k)
		if v[k] != sorted[k] || k > 0 && slices.Max(v[:k]) > v[k] || slices.Min(v[k:]) < v[k] {
			t.Fatalf("n = %d, k = %d: %v", n, k, v)
		}
	}
}
