package transport

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"wgf/measure"
)

// Clouds that invite trouble give right, finite answers.
func TestSinkhornOddClouds(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 11))
	plain, other := normalCloud(rng, 40, 2, 1), normalCloud(rng, 30, 2, 1)
	repeated := measure.New(20, 2)
	for i := range repeated.X {
		repeated.X[i] = 3
	}
	line := normalCloud(rng, 30, 2, 1)
	copy(line.Coordinate(1), line.Coordinate(0))
	unequal := normalCloud(rng, 30, 2, 1)
	unequal.LogW = make([]float64, 30)
	for i := range unequal.LogW {
		unequal.LogW[i] = -20 * float64(i)
	}
	tight := normalCloud(rng, 30, 2, 1e-9)
	for i := range 15 {
		tight.X[i]++
	}
	for name, p := range map[string]Problem{
		"one point each":   {A: measure.New(1, 2), B: &measure.Cloud{N: 1, D: 2, X: []float64{3, 4}}},
		"the same point":   {A: measure.New(1, 2), B: measure.New(1, 2)},
		"one against many": {A: measure.New(1, 2), B: plain},
		"repeated points":  {A: repeated, B: plain},
		"all points equal": {A: repeated, B: repeated},
		"on a line":        {A: line, B: plain},
		"unequal weights":  {A: unequal, B: plain},
		"two tight groups": {A: tight, B: plain},
		"the same cloud":   {A: plain, B: plain},
	} {
		for _, cost := range []Cost{SqEuclidean(), Euclidean()} {
			p.Cost = cost
			checkResult(t, name, solveSinkhorn(t, Sinkhorn{}, p))
		}
	}
	r := solveSinkhorn(t, Sinkhorn{}, Problem{A: measure.New(1, 2), B: &measure.Cloud{N: 1, D: 2, X: []float64{3, 4}}})
	if r.Cost != 25 || r.Dual != 25 {
		t.Errorf("between two points at distance 5: cost %v, dual value %v", r.Cost, r.Dual)
	}

	// A point without weight is as good as none, but has a potential.
	some := other.Clone()
	some.LogW = make([]float64, 30)
	some.LogW[7], some.LogW[29] = math.Inf(-1), math.Inf(-1)
	var rest [][]float64
	for i := range 29 {
		if i != 7 {
			rest = append(rest, []float64{other.X[i], other.X[30+i]})
		}
	}
	less, _ := measure.FromPoints(rest)
	for _, cost := range []Cost{SqEuclidean(), Power(1.5)} {
		s := Sinkhorn{Tolerance: 1e-12}
		got, want := solveSinkhorn(t, s, Problem{A: some, B: plain, Cost: cost}), solveSinkhorn(t, s, Problem{A: less, B: plain, Cost: cost})
		if !near(got.Cost, want.Cost, 1e-12) || !near(got.F[28], want.F[27], 1e-12) {
			t.Errorf("with points without weight: cost %v and potential %v, want %v and %v", got.Cost, got.F[28], want.Cost, want.F[27])
		}
		f, err := want.EvaluatePotential(some)
		if err != nil {
			t.Fatal(err)
		}
		if !near(got.F[7], f[7], 1e-9) || !near(got.F[3], f[3], 1e-9) {
			t.Errorf("potential of a point without weight %v, want %v", got.F[7], f[7])
		}
	}
}

// Clouds 1e8 apart: the cost is the squared distance of the means and that of
// the centred clouds. Digits beyond the 1e-16 of the sum can only be asked
// of the difference where positions are whole multiples of a power of two.
func TestSinkhornFarApart(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 11))
	a, b := measure.New(50, 2), measure.New(60, 2)
	for _, c := range []*measure.Cloud{a, b} {
		for i := range c.X {
			c.X[i] = math.Round(rng.NormFloat64()*64) / 64
		}
	}
	far := b.Clone()
	for j := range far.N {
		far.X[j] += 1e8
	}
	s := Sinkhorn{Tolerance: 1e-11}
	r, centred := solveSinkhorn(t, s, Problem{A: a, B: far}), solveSinkhorn(t, s, Problem{A: a, B: b})
	if r.Epsilon != centred.Epsilon && !near(r.Epsilon, centred.Epsilon, 1e-7) {
		t.Errorf("epsilon is %v, for the clouds near each other %v", r.Epsilon, centred.Epsilon)
	}
	if !near(r.Cost, 1e16, 1e-6) {
		t.Errorf("cost %v, want about 1e16", r.Cost)
	}
	p, q := r.Plan(), centred.Plan()
	if len(p.Mass) != len(q.Mass) {
		t.Fatalf("%d atoms, for the clouds near each other %d", len(p.Mass), len(q.Mass))
	}
	for k, mass := range q.Mass {
		if p.I[k] != q.I[k] || p.J[k] != q.J[k] || math.Abs(p.Mass[k]-mass) > 1e-8/3000 {
			t.Fatalf("atom %d is %v, for the clouds near each other %v", k, p.Mass[k], mass)
		}
	}
	// The distance, which has no separable part, still has a plan to its tolerance.
	solveSinkhorn(t, Sinkhorn{}, Problem{A: a, B: far, Cost: Euclidean()})
}

