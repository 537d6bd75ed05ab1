package transport_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wgf/measure"
	"wgf/transport"
)

func line(x ...float64) *measure.Cloud { return &measure.Cloud{N: len(x), D: 1, X: x} }

// By hand: of the points 0, 1, 5 and 5.5, 1.5, 9, each of mass 1/3, the cheapest
// pairs are 1 to 1.5 and 5 to 5.5 at 1/4 each; the third is 0 to 9 or dearer,
// 81, but 0 to 1.5, 1 to 5.5, 5 to 9 cost 2.25 + 20.25 + 16 = 38.5.
func TestPartialOnLine(t *testing.T) {
	p := transport.Problem{A: line(0, 1, 5), B: line(5.5, 1.5, 9)}
	for _, c := range []struct{ mass, cost float64 }{{1.0 / 6, 1.0 / 24}, {1.0 / 3, 1.0 / 12}, {2.0 / 3, 1.0 / 6}, {1, 38.5 / 3}} {
		r := solveWith(t, transport.Partial{Mass: c.mass}, p)
		within(t, "cost", r.Cost, c.cost, 1e-13*38)
		within(t, "dual", r.Dual, c.cost, 1e-13*38)
		within(t, "mass", r.Mass(), c.mass, 1e-15)
	}
	// 2 at 0 and 1 at 3, of which 2.5 goes to 0.5 (1) and 4 (2)
	two := transport.Problem{A: line(0, 3), B: line(0.5, 4)}
	two.A.LogW = []float64{math.Log(2), 0}
	two.B.LogW = []float64{0, math.Log(2)}
	r := solveWith(t, transport.Partial{Mass: 2.5, MassA: 3, MassB: 3}, two)
	within(t, "cost", r.Cost, 0.25+1+0.5*16, 1e-13)
	rows, cols := r.Marginals()
	for i, want := range []float64{1.5, 1} {
		within(t, "row", rows[i], want, 1e-14)
		within(t, "column", cols[i], want+float64(i)*0.5-float64(1-i)*0.5, 1e-14)
	}
}

// The cost of k of n unit masses is that of the best partial matching, found
// by trying all; potentials are feasible and the gap closes.
func TestPartialIsBestMatching(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 2))
		n, m := 1+rng.IntN(5), 1+rng.IntN(5)
		c := make([]float64, n*m)
		for i := range c {
			c[i] = rng.NormFloat64() // of any sign
		}
		k := 1 + rng.IntN(min(n, m))
		var best func(i, left int, used int) float64
		best = func(i, left, used int) float64 {
			if left == 0 {
				return 0
			}
			if i == n {
				return math.Inf(1)
			}
			low := best(i+1, left, used)
			for j := range m {
				if used>>j&1 == 0 {
					low = math.Min(low, c[i*m+j]+best(i+1, left-1, used|1<<j))
				}
			}
			return low
		}
		r := solveWith(t, transport.Partial{Mass: float64(k), MassA: float64(n), MassB: float64(m)},
			transport.Problem{A: measure.New(n, 0), B: measure.New(m, 0), Cost: transport.Matrix(c, n, m)})
		want := best(0, k, 0)
		within(t, "cost", r.Cost, want, 1e-12)
		within(t, "gap", r.Gap(), 0, 1e-12)
		within(t, "mass", r.Mass(), float64(k), 1e-12)
		for i := range n {
			for j := range m {
				if over := r.F[i] + r.G[j] - c[i*m+j]; over > 1e-12 {
					t.Errorf("potentials are infeasible by %v", over)
				}
			}
		}
		sum := 0.0
		plan := r.Plan()
		for at, v := range plan.Mass {
			sum += v * c[int(plan.I[at])*m+int(plan.J[at])]
		}
		within(t, "cost of the plan", sum, want, 1e-12)
		rows, cols := r.Marginals()
		for _, v := range append(rows, cols...) {
			if v < 0 || v > 1+1e-12 {
				t.Errorf("a point of mass 1 sends or receives %v", v)
			}
		}
	})
}

