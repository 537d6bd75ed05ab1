package flow

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"wgf/functional"
	"wgf/internal/rng"
	"wgf/measure"
	"wgf/scheme"
	"wgf/target"
)

// grid is N(m, v) on the line as n weighted points of equal distance.
func grid(n int, m, v float64) *measure.Cloud {
	c := measure.New(n, 1)
	c.LogW = make([]float64, n)
	for i := range n {
		c.X[i] = -8 + 16*float64(i)/float64(n-1)
		c.LogW[i] = -(c.X[i] - m) * (c.X[i] - m) / (2 * v)
	}
	return c
}

// The moments of the unadjusted Langevin algorithm on N(b, Q) follow
// m+ = m - h Q^-1 (m-b), C+ = (I - h Q^-1) C (I - h Q^-1) + 2 h I.
// Bounds of five standard errors.
func TestULAMoments(t *testing.T) {
	const n, h, steps = 20000, 0.1, 15
	q, b := []float64{2, 0.3}, []float64{1, -1}
	g, err := target.NewGaussian(b, []float64{q[0], 0, 0, q[1]})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Plan(Options{Recipe: "ula", Density: plain{g}, Particles: n, Steps: steps, StepSize: h, Every: steps, InitScale: 2})
	if err != nil {
		t.Fatal(err)
	}
	m, cov := p.start.Mean(), p.start.Covariance()
	variance := []float64{cov[0], cov[3]}
	r, err := p.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	mean, now := r.Cloud.Mean(), r.Cloud.Covariance()
	for k := range 2 {
		for range steps {
			m[k] -= h / q[k] * (m[k] - b[k])
			variance[k] = (1-h/q[k])*variance[k]*(1-h/q[k]) + 2*h
		}
		if e := 5 * math.Sqrt(variance[k]/n); math.Abs(mean[k]-m[k]) > e {
			t.Errorf("mean %d: %g, want %g within %g", k, mean[k], m[k], e)
		}
		if e := 5 * variance[k] * math.Sqrt(2.0/n); math.Abs(now[3*k]-variance[k]) > e {
			t.Errorf("variance %d: %g, want %g within %g", k, now[3*k], variance[k], e)
		}
	}
}

// The Fisher-Rao flow of KL keeps Gaussians: P_t = e^-t P_0 + (1-e^-t) Q^-1 and
// P_t m_t = e^-t P_0 m_0 + (1-e^-t) Q^-1 b. On a grid the error is that of the step, of
// order h, and of the density estimate, of order bandwidth^2.
func TestFisherRaoOnGaussians(t *testing.T) {
	const time, b, q, m0, c0 = 0.5, 0.5, 0.6, -0.5, 1.5
	decay := math.Exp(-time)
	precision := decay/c0 + (1-decay)/q
	m := (decay*m0/c0 + (1-decay)*b/q) / precision
	g, err := target.NewGaussian([]float64{b}, []float64{q})
	if err != nil {
		t.Fatal(err)
	}
	run := func(steps int, bandwidth string) (float64, float64) {
		r := runRecipe(t, Options{Recipe: "fisher-rao", Density: plain{g}, Init: grid(321, m0, c0), Steps: steps, StepSize: time / float64(steps),
			Every: steps, Kernel: "gaussian:bandwidth=" + bandwidth})
		return math.Abs(r.Cloud.Mean()[0] - m), math.Abs(r.Cloud.Covariance()[0] - 1/precision)
	}
	m1, v1 := run(20, "0.2")
	m2, v2 := run(80, "0.1") // both errors a quarter
	if m1 > 0.02 || v1 > 0.05 || m2 > m1/3 || v2 > v1/3 {
		t.Errorf("errors of mean %g, then %g, of variance %g, then %g: want them small and falling by four", m1, m2, v1, v2)
	}
}

