package flow_test

import (
	"context"
	"fmt"

	"wgf/flow"
	"wgf/target"
)

// A target of your own is a log density with its gradient: here that of N(3, 1/4).
func Example_ownTarget() {
	density := target.New(1, func(x, grad []float64) float64 {
		r := x[0] - 3
		if grad != nil {
			grad[0] = -4 * r
		}
		return -2 * r * r
	})
	p, err := flow.Plan(flow.Options{Recipe: "forward-backward", Density: density, Particles: 50, StepSize: 0.1, Steps: 200})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := p.Run(context.Background(), nil)
	fmt.Printf("mean %.3f variance %.3f %v\n", r.Cloud.Mean()[0], r.Cloud.Covariance()[0], err)
	// Output: mean 3.000 variance 0.250 <nil>
}
