//go:build !race

package target_test

import (
	"testing"

	"wgf/target"
)

// A density must be no slower for garbage: a warm batch allocates nothing. The race detector makes pools forget at random, so this
// is not for it.
func TestBatchesDoNotAllocate(t *testing.T) {
	for _, spec := range []string{"gaussian:dim=4,condition=10", "mixture", "funnel", "ring"} {
		d, err := target.Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		n := 16
		lp, g, x := make([]float64, n), make([]float64, n*d.Dim()), make([]float64, n*d.Dim())
		d.LogDensity(lp, g, x)
		if a := testing.AllocsPerRun(50, func() { d.LogDensity(lp, g, x) }); a >= 1 {
			t.Errorf("%s: %v allocations a batch", spec, a)
		}
	}
}
