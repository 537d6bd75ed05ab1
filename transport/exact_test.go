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

// solveExact solves and checks everything that a result promises.
func solveExact(t rapid.TB, p transport.Problem) *transport.Result {
	t.Helper()
	r, err := transport.Exact{}.Solve(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	certify(t, r, costTable(p))
	return r
}

// costTable is the matrix of the costs, written out anew.
func costTable(p transport.Problem) [][]float64 {
	out := make([][]float64, p.A.N)
	for i := range out {
		out[i] = make([]float64, p.B.N)
		for j := range out[i] {
			s := 0.0
			for k := range p.A.D {
				d := p.A.X[k*p.A.N+i] - p.B.X[k*p.B.N+j]
				s += d * d
			}
			out[i][j] = math.Pow(s, p.Cost.Exponent()/2)
		}
	}
	return out
}

// certify holds a result to its certificate: a plan with the right
// marginals and few atoms, potentials that are feasible, equal values.
func certify(t rapid.TB, r *transport.Result, cost [][]float64) {
	t.Helper()
	p := r.Problem
	a, b := p.A.Weights(), p.B.Weights()
	scale, value := 0.0, 0.0
	for _, row := range cost {
		for _, c := range row {
			scale = math.Max(scale, math.Abs(c))
		}
	}
	if r.Status != transport.Converged {
		t.Fatalf("status %v", r.Status)
	}
	plan := r.Plan()
	if len(plan.Mass) > p.A.N+p.B.N-1 {
		t.Errorf("the plan has %d atoms for %d and %d points", len(plan.Mass), p.A.N, p.B.N)
	}
	for k, w := range plan.Mass {
		i, j := plan.I[k], plan.J[k]
		if !(w > 0) || k > 0 && (i < plan.I[k-1] || i == plan.I[k-1] && j <= plan.J[k-1]) {
			t.Fatalf("atom %d: mass %v from %d to %d", k, w, i, j)
		}
		value += w * cost[i][j]
	}
	pa, pb := plan.Marginals()
	for i := range a {
		if math.Abs(pa[i]-a[i]) > 1e-13*a[i]+1e-15 || a[i] == 0 && pa[i] != 0 {
			t.Errorf("point %d of A sends %v, has %v", i, pa[i], a[i])
		}
	}
	for j := range b {
		if math.Abs(pb[j]-b[j]) > 1e-13*b[j]+1e-15 || b[j] == 0 && pb[j] != 0 {
			t.Errorf("point %d of B gets %v, wants %v", j, pb[j], b[j])
		}
	}
	tol := 1e-12 * scale
	dual := 0.0
	for i, f := range r.F {
		for j, g := range r.G {
			if !(f+g <= cost[i][j]+tol) {
				t.Fatalf("potentials %v and %v at (%d, %d), cost %v", f, g, i, j, cost[i][j])
			}
		}
		dual += a[i] * f
	}
	for j, g := range r.G {
		dual += b[j] * g
	}
	if math.Abs(value-r.Cost) > tol || math.Abs(dual-r.Dual) > tol || math.Abs(r.Gap()) > tol {
		t.Errorf("cost %v (plan %v), dual %v (potentials %v), scale %v", r.Cost, value, r.Dual, dual, scale)
	}
}

// exactCloud draws a cloud: in general position, on a lattice with repeated points,
// on a line, or all in one place; with weights of all kinds, zero among them.
func exactCloud(t *rapid.T, name string, n, d int) *measure.Cloud {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, name), 1))
	c := measure.New(n, d)
	kind := rapid.IntRange(0, 4).Draw(t, name+" kind")
	for i := range n {
		along := r.NormFloat64()
		for k := range d {
			v := r.NormFloat64()
			switch kind {
			case 1:
				v = float64(r.IntN(3))
			case 2:
				v = along * float64(k+1)
			case 3:
				v = 2
			case 4:
				v = v*1e-3 + float64(3*(i%3))
			}
			c.X[k*n+i] = v
		}
	}
	weights := rapid.IntRange(0, 3).Draw(t, name+" weights")
	if weights == 0 {
		return c
	}
	c.LogW = make([]float64, n)
	for i := range c.LogW {
		switch weights {
		case 1:
			c.LogW[i] = r.NormFloat64()
		case 2: // 1e-12 to 1
			c.LogW[i] = -27.6 * r.Float64()
		case 3: // integers, some zero
			c.LogW[i] = math.Log(float64(r.IntN(4)))
		}
	}
	c.LogW[r.IntN(n)] = 0
	return c
}

func TestExactCertificate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(1, 60).Draw(t, "n"), rapid.IntRange(1, 60).Draw(t, "m")
		d := rapid.IntRange(1, 4).Draw(t, "d")
		a, b := exactCloud(t, "a", n, d), exactCloud(t, "b", m, d)
		cost := transport.Power(rapid.SampledFrom([]float64{0.5, 1, 1.5, 2, 3}).Draw(t, "p"))
		r := solveExact(t, transport.Problem{A: a, B: b, Cost: cost})
		back := solveExact(t, transport.Problem{A: b, B: a, Cost: cost})
		if math.Abs(r.Cost-back.Cost) > 1e-12*(1+r.Cost) {
			t.Errorf("cost %v from A to B, %v from B to A", r.Cost, back.Cost)
		}
		if self := solveExact(t, transport.Problem{A: a, B: a, Cost: cost}); self.Cost > 1e-13 {
			t.Errorf("cost %v from A to itself", self.Cost)
		}
		if d > 1 || cost.Exponent() < 1 {
			return
		}
		line, err := transport.OneDimensional{}.Solve(context.Background(), transport.Problem{A: a, B: b, Cost: cost})
		if err != nil {
			t.Fatal(err)
		}
		certify(t, line, costTable(line.Problem))
		if math.Abs(r.Cost-line.Cost) > 1e-12*(1+r.Cost) {
			t.Errorf("cost %v, by sorting %v", r.Cost, line.Cost)
		}
	})
}

