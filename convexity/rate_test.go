package convexity

import (
	"context"
	"math"
	"testing"

	"wgf/flow"
	"wgf/internal/rng"
	"wgf/measure"
	"wgf/target"
)

func TestFit(t *testing.T) {
	var x, y []float64
	for k := range 20 {
		x, y = append(x, float64(k)), append(y, 3*math.Exp(-0.7*float64(k)))
	}
	r, err := Fit(x, y, 0)
	if err != nil || math.Abs(r.Value-0.7) > 1e-12 || r.N != 20 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Fit(x[:2], y[:2], 0); err == nil {
		t.Error("a rate of two records")
	}
}

// Two runs of the unadjusted Langevin algorithm with the same noise approach each other at
// the rate of convexity, -log(1 - lambda h)/h; relative entropy and Fisher information of
// the Wasserstein gradient descent of Gaussians fall along dKL/dt = -I.
func TestRatesOnGaussians(t *testing.T) {
	density, err := target.NewGaussian([]float64{0, 0}, []float64{2, 0, 0, 0.5})
	if err != nil {
		t.Fatal(err)
	}
	const n, h = 100, 0.01
	start := func(shift float64) *measure.Cloud {
		c := measure.New(n, 2)
		rng.New(1, rng.Init).Normals(c.X, 2, n, 0, 0)
		for i := range c.X {
			c.X[i] += shift
		}
		return c
	}
	run := func(recipe string, init *measure.Cloud) ([]float64, []*measure.Cloud) {
		p, err := flow.Plan(flow.Options{Recipe: recipe, Density: density, Init: init, Steps: 300, StepSize: h, Every: 10})
		if err != nil {
			t.Fatal(err)
		}
		var times []float64
		var clouds []*measure.Cloud
		if _, err := p.Run(context.Background(), func(r flow.Record, c *measure.Cloud) {
			times, clouds = append(times, r.Time), append(clouds, c.Clone())
		}); err != nil {
			t.Fatal(err)
		}
		return times, clouds
	}
	times, a := run("ula", start(0))
	_, b := run("ula", start(4))
	var between []float64
	for k := range a {
		w, err := Between(context.Background(), a[k], b[k], 0)
		if err != nil {
			t.Fatal(err)
		}
		between = append(between, w)
	}
	// The slow direction is left after the fast one has gone.
	r, err := Fit(times[len(times)/2:], between[len(times)/2:], 0)
	if want := -math.Log(1-0.5*h) / h; err != nil || math.Abs(r.Value-want) > 0.01*want {
		t.Errorf("contraction at rate %v, want %v, %v", r.Value, want, err)
	}
	times, a = run("bures-vi", start(1))
	for k := 1; k < len(a); k++ {
		before, err1 := GaussianGap(a[k-1], density)
		after, err2 := GaussianGap(a[k], density)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		fall := (before.KL - after.KL) / (times[k] - times[k-1])
		low, high := min(before.Fisher, after.Fisher), max(before.Fisher, after.Fisher)
		if fall < 0.9*low || fall > 1.1*high {
			t.Errorf("record %d: KL falls at %v, the information is between %v and %v", k, fall, low, high)
		}
	}
}
