package transport_test

import (
	"context"
	"fmt"

	"wgf/measure"
	"wgf/transport"
)

func ExampleGeodesic() {
	a, _ := measure.FromPoints([][]float64{{0, 0}, {1, 0}})
	b, _ := measure.FromPoints([][]float64{{1, 2}, {0, 2}})
	r, _ := transport.Exact{}.Solve(context.Background(), transport.Problem{A: a, B: b})
	half, _ := transport.Geodesic(r, 0.5)
	fmt.Println(half.X)
	// Output: [0 1 1 1]
}

func ExampleBuresWasserstein2() {
	a := measure.Gaussian{Mean: []float64{0, 0}, Cov: []float64{1, 0, 0, 9}}
	b := measure.Gaussian{Mean: []float64{3, 0}, Cov: []float64{4, 0, 0, 1}}
	v, _ := transport.BuresWasserstein2(a, b)
	fmt.Printf("%.4f\n", v) // 3^2 + (2-1)^2 + (3-1)^2
	// Output: 14.0000
}

func ExampleBarycentreOnLine() {
	a, _ := measure.FromPoints([][]float64{{0}, {2}})
	b, _ := measure.FromPoints([][]float64{{10}, {16}})
	c, _ := transport.BarycentreOnLine([]*measure.Cloud{a, b}, []float64{3, 1})
	fmt.Println(c.X)
	// Output: [2.5 5.5]
}

func ExampleSliced_Gradient() {
	a, _ := measure.FromPoints([][]float64{{0, 0}, {1, 0}, {0, 1}})
	b := a.Clone()
	for i := range b.N {
		b.X[i] += 4 // along the first axis
	}
	g, r, _ := transport.Sliced{Directions: 100}.Gradient(context.Background(), a, b)
	// A flow moves every particle by -1/w times the gradient: towards b.
	fmt.Printf("%.4f %.4f %.4f\n", r.Distance, -3*g[0], -3*g[3]+0)
	// Output: 2.8284 4.0000 0.0000
}
