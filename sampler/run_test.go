package sampler_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"wgf/sampler"
	"wgf/target"
)

func parse(t *testing.T, spec string) target.Density {
	t.Helper()
	d, err := target.Parse(spec)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func run(t *testing.T, d target.Density, o sampler.Options) *sampler.Result {
	t.Helper()
	r, err := sampler.Run(context.Background(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// worst is the largest |z| of means and second moments about the exact mean,
// standard errors across particles.
func worst(r *sampler.Result, mean, variance []float64) float64 {
	out := 0.0
	score := func(f func(v float64) float64, series [][]float64, want float64) {
		n := float64(len(series))
		m, s := 0.0, 0.0
		means := make([]float64, len(series))
		for i, row := range series {
			for _, v := range row {
				means[i] += f(v) / float64(len(row))
			}
			m += means[i] / n
		}
		for _, v := range means {
			s += (v - m) * (v - m)
		}
		out = math.Max(out, math.Abs(m-want)/math.Sqrt(s/(n-1)/n))
	}
	for k := range mean {
		series := r.Series(k)
		score(func(v float64) float64 { return v }, series, mean[k])
		if variance != nil {
			score(func(v float64) float64 { return (v - mean[k]) * (v - mean[k]) }, series, variance[k])
		}
	}
	return out
}

// Targets with exact moments end "ok" with the right answer. The z of a right
// run, with 127 degrees of freedom, passes 5 with a chance of 2e-6 for each of
// some 150 numbers; the seeds are fixed.
func TestMomentsOfTheZoo(t *testing.T) {
	for _, spec := range []string{
		"gaussian:dim=1", "gumbel", "gaussian:dim=10,condition=1e4", "gaussian:dim=20,correlation=0.99,std=100,mean=1000",
		"banana", "mixture", "ring:dim=5", "student-t:dim=4,dof=10", "gumbel:dim=30",
	} {
		d := parse(t, spec)
		r := run(t, d, sampler.Options{Seed: 3})
		if r.Status != sampler.OK {
			t.Errorf("%s: %v %q", spec, r.Status, r.Advice)
			continue
		}
		m := d.(target.Moments)
		cov := m.Covariance()
		variance := make([]float64, d.Dim())
		for k := range variance {
			variance[k] = cov[k*(d.Dim()+1)]
		}
		if z := worst(r, m.Mean(), variance); z > 5 {
			t.Errorf("%s: |z| = %.1f", spec, z)
		}
	}
}

// A regression on raw covariates with an interaction, flat priors and the
// logarithm of sigma as a coordinate: condition number above 1e7, starts whose
// log density is below -1e6. The posterior means are the least squares
// coefficients.
func TestRegressionOnRawCovariates(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	const n = 200
	var x [n][4]float64
	var y [n]float64
	for i := range x {
		group := float64(r.IntN(2))
		score := 100 + 10*r.NormFloat64()
		x[i] = [4]float64{1, group, score, group * score}
		y[i] = 20 + 8*group + 0.6*score + 18*r.NormFloat64()
	}
	d := target.New(5, func(b, grad []float64) float64 {
		precision := math.Exp(-2 * b[4])
		if grad != nil {
			clear(grad)
		}
		ss := 0.0
		for i := range x {
			e := y[i]
			for k, v := range x[i] {
				e -= v * b[k]
			}
			ss += e * e
			if grad != nil {
				for k, v := range x[i] {
					grad[k] += e * v * precision
				}
			}
		}
		if grad != nil {
			grad[4] = ss*precision - n + 1
		}
		return -ss*precision/2 - (n-1)*b[4]
	})
	coefficients := leastSquares(x[:], y[:])
	for seed := range uint64(3) {
		res := run(t, d, sampler.Options{Seed: seed})
		if res.Status != sampler.OK {
			t.Errorf("seed %d: %v %q", seed, res.Status, res.Advice)
		}
		if z := worst(res, coefficients, nil); z > 5 {
			t.Errorf("seed %d: |z| = %.1f", seed, z)
		}
	}
}

// leastSquares solves the normal equations, centred for accuracy only by double
// precision: the condition number of 1e7 leaves nine digits.
func leastSquares(x [][4]float64, y []float64) []float64 {
	var a [4][5]float64
	for i := range x {
		for j := range 4 {
			for k := range 4 {
				a[j][k] += x[i][j] * x[i][k]
			}
			a[j][4] += x[i][j] * y[i]
		}
	}
	for j := range 4 {
		for i := range 4 {
			if i != j {
				f := a[i][j] / a[j][j]
				for k := range 5 {
					a[i][k] -= f * a[j][k]
				}
			}
		}
	}
	out := make([]float64, 4)
	for j := range out {
		out[j] = a[j][4] / a[j][j]
	}
	return out
}

// Draws are the same bits for every number of threads.
func TestThreadsDoNotMatter(t *testing.T) {
	for _, spec := range []string{"banana:dim=3", "gaussian:dim=12,condition=100", "gumbel", "eight-schools:centred=1"} {
		var first *sampler.Result
		for _, threads := range []int{1, 2, 3, 7} {
			r := run(t, parse(t, spec), sampler.Options{Seed: 9, Threads: threads, TargetESS: 600, MaxGradients: 3000})
			if first == nil {
				first = r
				continue
			}
			if len(r.X) != len(first.X) || r.Depth != first.Depth || r.Gradients != first.Gradients {
				t.Fatalf("%s: %d threads give %d numbers and %d gradients, one gives %d and %d", spec, threads, len(r.X), r.Gradients, len(first.X), first.Gradients)
			}
			for i, v := range r.X {
				if math.Float64bits(v) != math.Float64bits(first.X[i]) {
					t.Fatalf("%s: %d threads differ from one at number %d: %v and %v", spec, threads, i, v, first.X[i])
				}
			}
			for i, v := range r.LP {
				if math.Float64bits(v) != math.Float64bits(first.LP[i]) {
					t.Fatalf("%s: log densities differ at %d", spec, i)
				}
			}
		}
	}
}

// A seed is a seed: another one gives other draws.
func TestSeedsDiffer(t *testing.T) {
	d := parse(t, "gaussian")
	a, b := run(t, d, sampler.Options{Seed: 1}), run(t, d, sampler.Options{Seed: 2})
	if a.X[0] == b.X[0] {
		t.Error("two seeds gave the same draw")
	}
}

func TestShapeOfTheResult(t *testing.T) {
	d := parse(t, "gaussian:dim=3")
	r := run(t, d, sampler.Options{Particles: 33, Draws: 1000})
	if r.Particles != 64 || r.Options.Particles != 64 {
		t.Errorf("%d particles, want 33 rounded up to 64", r.Particles)
	}
	if r.Wanted != 16 || r.Options.Draws != 1024 || r.Times < r.Wanted {
		t.Errorf("%d of %d draws a particle", r.Times, r.Wanted)
	}
	if len(r.X) != r.Times*3*64 || len(r.LP) != r.Times*64 || len(r.Output()) != 16 {
		t.Errorf("%d numbers, %d log densities for %d times", len(r.X), len(r.LP), r.Times)
	}
	lp := make([]float64, 64)
	d.LogDensity(lp, nil, r.Cloud(2))
	for i, v := range lp {
		if math.Abs(v-r.LP[2*64+i]) > 1e-12 {
			t.Fatalf("log density %d is %v, stored %v", i, v, r.LP[2*64+i])
		}
	}
	if got := r.Series(1)[5][2]; got != r.Cloud(2)[64+5] {
		t.Errorf("series and cloud disagree: %v", got)
	}
	total := 0
	for _, s := range r.Stages {
		total += s.Depth
	}
	if total != r.Depth {
		t.Errorf("stages add up to %d of %d gradients", total, r.Depth)
	}
}

func TestNoDimensionsAndOne(t *testing.T) {
	r := run(t, target.New(0, func(x, g []float64) float64 { return 0 }), sampler.Options{})
	if r.Status != sampler.OK || r.Times*r.Particles != 1024 || len(r.Cloud(0)) != 0 {
		t.Errorf("no dimensions: %v, %d draws", r.Status, r.Times*r.Particles)
	}
	r = run(t, parse(t, "gumbel"), sampler.Options{})
	lp := make([]float64, r.Particles)
	parse(t, "gumbel").LogDensity(lp, nil, r.Cloud(0))
	if r.Dim != 1 || len(r.Names) != 1 || math.Abs(lp[0]-r.LP[0]) > 1e-12 {
		t.Errorf("one dimension: %v, log density %v and %v", r.Names, lp[0], r.LP[0])
	}
	for _, q := range r.Quantities {
		if !strings.Contains(q.Name, "x.1") && q.Name != "lp__" {
			t.Errorf("quantity %q", q.Name)
		}
	}
}

// bad is a density that can say what is wrong with it.
type bad struct{ target.Density }

func (bad) Explain(x []float64) error { return errors.New("the scale is negative") }

func TestNoDensityAnywhere(t *testing.T) {
	nan := target.New(2, func(x, g []float64) float64 { return math.NaN() })
	if _, err := sampler.Run(context.Background(), nan, sampler.Options{}); err == nil || !strings.Contains(err.Error(), "101 tries") {
		t.Errorf("NaN everywhere: %v", err)
	}
	if _, err := sampler.Run(context.Background(), bad{nan}, sampler.Options{}); err == nil || !strings.Contains(err.Error(), "the scale is negative") {
		t.Errorf("the reason is missing: %v", err)
	}
	inf := target.New(2, func(x, g []float64) float64 { clear(g); return math.Inf(1) })
	if _, err := sampler.Run(context.Background(), inf, sampler.Options{}); err == nil {
		t.Error("+Inf everywhere was sampled")
	}
	gradient := target.New(2, func(x, g []float64) float64 {
		for k := range g {
			g[k] = math.NaN()
		}
		return 0
	})
	if _, err := sampler.Run(context.Background(), gradient, sampler.Options{}); err == nil || !strings.Contains(err.Error(), "derivative by x.1") {
		t.Errorf("NaN gradients: %v", err)
	}
}

// A half-space without density, one with +Inf, and a wall of NaN on the way are
// rejected, and the rest is sampled right: |x| of a normal with mean sqrt(2/pi).
func TestHolesInTheDensity(t *testing.T) {
	for name, hole := range map[string]float64{"NaN": math.NaN(), "-Inf": math.Inf(-1), "+Inf": math.Inf(1)} {
		d := target.New(2, func(x, g []float64) float64 {
			if x[0] < 0 {
				for k := range g {
					g[k] = math.NaN()
				}
				return hole
			}
			for k := range g {
				g[k] = -x[k]
			}
			return -(x[0]*x[0] + x[1]*x[1]) / 2
		})
		r := run(t, d, sampler.Options{Seed: 2, MaxGradients: 5000})
		if z := worst(r, []float64{math.Sqrt(2 / math.Pi), 0}, nil); z > 5 {
			t.Errorf("%s: |z| = %.1f, %v", name, z, r.Status)
		}
		if counted := r.WithoutDensity > 0; counted != (hole != math.Inf(1)) {
			t.Errorf("%s: %d points without density were counted", name, r.WithoutDensity)
		}
	}
}

// A constant density has no posterior; the run ends, and says so.
func TestImproperPosteriors(t *testing.T) {
	flat := target.New(2, func(x, g []float64) float64 { clear(g); return 0 })
	r := run(t, flat, sampler.Options{MaxGradients: 4000})
	if r.Status == sampler.OK || len(r.Advice) == 0 {
		t.Errorf("constant density: %v %q", r.Status, r.Advice)
	}
	half := target.New(2, func(x, g []float64) float64 {
		if g != nil {
			g[0], g[1] = -x[0], 0
		}
		return -x[0] * x[0] / 2
	})
	r = run(t, half, sampler.Options{MaxGradients: 4000})
	if r.Status == sampler.OK || !strings.Contains(strings.Join(r.Advice, " "), "x.2") {
		t.Errorf("one flat coordinate: %v %q", r.Status, r.Advice)
	}
	slope := target.New(1, func(x, g []float64) float64 {
		if g != nil {
			g[0] = 1
		}
		return x[0]
	})
	if r = run(t, slope, sampler.Options{}); r.Status == sampler.OK || !strings.Contains(strings.Join(r.Advice, " "), "improper") {
		t.Errorf("a slope: %v %q", r.Status, r.Advice)
	}
}

// Necks and far modes are flagged, with the parameter's name.
func TestHardTargetsAreFlagged(t *testing.T) {
	for spec, name := range map[string]string{"funnel": "x.1", "mixture:separation=12": "x.1", "eight-schools:centred=1": "log_tau"} {
		r := run(t, parse(t, spec), sampler.Options{Seed: 1, MaxGradients: 6000})
		if r.Status == sampler.OK {
			t.Errorf("%s ended ok", spec)
		}
		if !strings.Contains(strings.Join(r.Advice, " "), name) {
			t.Errorf("%s: advice %q does not name %s", spec, r.Advice, name)
		}
	}
}

func TestBudgetsAndInterrupts(t *testing.T) {
	d := parse(t, "gaussian:dim=4")
	r := run(t, d, sampler.Options{TargetESS: 1e9, MaxGradients: 500})
	if r.Status != sampler.Budget || r.Times == 0 || r.Depth > 520 {
		t.Errorf("gradients: %v after %d, %q", r.Status, r.Depth, r.Advice)
	}
	r = run(t, d, sampler.Options{TargetESS: 1e9, MaxGradients: -1, MaxTime: 30 * time.Millisecond})
	if r.Status != sampler.Budget || !strings.Contains(r.Advice[0], "time") {
		t.Errorf("time: %v %q", r.Status, r.Advice)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r, err := sampler.Run(ctx, d, sampler.Options{TargetESS: 1e9, MaxGradients: -1, Progress: func(p sampler.Progress) {
		if p.Draws > 2000 {
			cancel()
		}
	}})
	if err != nil || r.Status != sampler.Interrupted || r.Times*r.Particles < 2000 {
		t.Errorf("interrupt: %v %v with %d draws", err, r.Status, r.Times*r.Particles)
	}
	ctx, cancel = context.WithCancel(context.Background())
	cancel()
	r, err = sampler.Run(ctx, d, sampler.Options{})
	if err != nil || r.Status != sampler.Interrupted || r.Times != 0 {
		t.Errorf("cancelled before the start: %v %v", err, r.Status)
	}
}

func TestInitialPoints(t *testing.T) {
	d := parse(t, "mixture:separation=40,dim=2")
	// All superchains at one mode stay there: a start that is given is used.
	r := run(t, d, sampler.Options{InitPoints: [][]float64{{20, math.NaN()}}, MaxGradients: 2000})
	for _, v := range r.Cloud(0)[:r.Particles] {
		if v < 10 {
			t.Fatalf("a particle at %v", v)
		}
	}
	if _, err := sampler.Run(context.Background(), d, sampler.Options{InitPoints: [][]float64{{1}}}); err == nil {
		t.Error("a point of the wrong length was accepted")
	}
}

func TestOptionsAreChecked(t *testing.T) {
	d := parse(t, "gaussian")
	for _, o := range []sampler.Options{
		{Particles: -1}, {Draws: -5}, {TargetESS: math.NaN()}, {InitRadius: math.Inf(1)}, {TargetAcceptance: 1.5},
	} {
		if _, err := sampler.Run(context.Background(), d, o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}
