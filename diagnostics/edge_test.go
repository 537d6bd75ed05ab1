package diagnostics

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

func TestUndefined(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	rng := rand.New(rand.NewPCG(1, 1))
	for name, c := range map[string]struct {
		spoil func(x [][]float64)
		mean  bool // mean and quantiles are still defined
	}{
		"NaN":      {func(x [][]float64) { x[1][7] = nan }, false},
		"infinite": {func(x [][]float64) { x[1][7] = inf }, false},
		"both":     {func(x [][]float64) { x[0][0], x[1][7] = -inf, inf }, false},
		"constant": {func(x [][]float64) {
			for c := range x {
				for t := range x[c] {
					x[c][t] = 1
				}
			}
			x[1][3] = 1 + 0x1p-52 // rounding
		}, true},
	} {
		x := ar1(rng, 4, 50, 0)
		c.spoil(x)
		for kind, s := range map[string]Summary{"chains": Summarize(x), "ensemble": Ensemble(x, 2)} {
			for _, v := range []float64{s.MCSEMean, s.MCSESD, s.ESSBulk, s.ESSTail, s.RHat} {
				if !math.IsNaN(v) {
					t.Errorf("%s, %s: a diagnostic is defined: %+v", name, kind, s)
				}
			}
			if !s.Undefined() {
				t.Errorf("%s, %s: not said to be undefined", name, kind)
			}
			if c.mean && (math.Abs(s.Mean-1) > 1e-15 || s.SD != 0 || s.MAD != 0 || s.Q50 != 1 || !s.Constant) {
				t.Errorf("%s, %s: %+v", name, kind, s)
			}
		}
		for _, v := range []float64{ESSMean(x), ESSSD(x), ESSQuantile(x, 0.5), MCSEQuantile(x, 0.5), RHat(x), EnsembleESS(x), EnsembleMCSEQuantile(x, 0.5)} {
			if !math.IsNaN(v) {
				t.Errorf("%s: %v", name, v)
			}
		}
	}
	x := ar1(rng, 4, 50, 0)
	x[2][1], x[2][2], x[0][0] = nan, nan, -inf
	if s := Summarize(x); s.NaN != 2 || s.Infinite != 1 || s.Draws != 200 || s.Constant {
		t.Errorf("counts: %+v", s)
	}
	x = ar1(rng, 4, 50, 0)
	x[0][0] = inf
	if s := Summarize(x); math.IsNaN(s.Q95) || !math.IsInf(s.Mean, 1) {
		t.Errorf("quantiles exist beside one infinite draw: %+v", s)
	}
}

func TestShort(t *testing.T) {
	for n := range 4 {
		x := [][]float64{[]float64{3, 1, 2}[:n], []float64{5, 6, 4}[:n]}
		s := Summarize(x)
		if !math.IsNaN(s.ESSBulk) || !math.IsNaN(s.RHat) || !math.IsNaN(s.MCSEMean) || !math.IsNaN(ESSMean(x)) {
			t.Errorf("%d draws: %+v", n, s)
		}
		if n > 0 && math.IsNaN(s.Mean) || n == 0 && !math.IsNaN(s.Mean) {
			t.Errorf("%d draws: mean %v", n, s.Mean)
		}
	}
	if s := Summarize(nil); !math.IsNaN(s.Mean) || s.Draws != 0 {
		t.Errorf("no chains: %+v", s)
	}
	if s := Summarize([][]float64{{4}}); s.Mean != 4 || s.Q95 != 4 || !s.Constant {
		t.Errorf("one draw: %+v", s)
	}
	if s := Ensemble([][]float64{{1, 2, 3, 4, 5}}, 1); !math.IsNaN(s.ESSBulk) || s.Mean != 3 {
		t.Errorf("one particle: %+v", s)
	}
}

// One chain is compared with itself: a trend is found.
func TestOneChain(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	x := ar1(rng, 1, 400, 0)
	if r := RHat(x); !(r < 1.02) {
		t.Errorf("independent draws: %v", r)
	}
	for k := range x[0] {
		x[0][k] += float64(k) / 100
	}
	if r := RHat(x); !(r > 1.2) {
		t.Errorf("trend: %v", r)
	}
}

// Chains that never move: R-hat is infinite, and a few effective draws at most.
func TestStuckChains(t *testing.T) {
	x := make([][]float64, 4)
	for c := range x {
		for range 100 {
			x[c] = append(x[c], float64(c*c))
		}
	}
	if s := Summarize(x); !math.IsInf(s.RHat, 1) || !(s.ESSBulk < 10) {
		t.Errorf("%+v", s)
	}
}

// Two equally frequent values have one distance from the median: only the bulk counts.
func TestTwoValues(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	x := make([][]float64, 4)
	for c := range x {
		for _, k := range rng.Perm(50) {
			x[c] = append(x[c], float64(k%2))
		}
	}
	if s := Summarize(x); !(s.RHat < 1.03) || !(s.ESSBulk > 100) || !(s.ESSTail > 100) {
		t.Errorf("%+v", s)
	}
}

