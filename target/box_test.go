package target_test

import (
	"math"
	"strings"
	"testing"

	"wgf/target"
	"wgf/target/targettest"
)

// Densities on boxes integrate to 1, have the moments they say, second derivatives that
// fit the first, and none of it outside.
func TestBoxes(t *testing.T) {
	for _, spec := range []string{"beta", "beta:a=3,b=1.5,lower=-2,upper=3", "beta:a=0.7,b=2", "truncated-gaussian:dim=1",
		"truncated-gaussian:dim=1,mean=3,std=0.5,lower=-1,upper=2", "truncated-gaussian:dim=1,mean=-4,lower=1,upper=7"} {
		d, err := target.Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		lower, upper := d.(target.Bounded).Box()
		a, b := lower[0], upper[0]
		const n = 400000
		x, lp, g, h, one := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range x {
			s := (float64(i) + 0.5) / n
			x[i], one[i] = a+(b-a)*s*s*s*(10-15*s+6*s*s), 1 // crowded at the ends
		}
		d.LogDensity(lp, g, x)
		d.(target.Curved).HessianVector(h, x, one)
		var mass, mean, square float64
		for i, v := range x {
			s := (float64(i) + 0.5) / n
			w := math.Exp(lp[i]) * (b - a) * 30 * s * s * (1 - s) * (1 - s) / n
			mass, mean, square = mass+w, mean+w*v, square+w*v*v
			if i%1000 == 500 {
				e := 1e-3 * min(v-a, b-v)
				up, down, slope := []float64{0}, []float64{0}, []float64{0, 0}
				d.LogDensity(up, slope[:1], []float64{v + e})
				d.LogDensity(down, slope[1:], []float64{v - e})
				if want := (up[0] - down[0]) / (2 * e); math.Abs(g[i]-want) > 1e-3*(1+math.Abs(want))+1e-9/e {
					t.Fatalf("%s: slope %g at %g, differences give %g", spec, g[i], v, want)
				}
				if want := (slope[0] - slope[1]) / (2 * e); math.Abs(h[i]-want) > 1e-3*(1+math.Abs(want)) {
					t.Fatalf("%s: curvature %g at %g, differences give %g", spec, h[i], v, want)
				}
			}
		}
		m := d.(target.Moments)
		if v := m.Covariance()[0]; math.Abs(mass-1) > 1e-5 || math.Abs(mean-m.Mean()[0]) > 1e-5 || math.Abs(square-mean*mean-v) > 1e-5 {
			t.Errorf("%s: mass %g, mean %g (%g), variance %g (%g)", spec, mass, mean, m.Mean()[0], square-mean*mean, v)
		}
		d.LogDensity(lp[:3], nil, []float64{a, b, math.NaN()})
		for _, v := range lp[:3] {
			if !math.IsInf(v, -1) {
				t.Errorf("%s: log density %g outside", spec, v)
			}
		}
		if err := d.(target.Explainer).Explain([]float64{b + 1}); err == nil || !strings.Contains(err.Error(), "outside") {
			t.Errorf("%s: %v", spec, err)
		}
		inside := make([][]float64, 20)
		for i := range inside {
			inside[i] = []float64{a + (b-a)*(float64(i)+1)/21}
		}
		targettest.Conform(t, d, targettest.Options{Points: inside})
	}
	for spec, want := range map[string]string{
		"beta:lower=1":                           "above lower",
		"beta:a=0":                               "positive",
		"truncated-gaussian:lower=30,upper=31":   "at least 1e-12",
		"truncated-gaussian:upper=-1":            "above lower",
		"truncated-gaussian:std=-1":              "positive",
		"truncated-gaussian:lower=-31,upper=-30": "at least 1e-12",
	} {
		if _, err := target.Parse(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", spec, err)
		}
	}
}
