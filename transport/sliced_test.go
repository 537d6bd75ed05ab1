package transport_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"wgf/measure"
	"wgf/transport"
)

func sliced(t *testing.T, s transport.Sliced, a, b *measure.Cloud) transport.SlicedResult {
	t.Helper()
	r, err := s.Distance(context.Background(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Along every direction the value is the exact one of the projections, whatever
// sizes, weights and exponent.
func TestSlicedValuesAreTransportOnTheLine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for _, n := range []int{1, 9, 300} {
		for _, m := range []int{1, 9, 211} {
			for weights := range 4 {
				a, b := randomCloud(r, n, 3, 0, weights&1 > 0), randomCloud(r, m, 3, 1, weights&2 > 0)
				if weights > 0 && n > 1 && m > 1 {
					a.X[0], a.X[1] = a.X[n-1], a.X[n-1] // repeated coordinates
					if a.LogW != nil {
						a.LogW[2] = math.Inf(-1)
					}
				}
				for _, p := range []float64{1, 1.5, 2, 3} {
					got := sliced(t, transport.Sliced{P: p, Directions: 7, Seed: 5}, a, b)
					for l, v := range got.Values {
						want := w1d(t, project(a, got.Lines[3*l:]), project(b, got.Lines[3*l:]), p)
						if math.Abs(v-want) > 1e-12*math.Max(1, want) {
							t.Errorf("n %d, m %d, weights %d, p %g, line %d: %.15g, want %.15g", n, m, weights, p, l, v, want)
						}
					}
					mean := 0.0
					for _, v := range got.Values {
						mean += v / 7
					}
					if p != 2 {
						near(t, "mean", got.Power, mean, 1e-13)
					}
					near(t, "root", math.Pow(got.Distance, p), got.Power, 1e-13)
				}
			}
		}
	}
}

func project(c *measure.Cloud, theta []float64) *measure.Cloud {
	out := measure.New(c.N, 1)
	out.LogW = c.LogW
	for k := range c.D {
		for i, v := range c.Coordinate(k) {
			out.X[i] += theta[k] * v
		}
	}
	return out
}

func w1d(t *testing.T, a, b *measure.Cloud, p float64) float64 {
	t.Helper()
	r, err := transport.OneDimensional{}.Solve(context.Background(), transport.Problem{A: a, B: b, Cost: transport.Power(p)})
	if err != nil {
		t.Fatal(err)
	}
	return r.Cost
}

// On the line the sliced distance is W_p itself, from one direction.
func TestSlicedOnTheLine(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	a, b := randomCloud(r, 40, 1, 0, true), randomCloud(r, 31, 1, 2, false)
	got := sliced(t, transport.Sliced{}, a, b)
	near(t, "W2", got.Distance, w2(t, a, b), 1e-13)
	if len(got.Values) != 1 || got.Error != 0 {
		t.Errorf("%d directions, error %g", len(got.Values), got.Error)
	}
	top, err := transport.MaxSliced{}.Distance(context.Background(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "max-sliced", top.Distance, got.Distance, 1e-15)
}

// A translation by v is at |v|/sqrt(d), without an error, also far away.
func TestSlicedTranslation(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, d := range []int{2, 3, 10} {
		for _, size := range []float64{1e-3, 1, 1e8} {
			a := randomCloud(r, 50, d, 0, d == 3)
			b := a.Clone()
			norm := 0.0
			for k := range d {
				v := size * r.NormFloat64()
				norm += v * v
				for i := range b.N {
					b.Coordinate(k)[i] += v
				}
			}
			want := math.Sqrt(norm / float64(d))
			for _, n := range []int{1, 5, 40} {
				got := sliced(t, transport.Sliced{Directions: n}, a, b)
				if math.Abs(got.Distance-want) > 1e-9*want {
					t.Errorf("d %d, translation %g, %d directions: %.15g, want %.15g", d, size, n, got.Distance, want)
				}
			}
		}
	}
}

// Between a cloud and its dilation by s the maps of all lines agree, and SW_2^2 is
// (s-1)^2 tr Cov/d: whole blocks of directions hold traces without an error.
func TestSlicedDilation(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 3))
	for _, d := range []int{2, 3, 7} {
		a := randomCloud(r, 64, d, 0, false)
		b := a.Clone()
		for i := range b.X {
			b.X[i] *= 3
		}
		want := 0.0
		cov, mean := a.Covariance(), a.Mean()
		for k := range d {
			want += 4 * (cov[k*d+k] + mean[k]*mean[k]) / float64(d)
		}
		got := sliced(t, transport.Sliced{Directions: 10 * d}, a, b)
		near(t, "dilation", got.Power, want, 1e-12)
		if got.PowerError > 1e-12*want && d > 2 {
			t.Errorf("d %d: error %g for an estimate without one", d, got.PowerError)
		}
	}
}

// Large samples of two Gaussians against the closed form along each line,
// SW_2^2 = E (sqrt(theta'A theta) - sqrt(theta'B theta))^2, by quadrature in the plane.
func TestSlicedGaussians(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 3))
	n := 20000
	a, b := measure.New(n, 2), measure.New(n, 2)
	for i := range n {
		x, y := r.NormFloat64(), r.NormFloat64()
		a.X[i], a.X[n+i] = 3*x, y
		x, y = r.NormFloat64(), r.NormFloat64()
		b.X[i], b.X[n+i] = x+1, x+y
	}
	want, points := 0.5, 1000 // |difference of means|^2/d
	for k := range points {
		s, c := math.Sincos(math.Pi * float64(k) / float64(points))
		w := math.Sqrt(9*c*c+s*s) - math.Sqrt((c+s)*(c+s)+s*s)
		want += w * w / float64(points)
	}
	// The sampling error of the clouds is about 0.02.
	near(t, "Gaussians", sliced(t, transport.Sliced{Directions: 100}, a, b).Power, want, 0.05)
}