// The Wasserstein-Fisher-Rao flow of KL moves Gaussians by the sum of both generators:
// dm = -(1 + C)/q (m-b), dC = 2 - 2C/q + C - C^2/q.
func TestWassersteinFisherRaoOnGaussians(t *testing.T) {
	const time, b, q, m0, c0 = 0.4, 0.4, 0.7, -0.4, 1.2
	m, c := m0, c0
	for range 40000 {
		const h = time / 40000
		m, c = m-h*(1+c)/q*(m-b), c+h*(2-2*c/q+c-c*c/q)
	}
	g, err := target.NewGaussian([]float64{b}, []float64{q})
	if err != nil {
		t.Fatal(err)
	}
	run := func(steps int, bandwidth string) (float64, float64) {
		r := runRecipe(t, Options{Functional: "blob", Geometry: "wfr", Scheme: "splitting", Density: plain{g}, Init: grid(321, m0, c0), Steps: steps,
			StepSize: time / float64(steps), Every: steps, Kernel: "gaussian:bandwidth=" + bandwidth})
		return math.Abs(r.Cloud.Mean()[0] - m), math.Abs(r.Cloud.Covariance()[0] - c)
	}
	m1, v1 := run(20, "0.24")
	m2, v2 := run(80, "0.12")
	if m1 > 0.02 || v1 > 0.06 || m2 > m1/2.5 || v2 > v1/2.5 {
		t.Errorf("errors of mean %g, then %g, of variance %g, then %g: want them small and falling by four", m1, m2, v1, v2)
	}
}

// Flows that are invariant under affine maps take the same path after a change of
// variables y = A x + c.
func TestAffineInvariance(t *testing.T) {
	const n, d = 24, 2
	a, shift := []float64{3, 1, -0.5, 0.2}, []float64{5, -7}
	first, err := target.NewGaussian([]float64{1, 2}, []float64{2, 0.5, 0.5, 1})
	if err != nil {
		t.Fatal(err)
	}
	q := first.Covariance()
	mapped := make([]float64, d*d)
	for i := range d {
		for j := range d {
			for k := range d {
				for l := range d {
					mapped[i*d+j] += a[i*d+k] * q[k*d+l] * a[j*d+l]
				}
			}
		}
	}
	change := func(x []float64, stride int) []float64 {
		out := make([]float64, len(x))
		for i := range stride {
			for k := range d {
				out[k*stride+i] = a[k*d]*x[i] + a[k*d+1]*x[stride+i] + shift[k]
			}
		}
		return out
	}
	second, err := target.NewGaussian(change([]float64{1, 2}, 1), mapped)
	if err != nil {
		t.Fatal(err)
	}
	start := measure.New(n, d)
	rng.New(3, rng.Init).Normals(start.X, d, n, 0, 0)
	moved := start.Clone()
	moved.X = change(start.X, n)
	for _, c := range []struct{ geometry, scheme, kernel string }{
		{"kalman", "langevin", ""},
		{"stein-preconditioned", "euler", "gaussian:median-log"},
		{"stein-preconditioned:target=1", "euler", "laplace:median"},
		{"bures-preconditioned", "euler", ""},
		{"bures-entropy", "euler", ""},
	} {
		o := Options{Functional: "kl", Geometry: c.geometry, Scheme: c.scheme, Kernel: c.kernel, Steps: 40, StepSize: 0.05, Every: 40}
		o.Density, o.Init = first, start
		want := change(runRecipe(t, o).Cloud.X, n)
		o.Density, o.Init = second, moved
		for i, v := range runRecipe(t, o).Cloud.X {
			if math.Abs(v-want[i]) > 1e-9*(1+math.Abs(want[i])) {
				t.Errorf("%s: number %d is %.15g, want %.15g", c.geometry, i, v, want[i])
				break
			}
		}
	}
}

// In the Kalman geometry the covariance relative to the target's obeys c' = 2c - 2c^2:
// 1/c - 1 decays like e^-2t whatever the conditioning.
func TestKalmanRate(t *testing.T) {
	const n, h, time = 600, 0.01, 0.8
	q := []float64{1, 1e4}
	g := gaussianOf(t, q)
	p, err := Plan(Options{Recipe: "aldi", Density: plain{g}, Particles: n, Steps: int(time / h), StepSize: h, Every: 1000, InitScale: 0.2})
	if err != nil {
		t.Fatal(err)
	}
	for k := range q {
		for i := range n {
			p.start.X[k*n+i] *= math.Sqrt(q[k])
		}
	}
	before := p.start.Covariance()
	r, err := p.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	after := r.Cloud.Covariance()
	for k, v := range q {
		c0, c := before[3*k]/v, after[3*k]/v
		if want := 1 / (1 + (1/c0-1)*math.Exp(-2*time)); math.Abs(c-want) > 5*want*math.Sqrt(2.0/n) {
			t.Errorf("axis %d: variance %g of the target's, want %g", k, c, want)
		}
	}
}

