package transport_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"wgf/measure"
	"wgf/transport"
)

// randomGaussian has eigenvalues of order 1, or rank less than d.
func randomGaussian(r *rand.Rand, d, rank int) measure.Gaussian {
	root := make([]float64, d*rank)
	for i := range root {
		root[i] = r.NormFloat64()
	}
	g := measure.Gaussian{Mean: make([]float64, d), Cov: make([]float64, d*d)}
	for i := range d {
		g.Mean[i] = r.NormFloat64()
		for j := range d {
			for k := range rank {
				g.Cov[i*d+j] += root[i*rank+k] * root[j*rank+k]
			}
		}
	}
	return g
}

func bw(t *testing.T, a, b measure.Gaussian) float64 {
	t.Helper()
	v, err := transport.BuresWasserstein2(a, b)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: %.15g, want %.15g", what, got, want)
	}
}

func TestBuresWassersteinClosedForms(t *testing.T) {
	one := func(m, v float64) measure.Gaussian { return measure.Gaussian{Mean: []float64{m}, Cov: []float64{v}} }
	near(t, "on the line", bw(t, one(-.5, .6), one(1, 1.8)), 2.5715390309173, 1e-13)
	near(t, "Diracs", bw(t, one(1, 0), one(4, 0)), 9, 0)
	near(t, "a Dirac", bw(t, one(1, 0), one(1, 4)), 4, 1e-15)
	diagonal := func(a, b float64) measure.Gaussian {
		return measure.Gaussian{Mean: []float64{0, 0}, Cov: []float64{a, 0, 0, b}}
	}
	near(t, "commuting", bw(t, diagonal(1, 9), diagonal(4, 1)), 1+4, 1e-14)
	r := rand.New(rand.NewPCG(1, 1))
	for _, d := range []int{1, 2, 5, 20} {
		g := randomGaussian(r, d, d)
		if v := bw(t, g, g); v > 1e-24*float64(d) {
			t.Errorf("d = %d: a Gaussian is %g from itself", d, v)
		}
		far := measure.Gaussian{Mean: make([]float64, d), Cov: g.Cov}
		far.Mean[0] = 1e8
		near(t, "far apart", bw(t, measure.Gaussian{Mean: make([]float64, d), Cov: g.Cov}, far), 1e16, 1e-15)
	}
}

func TestBuresWassersteinIsADistance(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for range 30 {
		d := 1 + r.IntN(5)
		a, b, c := randomGaussian(r, d, d), randomGaussian(r, d, max(1, d-1)), randomGaussian(r, d, 1)
		ab, bc, ac := math.Sqrt(bw(t, a, b)), math.Sqrt(bw(t, b, c)), math.Sqrt(bw(t, a, c))
		near(t, "symmetry", bw(t, b, a), ab*ab, 1e-12)
		if ac > ab+bc+1e-12 {
			t.Errorf("triangle inequality: %g > %g + %g", ac, ab, bc)
		}
	}
}

