package selection

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/rng"
	"wgf/kernel"
	"wgf/measure"
	"wgf/target"
)

func normal(n, d int, seed uint64) *measure.Cloud {
	c := measure.New(n, d)
	rng.New(seed, rng.Test).Normals(c.X, d, n, 0, 0)
	return c
}

func weighted(c *measure.Cloud) *measure.Cloud {
	c.LogW = make([]float64, c.N)
	for i := range c.LogW {
		c.LogW[i] = -0.5 * c.X[i]
	}
	c.LogW[3] = math.Inf(-1)
	return c
}

func sel(t *testing.T, name string, r Request) *Result {
	t.Helper()
	out, err := Select(context.Background(), name, r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func density(t *testing.T, spec string) target.Density {
	t.Helper()
	p, err := target.Parse(spec)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// On the line the energy distance is twice the integral of (F_n - F)^2, which is least
// at the quantiles of (2i-1)/(2n).
func TestSupportPointsOnTheLineAreQuantiles(t *testing.T) {
	const m, n = 4001, 7
	c := measure.New(m, 1)
	for i := range m {
		c.X[i] = 3 + 2*distuv.UnitNormal.Quantile((float64(i)+0.5)/m)
	}
	out := sel(t, "support-points", Request{Draws: c, Count: n, Iterations: 3000})
	x := slices.Sorted(slices.Values(out.Cloud.X))
	for i, v := range x {
		if want := 3 + 2*distuv.UnitNormal.Quantile((2*float64(i)+1)/(2*n)); math.Abs(v-want) > 2e-3 {
			t.Errorf("point %d at %v, want %v", i, v, want)
		}
	}
}

func TestSupportPointsDescendAndBeatRandomSubsets(t *testing.T) {
	for _, c := range []*measure.Cloud{normal(2000, 3, 1), weighted(normal(2000, 3, 2))} {
		r := Request{Draws: c, Count: 30}
		out := sel(t, "support-points", r)
		for i := 1; i < len(out.Trace); i++ {
			if before, now := out.Trace[i-1].Discrepancy, out.Trace[i].Discrepancy; now > before+1e-12 {
				t.Fatalf("step %d raises the energy distance from %v to %v", i, before, now)
			}
		}
		g, err := EnergyGain(r, out.Cloud)
		if err != nil || g.Selected > g.Random/4 {
			t.Errorf("energy distance %v, of random subsets %v, %v", g.Selected, g.Random, err)
		}
		if last := out.Trace[len(out.Trace)-1].Discrepancy; math.Abs(last-g.Selected) > 1e-4*last {
			t.Errorf("trace ends at %v, the energy distance is %v", last, g.Selected)
		}
	}
}

func TestHerdingIsGreedyMMD(t *testing.T) {
	for _, k := range []kernel.Kernel{{Bandwidth: 1.3}, {Family: kernel.Energy}, {Family: kernel.Laplace, Bandwidth: 1}} {
		c := weighted(normal(40, 2, 3))
		w := c.Weights()
		at := func(i, j int) float64 {
			r2 := 0.0
			for q := range c.D {
				r2 += math.Pow(c.X[q*c.N+i]-c.X[q*c.N+j], 2)
			}
			phi, _, _ := k.At(r2)
			return phi
		}
		mmd2 := func(some []int) float64 {
			a, b, all, m := 0.0, 0.0, 0.0, float64(len(some))
			for _, i := range some {
				for _, j := range some {
					a += at(i, j) / (m * m)
				}
				for j := range c.N {
					b += w[j] * at(i, j) / m
				}
			}
			for i := range c.N {
				for j := range c.N {
					all += w[i] * w[j] * at(i, j)
				}
			}
			return a - 2*b + all
		}
		var want []int
		for range 9 {
			best, value := -1, math.Inf(1)
			for i := range c.N {
				if v := mmd2(append(slices.Clone(want), i)); w[i] > 0 && v < value-1e-14 {
					best, value = i, v
				}
			}
			want = append(want, best)
		}
		out := sel(t, "herding", Request{Draws: c, Count: 9, Kernel: &k, Raw: true})
		if !slices.Equal(out.Indices, want) {
			t.Errorf("%v: herding chose %v, brute force %v", k, out.Indices, want)
		}
		if got, want := out.Trace[8].Discrepancy, math.Sqrt(mmd2(want)); math.Abs(got-want) > 1e-7 {
			t.Errorf("%v: MMD %v, want %v", k, got, want)
		}
	}
}

// The Stein kernel of a multiple of the identity is that of package kernel.
func TestSteinThinningIsGreedyKSD(t *testing.T) {
	p := density(t, "gaussian:dim=3,condition=5")
	for _, k := range []*kernel.Kernel{{Family: kernel.IMQ, Bandwidth: 1.5}, {Family: kernel.Gaussian, Bandwidth: 2}, {Family: kernel.Matern52, Bandwidth: 2}} {
		c := normal(35, 3, 4)
		_, score, err := scoresAt(context.Background(), p, c, 1)
		if err != nil {
			t.Fatal(err)
		}
		ksd := func(some []int) float64 {
			x, s := chosen(c, some), chosen(&measure.Cloud{N: c.N, D: c.D, X: score}, some)
			return math.Sqrt(k.KSD2(kernel.Of(x), s.X, 1))
		}
		var want []int
		for range 8 {
			best, value := -1, math.Inf(1)
			for i := range c.N {
				if v := ksd(append(slices.Clone(want), i)); v < value-1e-13 {
					best, value = i, v
				}
			}
			want = append(want, best)
		}
		out := sel(t, "stein-thinning", Request{Draws: c, Count: 8, Kernel: k, Density: p, Raw: true})
		if !slices.Equal(out.Indices, want) {
			t.Errorf("%v: chose %v, brute force %v", k, out.Indices, want)
		}
		if got := out.Trace[7].Discrepancy; math.Abs(got-ksd(want)) > 1e-9 {
			t.Errorf("%v: KSD %v, want %v", k, got, ksd(want))
		}
	}
}

// smpcov by the formula, with finite differences of k for the second derivative.
func TestSteinKernelWithCovariance(t *testing.T) {
	c := normal(50, 2, 5)
	for i := range c.N {
		c.X[c.N+i] = 0.7*c.X[i] + 0.3*c.X[c.N+i]
	}
	score := normal(50, 2, 6).X
	r := &Request{Draws: c, Raw: true, Preconditioner: "smpcov"}
	k, err := newStein(r)
	if err != nil {
		t.Fatal(err)
	}
	base := func(x, y [2]float64) float64 {
		a, b := x[0]-y[0], x[1]-y[1]
		return 1 / math.Sqrt(1+a*a*k.inv.At(0, 0)+2*a*b*k.inv.At(0, 1)+b*b*k.inv.At(1, 1))
	}
	p := k.places(c, score)
	got := make([]float64, c.N)
	k.add(got, 1, p, p, 7, 1)
	const h = 1e-4
	for i := range c.N {
		x, y := [2]float64{c.X[i], c.X[c.N+i]}, [2]float64{c.X[7], c.X[c.N+7]}
		want := 0.0
		for q := range 2 {
			s, u := score[q*c.N+i], score[q*c.N+7]
			move := func(a, b float64) float64 {
				x, y := x, y
				x[q] += a
				y[q] += b
				return base(x, y)
			}
			want += s*u*base(x, y) + s*(move(0, h)-move(0, -h))/(2*h) + u*(move(h, 0)-move(-h, 0))/(2*h)
			want += (move(h, h) - move(h, -h) - move(-h, h) + move(-h, -h)) / (4 * h * h)
		}
		if math.Abs(got[i]-want) > 1e-5*(1+math.Abs(want)) {
			t.Fatalf("k_pi(%d, 7) = %v, want %v", i, got[i], want)
		}
	}
	diagonal := make([]float64, c.N)
	k.diagonal(diagonal, p)
	if math.Abs(diagonal[7]-got[7]) > 1e-12 {
		t.Errorf("diagonal %v, column %v", diagonal[7], got[7])
	}
}

// A change of the units of coordinates changes nothing but the units.
func TestUnitsDoNotMatter(t *testing.T) {
	c := normal(300, 2, 7)
	moved, scale := c.Clone(), []float64{64, 0.25} // powers of 2: no rounding
	for i := range moved.X {
		moved.X[i] *= scale[i/c.N]
	}
	score := make([]float64, len(c.X))
	other := make([]float64, len(c.X))
	for i, v := range c.X {
		score[i], other[i] = -v, -v/scale[i/c.N]
	}
	for _, e := range Catalogue() {
		a := sel(t, e.Name, Request{Draws: c, Count: 12, Scores: score})
		b := sel(t, e.Name, Request{Draws: moved, Count: 12, Scores: other})
		if !slices.Equal(a.Indices, b.Indices) {
			t.Errorf("%s: %v and, in other units, %v", e.Name, a.Indices, b.Indices)
		}
		for i, v := range a.Cloud.X {
			if got := b.Cloud.X[i] / scale[i/12]; math.Abs(got-v) > 1e-6 {
				t.Errorf("%s: coordinate %v, in other units %v", e.Name, v, got)
				break
			}
		}
	}
}

func TestThreadsChangeNoBit(t *testing.T) {
	p := density(t, "banana")
	c := weighted(normal(5000, 2, 8))
	for _, e := range Catalogue() {
		r := Request{Draws: c, Count: 10, Iterations: 20, Density: p, Reference: 700}
		if e.Name == "stein-points" {
			r.Refine = 4
		}
		r.Threads = 1
		a := sel(t, e.Name, r)
		r.Threads = 3
		b := sel(t, e.Name, r)
		if !slices.Equal(a.Cloud.X, b.Cloud.X) || !slices.Equal(a.Indices, b.Indices) || !slices.Equal(a.Trace, b.Trace) {
			t.Errorf("%s: 1 and 3 threads differ", e.Name)
		}
	}
}

func TestRefinementLowersTheDiscrepancy(t *testing.T) {
	p := density(t, "gaussian:dim=2")
	r := Request{Draws: normal(100, 2, 9), Count: 10, Density: p}
	a := sel(t, "stein-points", r)
	r.Refine = 15
	b := sel(t, "stein-points", r)
	if b.Indices != nil || b.Trace[9].Discrepancy > 0.99*a.Trace[9].Discrepancy {
		t.Errorf("KSD %v, refined %v", a.Trace[9].Discrepancy, b.Trace[9].Discrepancy)
	}
	g, err := SteinGain(context.Background(), r, b.Cloud)
	if err != nil || math.Abs(g.Selected-b.Trace[9].Discrepancy) > 1e-10 || g.Selected > g.Random/2 {
		t.Errorf("gain %+v, trace %v, %v", g, b.Trace[9].Discrepancy, err)
	}
}

// Stein thinning corrects for draws of another law.
func TestSteinThinningCorrectsBias(t *testing.T) {
	c := normal(3000, 1, 10)
	for i := range c.X {
		c.X[i] = 1.5*c.X[i] + 1
	}
	out := sel(t, "stein-thinning", Request{Draws: c, Count: 40, Density: density(t, "gaussian:dim=1")})
	m, v := out.Cloud.Mean()[0], out.Cloud.Covariance()[0]
	if math.Abs(m) > 0.05 || math.Abs(v-1) > 0.2 {
		t.Errorf("mean %v, variance %v", m, v)
	}
}

func TestEdges(t *testing.T) {
	p := density(t, "gaussian:dim=1")
	same := measure.New(20, 1)
	for i := range same.X {
		same.X[i] = 1e9
	}
	one := normal(1, 1, 11)
	for _, e := range Catalogue() {
		for _, pre := range []string{"", "id", "sclmed"} {
			for _, distinct := range []bool{false, true} {
				for _, c := range []*measure.Cloud{same, one, normal(5, 1, 12)} {
					r := Request{Draws: c, Count: min(5, c.N), Density: p, Distinct: distinct}
					if e.Scores {
						r.Preconditioner = pre
					}
					out := sel(t, e.Name, r)
					numbers := slices.Clone(out.Cloud.X)
					for _, record := range out.Trace {
						numbers = append(numbers, record.Discrepancy)
					}
					for _, v := range numbers {
						if math.IsNaN(v) || math.IsInf(v, 0) {
							t.Errorf("%s: %v", e.Name, out.Cloud.X)
						}
					}
					if distinct && e.Indices {
						if s := slices.Sorted(slices.Values(out.Indices)); len(slices.Compact(s)) != r.Count {
							t.Errorf("%s: chose %v", e.Name, out.Indices)
						}
					}
				}
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	nan := normal(5, 2, 13)
	nan.X[7] = math.NaN()
	two := normal(5, 2, 14)
	for _, c := range []struct {
		name string
		r    Request
		want string
	}{
		{"nothing", Request{Draws: two}, "known are herding"},
		{"herding", Request{}, "no draws"},
		{"herding", Request{Draws: two, Count: 6}, "cannot select 6 points from 5 draws"},
		{"support-points", Request{Draws: nan, Count: 2}, "draw 3 has coordinate 2 = NaN"},
		{"stein-thinning", Request{Draws: two, Count: 2}, "scores of the target are needed"},
		{"stein-thinning", Request{Draws: two, Count: 2, Density: density(t, "gaussian:dim=3")}, "the draws have 2 coordinates, the target has 3"},
		{"stein-thinning", Request{Draws: two, Count: 2, Density: density(t, "gaussian:dim=2"), Preconditioner: "no"}, "unknown preconditioner"},
		{"stein-thinning", Request{Draws: two, Count: 2, Density: density(t, "gaussian:dim=2"), Kernel: &kernel.Kernel{Family: kernel.Laplace}}, "no Stein kernel"},
		{"stein-thinning", Request{Draws: measure.New(5, 2), Count: 2, Density: density(t, "gaussian:dim=2"), Preconditioner: "smpcov"}, "do not span"},
		{"herding", Request{Draws: two, Count: 2, Preconditioner: "med"}, "only the Stein recipes"},
		{"support-points", Request{Draws: two, Count: 2, Kernel: &kernel.Kernel{}}, "no kernel to choose"},
	} {
		_, err := Select(context.Background(), c.name, c.r)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func TestHugeNumbersAreRefusedOrFine(t *testing.T) {
	c := normal(30, 2, 17)
	for i := range c.X {
		c.X[i] *= 1e200
	}
	score := make([]float64, len(c.X))
	for i, v := range c.X {
		score[i] = -v
	}
	for _, e := range Catalogue() {
		for _, raw := range []bool{false, true} {
			out, err := Select(context.Background(), e.Name, Request{Draws: c, Count: 4, Scores: score, Raw: raw})
			if err != nil {
				if !strings.Contains(err.Error(), "too large") {
					t.Errorf("%s: %v", e.Name, err)
				}
				continue
			}
			for _, v := range append(slices.Clone(out.Cloud.X), out.Trace[len(out.Trace)-1].Discrepancy) {
				if !finite(v) {
					t.Errorf("%s, raw %v: %v", e.Name, raw, v)
				}
			}
		}
	}
}

func TestInterruptedKeepsWhatThereIs(t *testing.T) {
	p := density(t, "gaussian:dim=2")
	for _, e := range Catalogue() {
		ctx, cancel := context.WithCancel(context.Background())
		r := Request{Draws: normal(200, 2, 15), Count: 20, Density: p}
		r.Progress = func(done, _ int, _ float64) {
			if done == 3 {
				cancel()
			}
		}
		out, err := Select(ctx, e.Name, r)
		if err != nil || !out.Interrupted || e.Indices && out.Cloud.N != 3 {
			t.Errorf("%s: %+v, %v", e.Name, out, err)
		}
		if _, err := Select(ctx, e.Name, r); err == nil {
			t.Errorf("%s: no error for a run that never started", e.Name)
		}
	}
}

// byDraws is the embedding of draws, as if it were known in closed form.
type byDraws struct{ kernel.Points }

func (b byDraws) Embed(k kernel.Kernel, value, _ []float64, z kernel.Points) {
	k.Sum(value, z, b.Points, 1)
}
func (b byDraws) Norm2(k kernel.Kernel) float64 { return k.MeanPair(b.Points, b.Points, 1) }

func TestHerdingTowardsAnEmbedding(t *testing.T) {
	r := Request{Draws: normal(200, 2, 16), Count: 15, Raw: true}
	a := sel(t, "herding", r)
	r.Embedding = byDraws{kernel.Of(r.Draws)}
	if b := sel(t, "herding", r); !slices.Equal(a.Indices, b.Indices) || !slices.Equal(a.Trace, b.Trace) {
		t.Errorf("chose %v, by an embedding %v", a.Indices, b.Indices)
	}
}