// A result that is not converged says so.
func TestSinkhornStatus(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 11))
	p := Problem{A: normalCloud(rng, 100, 2, 1), B: normalCloud(rng, 100, 2, 3)}
	for _, plain := range []bool{false, true} {
		r, err := Sinkhorn{EpsilonRelative: 1e-3, MaxIterations: 5, Plain: plain}.Solve(context.Background(), p)
		if err != nil || r.Status != Budget || !(r.Residual > 1e-6) {
			t.Errorf("after 5 iterations: %v, residual %v, error %v", r.Status, r.Residual, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := Sinkhorn{}.Solve(ctx, p)
	if err != nil || r.Status != Interrupted || len(r.F) != 100 || math.IsNaN(r.Cost) {
		t.Errorf("cancelled: %+v, error %v", r, err)
	}
	d, err := SinkhornDivergence(ctx, p.A, p.B, Sinkhorn{})
	if err != nil || d.Status != Interrupted {
		t.Errorf("divergence, cancelled: %+v, error %v", d, err)
	}
}

func TestSinkhornRefuses(t *testing.T) {
	good := normalCloud(rand.New(rand.NewPCG(4, 11)), 5, 2, 1)
	bad, huge := good.Clone(), good.Clone()
	bad.X[3] = math.NaN()
	for i := range huge.X {
		huge.X[i] *= 1e200
	}
	nan := Func(func(x, y []float64) float64 { return math.Sqrt(x[0]) })
	for _, c := range []struct {
		s    Sinkhorn
		p    Problem
		want string
	}{
		{Sinkhorn{}, Problem{A: bad, B: good}, "coordinate 1 of point 4 is NaN"},
		{Sinkhorn{}, Problem{A: huge, B: good}, "too large"},
		{Sinkhorn{}, Problem{A: good, B: good, Cost: nan}, "not finite"},
		{Sinkhorn{Epsilon: -1}, Problem{A: good, B: good}, "Epsilon is -1"},
		{Sinkhorn{Epsilon: 1e-20}, Problem{A: good, B: good}, "below the rounding"},
		{Sinkhorn{EpsilonRelative: math.Inf(1)}, Problem{A: good, B: good}, "EpsilonRelative"},
		{Sinkhorn{Tolerance: math.NaN()}, Problem{A: good, B: good}, "Tolerance is NaN"},
		{Sinkhorn{Annealing: 2}, Problem{A: good, B: good}, "Annealing is 2"},
		{Sinkhorn{MaxIterations: -1}, Problem{A: good, B: good}, "MaxIterations is -1"},
	} {
		if _, err := c.s.Solve(context.Background(), c.p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want one about %q", c.s, err, c.want)
		}
	}
	m := Problem{A: good, B: good, Cost: Matrix(make([]float64, 25), 5, 5)}
	if _, err := (Sinkhorn{}).Divergence(context.Background(), m); err == nil {
		t.Error("the divergence for a cost matrix is no error")
	}
	r := solveSinkhorn(t, Sinkhorn{}, m)
	if _, err := r.EntropicMap(good); err == nil {
		t.Error("the map of a cost matrix is no error")
	}
	r = solveSinkhorn(t, Sinkhorn{}, Problem{A: good, B: good})
	if _, err := r.EntropicMap(measure.New(3, 3)); err == nil {
		t.Error("points of another dimension are no error")
	}
	if _, err := r.EvaluatePotential(bad); err == nil {
		t.Error("a point that is NaN is no error")
	}
}
