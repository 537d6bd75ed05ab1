package convexity

import (
	"context"
	"math"
	"slices"
	"testing"

	"wgf/flow"
	"wgf/measure"
	"wgf/target"
)

// Along the Wasserstein gradient flow of Gaussians the EVI holds with lambda = 1/lambda_max,
// is violated with a larger lambda, and KL falls by the Fisher information; both residuals
// fall with the step.
func TestResiduals(t *testing.T) {
	density, err := target.NewGaussian([]float64{0, 0}, []float64{1, 0, 0, 0.25})
	if err != nil {
		t.Fatal(err)
	}
	last := math.Inf(1)
	for _, h := range []float64{0.01, 0.005} {
		var times []float64
		var x [][]float64
		init, err := measure.Gaussian{Mean: []float64{3, 0}, Cov: []float64{1, 0, 0, 0.3}}.Sample(200, 1)
		if err != nil {
			t.Fatal(err)
		}
		p, err := flow.Plan(flow.Options{Recipe: "bures-vi", Density: density, Init: init, Steps: int(2 / h), StepSize: h, Every: 2})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Run(context.Background(), func(r flow.Record, c *measure.Cloud) {
			times, x = append(times, r.Time), append(x, slices.Clone(c.X))
		}); err != nil {
			t.Fatal(err)
		}
		evi, dissipation, err := Residuals(times, 200, 2, x, nil, density, 1)
		if err != nil {
			t.Fatal(err)
		}
		if most := slices.Max(evi); most > 6*h {
			t.Errorf("h = %v: EVI residual %v", h, most)
		}
		worst := 0.0
		for _, v := range dissipation[:len(dissipation)/2] {
			worst = max(worst, math.Abs(v))
		}
		if worst > 10*h || worst > 0.7*last {
			t.Errorf("h = %v: dissipation residual %v after %v", h, worst, last)
		}
		last = worst
		wrong, _, err := Residuals(times, 200, 2, x, nil, density, 3)
		if err != nil || slices.Max(wrong) <= 0 {
			t.Errorf("h = %v: the EVI holds with lambda = 3", h)
		}
	}
}