// The error is that of the estimate over seeds: the mean of its squares is within a
// factor of the variance over 200 seeds, and the mean of the estimates within four
// standard errors of the value from many directions (false-positive rate 1e-4 a case).
func TestSlicedErrorAgainstSeeds(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 3))
	for _, c := range []struct {
		d, directions int
		independent   bool
		low, high     float64 // of mean squared error bar / variance
	}{
		{2, 32, false, 0.6, 1.6}, {2, 32, true, 0.6, 1.6}, {3, 48, false, 0.6, 1.6}, {5, 7, false, 0.6, 20}, {5, 80, false, 0.6, 1.6},
	} {
		a, b := randomCloud(r, 60, c.d, 0, true), randomCloud(r, 45, c.d, 0.5, false)
		for i := range a.N {
			a.X[i] *= 4
		}
		truth := sliced(t, transport.Sliced{Directions: 20000, Seed: 99}, a, b)
		sum, squares, bars := 0.0, 0.0, 0.0
		const seeds = 200
		for seed := range uint64(seeds) {
			got := sliced(t, transport.Sliced{Directions: c.directions, Seed: seed, Independent: c.independent}, a, b)
			e := got.Power - truth.Power
			sum, squares, bars = sum+e/seeds, squares+e*e/seeds, bars+got.PowerError*got.PowerError/seeds
		}
		if limit := 4 * math.Sqrt(squares/seeds+truth.PowerError*truth.PowerError); math.Abs(sum) > limit {
			t.Errorf("%+v: bias %g, more than %g", c, sum, limit)
		}
		if q := bars / squares; q < c.low || q > c.high {
			t.Errorf("%+v: squared error bars are %g times the variance", c, q)
		}
	}
}

