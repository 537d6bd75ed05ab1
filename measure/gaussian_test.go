package measure_test

import (
	"math"
	"testing"

	"wgf/measure"
)

func TestGaussianRoot(t *testing.T) {
	// [[5,4],[4,5]] has the root [[2,1],[1,2]].
	s, err := measure.Gaussian{Mean: []float64{0, 0}, Cov: []float64{5, 4, 4, 5}}.Spectrum()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{2, 1, 1, 2} {
		if got := s.Root().At(i/2, i%2); math.Abs(got-want) > 1e-14 {
			t.Errorf("root entry %d is %v, want %v", i, got, want)
		}
	}
	for i, want := range []float64{2. / 3, -1. / 3, -1. / 3, 2. / 3} {
		if got := s.InverseRoot().At(i/2, i%2); math.Abs(got-want) > 1e-14 {
			t.Errorf("inverse root entry %d is %v, want %v", i, got, want)
		}
	}
	// A singular one: x x^T with x = (3, 4) has the root x x^T/5, inverse x x^T/125.
	s, err = measure.Gaussian{Mean: []float64{0, 0}, Cov: []float64{9, 12, 12, 16}}.Spectrum()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{9, 12, 12, 16} {
		if got := s.Root().At(i/2, i%2); math.Abs(got-want/5) > 1e-13 {
			t.Errorf("singular root entry %d is %v, want %v", i, got, want/5)
		}
		if got := s.InverseRoot().At(i/2, i%2); math.Abs(got-want/125) > 1e-14 {
			t.Errorf("singular inverse root entry %d is %v, want %v", i, got, want/125)
		}
	}
}

// The moments of a sample are within five standard errors (false-positive rate
// below 1e-5 for all of them); the covariance 0 gives the mean.
func TestGaussianSample(t *testing.T) {
	g := measure.Gaussian{Mean: []float64{1, -2, 1e3}, Cov: []float64{4, 1, 0, 1, 2, 0, 0, 0, 0}}
	const n = 40000
	c, err := g.Sample(n, 7)
	if err != nil {
		t.Fatal(err)
	}
	m := c.Gaussian()
	for k, want := range g.Mean {
		if math.Abs(m.Mean[k]-want) > 5*math.Sqrt(g.Cov[k*3+k]/n)+1e-9 {
			t.Errorf("mean %d is %v, want %v", k, m.Mean[k], want)
		}
		for l := range 3 {
			want := g.Cov[k*3+l]
			if math.Abs(m.Cov[k*3+l]-want) > 5*math.Sqrt((want*want+g.Cov[k*3+k]*g.Cov[l*3+l])/n)+1e-9 {
				t.Errorf("covariance %d, %d is %v, want %v", k, l, m.Cov[k*3+l], want)
			}
		}
	}
}

func TestMixtureSample(t *testing.T) {
	mix := measure.Mixture{Weights: []float64{1, 0, 3}, Components: []measure.Gaussian{
		{Mean: []float64{-5, 0}, Cov: []float64{1, 0, 0, 4}},
		{Mean: []float64{1e6, 0}, Cov: []float64{1, 0, 0, 1}},
		{Mean: []float64{3, 1}, Cov: []float64{1, 0.5, 0.5, 1}},
	}}
	// mean (1, .75); covariance: mean of covariances (1, .375, 1.75), of means 16*3/4 ...
	want, err := mix.Gaussian()
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range []float64{1, 0.75} {
		if math.Abs(want.Mean[i]-v) > 1e-14 {
			t.Errorf("mean %d is %v, want %v", i, want.Mean[i], v)
		}
	}
	for i, v := range []float64{1 + 12, 0.375 + 1.5, 0.375 + 1.5, 1.75 + 0.1875} {
		if math.Abs(want.Cov[i]-v) > 1e-13 {
			t.Errorf("covariance %d is %v, want %v", i, want.Cov[i], v)
		}
	}
	const n = 40000
	c, err := mix.Sample(n, 3)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Gaussian()
	for k := range 2 {
		if math.Abs(got.Mean[k]-want.Mean[k]) > 5*math.Sqrt(want.Cov[k*2+k]/n) {
			t.Errorf("sample mean %d is %v, want %v", k, got.Mean[k], want.Mean[k])
		}
	}
	for i := range 4 {
		if math.Abs(got.Cov[i]-want.Cov[i]) > 0.3 {
			t.Errorf("sample covariance %d is %v, want %v", i, got.Cov[i], want.Cov[i])
		}
	}
	if again, _ := mix.Sample(n, 3); again.X[17] != c.X[17] {
		t.Error("a sample is not the same for the same seed")
	}
}

func TestGaussianCheck(t *testing.T) {
	good := measure.Gaussian{Mean: []float64{0, 0}, Cov: []float64{1, 0, 0, 0}}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, g := range map[string]measure.Gaussian{
		"empty":     {},
		"shape":     {Mean: []float64{0}, Cov: []float64{1, 2}},
		"symmetry":  {Mean: []float64{0, 0}, Cov: []float64{1, 0.5, 0, 1}},
		"negative":  {Mean: []float64{0, 0}, Cov: []float64{1, 2, 2, 1}},
		"NaN":       {Mean: []float64{0, 0}, Cov: []float64{1, 0, 0, math.NaN()}},
		"mean":      {Mean: []float64{0, math.Inf(1)}, Cov: []float64{1, 0, 0, 1}},
		"dimension": {Mean: []float64{0}, Cov: []float64{1}},
	} {
		if name != "dimension" && g.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
		if (measure.Mixture{Components: []measure.Gaussian{good, g}}).Check() == nil {
			t.Errorf("mixture, %s: accepted", name)
		}
	}
	for name, w := range map[string][]float64{"count": {1}, "zero": {0, 0}, "negative": {1, -1}, "NaN": {math.NaN(), 1}} {
		m := measure.Mixture{Weights: w, Components: []measure.Gaussian{good, good}}
		if m.Check() == nil {
			t.Errorf("weights, %s: accepted", name)
		}
		if _, err := m.Sample(3, 1); err == nil {
			t.Errorf("sample, %s: accepted", name)
		}
	}
	if (measure.Mixture{}).Check() == nil {
		t.Error("a mixture of nothing was accepted")
	}
}