// Several levels and rounds of pricing, which the small problems do not have.
func TestExactLarge(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for k, draw := range []func() float64{r.NormFloat64, func() float64 { return float64(r.IntN(12)) }} {
		for _, d := range []int{1, 2, 9} {
			a, b := measure.New(700, d), measure.New(801, d)
			for i := range a.X {
				a.X[i] = draw()
			}
			for i := range b.X {
				b.X[i] = draw() + 1
			}
			if d != 9 {
				for range b.N {
					b.LogW = append(b.LogW, 3*r.NormFloat64())
				}
			}
			p := transport.Problem{A: a, B: b}
			res := solveExact(t, p)
			if d > 1 {
				continue
			}
			line, err := transport.OneDimensional{}.Solve(context.Background(), p)
			if err != nil || math.Abs(line.Cost-res.Cost) > 1e-12*res.Cost {
				t.Errorf("%d: cost %v, by sorting %v, %v", k, res.Cost, line.Cost, err)
			}
		}
	}
}

// W_p is a metric, p >= 1; W2 is invariant under translation and scales.
func TestExactLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, d := rapid.IntRange(1, 20).Draw(t, "n"), rapid.IntRange(1, 3).Draw(t, "d")
		a, b, c := exactCloud(t, "a", n, d), exactCloud(t, "b", n+3, d), exactCloud(t, "c", n+1, d)
		cost := transport.Power(rapid.SampledFrom([]float64{1, 2}).Draw(t, "p"))
		w := func(a, b *measure.Cloud) float64 {
			return solveExact(t, transport.Problem{A: a, B: b, Cost: cost}).Distance()
		}
		ab, bc, ac := w(a, b), w(b, c), w(a, c)
		if ac > ab+bc+1e-7 {
			t.Errorf("W(a,c) = %v, W(a,b) + W(b,c) = %v + %v", ac, ab, bc)
		}
		s := rapid.Float64Range(0.1, 10).Draw(t, "scale")
		move := rapid.Float64Range(-1e3, 1e3).Draw(t, "move")
		scaled := func(c *measure.Cloud, move float64) *measure.Cloud {
			out := c.Clone()
			for i := range out.X {
				out.X[i] = s*out.X[i] + move
			}
			return out
		}
		if got := w(scaled(a, move), scaled(b, move)); math.Abs(got-s*ab) > 1e-7*(1+s*ab) {
			t.Errorf("scaled by %v: %v, want %v", s, got, s*ab)
		}
	})
}

// The clouds 1e8 apart keep the digits of what is not the shift.
func TestExactFarApart(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	a, b := measure.New(40, 2), measure.New(50, 2)
	for _, c := range []*measure.Cloud{a, b} {
		for i := range c.X {
			c.X[i] = float64(r.IntN(1 << 20)) // exact when moved
		}
	}
	near := solveExact(t, transport.Problem{A: a, B: b})
	far := b.Clone()
	for i := range far.X {
		far.X[i] += 1e12
	}
	got := solveExact(t, transport.Problem{A: a, B: far})
	want := near.Cost
	ma, mb := a.Mean(), b.Mean()
	for k := range ma {
		s := mb[k] - ma[k]
		want += 1e12*1e12 + 2e12*s
	}
	if math.Abs(got.Cost-want) > 1e-14*want {
		t.Errorf("cost %v, want %v", got.Cost, want)
	}
	plan, old := got.Plan(), near.Plan()
	for k := range plan.Mass {
		if plan.I[k] != old.I[k] || plan.J[k] != old.J[k] {
			t.Fatalf("atom %d goes from %d to %d, near from %d to %d", k, plan.I[k], plan.J[k], old.I[k], old.J[k])
		}
	}
}

// Two pairs of clusters far apart that exchange no mass: the potentials are
// 1e12 times the cost, which keeps its digits all the same.
func TestExactClustersApart(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	const n = 150
	both := [2]*measure.Cloud{measure.New(2*n, 2), measure.New(2*n, 2)}
	want := 0.0
	for cluster := range 2 {
		var one [2]*measure.Cloud
		for side := range 2 {
			one[side] = measure.New(n, 2)
			for i := range one[side].X {
				v := float64(r.IntN(1<<20)) * 0x1p-20 // exact when moved
				one[side].X[i] = v
				both[side].X[i/n*2*n+cluster*n+i%n] = v + 1e6*float64(cluster)
			}
		}
		want += solveExact(t, transport.Problem{A: one[0], B: one[1]}).Cost / 2
	}
	got := solveExact(t, transport.Problem{A: both[0], B: both[1]})
	if math.Abs(got.Cost-want) > 1e-10*want || !(math.Abs(got.Gap()) < 1e-10*want) {
		t.Errorf("cost %v with gap %v, want %v", got.Cost, got.Gap(), want)
	}
}