// The bias of mirror Langevin falls with the step, and its draws stay inside.
func TestMirrorLangevinBias(t *testing.T) {
	density, err := target.NewTruncatedGaussian(1, 0, 0.5, -1, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := density.(target.Moments).Covariance()[0]
	bias := func(h float64, geometry string) float64 {
		sum, count := 0.0, 0.0
		p, err := Plan(Options{Recipe: "mirror-langevin", Geometry: geometry, Density: plain{density}, Particles: 2000, Steps: int(8 / h), StepSize: h, Every: 1 << 30})
		if err != nil {
			t.Fatal(err)
		}
		p.Options.Every = max(1, int(0.2/h))
		_, err = p.Run(context.Background(), func(r Record, c *measure.Cloud) {
			for _, x := range c.X {
				if !(x > -1 && x < 1) {
					t.Fatalf("particle at %v", x)
				}
				if r.Time > 2 {
					sum, count = sum+x*x, count+1
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return sum/count - want
	}
	for _, geometry := range []string{"mirror:lower=-1,upper=1", "mirror:lower=-1,upper=1,map=1"} {
		large, small := bias(0.1, geometry), bias(0.0125, geometry)
		if !(large > 0.06 && math.Abs(small) < 0.015) {
			t.Errorf("%s: bias of the second moment %g at h = 0.1 and %g at h = 0.0125", geometry, large, small)
		}
	}
}

// Flows on boxes start inside, and refuse starts, samples and boxes that reach outside.
func TestBoxesAreKept(t *testing.T) {
	beta := target.NewBeta(2, 2, 3, -1, 4)
	for _, recipe := range []string{"svgd", "mirror-langevin", "nsvgd"} {
		p, err := Plan(Options{Recipe: recipe, Density: beta, InitScale: 50})
		if err != nil {
			t.Fatal(err)
		}
		if i, _, x := outside(p.start, []float64{-1, -1}, []float64{4, 4}); i > 0 {
			t.Errorf("%s starts at %g", recipe, x)
		}
	}
	init := measure.New(3, 2)
	init.X[4] = 4
	samples := measure.New(2, 2)
	samples.X[1] = 2
	for want, o := range map[string]Options{
		"particle 2 of the start has 4 in coordinate 2": {Recipe: "mirror-langevin", Density: beta, Init: init},
		"of the target: start inside":                   {Recipe: "svgd", Density: beta, Init: init},
		"leave lower and upper out":                     {Recipe: "mirror-langevin", Density: beta, Geometry: "mirror:lower=-2,upper=2"},
		"needs a box":                                   {Recipe: "mirror-langevin", Density: quadratic(1)},
		"sample 2 of the target has 2 in coordinate 1":  {Recipe: "mmd", Geometry: "mirror:lower=-1,upper=1", Samples: samples},
	} {
		_, err := Plan(o)
		var refusal Refusal
		if !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	r := runRecipe(t, Options{Recipe: "mirror-langevin", Geometry: "mirror:lower=-1,upper=1", Density: quadratic(1), Steps: 200})
	if i, _, x := outside(r.Cloud, []float64{-1}, []float64{1}); i > 0 {
		t.Errorf("a particle at %g", x)
	}
	r = runRecipe(t, Options{Functional: "energy", Geometry: "mirror:lower=-3,upper=3", Scheme: "adagrad", Samples: samples, Particles: 20, Steps: 100})
	if !finite(r.Cloud) {
		t.Error("mirror descent of the energy distance is not finite")
	}
}

// Every functional and scheme in a mirror geometry runs and stays inside the box, or is
// refused with a sentence.
func TestMirrorTriples(t *testing.T) {
	density := target.NewBeta(2, 2, 3, -2, 2)
	samples := draws(density, 40)
	possible := 0
	for _, f := range functional.Catalogue() {
		for _, s := range scheme.Catalogue() {
			name := f.Name + " x " + s.Name
			p, err := Plan(Options{Functional: f.Name, Geometry: "mirror", Scheme: s.Name, Density: density, Samples: samples, Particles: 20, Steps: 3, Every: 3})
			var refusal Refusal
			if err != nil {
				if !errors.As(err, &refusal) || len(refusal.Reason) < 20 {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			possible++
			r, err := p.Run(context.Background(), nil)
			if err != nil || r.Steps != 3 {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if i, _, x := outside(r.Cloud, []float64{-2, -2}, []float64{2, 2}); i > 0 {
				t.Errorf("%s: a particle at %g", name, x)
			}
		}
	}
	if possible < 10 {
		t.Errorf("only %d are possible", possible)
	}
}
