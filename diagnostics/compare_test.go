package diagnostics

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"wgf/internal/rng"
	"wgf/measure"
	"wgf/target"
)

// normal returns n draws of N(shift, scale^2 I).
func normal(n, d int, shift, scale float64, seed uint64) *measure.Cloud {
	c := measure.New(n, d)
	rng.New(seed, rng.FirstUser).Normals(c.X, d, n, 0, 0)
	for i := range c.X {
		c.X[i] = shift + scale*c.X[i]
	}
	return c
}

func distances(t testing.TB, a, b *measure.Cloud, opt CompareOptions) map[Metric]Distance {
	t.Helper()
	list, err := Compare(context.Background(), a, b, opt)
	if err != nil {
		t.Fatal(err)
	}
	out := map[Metric]Distance{}
	for _, d := range list {
		name := d.Metric
		if d.Metric == KSD && d.Of == 1 {
			name = "ksd of b"
		}
		out[name] = d
	}
	return out
}

var twoSample = []Metric{W1, W2, SlicedW2, SinkhornS, EnergyDistance, MMD, Classifier}

func isNear(a, b, tolerance float64) bool {
	return a == b || math.Abs(a-b) <= tolerance*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}

// direct is sum_ij w_i v_j f(|x_i - y_j|^2).
func direct(x, y *measure.Cloud, f func(r2 float64) float64) float64 {
	w, v := x.Weights(), y.Weights()
	t := 0.0
	for i := range x.N {
		for j := range y.N {
			r2 := 0.0
			for k := range x.D {
				d := x.X[k*x.N+i] - y.X[k*y.N+j]
				r2 += d * d
			}
			t += w[i] * v[j] * f(r2)
		}
	}
	return t
}

// Energy distance and MMD are what their definitions say, with weights, weights of zero and
// clouds far from the origin.
func TestPairDistancesAreTheirDefinitions(t *testing.T) {
	a, b := normal(40, 3, 5, 1, 1), normal(55, 3, 5.4, 1.2, 2)
	a.LogW = make([]float64, a.N)
	for i := range a.LogW {
		a.LogW[i] = 0.5 * math.Sin(float64(i))
	}
	a.LogW[7] = math.Inf(-1)
	got := distances(t, a, b, CompareOptions{Metrics: []Metric{EnergyDistance, MMD}, Permutations: -1})
	norm := func(r2 float64) float64 { return math.Sqrt(r2) }
	want := 2*direct(a, b, norm) - direct(a, a, norm) - direct(b, b, norm)
	if v := got[EnergyDistance].Value; !isNear(v, want, 1e-12) {
		t.Errorf("energy distance %v, want %v", v, want)
	}
	h := got[MMD].Scale
	k := func(r2 float64) float64 { return math.Exp(-r2 / (2 * h * h)) }
	if want, v := math.Sqrt(direct(a, a, k)+direct(b, b, k)-2*direct(a, b, k)), got[MMD].Value; !isNear(v, want, 1e-12) {
		t.Errorf("MMD %v, want %v", v, want)
	}
}

// In one dimension W1, W2 and the energy distance of two normal laws are known.
func TestNormalLawsOnTheLine(t *testing.T) {
	a, b := normal(4000, 1, 0, 1, 3), normal(4000, 1, 1, 2, 4)
	got := distances(t, a, b, CompareOptions{Metrics: []Metric{W2, SlicedW2, EnergyDistance}, Permutations: -1})
	for m, want := range map[Metric]float64{W2: math.Sqrt2, SlicedW2: math.Sqrt2, EnergyDistance: 0.5341053} {
		if d := got[m]; math.Abs(d.Value-want) > 4*d.Error { // false alarm 1e-4
			t.Errorf("%s is %v +- %v, want %v", m, d.Value, d.Error, want)
		}
	}
}

// MMD^2 of two normal laws N(0, I) and N(m, s^2 I) is G(0, 2) + G(0, 2 s^2) - 2 G(m, 1+s^2)
// with G(m, v) = (1 + v/h^2)^(-d/2) exp(-|m|^2/(2 (h^2+v))). Samples of 2000 add at most
// 1/2000 to it each, for the pairs of points with themselves.
func TestMMDOfNormalLaws(t *testing.T) {
	const shift, scale = 0.7, 1.5
	d := distances(t, normal(2000, 2, 0, 1, 19), normal(2000, 2, shift, scale, 22), CompareOptions{Metrics: []Metric{MMD}, Permutations: -1})[MMD]
	h2 := d.Scale * d.Scale
	g := func(m2, v float64) float64 { return h2 / (h2 + v) * math.Exp(-m2/(2*(h2+v))) }
	want := math.Sqrt(g(0, 2) + g(0, 2*scale*scale) - 2*g(2*shift*shift, 1+scale*scale))
	if math.Abs(d.Value-want) > 4*d.Error || d.Error > 0.02 { // false alarm 1e-4
		t.Errorf("MMD %v +- %v, want %v", d.Value, d.Error, want)
	}
}

