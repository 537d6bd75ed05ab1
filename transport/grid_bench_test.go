package transport_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"wgf/transport"
)

// The barycentre of a disk and a ring, 100 iterations at a regularisation of
// one squared pixel; and iterations alone.
func BenchmarkGridBarycentre(b *testing.B) {
	for _, n := range []int{28, 128} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			grids := []transport.Grid{
				shape(n, func(x, y float64) bool { return math.Hypot(x-0.35, y-0.35) < 0.2 }),
				shape(n, func(x, y float64) bool { r := math.Hypot(x-0.5, y-0.6); return r < 0.3 && r > 0.15 }),
			}
			for b.Loop() {
				r, err := transport.GridBarycentre(context.Background(), grids, nil, transport.GridOptions{Epsilon: 1, Annealing: 1, MaxIterations: 100, Tolerance: 1e-12})
				if err != nil || r.Iterations != 100 {
					b.Fatal(err)
				}
			}
		})
	}
}
