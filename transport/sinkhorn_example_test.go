package transport_test

import (
	"context"
	"fmt"

	"wgf/measure"
	"wgf/transport"
)

// Two clouds of three points, one the other moved by (3, 4).
func ExampleSinkhorn() {
	a, _ := measure.FromPoints([][]float64{{0, 0}, {1, 0}, {0, 2}})
	b, _ := measure.FromPoints([][]float64{{3, 4}, {4, 4}, {3, 6}})
	r, err := transport.Sinkhorn{Epsilon: 0.1}.Solve(context.Background(), transport.Problem{A: a, B: b})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v, cost %.3f, distance %.3f\n", r.Status, r.Cost, r.Distance())
	// Output: converged, cost 25.000, distance 5.000
}

// The divergence has no bias: it is zero for equal measures.
func ExampleSinkhornDivergence() {
	a, _ := measure.FromPoints([][]float64{{0}, {1}, {2}})
	b, _ := measure.FromPoints([][]float64{{3}, {4}, {5}})
	for _, other := range []*measure.Cloud{a, b} {
		d, err := transport.SinkhornDivergence(context.Background(), a, other, transport.Sinkhorn{Epsilon: 1})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.3f\n", d.Value)
	}
	// Output:
	// 0.000
	// 9.000
}
