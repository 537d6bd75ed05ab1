package flow_test

import (
	"context"
	"fmt"

	"wgf/flow"
	"wgf/measure"
	"wgf/scheme"
	"wgf/target"
)

// midpoint is the explicit midpoint rule, of order 2.
type midpoint struct{ h float64 }

func (e midpoint) Traits() scheme.Traits {
	return scheme.Traits{Name: "midpoint", Moves: true, Euclidean: true, StepSize: e.h, Order: 2}
}

func (e midpoint) Step(ctx context.Context, s *scheme.State, p *scheme.Problem) (scheme.Info, error) {
	v, half := make([]float64, len(s.Cloud.X)), s.Cloud.Clone()
	for _, h := range []float64{0, e.h / 2} {
		for i, x := range s.Cloud.X {
			half.X[i] = x + h*v[i]
		}
		if err := p.Velocity(ctx, v, half); err != nil {
			return scheme.Info{}, err
		}
	}
	for i := range v {
		s.Cloud.X[i] += e.h * v[i]
	}
	s.Step, s.Time = s.Step+1, s.Time+e.h
	return scheme.Info{StepSize: e.h}, nil
}

// A scheme of your own: particles fall by exp(-1) in a unit of time, up to h^2.
func Example_ownScheme() {
	density, _ := target.Parse("gaussian:dim=1")
	p, err := flow.Plan(flow.Options{Own: flow.Triple{Scheme: midpoint{h: 0.01}}, Functional: "potential", Geometry: "wasserstein", Density: density, Init: &measure.Cloud{N: 1, D: 1, X: []float64{1}}, Steps: 100})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := p.Run(context.Background(), nil)
	fmt.Printf("%.4f %v\n", r.Cloud.X[0], err)
	// Output: 0.3679 <nil>
}
