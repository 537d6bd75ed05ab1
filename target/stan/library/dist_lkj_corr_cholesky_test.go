package library

import (
	"math"
	"math/rand/v2"
	"testing"
)

// For two dimensions the correlation r = L_21 has density proportional to (1-r^2)^(eta-1).
func TestLKJCorrCholeskyOfTwo(t *testing.T) {
	const eta = 2.5
	density := func(r float64) float64 {
		l := matrix(2, 2, 1, 0, r, math.Sqrt(1-r*r))
		return math.Exp(mustCall(t, &Context{}, "lkj_corr_cholesky_lpdf", l, Real(eta)).Data[0])
	}
	norm := integral(func(r float64) float64 { return math.Pow(1-r*r, eta-1) }, -1, 1)
	for _, r := range []float64{-0.8, 0, 0.3} {
		want := math.Pow(1-r*r, eta-1) / norm
		if got := density(r); !closeTo(got, want, 1e-12) {
			t.Errorf("density of correlation %g: %g, want %g", r, got, want)
		}
	}
}

// The correlations of three dimensions are symmetric with variance 1/(2 eta + K - 1): 3000 draws, 4.5 standard errors.
func TestLKJCorrCholeskyRandom(t *testing.T) {
	c := &Context{RNG: rand.New(rand.NewPCG(4, 4))}
	const n, eta = 3000, 1.5
	var second [3]float64
	for range n {
		l := mustCall(t, c, "lkj_corr_cholesky_rng", Int(3), Real(eta))
		m := mustCall(t, c, "tcrossprod", l).Data
		for i, r := range []float64{m[1], m[2], m[5]} {
			second[i] += r * r / n
		}
		if !closeTo(m[0], 1, 1e-12) || !closeTo(m[8], 1, 1e-12) {
			t.Fatalf("diagonal %v", m)
		}
	}
	for i, s := range second {
		if want := 1 / (2*eta + 2); math.Abs(s-want) > 4.5*0.25/math.Sqrt(n) {
			t.Errorf("variance of correlation %d is %.4f, want %.4f", i, s, want)
		}
	}
}
