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
		near(t, "value of the plan", transport.Problem{A: a, B: b}.Value(res.Plan()), res.Cost, 1e-13)
		// Every atom ends at a point of B, to the bit.
		for k, v := range at(1).X[:at(1).N] {
			if v != b.X[res.Plan().J[k]] {
				t.Errorf("atom %d ends at %v, not %v", k, v, b.X[res.Plan().J[k]])
			}
		}
		if _, err := transport.Geodesic(res, math.NaN()); err == nil {
			t.Error("time NaN")
		}
	}
	m, err := transport.Exact{}.Solve(context.Background(), transport.Problem{A: measure.New(1, 1), B: measure.New(1, 1), Cost: transport.Matrix([]float64{1}, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := transport.Geodesic(m, 0.5); err == nil {
		t.Error("the geodesic of a matrix")
	}
	near(t, "value with a matrix", m.Problem.Value(m.Plan()), 1, 0)
}

// Clouds 1e8 apart, on a line in space, with repeated points, N = 1: constant speed.
func TestGeodesicDegenerate(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 2))
	line := measure.New(6, 3)
	for i := range 6 {
		for k := range 3 {
			line.X[k*6+i] = float64(i/2) * float64(k+1) // pairs coincide
		}
	}
	far := randomCloud(r, 5, 3, 1e8, true)
	for _, c := range [][2]*measure.Cloud{{line, far}, {line, line}, {line, cloud(t, []float64{1, 2, 3})}, {cloud(t, []float64{0, 0, 0}), cloud(t, []float64{3, 4, 0})}} {
		res := exact(t, c[0], c[1])
		x, err := transport.Geodesic(res, 0.25)
		if err != nil {
			t.Fatal(err)
		}
		y, err := transport.Geodesic(res, 1)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "speed", w2(t, x, y), 0.75*res.Distance(), 1e-12)
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
	d2 := transport.Problem{A: mu0, B: mu1}.Value(transport.Glue(r0.Plan(), r1.Plan()))
	if m := modulus(y, d2); m < 1-1e-12 {
		t.Errorf("modulus along the generalised geodesic: %g", m)
	}

	// Weighted clouds of other sizes: the ends are the measures still.
	r := rand.New(rand.NewPCG(2, 2))
	base, a, b := randomCloud(r, 7, 3, 0, true), randomCloud(r, 9, 3, 1, true), randomCloud(r, 5, 3, 2, false)
	r0, r1 = exact(t, base, a), exact(t, base, b)
	glued := transport.Glue(r0.Plan(), r1.Plan())
	ga, gb := glued.Marginals()
	for i, w := range a.Weights() {
		near(t, "first marginal", ga[i], w, 1e-14)
	}
	for j, w := range b.Weights() {
		near(t, "second marginal", gb[j], w, 1e-14)
	}
	d2 = transport.Problem{A: a, B: b}.Value(glued)
	if w := exact(t, a, b).Cost; d2 < w {
		t.Errorf("the glued plan costs %g, less than the optimum %g", d2, w)
	}
	half, err := transport.GeneralisedGeodesic(r0, r1, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	if l, r := exact(t, half, base).Cost, (r0.Cost+r1.Cost)/2-d2/4; l > r+1e-12 {
		t.Errorf("W2^2 to the base is %g, more than 1-convexity allows, %g", l, r)
	}
	if _, err := transport.GeneralisedGeodesic(r0, exact(t, a, b), 0.5); err == nil {
		t.Error("two bases")
	}
	for end, want := range []*measure.Cloud{a, b} {
		c, err := transport.GeneralisedGeodesic(r0, r1, float64(end))
		if err != nil {
			t.Fatal(err)
		}
		near(t, "end of a weighted one", w2(t, c, want), 0, 1e-7)
	}
}

func TestLinearInterpolation(t *testing.T) {
	a, b := cloud(t, []float64{0}, []float64{1}), cloud(t, []float64{4})
	m, err := transport.LinearInterpolation(a, b, 0.25)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", m.Mean()[0], 0.75*0.5+0.25*4, 1e-15)
	if m.N != 3 {
		t.Errorf("%d points", m.N)
	}
	if _, err := transport.LinearInterpolation(a, b, 1.5); err == nil {
		t.Error("time 1.5")
	}
}
