package measure_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"wgf/measure"
)

func TestMomentsByHand(t *testing.T) {
	c, err := measure.FromPoints([][]float64{{0, 1}, {2, 3}, {4, 11}})
	if err != nil {
		t.Fatal(err)
	}
	c.LogW = []float64{math.Log(1), math.Log(2), math.Log(1)}
	for k, want := range []float64{2, 4.5} {
		if got := c.Mean()[k]; math.Abs(got-want) > 1e-14 {
			t.Errorf("mean %d is %v, want %v", k, got, want)
		}
	}
	// var x = 2, cov = (2*3.5 + 2*6.5)/4 = 5, var y = (12.25 + 2*2.25 + 42.25)/4
	for i, want := range []float64{2, 5, 5, 14.75} {
		if got := c.Covariance()[i]; math.Abs(got-want) > 1e-13 {
			t.Errorf("covariance entry %d is %v, want %v", i, got, want)
		}
	}
	if got := c.ESS(); math.Abs(got-8.0/3) > 1e-14 {
		t.Errorf("ESS is %v, want 8/3", got)
	}
}

// Systematic resampling copies particle i floor(n w) or ceil(n w) times, and
// never one without weight.
func TestResampleCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		logw := rapid.SliceOfN(rapid.Float64Range(-8, 8), 1, 20).Draw(t, "logw")
		n := rapid.IntRange(1, 60).Draw(t, "n")
		c := measure.New(len(logw), 1)
		for i := range logw {
			c.X[i] = float64(i)
		}
		c.LogW = logw
		if len(logw) > 1 {
			logw[0], logw[len(logw)-1] = math.Inf(-1), math.Min(logw[len(logw)-1], 8)
		}
		w := c.Weights()
		counts := make([]float64, len(w))
		for _, v := range c.Resample(n, rapid.Uint64().Draw(t, "seed")).X {
			counts[int(v)]++
		}
		for i, got := range counts {
			want := float64(n) * w[i]
			if got < math.Floor(want-1e-9) || got > math.Ceil(want+1e-9) {
				t.Fatalf("particle %d of weight %v is copied %v times among %d", i, w[i], got, n)
			}
		}
	})
}

// Adding a constant to the log weights changes nothing.
func TestWeightsAreUpToAConstant(t *testing.T) {
	a := measure.New(3, 0)
	a.LogW = []float64{-1, 0, 2}
	b := a.Clone()
	for i := range b.LogW {
		b.LogW[i] += 700
	}
	for i, w := range a.Weights() {
		if math.Abs(w-b.Weights()[i]) > 1e-15 {
			t.Errorf("weight %d: %v and %v", i, w, b.Weights()[i])
		}
	}
}

func TestCheck(t *testing.T) {
	for name, c := range map[string]*measure.Cloud{
		"short":      {N: 2, D: 2, X: make([]float64, 3)},
		"weights":    {N: 2, D: 1, X: make([]float64, 2), LogW: []float64{0}},
		"NaN":        {N: 1, D: 1, X: make([]float64, 1), LogW: []float64{math.NaN()}},
		"no measure": {N: 1, D: 1, X: make([]float64, 1), LogW: []float64{math.Inf(-1)}},
	} {
		if c.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := measure.New(4, 3).Check(); err != nil {
		t.Error(err)
	}
	if _, err := measure.FromPoints([][]float64{{1}, {1, 2}}); err == nil {
		t.Error("ragged points were accepted")
	}
}