func TestSlicedGradient(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 3))
	for _, p := range []float64{1, 1.5, 2, 3} {
		for weights := range 4 {
			for _, m := range []int{12, 19} {
				a, b := randomCloud(r, 12, 3, 0, weights&1 > 0), randomCloud(r, m, 3, 0.5, weights&2 > 0)
				if a.LogW != nil {
					a.LogW[4] = math.Inf(-1)
				}
				s := transport.Sliced{P: p, Directions: 20, Seed: 3}
				g, res, err := s.Gradient(context.Background(), a, b)
				if err != nil {
					t.Fatal(err)
				}
				near(t, "value", res.Power, sliced(t, s, a, b).Power, 1e-13)
				const h = 1e-6
				for _, at := range []int{0, 4, 17, 35} {
					x := a.X[at]
					a.X[at] = x + h
					up := sliced(t, s, a, b).Power
					a.X[at] = x - h
					down := sliced(t, s, a, b).Power
					a.X[at] = x
					if want := (up - down) / (2 * h); math.Abs(g[at]-want) > 1e-5 {
						t.Errorf("p %g, weights %d, m %d, coordinate %d: %g, differences give %g", p, weights, m, at, g[at], want)
					}
				}
			}
		}
	}
}

func TestSlicedIsADistance(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 3))
	for _, p := range []float64{1, 2, 2.5} {
		s := transport.Sliced{P: p, Directions: 30}
		a, b, c := randomCloud(r, 20, 3, 0, true), randomCloud(r, 25, 3, 1, false), randomCloud(r, 20, 3, 0.5, true)
		ab, bc, ac := sliced(t, s, a, b).Distance, sliced(t, s, b, c).Distance, sliced(t, s, a, c).Distance
		near(t, "symmetry", sliced(t, s, b, a).Distance, ab, 1e-13)
		near(t, "self", sliced(t, s, a, a).Distance, 0, 0)
		if ac > ab+bc {
			t.Errorf("p %g: triangle inequality: %g > %g + %g", p, ac, ab, bc)
		}
		if p == 2 && ab > w2(t, a, b)/math.Sqrt(3)*(1+1e-12)+4*sliced(t, s, a, b).Error {
			t.Errorf("SW2 %g is above W2/sqrt(d) = %g", ab, w2(t, a, b)/math.Sqrt(3))
		}
	}
}

