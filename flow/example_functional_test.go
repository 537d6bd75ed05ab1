package flow_test

import (
	"context"
	"fmt"

	"wgf/flow"
	"wgf/functional"
	"wgf/measure"
)

// spread is the functional F(mu) = (var(mu) - 1)^2/4 on the line. Its first variation
// at x is (var - 1)(x-m)^2/2 up to a constant, and the gradient of that (var - 1)(x-m).
type spread struct{}

func (spread) Traits() functional.Traits {
	return functional.Traits{Name: "spread", Exact: true, Value: true}
}

func (spread) Evaluate(_ context.Context, out *functional.Evaluation, c *measure.Cloud) error {
	m, v := c.Mean()[0], c.Covariance()[0]
	out.Value = (v - 1) * (v - 1) / 4
	for i := range out.Gradient {
		out.Gradient[i] = (v - 1) * (c.X[i] - m)
	}
	return nil
}

// A functional of your own needs no target: it has a minimiser of its own.
func Example_ownFunctional() {
	start, _ := measure.FromPoints([][]float64{{0}, {1}, {5}, {6}})
	p, err := flow.Plan(flow.Options{Own: flow.Triple{Functional: spread{}}, Geometry: "wasserstein", Scheme: "lbfgs", Init: start, Steps: 50})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := p.Run(context.Background(), nil)
	fmt.Printf("%s: mean %.3f variance %.3f %v\n", r.Status, r.Cloud.Mean()[0], r.Cloud.Covariance()[0], err)
	// Output: converged: mean 3.000 variance 1.000 <nil>
}
