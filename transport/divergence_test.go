package transport

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"wgf/measure"
)

func divergence(t fataler, s Sinkhorn, p Problem) *Divergence {
	t.Helper()
	d, err := s.Divergence(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	if d.Status != Converged {
		t.Fatalf("%v after %d iterations, residual %v", d.Status, d.Iterations, d.Residual)
	}
	return d
}

// Not negative, symmetric, zero for equal measures, whatever the order of the
// points; moved by t, the value grows by |t|^2 + 2 <t, difference of means>.
func TestDivergenceLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		n, m, d := rapid.IntRange(1, 30).Draw(rt, "n"), rapid.IntRange(1, 30).Draw(rt, "m"), rapid.IntRange(1, 4).Draw(rt, "d")
		p := Problem{A: weightedCloud(rng, n, d, 1), B: weightedCloud(rng, m, d, 1), Cost: Power(rapid.SampledFrom([]float64{2, 1, 0.5}).Draw(rt, "p"))}
		s := Sinkhorn{Epsilon: math.Exp(rapid.Float64Range(-3, 3).Draw(rt, "log eps"))}
		ab := divergence(rt, s, p)
		if ab.Value < 1e-9 && n > 1 {
			rt.Fatalf("different measures: %v", ab.Value)
		}
		if ba := divergence(rt, s, Problem{A: p.B, B: p.A, Cost: p.Cost}); math.Abs(ba.Value-ab.Value) > 1e-8*(1+ab.Value) {
			rt.Fatalf("swapped %v, want %v", ba.Value, ab.Value)
		}
		turned := p.A.Clone()
		for k := range d {
			slices.Reverse(turned.Coordinate(k))
		}
		slices.Reverse(turned.LogW)
		if aa := divergence(rt, s, Problem{A: p.A, B: turned, Cost: p.Cost}); aa.Value > 1e-12*(1+s.Epsilon) {
			rt.Fatalf("the same measure: %v", aa.Value)
		}
		if p.Cost.Exponent() != 2 {
			return
		}
		moved, want := p.A.Clone(), ab.Value
		ma, mb := p.A.Mean(), p.B.Mean()
		for k := range d {
			by := 1e3 * rng.NormFloat64()
			for i := range n {
				moved.X[k*n+i] += by
			}
			want += by * (by + 2*(ma[k]-mb[k]))
		}
		if got := divergence(rt, s, Problem{A: moved, B: p.B}).Value; math.Abs(got-want) > 1e-12*want+1e-8 {
			rt.Fatalf("moved: %v, want %v", got, want)
		}
	})
}