// Translation of both samples changes nothing.
func TestTranslationInvariance(t *testing.T) {
	a, b := normal(60, 2, 0, 1, 5), normal(50, 2, 0.3, 1, 6)
	opt := CompareOptions{Metrics: twoSample, Permutations: 49}
	before := distances(t, a, b, opt)
	for i := range a.X {
		a.X[i] += 1 << 20
	}
	for i := range b.X {
		b.X[i] += 1 << 20
	}
	for m, d := range distances(t, a, b, opt) {
		if want := before[m]; !isNear(d.Value, want.Value, 1e-8) || !isNear(d.Error, want.Error, 1e-6) || d.P != want.P && !math.IsNaN(d.P) {
			t.Errorf("%s: %v +- %v (p %v) after translation, %v +- %v (p %v) before", m, d.Value, d.Error, d.P, want.Value, want.Error, want.P)
		}
	}
}

func TestIdenticalSamples(t *testing.T) {
	for _, d := range []int{1, 2, 5} {
		a := normal(30, d, 0, 1, 7)
		for m, got := range distances(t, a, a.Clone(), CompareOptions{Metrics: twoSample, Permutations: 29}) {
			tolerance := 0.0
			if m == SinkhornS {
				tolerance = 1e-6
			}
			if math.Abs(got.Value) > tolerance || !(got.P == 1 || math.IsNaN(got.P)) {
				t.Errorf("%s in dimension %d: %v, p %v; want 0 and 1", m, d, got.Value, got.P)
			}
		}
	}
}

// One point, points that are all the same, constant coordinates, sizes that differ: numbers,
// or NaN where there is nothing to say, and no panic.
func TestSmallAndDegenerateSamples(t *testing.T) {
	one := func(x ...float64) *measure.Cloud { return &measure.Cloud{N: 1, D: len(x), X: x} }
	same := measure.New(20, 2)
	flat := normal(20, 2, 0, 1, 8)
	clear(flat.X[20:])
	for name, c := range map[string][2]*measure.Cloud{
		"one point each":        {one(0, 0), one(3, 4)},
		"one point and many":    {one(0, 0), flat},
		"points that are equal": {same, same.Clone()},
		"constant coordinate":   {flat, normal(33, 2, 0, 1, 9)},
		"equal and spread":      {same, flat},
	} {
		opt := CompareOptions{Metrics: Metrics(), Permutations: 19, Target: target.New(2, func(x, g []float64) float64 {
			if g != nil {
				g[0], g[1] = -x[0], -x[1]
			}
			return -(x[0]*x[0] + x[1]*x[1]) / 2
		})}
		for m, d := range distances(t, c[0], c[1], opt) {
			if math.IsNaN(d.Value) != (m == Classifier && name == "one point each") || math.IsInf(d.Value, 0) || math.IsInf(d.Error, 0) {
				t.Errorf("%s: %s is %v +- %v", name, m, d.Value, d.Error)
			}
			if d.P < 0.05-1e-12 || d.P > 1 {
				t.Errorf("%s: p of %s is %v with 19 permutations", name, m, d.P)
			}
		}
	}
	got := distances(t, one(0, 0), one(3, 4), CompareOptions{Metrics: []Metric{W1, W2, EnergyDistance}})
	if got[W1].Value != 5 || got[W2].Value != 5 || got[EnergyDistance].Value != 10 {
		t.Errorf("two points at distance 5: W1 %v, W2 %v, energy %v", got[W1].Value, got[W2].Value, got[EnergyDistance].Value)
	}
}