// The bits are the same for every number of threads.
func TestSlicedThreads(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 3))
	a, b := randomCloud(r, 1003, 5, 0, false), randomCloud(r, 777, 5, 1, true)
	s := transport.Sliced{Directions: 37, Threads: 1}
	g1, r1, err := s.Gradient(context.Background(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	m1, _ := transport.MaxSliced{Threads: 1}.Distance(context.Background(), a, b)
	for _, threads := range []int{2, 5} {
		s.Threads = threads
		g, res, _ := s.Gradient(context.Background(), a, b)
		if !slices.Equal(g, g1) || !slices.Equal(res.Values, r1.Values) || res.Power != r1.Power || sliced(t, s, a, b).Power != sliced(t, transport.Sliced{Directions: 37, Threads: 1}, a, b).Power {
			t.Errorf("%d threads give other bits", threads)
		}
		m, _ := transport.MaxSliced{Threads: threads}.Distance(context.Background(), a, b)
		if m.Power != m1.Power || !slices.Equal(m.Direction, m1.Direction) {
			t.Errorf("%d threads give another maximum", threads)
		}
	}
}

func TestSlicedErrors(t *testing.T) {
	a, b := measure.New(2, 2), measure.New(3, 3)
	nan := measure.New(2, 2)
	nan.X[1] = math.NaN()
	for name, f := range map[string]func() error{
		"dimensions": func() error { _, err := transport.Sliced{}.Distance(context.Background(), a, b); return err },
		"NaN":        func() error { _, err := transport.Sliced{}.Distance(context.Background(), a, nan); return err },
		"exponent":   func() error { _, err := transport.Sliced{P: 0.5}.Distance(context.Background(), a, a); return err },
		"directions": func() error {
			_, err := transport.Sliced{Directions: -1}.Distance(context.Background(), a, a)
			return err
		},
		"empty": func() error {
			_, err := transport.Sliced{}.Distance(context.Background(), a, measure.New(0, 2))
			return err
		},
		"cancelled": func() error {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			_, err := transport.Sliced{}.Distance(ctx, a, a)
			return err
		},
		"max": func() error {
			_, err := transport.MaxSliced{Tolerance: -1}.Distance(context.Background(), a, a)
			return err
		},
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestMaxSliced(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 3))
	solve := func(s transport.MaxSliced, a, b *measure.Cloud) transport.MaxSlicedResult {
		out, err := s.Distance(context.Background(), a, b)
		if err != nil {
			t.Fatal(err)
		}
		if out.Power < out.Random {
			t.Errorf("%g is below %g along a random direction", out.Power, out.Random)
		}
		return out
	}
	// A translation: the direction is that of the translation.
	a := randomCloud(r, 30, 4, 0, true)
	b := a.Clone()
	for k, v := range []float64{3, -2, 0, 6} {
		for i := range b.N {
			b.Coordinate(k)[i] += v
		}
	}
	got := solve(transport.MaxSliced{}, a, b)
	near(t, "translation", got.Distance, 7, 1e-12)
	for k, v := range []float64{3, -2, 0, 6} {
		near(t, "direction", got.Direction[k], v/7, 1e-12)
	}
	// A dilation along one axis.
	a = randomCloud(r, 200, 6, 0, false)
	b = a.Clone()
	axis := []float64{2, 1, 0, -2, 0, 4}
	normal := make([]float64, 6)
	for k, v := range axis {
		normal[k] = v / 5
	}
	along := project(a, normal)
	for k, v := range normal {
		for i := range b.N {
			b.Coordinate(k)[i] += 9 * v * along.X[i]
		}
	}
	for _, p := range []float64{1, 2, 3} {
		got = solve(transport.MaxSliced{P: p}, a, b)
		if want := w1d(t, along, project(b, normal), p); got.Power < want*(1-1e-9) {
			t.Errorf("p %g: %g is below %g along the dilated axis", p, got.Power, want)
		}
		near(t, "at the direction", w1d(t, project(a, got.Direction), project(b, got.Direction), p), got.Power, 1e-12)
	}
	// Its gradient.
	a, b = randomCloud(r, 10, 3, 0, true), randomCloud(r, 14, 3, 1, false)
	for _, p := range []float64{1.5, 2} {
		s := transport.MaxSliced{P: p, Tolerance: 1e-14, MaxIterations: 2000}
		g, _, err := s.Gradient(context.Background(), a, b)
		if err != nil {
			t.Fatal(err)
		}
		const h = 1e-5
		for at := range g {
			x := a.X[at]
			a.X[at] = x + h
			up := solve(s, a, b).Power
			a.X[at] = x - h
			down := solve(s, a, b).Power
			a.X[at] = x
			if want := (up - down) / (2 * h); math.Abs(g[at]-want) > 1e-4 {
				t.Errorf("p %g, coordinate %d: %g, differences give %g", p, at, g[at], want)
			}
		}
	}
}

// countdown is a context that ends after so many looks.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// A run that is interrupted is a run with fewer directions.
func TestSlicedInterrupted(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 3))
	for _, d := range []int{2, 5} {
		a, b := randomCloud(r, 40, d, 0, true), randomCloud(r, 30, d, 0.2, false)
		s := transport.Sliced{Directions: 200}
		full := sliced(t, s, a, b)
		g, got, err := s.Gradient(&countdown{context.Background(), 3}, a, b)
		if err != nil {
			t.Fatal(err)
		}
		if got.Status != transport.Interrupted || len(got.Values) == 0 || len(got.Values) >= 200 {
			t.Fatalf("%v with %d directions", got.Status, len(got.Values))
		}
		if !slices.Equal(got.Values, full.Values[:len(got.Values)]) {
			t.Error("the values are not the first ones")
		}
		if math.Abs(got.Power-full.Power) > 5*got.PowerError {
			t.Errorf("d %d: %g +- %g, all directions give %g", d, got.Power, got.PowerError, full.Power)
		}
		sum := 0.0
		for _, v := range g[:a.N] {
			sum += v
		}
		// A translation along the first axis changes |difference of means|^2/d only.
		near(t, "gradient", sum, 2*(a.Mean()[0]-b.Mean()[0])/float64(d), 1e-12)
	}
}