// The map pushes A to B, and moves it by W2; the geodesic has constant speed.
func TestGaussianMapAndGeodesic(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 20 {
		d := 1 + r.IntN(6)
		a, b := randomGaussian(r, d, d+2), randomGaussian(r, d, d)
		m, err := transport.GaussianMap(a, b)
		if err != nil {
			t.Fatal(err)
		}
		moved, shift := 0.0, 0.0 // E|T(x)-x|^2
		for i := range d {
			shift += (b.Mean[i] - a.Mean[i]) * (b.Mean[i] - a.Mean[i])
			for j := range d {
				cov := 0.0
				for k := range d {
					for l := range d {
						cov += m.Matrix[i*d+k] * a.Cov[k*d+l] * m.Matrix[j*d+l]
					}
				}
				near(t, "pushed covariance", cov, b.Cov[i*d+j], 1e-10)
				for k := range d {
					e := func(i, k int) float64 {
						if i == k {
							return 1
						}
						return 0
					}
					moved += (m.Matrix[i*d+j] - e(i, j)) * a.Cov[j*d+k] * (m.Matrix[i*d+k] - e(i, k))
				}
			}
		}
		near(t, "distance moved", moved+shift, bw(t, a, b), 1e-10)
		g := func(s float64) measure.Gaussian {
			out, err := transport.GaussianGeodesic(a, b, s)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		near(t, "speed", math.Sqrt(bw(t, g(0.2), g(0.7))), 0.5*math.Sqrt(bw(t, a, b)), 1e-9)
		near(t, "start", bw(t, g(0), a), 0, 1e-20)
		near(t, "end", bw(t, g(1), b), 0, 1e-12)
		x, y := make([]float64, 2*d), make([]float64, 2*d)
		for k := range d {
			x[2*k] = a.Mean[k]
		}
		m.Apply(y, x, 2)
		for k := range d {
			near(t, "image of the mean", y[2*k], b.Mean[k], 1e-15)
		}
	}
	// From a singular one, where there is no map.
	g, err := transport.GaussianGeodesic(measure.Gaussian{Mean: []float64{0, 0}, Cov: []float64{1, 0, 0, 0}},
		measure.Gaussian{Mean: []float64{2, 0}, Cov: []float64{1, 0, 0, 4}}, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{1, 0, 0, 1} {
		near(t, "half way from a line", g.Cov[i], want, 1e-14)
	}
}

func TestGaussianBarycentre(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	g := randomGaussian(r, 3, 3)
	other := measure.Gaussian{Mean: []float64{5, 5, 5}, Cov: g.Cov}
	bary := func(all []measure.Gaussian, w []float64) measure.Gaussian {
		out, err := transport.GaussianBarycentre(all, w)
		if err != nil {
			t.Fatal(err)
		}
		if out.Status != transport.Converged {
			t.Errorf("%v after %d iterations, residual %g", out.Status, out.Iterations, out.Residual)
		}
		objective := 0.0
		sum := 0.0
		for i, g := range all {
			v := 1.0
			if w != nil {
				v = w[i]
			}
			sum += v
			objective += v * bw(t, out.Gaussian, g)
		}
		near(t, "objective", out.Objective, objective/sum, 1e-12)
		return out.Gaussian
	}
	for _, w := range [][]float64{nil, {1, 3}, {0, 1}} {
		for i, v := range bary([]measure.Gaussian{g, other}, w).Cov {
			near(t, "equal covariances", v, g.Cov[i], 1e-13)
		}
	}
	// Commuting: the standard deviations are averaged.
	c := bary([]measure.Gaussian{{Mean: []float64{0, 0}, Cov: []float64{1, 0, 0, 16}}, {Mean: []float64{4, 0}, Cov: []float64{9, 0, 0, 0}}}, []float64{1, 3})
	for i, want := range []float64{2.5 * 2.5, 0, 0, 1} {
		near(t, "commuting", c.Cov[i], want, 1e-12)
	}
	near(t, "mean", c.Mean[0], 3, 1e-15)
	// Two measures: the barycentre lies on the geodesic.
	a, b := randomGaussian(r, 4, 4), randomGaussian(r, 4, 4)
	on, err := transport.GaussianGeodesic(a, b, 0.3)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "on the geodesic", bw(t, on, bary([]measure.Gaussian{a, b}, []float64{.7, .3})), 0, 1e-20)
	// Three: the first-order condition sum_i w_i T_i = I.
	three := []measure.Gaussian{a, b, randomGaussian(r, 4, 4)}
	s, sum := bary(three, nil), make([]float64, 16)
	for _, h := range three {
		m, err := transport.GaussianMap(s, h)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range m.Matrix {
			sum[i] += v / 3
		}
	}
	for i, v := range sum {
		near(t, "mean of the maps", v, []float64{1, 0}[min(1, i%5)], 1e-11)
	}
	// Singular ones: two segments that cross, a segment and a point, points.
	segment := func(x, y float64) measure.Gaussian {
		return measure.Gaussian{Mean: []float64{x, y}, Cov: []float64{x * x, x * y, x * y, y * y}}
	}
	cross := bary([]measure.Gaussian{segment(1, 0), segment(0, 1)}, nil)
	near(t, "crossing segments", bw(t, cross, segment(1, 0))/2+bw(t, cross, segment(0, 1))/2, bw(t, segment(1, 0), segment(0, 1))/4, 1e-13)
	point := bary([]measure.Gaussian{segment(1, 2), {Mean: []float64{0, 0}, Cov: make([]float64, 4)}}, []float64{1, 3})
	for i, want := range []float64{1. / 16, 2. / 16, 2. / 16, 4. / 16} {
		near(t, "a segment and a point", point.Cov[i], want, 1e-14)
	}
	for _, v := range bary([]measure.Gaussian{{Mean: []float64{1}, Cov: []float64{0}}, {Mean: []float64{3}, Cov: []float64{0}}}, nil).Cov {
		near(t, "points", v, 0, 0)
	}
	// Means 1e8 apart leave the covariance as it is.
	far := bary([]measure.Gaussian{g, {Mean: []float64{1e8, -1e8, 0}, Cov: g.Cov}}, nil)
	near(t, "far mean", far.Mean[0], g.Mean[0]/2+5e7, 1e-15)
	for i, v := range far.Cov {
		near(t, "far covariance", v, g.Cov[i], 1e-13)
	}
}

// The map between singular Gaussians: from a line onto another, and where there
// is none the barycentric projection of an optimal plan.
func TestGaussianMapSingular(t *testing.T) {
	at := func(cov ...float64) measure.Gaussian { return measure.Gaussian{Mean: []float64{0, 0}, Cov: cov} }
	for _, c := range []struct {
		a, b measure.Gaussian
		want []float64 // row-major
	}{
		{at(1, 0, 0, 0), at(1, 1, 1, 1), []float64{1, 0, 1, 0}},
		{at(1, 0, 0, 0), at(0, 0, 0, 1), make([]float64, 4)},
		{at(1, 0, 0, 0), at(4, 0, 0, 9), []float64{2, 0, 0, 0}},
		{at(4, 0, 0, 9), at(1, 0, 0, 0), []float64{0.5, 0, 0, 0}},
		{at(0, 0, 0, 0), at(1, 0, 0, 1), make([]float64, 4)},
		{at(1e-6, 0, 0, 1e6), at(1e6, 0, 0, 1e-6), []float64{1e6, 0, 0, 1e-6}},
	} {
		m, err := transport.GaussianMap(c.a, c.b)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range c.want {
			if math.Abs(m.Matrix[i]-want) > 1e-9*math.Abs(want)+1e-12 {
				t.Errorf("from %v to %v: entry %d is %g, want %g", c.a.Cov, c.b.Cov, i, m.Matrix[i], want)
			}
		}
	}
}

func TestMixtureDistance(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	a, b, c := randomGaussian(r, 3, 3), randomGaussian(r, 3, 3), randomGaussian(r, 3, 3)
	mw := func(a, b measure.Mixture) float64 {
		res, err := transport.MixtureDistance(context.Background(), a, b)
		if err != nil {
			t.Fatal(err)
		}
		return res.Cost
	}
	single := func(g measure.Gaussian) measure.Mixture {
		return measure.Mixture{Weights: []float64{1}, Components: []measure.Gaussian{g}}
	}
	near(t, "single components", mw(single(a), single(b)), bw(t, a, b), 1e-14)
	two := measure.Mixture{Weights: []float64{0.25, 0.75}, Components: []measure.Gaussian{a, b}}
	near(t, "itself", mw(two, two), 0, 1e-20)
	res, err := transport.MixtureDistance(context.Background(), single(a), single(b))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "root", res.Distance(), math.Sqrt(bw(t, a, b)), 1e-14)
	if _, err := transport.MixtureDistance(context.Background(), single(a), single(measure.Gaussian{Mean: []float64{0}, Cov: []float64{1}})); err == nil {
		t.Error("dimensions differ")
	}
	near(t, "to one", mw(two, single(c)), 0.25*bw(t, a, c)+0.75*bw(t, b, c), 1e-13)
}

