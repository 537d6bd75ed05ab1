package transport_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"wgf/measure"
	"wgf/transport"
)

// randomCloud has normal points, about shift, with random weights where asked.
func randomCloud(r *rand.Rand, n, d int, shift float64, weighted bool) *measure.Cloud {
	c := measure.New(n, d)
	for i := range c.X {
		c.X[i] = shift + r.NormFloat64()
	}
	if weighted {
		c.LogW = make([]float64, n)
		for i := range c.LogW {
			c.LogW[i] = r.NormFloat64()
		}
	}
	return c
}

func cloud(t *testing.T, points ...[]float64) *measure.Cloud {
	t.Helper()
	c, err := measure.FromPoints(points)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func exact(t *testing.T, a, b *measure.Cloud) *transport.Result {
	t.Helper()
	r, err := transport.Exact{}.Solve(context.Background(), transport.Problem{A: a, B: b})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func w2(t *testing.T, a, b *measure.Cloud) float64 { return exact(t, a, b).Distance() }

func TestGeodesicHasConstantSpeed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, weighted := range []bool{false, true} {
		a, b := randomCloud(r, 17, 2, 0, weighted), randomCloud(r, 12, 2, 1, weighted)
		res := exact(t, a, b)
		at := func(s float64) *measure.Cloud {
			c, err := transport.Geodesic(res, s)
			if err != nil {
				t.Fatal(err)
			}
			if c.N > a.N+b.N-1 {
				t.Errorf("%d particles", c.N)
			}
			return c
		}
		near(t, "speed", w2(t, at(0.25), at(0.75)), 0.5*res.Distance(), 1e-10)
		near(t, "first half", w2(t, a, at(0.5)), 0.5*res.Distance(), 1e-10)
		near(t, "start", w2(t, at(0), a), 0, 1e-7)
		near(t, "end", w2(t, at(1), b), 0, 1e-7)
	}
}

// Half the squared distance to nu is not 1-convex along the geodesic of this
// pair, its modulus at t = 1/2 is 1 - 2/s, but it is along the generalised
// geodesic with base nu.
func TestGeneralisedGeodesic(t *testing.T) {
	s := 0.5
	mu0, mu1 := cloud(t, []float64{s, 2}, []float64{-s, -2}), cloud(t, []float64{-s, 2}, []float64{s, -2})
	nu := cloud(t, []float64{1, 0}, []float64{-1, 0})
	f := func(c *measure.Cloud) float64 { return exact(t, c, nu).Cost / 2 }
	modulus := func(mid *measure.Cloud, d2 float64) float64 {
		return 2 * ((f(mu0)+f(mu1))/2 - f(mid)) / (0.25 * d2)
	}
	res := exact(t, mu0, mu1)
	mid, err := transport.Geodesic(res, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "modulus along the geodesic", modulus(mid, res.Cost), 1-2/s, 1e-12)

	r0, r1 := exact(t, nu, mu0), exact(t, nu, mu1)
	y, err := transport.GeneralisedGeodesic(r0, r1, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	y0, _ := transport.GeneralisedGeodesic(r0, r1, 0)
	y1, _ := transport.GeneralisedGeodesic(r0, r1, 1)
	near(t, "start", w2(t, y0, mu0), 0, 1e-12)
	near(t, "end", w2(t, y1, mu1), 0, 1e-12)
	d2 := 0.0
	for i, v := range y0.X {
		d2 += (v - y1.X[i]) * (v - y1.X[i]) / 2
	}
	if m := modulus(y, d2); m < 1-1e-12 {
		t.Errorf("modulus along the generalised geodesic: %g", m)
	}

	// Weighted clouds of other sizes: the ends are the measures still.
	r := rand.New(rand.NewPCG(2, 2))
	base, a, b := randomCloud(r, 7, 3, 0, true), randomCloud(r, 9, 3, 1, true), randomCloud(r, 5, 3, 2, false)
	r0, r1 = exact(t, base, a), exact(t, base, b)
	for end, want := range []*measure.Cloud{a, b} {
		c, err := transport.GeneralisedGeodesic(r0, r1, float64(end))
		if err != nil {
			t.Fatal(err)
		}
		near(t, "end of a weighted one", w2(t, c, want), 0, 1e-7)
	}
}

func TestMixtureOfClouds(t *testing.T) {
	a, b := cloud(t, []float64{0}, []float64{1}), cloud(t, []float64{4})
	m, err := transport.Mixture(a, b, 0.25)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", m.Mean()[0], 0.75*0.5+0.25*4, 1e-15)
	if m.N != 3 {
		t.Errorf("%d points", m.N)
	}
	if _, err := transport.Mixture(a, b, 1.5); err == nil {
		t.Error("time 1.5")
	}
}

func TestBarycentreOfClouds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 2))
	a := randomCloud(r, 20, 2, 0, false)
	solve := func(s transport.Barycentre, clouds ...*measure.Cloud) *transport.BarycentreResult {
		out, err := s.Solve(context.Background(), clouds)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(out.History); i++ {
			if out.History[i] > out.History[i-1]*(1+1e-12)+1e-20 {
				t.Errorf("the objective rose from %g to %g", out.History[i-1], out.History[i])
			}
		}
		return out
	}
	same := solve(transport.Barycentre{}, a, a, a)
	near(t, "of one measure", w2(t, same.Cloud, a), 0, 1e-12)

	// Translates: the barycentre is the translate by the mean.
	b, want := a.Clone(), a.Clone()
	for i := range b.X {
		b.X[i] += 10
		want.X[i] += 7.5
	}
	moved := solve(transport.Barycentre{Weights: []float64{1, 3}}, a, b)
	near(t, "of translates", w2(t, moved.Cloud, want), 0, 1e-10)
	near(t, "objective", moved.Objective, 0.25*0.75*200, 1e-10)
	if moved.Status != transport.Converged {
		t.Errorf("status %v", moved.Status)
	}

	// Two clouds: the barycentre attains w0 w1 W2^2, which nothing undercuts.
	c := randomCloud(r, 20, 2, 1, false)
	two := solve(transport.Barycentre{}, a, c)
	near(t, "objective of two", two.Objective, exact(t, a, c).Cost/4, 1e-9)

	weighted := solve(transport.Barycentre{Support: 5}, randomCloud(r, 8, 3, 0, true), randomCloud(r, 30, 3, 1, true))
	if weighted.Cloud.N != 5 || weighted.Cloud.LogW != nil {
		t.Errorf("%d points, weights %v", weighted.Cloud.N, weighted.Cloud.LogW)
	}
	if one := solve(transport.Barycentre{Support: 1}, a); math.Abs(one.Cloud.X[0]-a.Mean()[0]) > 1e-12 {
		t.Error("one point is not the mean")
	}
}

func TestBarycentreOnLine(t *testing.T) {
	a, b := cloud(t, []float64{0}, []float64{2}), cloud(t, []float64{13}, []float64{10}, []float64{16})
	out, err := transport.BarycentreOnLine([]*measure.Cloud{a, b}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := &measure.Cloud{N: 4, D: 1, X: []float64{5, 6.5, 7.5, 9}, LogW: []float64{math.Log(2), 0, 0, math.Log(2)}}
	near(t, "by hand", w2(t, out, want), 0, 1e-7)

	// It is no worse than the iteration on free support, and attains the bound for two.
	r := rand.New(rand.NewPCG(4, 2))
	c, d := randomCloud(r, 15, 1, 0, true), randomCloud(r, 11, 1, 3, true)
	bary, err := transport.BarycentreOnLine([]*measure.Cloud{c, d}, []float64{0.2, 0.8})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "objective", 0.2*exact(t, bary, c).Cost+0.8*exact(t, bary, d).Cost, 0.16*exact(t, c, d).Cost, 1e-11)
	if _, err := transport.BarycentreOnLine([]*measure.Cloud{randomCloud(r, 3, 2, 0, false)}, nil); err == nil {
		t.Error("two dimensions")
	}
}