func TestWeightsLeaveNoPValue(t *testing.T) {
	a, b := normal(30, 2, 0, 1, 10), normal(30, 2, 0, 1, 11)
	plain := distances(t, a, b, CompareOptions{Metrics: twoSample, Permutations: 19})
	equal := a.Clone()
	equal.LogW = make([]float64, 30)
	for i := range equal.LogW {
		equal.LogW[i] = -3
	}
	for m, d := range distances(t, equal, b, CompareOptions{Metrics: twoSample, Permutations: 19}) {
		if d.Value != plain[m].Value || d.P != plain[m].P {
			t.Errorf("%s: equal weights give %v, p %v; none give %v, p %v", m, d.Value, d.P, plain[m].Value, plain[m].P)
		}
	}
	equal.LogW[0] = 0
	for m, d := range distances(t, equal, b, CompareOptions{Metrics: twoSample, Permutations: 19}) {
		if !math.IsNaN(d.P) || !slices.ContainsFunc(d.Notes, func(s string) bool { return strings.Contains(s, "weight") }) {
			t.Errorf("%s: p %v and notes %q for weighted points", m, d.P, d.Notes)
		}
	}
}

func TestNoPermutationsNoPValues(t *testing.T) {
	density, err := target.Parse("gaussian:dim=2")
	if err != nil {
		t.Fatal(err)
	}
	a, b := normal(20, 2, 0, 1, 17), normal(20, 2, 0, 1, 18)
	for m, d := range distances(t, a, b, CompareOptions{Metrics: Metrics(), Permutations: -1, Target: density}) {
		if !math.IsNaN(d.P) || !math.IsNaN(d.Null) {
			t.Errorf("%s: p %v, under one law %v", m, d.P, d.Null)
		}
	}
}

// Results do not depend on the number of threads, to the bit.
func TestThreadsDoNotMatter(t *testing.T) {
	a, b := normal(200, 3, 0, 1, 12), normal(140, 3, 0.2, 1, 13)
	density, err := target.Parse("gaussian:dim=3")
	if err != nil {
		t.Fatal(err)
	}
	opt := CompareOptions{Metrics: Metrics(), Permutations: 19, Target: density}
	opt.Threads = 1
	want := distances(t, a, b, opt)
	opt.Threads = 3
	for m, d := range distances(t, a, b, opt) {
		if w := want[m]; d.Value != w.Value || d.Error != w.Error || d.P != w.P && !math.IsNaN(w.P) || d.Null != w.Null && !math.IsNaN(w.Null) {
			t.Errorf("%s: %+v with 3 threads, %+v with one", m, d, w)
		}
	}
}

func TestLargeSamplesAreReducedAndItIsSaid(t *testing.T) {
	a, b := normal(150, 4, 0, 1, 14), normal(120, 4, 0, 1, 15)
	d := distances(t, a, b, CompareOptions{Metrics: []Metric{W2}, Exact: 100, Permutations: -1})[W2]
	notes := strings.Join(d.Notes, " ")
	if !strings.Contains(notes, "100 of 150 and 100 of 120 points") || !strings.Contains(notes, "more than three dimensions") {
		t.Errorf("notes %q", notes)
	}
}

func TestWhatCannotBeCompared(t *testing.T) {
	good := normal(5, 2, 0, 1, 16)
	nan := good.Clone()
	nan.X[3] = math.NaN()
	density, _ := target.Parse("gaussian:dim=3")
	for name, c := range map[string]struct {
		a, b *measure.Cloud
		opt  CompareOptions
		want string
	}{
		"no points":       {measure.New(0, 2), good, CompareOptions{}, "first sample has no points"},
		"dimensions":      {good, normal(5, 3, 0, 1, 1), CompareOptions{}, "dimension 2, the second 3"},
		"not a number":    {good, nan, CompareOptions{}, "coordinate 1 of point 4 is NaN"},
		"no target":       {good, good, CompareOptions{Metrics: []Metric{KSD}}, "name a target"},
		"other dimension": {good, good, CompareOptions{Metrics: []Metric{KSD}, Target: density}, "the target 3"},
		"no coordinates":  {measure.New(3, 0), measure.New(3, 0), CompareOptions{}, "no coordinates"},
	} {
		if _, err := Compare(context.Background(), c.a, c.b, c.opt); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Compare(ctx, good, good, CompareOptions{}); err == nil {
		t.Error("a cancelled context gives no error")
	}
}

func TestParseMetrics(t *testing.T) {
	got, err := ParseMetrics("w2, energy,W2")
	if err != nil || !slices.Equal(got, []Metric{W2, EnergyDistance}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := ParseMetrics("w3"); err == nil || !strings.Contains(err.Error(), "w1, w2, sliced") {
		t.Errorf("unknown metric: %v", err)
	}
	if got, _ := ParseMetrics("all"); !slices.Equal(got, Metrics()) {
		t.Errorf("all is %v", got)
	}
}
