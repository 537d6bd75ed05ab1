package flow_test

import (
	"context"
	"fmt"

	"wgf/flow"
	"wgf/geometry"
	"wgf/target"
)

// scaled is the Wasserstein geometry of a plane whose second coordinate counts a
// hundred times: its velocity is -A g, A = diag(1, 100).
type scaled struct{}

func (scaled) Traits() geometry.Traits { return geometry.Traits{Name: "scaled", Descent: true} }

func (scaled) Velocity(dst []float64, f geometry.Field) error {
	for at, g := range f.Gradient {
		dst[at] = -[]float64{1, 100}[at/f.Cloud.N] * g
	}
	return nil
}

// A geometry of your own makes a badly conditioned potential easy.
func Example_ownGeometry() {
	density := target.New(2, func(x, grad []float64) float64 {
		if grad != nil {
			grad[0], grad[1] = -x[0], -x[1]/100
		}
		return -x[0]*x[0]/2 - x[1]*x[1]/200
	})
	p, err := flow.Plan(flow.Options{Own: flow.Triple{Geometry: scaled{}}, Functional: "potential", Scheme: "euler", Density: density, Particles: 5, Steps: 20, StepSize: 0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := p.Run(context.Background(), nil)
	fmt.Printf("%.3f %v\n", r.Trace[len(r.Trace)-1].Metrics["energy"], err)
	// Output: 0.000 <nil>
}
