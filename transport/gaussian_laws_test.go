package transport_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"wgf/measure"
	"wgf/transport"
)

// scaledGaussian is x -> s x + v of g.
func scaledGaussian(g measure.Gaussian, s float64, v []float64) measure.Gaussian {
	out := measure.Gaussian{}
	for k, m := range g.Mean {
		out.Mean = append(out.Mean, s*m+v[k])
	}
	for _, c := range g.Cov {
		out.Cov = append(out.Cov, s*s*c)
	}
	return out
}

// Bures-Wasserstein under translations, dilations and a common linear isometry,
// the triangle inequality, and the geodesic between any two times, for covariances
// of any rank and condition. Covariances hold the roots of small eigenvalues to
// 1e-8 only, which is the tolerance where they are formed anew.
func TestBuresWassersteinLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := rapid.IntRange(1, 6).Draw(rt, "d")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		var g [3]measure.Gaussian
		for i := range g {
			g[i] = randomGaussian(r, d, rapid.IntRange(0, d+1).Draw(rt, "rank"))
			stretch(g[i], math.Pow(10, rapid.Float64Range(-8, 0).Draw(rt, "condition")))
		}
		distance := func(a, b measure.Gaussian) float64 {
			v, err := transport.BuresWasserstein2(a, b)
			if err != nil {
				rt.Fatal(err)
			}
			return v
		}
		same := func(what string, got, want, tol float64) {
			if math.Abs(got-want) > tol {
				rt.Fatalf("%s: %.15g, want %.15g", what, got, want)
			}
		}
		ab := distance(g[0], g[1])
		same("symmetry", distance(g[1], g[0]), ab, 1e-12*(1+ab))
		same("self", distance(g[0], g[0]), 0, 1e-14)
		s := rapid.Float64Range(0.1, 10).Draw(rt, "scale")
		v := make([]float64, d)
		for k := range v {
			v[k] = r.NormFloat64()
		}
		same("affine", distance(scaledGaussian(g[0], s, v), scaledGaussian(g[1], s, v)), s*s*ab, 1e-7*s*s*(1+ab))
		if ac, bc := distance(g[0], g[2]), distance(g[1], g[2]); math.Sqrt(ac) > math.Sqrt(ab)+math.Sqrt(bc)+1e-7 {
			rt.Fatalf("triangle inequality: %g > %g + %g", math.Sqrt(ac), math.Sqrt(ab), math.Sqrt(bc))
		}
		t0, t1 := rapid.Float64Range(0, 1).Draw(rt, "t0"), rapid.Float64Range(0, 1).Draw(rt, "t1")
		var at [2]measure.Gaussian
		for i, u := range []float64{t0, t1} {
			var err error
			if at[i], err = transport.GaussianGeodesic(g[0], g[1], u); err != nil {
				rt.Fatal(err)
			}
		}
		same("constant speed", distance(at[0], at[1]), (t1-t0)*(t1-t0)*ab, 1e-7*(1+ab))
	})
}

// stretch shrinks the last coordinate by c.
func stretch(g measure.Gaussian, c float64) {
	d := g.Dim()
	for k := range d {
		g.Cov[k*d+d-1] *= c
		g.Cov[(d-1)*d+k] *= c
	}
}

// A distance to itself is 0 also for condition numbers beyond rounding.
func TestBuresWassersteinSelf(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	for _, d := range []int{2, 5, 30} {
		for _, c := range []float64{1e-2, 1e-4, 1e-6, 1e-8, 1e-12} {
			g := randomGaussian(r, d, d)
			stretch(g, c)
			if v := bw(t, g, g); !(v <= 1e-14) {
				t.Errorf("d %d, last coordinate times %g: a Gaussian is %g from itself", d, c, v)
			}
		}
	}
}

// Gelbrich 1990: W2 of two measures is at least that of the Gaussians with their
// moments; and an affine image of positive definite matrix attains it.
func TestGelbrichBound(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 1))
	for range 10 {
		a, b := randomCloud(r, 20, 3, 0, true), randomCloud(r, 15, 3, 1, false)
		if low, v := bw(t, a.Gaussian(), b.Gaussian()), exact(t, a, b).Cost; low > v*(1+1e-12) {
			t.Errorf("W2^2 is %g, below the bound %g", v, low)
		}
		m, err := transport.GaussianMap(a.Gaussian(), b.Gaussian())
		if err != nil {
			t.Fatal(err)
		}
		image := a.Clone()
		m.Apply(image.X, a.X, a.N)
		near(t, "affine image", exact(t, a, image).Cost, bw(t, a.Gaussian(), image.Gaussian()), 1e-11)
		for i, v := range image.Gaussian().Cov {
			near(t, "covariance of the image", v, b.Covariance()[i], 1e-12)
		}
	}
}

// MW2 is a distance between mixtures, at least the W2 of their moments, and no
// other for components that are split.
func TestMixtureDistanceLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	mixture := func(n int) measure.Mixture {
		var m measure.Mixture
		for range n {
			m.Weights = append(m.Weights, r.Float64())
			m.Components = append(m.Components, randomGaussian(r, 2, 1+r.IntN(2)))
		}
		return m
	}
	mw := func(a, b measure.Mixture) float64 {
		res, err := transport.MixtureDistance(context.Background(), a, b)
		if err != nil {
			t.Fatal(err)
		}
		return res.Distance()
	}
	for range 20 {
		a, b, c := mixture(1+r.IntN(4)), mixture(1+r.IntN(4)), mixture(1+r.IntN(4))
		ab := mw(a, b)
		near(t, "symmetry", mw(b, a), ab, 1e-12)
		if ac := mw(a, c); ac > ab+mw(b, c)+1e-12 {
			t.Errorf("triangle inequality: %g > %g + %g", ac, ab, mw(b, c))
		}
		ga, err := a.Gaussian()
		if err != nil {
			t.Fatal(err)
		}
		gb, err := b.Gaussian()
		if err != nil {
			t.Fatal(err)
		}
		if low := math.Sqrt(bw(t, ga, gb)); low > ab*(1+1e-12) {
			t.Errorf("MW2 is %g, below the W2 of the moments %g", ab, low)
		}
		split := measure.Mixture{
			Weights:    append([]float64{a.Weights[0] / 3, a.Weights[0] * 2 / 3, 0}, a.Weights[1:]...),
			Components: append([]measure.Gaussian{a.Components[0], a.Components[0], randomGaussian(r, 2, 2)}, a.Components[1:]...),
		}
		near(t, "split components", mw(split, b), ab, 1e-12)
	}
}
