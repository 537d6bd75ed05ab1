package transport_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"wgf/measure"
	"wgf/transport"
)

func TestExactOnTheLine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 5, 30, 200} {
		for _, m := range []int{1, 3, 5, 30, 170} {
			for w := range 4 {
				a, b := measure.New(n, 1), measure.New(m, 1)
				for i := range a.X {
					a.X[i] = r.NormFloat64()
				}
				for i := range b.X {
					b.X[i] = r.NormFloat64()
				}
				if w&1 > 0 {
					for range n {
						a.LogW = append(a.LogW, r.NormFloat64())
					}
				}
				if w&2 > 0 {
					for range m {
						b.LogW = append(b.LogW, r.NormFloat64())
					}
				}
				for _, p := range []float64{1, 1.5, 2, 3} {
					pr := transport.Problem{A: a, B: b, Cost: transport.Power(p)}
					x, err := transport.OneDimensional{}.Solve(context.Background(), pr)
					if err != nil {
						t.Fatal(err)
					}
					y, err := transport.Exact{}.Solve(context.Background(), pr)
					if err != nil {
						t.Fatal(err)
					}
					if math.Abs(x.Cost-y.Cost) > 1e-12*x.Cost || math.Abs(x.Gap()) > 1e-12 || math.Abs(y.Gap()) > 1e-12 {
						t.Error(n, m, w, p, x.Cost, y.Cost, x.Gap(), y.Gap())
					}
				}
			}
		}
	}
}
