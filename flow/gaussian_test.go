package flow

import (
	"context"
	"math"
	"testing"

	"wgf/target"
)

func quadratic(a float64) target.Density {
	return target.New(1, func(x, g []float64) float64 {
		if g != nil {
			g[0] = -a * x[0]
		}
		return -a * x[0] * x[0] / 2
	})
}

func runRecipe(t *testing.T, o Options) *Result {
	t.Helper()
	p, err := Plan(o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Forward-backward has no bias where the unadjusted Langevin algorithm has one: the
// variance 1/a = 0.5 at h = 0.1, a = 2. The JKO step of a Gaussian is in closed form.
func TestProximalSchemesOnGaussians(t *testing.T) {
	const a, h = 2, 0.1
	r := runRecipe(t, Options{Recipe: "forward-backward", Density: quadratic(a), Particles: 40, Steps: 300, StepSize: h})
	if v := r.Cloud.Covariance()[0]; math.Abs(v-0.5) > 1e-12 {
		t.Errorf("forward-backward: variance %v, want 0.5", v)
	}
	p, err := Plan(Options{Recipe: "jko-gaussian", Density: quadratic(a), Particles: 40, Steps: 1, StepSize: h, InitScale: 2})
	if err != nil {
		t.Fatal(err)
	}
	sigma, mean := math.Sqrt(p.start.Covariance()[0]), p.start.Mean()[0]
	one, err := p.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := (sigma + math.Sqrt(sigma*sigma+4*h*(1+h*a))) / (2 * (1 + h*a))
	if got := math.Sqrt(one.Cloud.Covariance()[0]); math.Abs(got-want) > 1e-12 {
		t.Errorf("JKO: sigma %v, want %v", got, want)
	}
	if got, want := one.Cloud.Mean()[0], mean/(1+a*h); math.Abs(got-want) > 1e-12 {
		t.Errorf("JKO: mean %v, want %v", got, want)
	}
}

// F never rises under a line search.
func TestArmijoDescends(t *testing.T) {
	r := runRecipe(t, Options{Functional: "mmd", Geometry: "wasserstein", Scheme: "armijo", Kernel: "gaussian:bandwidth=1",
		Density: parse(t, "banana"), Particles: 30, Steps: 50, StepSize: 1, Every: 1})
	for k := 1; k < len(r.Trace); k++ {
		if r.Trace[k].Metrics["energy"] > r.Trace[k-1].Metrics["energy"] {
			t.Fatalf("energy rises at step %d", k)
		}
	}
	if first, last := r.Trace[0].Metrics["energy"], r.Trace[len(r.Trace)-1].Metrics["energy"]; !(last < first/5) {
		t.Errorf("energy fell from %g to %g only", first, last)
	}
}
