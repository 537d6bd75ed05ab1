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

func gromov(t *testing.T, s transport.GromovWasserstein, a, b *measure.Cloud) *transport.GromovResult {
	t.Helper()
	r, err := s.Solve(context.Background(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != transport.Converged {
		t.Fatalf("%v after %d iterations, residual %v", r.Status, r.Iterations, r.Residual)
	}
	return r
}

// inner is the matrix of |x_i-x_k|^p within a cloud.
func inner(c *measure.Cloud, p float64) []float64 {
	out := make([]float64, c.N*c.N)
	for i := range c.N {
		for k := range c.N {
			s := 0.0
			for l := range c.D {
				v := c.X[l*c.N+i] - c.X[l*c.N+k]
				s += v * v
			}
			out[i*c.N+k] = math.Pow(s, p/2)
		}
	}
	return out
}

// distortion is sum (C_ik - D_jl)^2 P_ij P_kl, one quadruple at a time.
func distortion(c, d []float64, plan *transport.Plan) float64 {
	s := 0.0
	for at, v := range plan.Mass {
		for to, w := range plan.Mass {
			gap := c[int(plan.I[at])*plan.N+int(plan.I[to])] - d[int(plan.J[at])*plan.M+int(plan.J[to])]
			s += v * w * gap * gap
		}
	}
	return s
}

// turned is the cloud turned by an angle in the first two coordinates,
// mirrored in the first and moved.
func turned(c *measure.Cloud, angle float64) *measure.Cloud {
	out := c.Clone()
	x, y := c.Coordinate(0), c.Coordinate(1)
	for i := range c.N {
		out.X[i] = -(math.Cos(angle)*x[i] - math.Sin(angle)*y[i]) + 7
		out.X[c.N+i] = math.Sin(angle)*x[i] + math.Cos(angle)*y[i] - 3
	}
	return out
}

// The energy is that of the plan, and the same whether inner costs are known by
// points or by matrices.
func TestGromovEnergyIsThatOfThePlan(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	a, b := scatteredCloud(rng, 18, 2, true), scatteredCloud(rng, 15, 3, true)
	for _, p := range []float64{2, 1} {
		s := transport.GromovWasserstein{Inner: transport.Power(p), EpsilonRelative: 0.02, Tolerance: 1e-9}
		r := gromov(t, s, a, b)
		plan := r.Plan()
		within(t, "energy", r.Energy, distortion(inner(a, p), inner(b, p), plan), 1e-7*r.Energy)
		entropy := 0.0
		wa, wb := a.Weights(), b.Weights()
		for k, v := range plan.Mass {
			entropy += v * math.Log(v/(wa[plan.I[k]]*wb[plan.J[k]]))
		}
		within(t, "objective", r.Objective, r.Energy+r.Epsilon*entropy, 1e-7*r.Objective)
		rows, cols := plan.Marginals()
		for i, w := range wa {
			within(t, "row", rows[i], w, 1e-6)
		}
		for j, w := range wb {
			within(t, "column", cols[j], w, 1e-6)
		}
		m, err := s.SolveMatrices(context.Background(), inner(a, p), wa, inner(b, p), wb)
		if err != nil {
			t.Fatal(err)
		}
		within(t, "epsilon by matrices", m.Epsilon, r.Epsilon, 1e-12*r.Epsilon)
		within(t, "energy by matrices", m.Energy, distortion(inner(a, p), inner(b, p), m.Plan()), 1e-7*r.Energy)
		s.Starts = 1
		points := gromov(t, s, a, b)
		m, err = s.SolveMatrices(context.Background(), inner(a, p), wa, inner(b, p), wb)
		if err != nil {
			t.Fatal(err)
		}
		within(t, "energy by matrices from the product coupling", m.Energy, points.Energy, 1e-6*r.Energy)
	}
}

// A cloud and its isometric copy: the energy goes to zero with the
// regularisation, and points find themselves.
func TestGromovOfIsometricCopy(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 9))
	for _, p := range []float64{2, 1} {
		a := scatteredCloud(rng, 30, 2, true)
		for i := range a.N { // axes of different length
			a.X[i] *= 2
		}
		b := turned(a, 1.1)
		last := math.Inf(1)
		for _, eps := range []float64{0.01, 0.001, 0.0001} {
			r := gromov(t, transport.GromovWasserstein{Inner: transport.Power(p), EpsilonRelative: eps}, a, b)
			if r.Energy > last || r.Energy > 20*r.Epsilon {
				t.Errorf("p = %v, eps %v: energy %v, before %v", p, r.Epsilon, r.Energy, last)
			}
			last = r.Energy
			if eps > 1e-4 {
				continue
			}
			stay := 0.0
			plan := r.Plan()
			for k, v := range plan.Mass {
				if plan.I[k] == plan.J[k] {
					stay += v
				}
			}
			if stay < 0.9 {
				t.Errorf("p = %v: only %v of the mass finds itself", p, stay)
			}
		}
	}
}

