package sampler

import (
	"math"
	"testing"

	"wgf/internal/rng"
	"wgf/target"
)

// On a Gaussian target the metric is the target's covariance, exactly, from a
// small cloud that is nowhere near equilibrium.
func TestMetricIsExactOnGaussians(t *testing.T) {
	d, err := target.Parse("gaussian:dim=6,condition=1e4")
	if err != nil {
		t.Fatal(err)
	}
	en := newEnsemble(d, 32, 1, 1)
	key := rng.New(2, rng.Test)
	for _, b := range en.blocks {
		key.Normals(b.x, 6, b.n, b.first, 0)
		for i := range b.x {
			b.x[i] = 5 + 0.3*b.x[i]
		}
		en.evaluate(b)
	}
	s := snapshots{d: 6, n: 32, limit: 1}
	s.take(en)
	m := s.metric(0, 32)
	if m.dense == nil {
		t.Fatal("the metric is diagonal")
	}
	cov := d.(target.Moments).Covariance()
	for i := range 6 {
		for j := range 6 {
			sigma := dot(m.dense[i*6:(i+1)*6], m.dense[j*6:(j+1)*6])
			if scale := math.Sqrt(cov[i*7] * cov[j*7]); math.Abs(sigma-cov[i*6+j]) > 1e-5*scale {
				t.Errorf("Sigma(%d, %d) is %v, want %v", i, j, sigma, cov[i*6+j])
			}
		}
	}
}

// With fewer particles than dimensions the diagonal is taken.
func TestMetricFallsBackToTheDiagonal(t *testing.T) {
	d := target.NewGumbel(40)
	en := newEnsemble(d, 32, 1, 1)
	for _, b := range en.blocks {
		rng.New(2, rng.Test).Normals(b.x, 40, b.n, b.first, 0)
		en.evaluate(b)
	}
	s := snapshots{d: 40, n: 32, limit: 1}
	s.take(en)
	if m := s.metric(0, 32); m.dense != nil || !finiteAll(m.diag) {
		t.Errorf("metric %v", m)
	}
}

// The climb reaches the top of a quadratic of condition number 1e8 and knows
// its curvature there.
func TestAscentOnAnIllConditionedQuadratic(t *testing.T) {
	scale := []float64{1, 1e-1, 1e-2, 1e-4}
	eval := func(x []float64) (float64, []float64) {
		lp, g := 0.0, make([]float64, len(x))
		for k, v := range x {
			z := (v - 1) / scale[k]
			lp -= z * z / 2
			g[k] = -z / scale[k]
		}
		return lp, g
	}
	x := []float64{-1, 2, 0.5, -2}
	lp, g := eval(x)
	a := newAscent(x, g, lp)
	count := 0
	for refined := 0; refined < 6; refined++ {
		for ; !a.done && count < 1000; count++ {
			lp, g := eval(a.trial)
			a.take(lp, g)
		}
		f := factor(a.h, 4)
		batch := make([]float64, 4*8)
		for k := range 4 {
			for j := range 4 {
				batch[k*8+j], batch[k*8+4+j] = a.x[k]+curveStep*f[k*4+j], a.x[k]-curveStep*f[k*4+j]
			}
		}
		grad := make([]float64, 4*8)
		for i := range 8 {
			_, g := eval([]float64{batch[i], batch[8+i], batch[16+i], batch[24+i]})
			for k, v := range g {
				grad[k*8+i] = v
			}
		}
		if h := inverseCurvature(grad, f, 4); !a.resume(h) {
			break
		}
	}
	if a.lp < -1e-3 {
		t.Errorf("after %d evaluations log p is %v below its top", count, -a.lp)
	}
	for k, s := range scale {
		if h := a.h[k*5]; h > 0 && (h > 2*s*s || h < s*s/2) {
			t.Errorf("inverse curvature %d is %v, want %v", k, h, s*s)
		}
	}
}