func TestGaussianErrors(t *testing.T) {
	good := measure.Gaussian{Mean: []float64{0, 0}, Cov: []float64{1, 0, 0, 1}}
	for name, bad := range map[string]measure.Gaussian{
		"dimension": {Mean: []float64{0}, Cov: []float64{1}},
		"shape":     {Mean: []float64{0, 0}, Cov: []float64{1, 0, 0}},
		"symmetry":  {Mean: []float64{0, 0}, Cov: []float64{1, 0.5, 0, 1}},
		"negative":  {Mean: []float64{0, 0}, Cov: []float64{1, 0, 0, -1}},
		"NaN":       {Mean: []float64{0, 0}, Cov: []float64{1, 0, 0, math.NaN()}},
		"mean":      {Mean: []float64{0, math.Inf(1)}, Cov: []float64{1, 0, 0, 1}},
	} {
		if _, err := transport.BuresWasserstein2(good, bad); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, w := range [][]float64{{1}, {0, 0}, {-1, 2}, {math.NaN(), 1}} {
		if _, err := transport.GaussianBarycentre([]measure.Gaussian{good, good}, w); err == nil {
			t.Errorf("weights %v: no error", w)
		}
	}
	if _, err := transport.GaussianBarycentre(nil, nil); err == nil {
		t.Error("barycentre of nothing")
	}
}