// All mass of equal masses is the balanced problem; the cost is convex and
// increasing in the mass; entropic values tend to the exact one and are those
// of Sinkhorn for all mass.
func TestPartialLimits(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	p := transport.Problem{A: scatteredCloud(rng, 40, 2, true), B: scatteredCloud(rng, 50, 2, true)}
	whole := solveWith(t, transport.Partial{}, p)
	within(t, "cost of all mass", whole.Cost, solveWith(t, transport.Exact{}, p).Cost, 1e-12)
	within(t, "gap", whole.Gap(), 0, 1e-11)
	last, slope := 0.0, 0.0
	for s := 1; s <= 10; s++ {
		cost := solveWith(t, transport.Partial{Mass: float64(s) / 10}, p).Cost
		if cost-last < slope-1e-12 {
			t.Errorf("the cost of the mass %v rises by %v, before by %v", float64(s)/10, cost-last, slope)
		}
		last, slope = cost, cost-last
	}
	exact := solveWith(t, transport.Partial{Mass: 0.6}, p)
	for _, eps := range []float64{0.1, 0.01, 0.001} {
		r := solveWith(t, transport.Partial{Mass: 0.6, Epsilon: eps, Tolerance: 1e-7, MaxIterations: 200000}, p)
		if over := r.Cost - exact.Cost; over < -1e-6 || over > 10*eps {
			t.Errorf("eps %v: the cost is %v, the exact one %v", eps, r.Cost, exact.Cost)
		}
		within(t, "mass", r.Mass(), 0.6, 1e-6)
		rows, cols := r.Marginals()
		for i, w := range p.A.Weights() {
			if rows[i] > w*(1+1e-5)+1e-7 {
				t.Errorf("eps %v: point %d of mass %v sends %v", eps, i, w, rows[i])
			}
		}
		for j, w := range p.B.Weights() {
			if cols[j] > w*(1+1e-5)+1e-7 {
				t.Errorf("eps %v: point %d of mass %v receives %v", eps, j, w, cols[j])
			}
		}
		value, plan := r.Cost+eps*(1-r.Mass()), r.Plan()
		wa, wb := p.A.Weights(), p.B.Weights()
		for k, v := range plan.Mass {
			value += eps * v * math.Log(v/(wa[plan.I[k]]*wb[plan.J[k]]))
		}
		within(t, "dual value", r.Dual, value, 1e-5)
	}
	balanced := solveWith(t, transport.Sinkhorn{Epsilon: 0.1, Tolerance: 1e-10}, p)
	r := solveWith(t, transport.Partial{Epsilon: 0.1, Tolerance: 1e-10}, p)
	within(t, "entropic value of all mass", r.Dual, balanced.Dual, 1e-7)
	within(t, "entropic cost of all mass", r.Cost, balanced.Cost, 1e-7)
}

// Far apart, |x-y|^2 is 1e16 and more: what differs between pairs must not drown.
func TestPartialFarApart(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 8))
	a, b := scatteredCloud(rng, 30, 2, false), scatteredCloud(rng, 30, 2, false)
	for _, c := range []*measure.Cloud{a, b} {
		for i, v := range c.X {
			c.X[i] = math.Round(v*1024) / 1024
		}
	}
	// along the axis the nearest halves move: the right half of a, the left of b
	for i := range b.N {
		b.X[i] += 1 << 26
	}
	r := solveWith(t, transport.Partial{Mass: 0.5}, transport.Problem{A: a, B: b})
	// the best halves by the first coordinate, which outweighs all else
	rows, cols := r.Marginals()
	for i := range a.N {
		right, left := 0, 0
		for j := range a.N {
			if a.X[j] > a.X[i] {
				right++
			}
			if b.X[j] < b.X[i] {
				left++
			}
		}
		if (right < 15) != (rows[i] > 0) || (left < 15) != (cols[i] > 0) {
			t.Errorf("point %d: %d points of a are nearer and it sends %v; %d of b are and it receives %v", i, right, rows[i], left, cols[i])
		}
	}
}

func TestPartialBadInput(t *testing.T) {
	x := measure.New(2, 1)
	for want, s := range map[string]transport.Partial{
		"mass of 2 cannot be transported between masses of 1 and 1": {Mass: 2},
		"mass of -1 cannot be":    {Mass: -1},
		"mass of NaN cannot be":   {Mass: math.NaN()},
		"mass of a measure is -2": {MassA: -2},
		"Epsilon is -1":           {Epsilon: -1},
		"MaxIterations is -3":     {MaxIterations: -3, Epsilon: 1},
	} {
		_, err := s.Solve(context.Background(), transport.Problem{A: x, B: x})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want one that says %q", s, err, want)
		}
	}
	bad := transport.Problem{A: x, B: x, Cost: transport.Func(func(x, y []float64) float64 { return math.Inf(1) })}
	if _, err := (transport.Partial{}).Solve(context.Background(), bad); err == nil {
		t.Error("infinite costs are accepted")
	}
}