// Turning, mirroring and moving either cloud changes nothing, nor does the
// exchange of the two; the objective never increases.
func TestGromovInvariance(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 3))
		a, b := scatteredCloud(rng, 2+rng.IntN(20), 2, true), scatteredCloud(rng, 2+rng.IntN(20), 2, true)
		s := transport.GromovWasserstein{EpsilonRelative: 0.02, Tolerance: 1e-6, MaxIterations: 5000}
		if rng.IntN(3) == 0 {
			s.Inner = transport.Euclidean()
		}
		r := gromov(t, s, a, b)
		tol := 1e-4*r.Objective + 1e-9*r.Epsilon
		if s.Inner.Exponent() == 2 { // the starts turn with the clouds
			within(t, "objective of a turned copy", gromov(t, s, turned(a, rng.Float64()*6), b).Objective, r.Objective, tol)
			// The other way the same minima are there, but another one may be found.
			within(t, "objective the other way", gromov(t, s, b, a).Objective, r.Objective, 0.02*r.Objective+tol)
		}
		for i := 1; i < len(r.History); i++ {
			if r.History[i] > r.History[i-1]+1e-5*(math.Abs(r.History[i-1])+r.Epsilon) {
				t.Errorf("iteration %d raises the objective from %v to %v", i, r.History[i-1], r.History[i])
			}
		}
	})
}

// By hand: spaces of two points at distances l and k, equal weights. The
// coupling P = ((q, 1/2-q), (1/2-q, q)) has E = (l^2+k^2)/2 - 2 l k (4 q^2 - 2 q + 1/2)
// for inner costs l, k; E is smallest at q = 0 or 1/2: (l - k)^2/2.
func TestGromovOfTwoPoints(t *testing.T) {
	a, b := line(0, 3), line(10, 15)
	for p, want := range map[float64]float64{1: (3. - 5) * (3 - 5) / 2, 2: (9. - 25) * (9 - 25) / 2} {
		r := gromov(t, transport.GromovWasserstein{Inner: transport.Power(p), EpsilonRelative: 1e-3}, a, b)
		within(t, "energy", r.Energy, want, 1e-6*want)
	}
	// one point in each, and one point against many
	r := gromov(t, transport.GromovWasserstein{}, line(3), line(8))
	within(t, "energy of points", r.Energy, 0, 0)
	r = gromov(t, transport.GromovWasserstein{}, line(3), line(0, 1))
	within(t, "energy of a point and two", r.Energy, 0.5, 1e-12)
}

func TestGromovThreads(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 10))
	a, b := scatteredCloud(rng, 100, 2, true), scatteredCloud(rng, 90, 3, false)
	s := transport.GromovWasserstein{EpsilonRelative: 0.01, Starts: 12, Threads: 1}
	first := gromov(t, s, a, b)
	s.Threads = 3
	if second := gromov(t, s, a, b); second.Energy != first.Energy || second.Start != first.Start {
		t.Errorf("3 threads give the energy %v, one %v", second.Energy, first.Energy)
	}
}

func TestGromovBadInput(t *testing.T) {
	x := line(0, 1)
	for want, s := range map[string]transport.GromovWasserstein{
		"Epsilon is -1":         {Epsilon: -1},
		"Tolerance is NaN":      {Tolerance: math.NaN()},
		"MaxIterations is -1":   {MaxIterations: -1},
		"use SolveMatrices":     {Inner: transport.Matrix(nil, 0, 0)},
		"want a symmetric one":  {Inner: transport.Func(func(x, y []float64) float64 { return x[0] - y[0] })},
		"points 1 and 1 is NaN": {Inner: transport.Func(func(x, y []float64) float64 { return math.NaN() })},
	} {
		if _, err := s.Solve(context.Background(), x, x); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	for want, c := range map[string][]float64{
		"want a square number": {0, 1, 1},
		"not symmetric":        {0, 1, 2, 0},
		"holds NaN":            {math.NaN(), 1, 1, 0},
	} {
		if _, err := (transport.GromovWasserstein{}).SolveMatrices(context.Background(), c, nil, c, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	c := []float64{0, 1, 1, 0}
	if _, err := (transport.GromovWasserstein{}).SolveMatrices(context.Background(), c, []float64{1}, c, nil); err == nil {
		t.Error("a wrong number of weights is accepted")
	}
	if _, err := (transport.GromovWasserstein{}).Solve(context.Background(), x, line(math.NaN())); err == nil {
		t.Error("NaN is accepted")
	}
}