// eps -> infinity: half the squared maximum mean discrepancy with the kernel -c,
// for |x-y|^2 the squared distance of the means, for |x-y| half the energy
// distance. eps -> 0: the optimal cost.
func TestDivergenceLimits(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	for _, cost := range []Cost{SqEuclidean(), Euclidean()} {
		p := Problem{A: weightedCloud(rng, 50, 1, 1), B: weightedCloud(rng, 40, 1, 2), Cost: cost}
		a, b := p.A.Weights(), p.B.Weights()
		mean := func(x, y *measure.Cloud, v, w []float64) float64 {
			sum, c := 0.0, make([]float64, y.N)
			for i := range x.N {
				cost.row(c, x, y, i, nil, nil)
				for j := range c {
					sum += v[i] * w[j] * c[j]
				}
			}
			return sum
		}
		want := mean(p.A, p.B, a, b) - (mean(p.A, p.A, a, a)+mean(p.B, p.B, b, b))/2
		if got := divergence(t, Sinkhorn{Epsilon: 1e6, Tolerance: 1e-13}, p).Value; !near(got, want, 1e-4) {
			t.Errorf("p = %v, large eps: %v, want %v", cost.Exponent(), got, want)
		}
		exact, err := OneDimensional{}.Solve(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		last := 0.0
		for _, relative := range []float64{1e-2, 1e-3, 2e-4} {
			off := math.Abs(divergence(t, Sinkhorn{EpsilonRelative: relative, MaxIterations: 100000}, p).Value - exact.Cost)
			if last > 0 && off > last {
				t.Errorf("p = %v, eps %v: %v from the optimal cost, before %v", cost.Exponent(), relative, off, last)
			}
			last = off
		}
		if last > 2e-3*exact.Cost {
			t.Errorf("p = %v, small eps: %v from the optimal cost %v", cost.Exponent(), last, exact.Cost)
		}
	}
}

// Gradients in points and weights against central differences.
func TestDivergenceGradients(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	for _, cost := range []Cost{SqEuclidean(), Euclidean(), Power(1.5)} {
		a, b := weightedCloud(rng, 8, 2, 1), weightedCloud(rng, 6, 2, 1)
		for j := range b.N {
			b.X[j] += 2
		}
		s := Sinkhorn{Epsilon: 0.5, Tolerance: 1e-13}
		value := func() float64 { return divergence(t, s, Problem{A: a, B: b, Cost: cost}).Value }
		d := divergence(t, s, Problem{A: a, B: b, Cost: cost})
		ga, err := d.GradientA()
		if err != nil {
			t.Fatal(err)
		}
		gb, err := d.GradientB()
		if err != nil {
			t.Fatal(err)
		}
		for side, c := range []*measure.Cloud{a, b} {
			gradient := [][]float64{ga, gb}[side]
			for at := range c.X {
				const h = 1e-4
				x := c.X[at]
				c.X[at] = x + h
				up := value()
				c.X[at] = x - h
				down := value()
				c.X[at] = x
				if want := (up - down) / (2 * h); math.Abs(gradient[at]-want) > 1e-7 {
					t.Errorf("p = %v, side %d: derivative %d is %v, want %v", cost.Exponent(), side, at, gradient[at], want)
				}
			}
			checkWeightGradient(t, c, [][]float64{d.WeightGradientA(), d.WeightGradientB()}[side], value)
		}
	}
}

// checkWeightGradient moves weight from the first point to each other. To a
// point without weight only one side can be looked at.
func checkWeightGradient(t *testing.T, c *measure.Cloud, gradient []float64, value func() float64) {
	t.Helper()
	const h = 1e-5
	w, old, at := c.Weights(), c.LogW, value()
	try := func(i int, by float64) float64 {
		v := slices.Clone(w)
		v[0] -= by
		v[i] += by
		c.LogW = make([]float64, c.N)
		for k := range v {
			c.LogW[k] = math.Log(v[k])
		}
		out := value()
		c.LogW = old
		return out
	}
	for i := 2; i < c.N; i++ {
		by := h * math.Min(w[0], w[i])
		want := (try(i, by) - try(i, -by)) / (2 * by)
		if got := gradient[i] - gradient[0]; math.Abs(got-want) > 1e-3*(1+math.Abs(want)) && w[i] > 1e-3 && w[0] > 1e-3 {
			t.Errorf("weight %d: derivative %v, want %v", i, got, want)
		}
	}
	by := 1e-5 * w[0]
	if got, want := gradient[1]-gradient[0], (try(1, by)-at)/by; math.Abs(got-want) > 1e-2*(1+math.Abs(want)) && w[0] > 1e-3 {
		t.Errorf("weight of a point without: derivative %v, want %v", got, want)
	}
}

// The same bits for any number of threads.
func TestDivergenceThreads(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	p := Problem{A: normalCloud(rng, 300, 2, 1), B: normalCloud(rng, 200, 2, 2)}
	want := divergence(t, Sinkhorn{Threads: 1}, p)
	wantGradient, _ := want.GradientA()
	for _, threads := range []int{2, 3} {
		got := divergence(t, Sinkhorn{Threads: threads}, p)
		if gradient, _ := got.GradientA(); got.Value != want.Value || !slices.Equal(gradient, wantGradient) {
			t.Errorf("%d threads change the result", threads)
		}
	}
}

// The next divergence of a moved cloud is that from scratch, in fewer
// iterations; also where a point has lost its weight.
func TestDivergenceNext(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	p := Problem{A: weightedCloud(rng, 100, 2, 1), B: weightedCloud(rng, 80, 2, 2), Cost: Power(1.5)}
	s := Sinkhorn{Epsilon: 0.1}
	d := divergence(t, s, p)
	for step := range 3 {
		p.A = p.A.Clone()
		for i := range p.A.X {
			p.A.X[i] += 1e-3 * rng.NormFloat64()
		}
		if step == 2 {
			p.A.LogW[50] = math.Inf(-1)
		}
		want := divergence(t, s, p)
		next, err := d.Next(context.Background(), p.A)
		if err != nil {
			t.Fatal(err)
		}
		if next.Status != Converged || !near(next.Value, want.Value, 1e-9) {
			t.Errorf("step %d: %v, value %v, from scratch %v", step, next.Status, next.Value, want.Value)
		}
		got, _ := next.GradientA()
		wanted, _ := want.GradientA()
		for i, v := range wanted {
			if math.Abs(got[i]-v) > 1e-6 {
				t.Fatalf("step %d: derivative %d is %v, from scratch %v", step, i, got[i], v)
			}
		}
		if step < 2 && next.Iterations >= want.Iterations {
			t.Errorf("step %d: %d iterations, from scratch %d", step, next.Iterations, want.Iterations)
		}
		d = next
	}
}
