package flow

import (
	"context"
	"math"
	"testing"

	"wgf/measure"
	"wgf/target"
)

// onLine is n particles at the quantiles of N(m, s^2).
func onLine(n int, m, s float64) *measure.Cloud {
	c := measure.New(n, 1)
	for i := range c.X {
		c.X[i] = m + s*math.Sqrt2*math.Erfinv(2*(float64(i)+0.5)/float64(n)-1)
	}
	return c
}

// The JKO step of a Gaussian on quantiles is that in closed form up to the histogram of
// 1/n, and the forward-backward scheme has no bias beyond it.
func TestSchemesOnTheLine(t *testing.T) {
	const a, h, n = 2, 0.1, 400
	one := runRecipe(t, Options{Functional: "kl", Geometry: "wasserstein", Scheme: "jko-line", Density: quadratic(a), Init: onLine(n, 1, 2), Steps: 1, StepSize: h})
	c := onLine(n, 1, 2)
	sigma := math.Sqrt(c.Covariance()[0])
	want := (sigma + math.Sqrt(sigma*sigma+4*h*(1+h*a))) / (2 * (1 + h*a))
	if got := math.Sqrt(one.Cloud.Covariance()[0]); math.Abs(got-want) > 0.01*want {
		t.Errorf("sigma %v, want %v", got, want)
	}
	if got, want := one.Cloud.Mean()[0], 1/(1+a*h); math.Abs(got-want) > 1e-9 {
		t.Errorf("mean %v, want %v", got, want)
	}
	for _, scheme := range []string{"jko-line", "forward-backward-line"} {
		r := runRecipe(t, Options{Functional: "kl", Geometry: "wasserstein", Scheme: scheme, Density: quadratic(a), Init: onLine(n, 1, 2), Steps: 200, StepSize: h})
		if v := r.Cloud.Covariance()[0]; math.Abs(v-0.5) > 0.01 {
			t.Errorf("%s: variance %v, want 0.5 (the unadjusted Langevin algorithm has 0.5556)", scheme, v)
		}
	}
}

// F(mu+) + W2^2(mu+, mu)/(2h) <= F(mu) at every step, F with the entropy of the
// histogram; on a mixture, whose potential is not convex.
func TestJKOInequality(t *testing.T) {
	density := parse(t, "mixture:dim=1,separation=3")
	energy := func(c *measure.Cloud) float64 {
		lp := make([]float64, c.N)
		density.LogDensity(lp, nil, c.X)
		sum := 0.0
		for i := range c.N {
			sum -= lp[i] / float64(c.N)
			if i > 0 {
				sum -= math.Log((c.X[i]-c.X[i-1])*float64(c.N)) / float64(c.N)
			}
		}
		return sum
	}
	c := onLine(100, 2, 0.5)
	const h = 0.3
	for step := range 20 {
		r := runRecipe(t, Options{Functional: "kl", Geometry: "wasserstein", Scheme: "jko-line", Density: density, Init: c, Steps: 1, StepSize: h})
		moved := 0.0
		for i, v := range r.Cloud.X {
			moved += (v - c.X[i]) * (v - c.X[i]) / float64(c.N)
		}
		if after, before := energy(r.Cloud)+moved/(2*h), energy(c); after > before+1e-12 {
			t.Fatalf("step %d: %v above %v", step, after, before)
		}
		c = r.Cloud
	}
}

// The flow of the energy distance from a point mass at -1 to one at 0 has quantiles
// Q_t(s) = min(-1 + 2 s t, 0).
func TestEnergyFlowOnTheLine(t *testing.T) {
	const n, dt = 200, 0.005
	start := measure.New(n, 1)
	for i := range start.X {
		start.X[i] = -1 + 1e-9*float64(i)
	}
	r := runRecipe(t, Options{Functional: "energy", Geometry: "wasserstein", Scheme: "euler", Samples: measure.New(1, 1), Init: start, Steps: 80, StepSize: dt})
	for i, v := range r.Cloud.X {
		s := (float64(i) + 0.5) / n
		if want := math.Min(-1+2*s*0.4, 0); math.Abs(v-want) > dt {
			t.Errorf("quantile %v: %v, want %v", s, v, want)
		}
	}
}

// BAOAB leaves the positions of a Gaussian unbiased at any stable step. The bound is
// five standard errors.
func TestUnderdampedIsExactOnGaussians(t *testing.T) {
	const n = 40000
	r := runRecipe(t, Options{Recipe: "underdamped", Density: quadratic(2), Particles: n, Steps: 60, StepSize: 0.8})
	if v := r.Cloud.Covariance()[0]; math.Abs(v-0.5) > 5*0.5*math.Sqrt(2.0/n) {
		t.Errorf("variance %v, want 0.5", v)
	}
}

// On an axis of symmetry of a mixture KSD descent stays there, and tempering frees
// particles that are near it.
func TestKSDDescentKeepsToTheAxis(t *testing.T) {
	part := func(x float64) *target.Gaussian {
		g, err := target.NewGaussian([]float64{x, 0}, []float64{0.1, 0, 0, 0.1})
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	density, err := target.NewMixture([]float64{1, 1}, []*target.Gaussian{part(-1), part(1)})
	if err != nil {
		t.Fatal(err)
	}
	start := measure.New(30, 2)
	for i := range 30 {
		start.X[30+i] = math.Sin(float64(i))
	}
	p, err := Plan(Options{Recipe: "ksd-descent", Density: density, Init: start, Kernel: "gaussian:bandwidth=0.3", Steps: 100})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Cloud.X[:30] {
		if math.Abs(v) > 1e-6 {
			t.Errorf("a particle left the axis to %v", v)
		}
	}
}