// ESS, R-hat and the rank-normalised quantities do not change under monotone maps, and
// all is equivariant under scale, also far outside the usual range.
func TestInvariance(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	x := ar1(rng, 4, 120, 0.5)
	s := Summarize(x)
	for _, scale := range []float64{0x1p-300, 0x1p-40, 0x1p60, 0x1p200} {
		y := make([][]float64, len(x))
		for c := range x {
			for _, v := range x[c] {
				y[c] = append(y[c], v*scale)
			}
		}
		got := Summarize(y)
		want := s
		for _, f := range []*float64{&want.Mean, &want.MCSEMean, &want.SD, &want.MCSESD, &want.MAD, &want.Q5, &want.Q50, &want.Q95, &want.ETILow, &want.ETIHigh} {
			*f *= scale
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("scale %g: %+v, want %+v", scale, got, want)
		}
	}
	y := make([][]float64, len(x))
	for c := range x {
		for _, v := range x[c] {
			y[c] = append(y[c], math.Exp(v))
		}
	}
	if e := Summarize(y); e.ESSBulk != s.ESSBulk || e.ESSTail != s.ESSTail {
		t.Errorf("ESS %v and %v become %v and %v under exp", s.ESSBulk, s.ESSTail, e.ESSBulk, e.ESSTail)
	}
}

func TestQuantile(t *testing.T) {
	x := []float64{4, 1, 3, 2}
	for p, want := range map[float64]float64{0: 1, 1: 4, 0.5: 2.5, 1.0 / 3: 2, 0.1: 1.3} {
		if got := Quantile(x, p); math.Abs(got-want) > 1e-15 {
			t.Errorf("quantile %g: %v, want %v", p, got, want)
		}
	}
	if x[0] != 4 {
		t.Error("Quantile has sorted its argument")
	}
	if got := MAD([]float64{1, 1, 2, 2, 4, 6, 9}); math.Abs(got-1.482602218505602) > 1e-15 {
		t.Errorf("MAD %v", got)
	}
	if !math.IsNaN(Quantile(nil, 0.5)) || !math.IsNaN(Quantile([]float64{1, math.NaN()}, 0.5)) {
		t.Error("no draws and NaN have a quantile")
	}
	if got := Quantile([]float64{math.Inf(-1), math.Inf(-1), 3, math.Inf(1)}, 0.1); !math.IsInf(got, -1) {
		t.Errorf("between infinities: %v", got)
	}
}

// The two ways to sort and the two ways to sum autocovariances agree.
func TestSortAndLags(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	x := ar1(rng, 3, 700, 0.97)
	x[0][5], x[1][6], x[2][7] = 0, math.Copysign(0, -1), -math.MaxFloat64
	x[0][6], x[0][7] = x[2][3], x[2][3]
	var w workspace
	w.load(x)
	w.sortDraws()
	for k := range w.sorted {
		if k > 0 && !(w.sorted[k-1] <= w.sorted[k]) {
			t.Fatalf("draw %d of the sorted draws is out of order", k)
		}
		if w.sorted[k] != w.x[w.order[k]] {
			t.Fatalf("order %d does not belong to its value", k)
		}
	}
	x[2][7] = 0
	w.load(x)
	w.split(w.x)
	w.lags.start(w.y, 6)
	var direct []float64
	for lag := range 350 {
		direct = append(direct, w.lags.direct(lag))
	}
	for _, lags := range []int{100, 350} {
		w.transform(lags)
		if w.lags.known < lags {
			t.Fatalf("%d lags for %d", w.lags.known, lags)
		}
		for lag, want := range direct[:lags] {
			if got := w.acov(lag); math.Abs(got-want) > 1e-13*direct[0] {
				t.Errorf("lag %d: %v by transform, %v directly", lag, got, want)
			}
		}
	}
}

func TestRaggedPanics(t *testing.T) {
	for name, f := range map[string]func(){
		"chains":      func() { Summarize([][]float64{{1, 2}, {1}}) },
		"superchains": func() { Ensemble([][]float64{{1}, {2}, {3}}, 2) },
		"nested":      func() { NestedRHat([][]float64{{1}, {2, 3}}, 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

func TestSummarizeAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	var q []Quantity
	var want []Summary
	for k := range 20 {
		x := ar1(rng, 4, 30+k%3, 0.3)
		q = append(q, Quantity{Name: string(rune('a' + k)), Draws: func([][]float64) [][]float64 { return x }})
		s := Summarize(x)
		s.Name = q[k].Name
		want = append(want, s)
	}
	for _, threads := range []int{0, 1, 3} {
		if got := SummarizeAll(q, threads); !reflect.DeepEqual(got, want) {
			t.Errorf("%d threads: %+v", threads, got)
		}
	}
	if got := SummarizeEnsembles(q[:1], 2, 1)[0]; got.Particles != 4 || got.Name != "a" {
		t.Errorf("ensemble: %+v", got)
	}
}

func BenchmarkSummarize(b *testing.B) {
	rng := rand.New(rand.NewPCG(6, 6))
	for _, c := range []struct {
		name string
		rho  float64
	}{{"independent", 0}, {"correlated", 0.98}} {
		x := ar1(rng, 4, 2500, c.rho)
		b.Run(c.name, func(b *testing.B) {
			var s Summarizer
			for b.Loop() {
				s.Chains(x)
			}
		})
	}
	x := ar1(rng, 128, 80, 0.5)
	b.Run("ensemble", func(b *testing.B) {
		var s Summarizer
		for b.Loop() {
			s.Ensemble(x, 8)
		}
	})
}
