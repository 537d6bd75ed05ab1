package flow

import (
	"context"
	"errors"
	"math"
	"testing"

	"wgf/functional"
	"wgf/geometry"
	"wgf/measure"
	"wgf/scheme"
	"wgf/target"
)

func parse(t *testing.T, name string) target.Density {
	t.Helper()
	d, err := target.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func draws(density target.Density, n int) *measure.Cloud {
	c := measure.New(n, density.Dim())
	density.(target.Sampler).Sample(c.X, n, 1)
	return c
}

func finite(c *measure.Cloud) bool {
	for _, v := range c.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// Every triple of the three catalogues runs to finite particles or is refused with a
// sentence.
func TestEveryTripleRunsOrIsRefused(t *testing.T) {
	density := parse(t, "gaussian:dim=2")
	samples := draws(density, 40)
	possible := 0
	for _, f := range functional.Catalogue() {
		for _, g := range geometry.Catalogue() {
			for _, s := range scheme.Catalogue() {
				p, err := Plan(Options{Functional: f.Name, Geometry: g.Name, Scheme: s.Name, Density: density, Samples: samples, Particles: 20, Steps: 3, Every: 3})
				name := f.Name + " x " + g.Name + " x " + s.Name
				var refusal Refusal
				if err != nil {
					if !errors.As(err, &refusal) || len(refusal.Reason) < 20 {
						t.Errorf("%s: %v", name, err)
					}
					continue
				}
				possible++
				if r, err := p.Run(context.Background(), nil); err != nil || !finite(r.Cloud) || r.Steps != 3 {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
	if possible < 30 {
		t.Errorf("only %d triples are possible", possible)
	}
}

// Every recipe runs on weighted clouds, one particle, identical particles and d = 1,
// or says why not.
func TestRecipesOnEdgeCases(t *testing.T) {
	density := parse(t, "gaussian:dim=1")
	weighted, same := measure.New(6, 1), measure.New(5, 1)
	for i := range 6 {
		weighted.X[i] = float64(i) - 2
	}
	weighted.LogW = []float64{0, -1, math.Inf(-1), 0, -2, 0}
	for _, r := range Recipes() {
		for name, c := range map[string]*measure.Cloud{"weighted": weighted, "identical": same, "one": measure.New(1, 1)} {
			p, err := Plan(Options{Recipe: r.Name, Density: density, Init: c, Steps: 5})
			if err != nil {
				continue
			}
			if result, err := p.Run(context.Background(), nil); err == nil && !finite(result.Cloud) {
				t.Errorf("%s on %s particles: not finite", r.Name, name)
			}
		}
	}
}

// The stationary variance of the unadjusted Langevin algorithm on V = a x^2/2 is
// 1/(a (1 - a h/2)): 0.5556 for a = 2, h = 0.1. MALA has 0.5. The bounds are five
// standard errors: one false alarm in a million seeds.
func TestLangevinBias(t *testing.T) {
	density := target.New(1, func(x, g []float64) float64 {
		if g != nil {
			g[0] = -2 * x[0]
		}
		return -x[0] * x[0]
	})
	const n = 40000
	for _, c := range []struct {
		recipe string
		want   float64
	}{{"ula", 1 / 1.8}, {"mala", 0.5}} {
		p, err := Plan(Options{Recipe: c.recipe, Density: density, Particles: n, Steps: 60, StepSize: 0.1})
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Run(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Cloud.Covariance()[0]; math.Abs(got-c.want) > 5*c.want*math.Sqrt(2.0/n) {
			t.Errorf("%s: variance %g, want %g", c.recipe, got, c.want)
		}
	}
}

// Forward Euler in the Bures geometry is the recursion C+ = A C A, A = I - h Q^-1 + h C^-1.
func TestBuresRecursion(t *testing.T) {
	density := parse(t, "gaussian:dim=1")
	p, err := Plan(Options{Recipe: "bures-vi", Density: density, Particles: 50, Steps: 1, StepSize: 0.1, InitScale: 3})
	if err != nil {
		t.Fatal(err)
	}
	c := p.start.Covariance()[0]
	r, err := p.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	a := 1 - 0.1 + 0.1/c
	if got, want := r.Cloud.Covariance()[0], a*c*a; math.Abs(got-want) > 1e-12*want {
		t.Errorf("variance %v, want %v", got, want)
	}
}

func TestSVGDOnBanana(t *testing.T) {
	var last *Result
	for _, threads := range []int{1, 3} {
		p, err := Plan(Options{Recipe: "svgd", Density: parse(t, "banana"), Threads: threads, Steps: 300, Particles: 200})
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Run(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		first, end := r.Trace[0].Metrics["ksd"], r.Trace[len(r.Trace)-1].Metrics["ksd"]
		if !(end < first/3) {
			t.Errorf("KSD fell from %g to %g only", first, end)
		}
		if last != nil {
			for i, v := range r.Cloud.X {
				if v != last.Cloud.X[i] {
					t.Fatal("threads change the result")
				}
			}
		}
		last = r
	}
}
