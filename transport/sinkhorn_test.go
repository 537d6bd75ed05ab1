package transport

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"wgf/internal/simd"
	"wgf/measure"
)

// fataler is what testing.T and rapid.T share.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func solveSinkhorn(t fataler, s Sinkhorn, p Problem) *Result {
	t.Helper()
	r, err := s.Solve(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != Converged {
		t.Fatalf("%v after %d iterations, residual %v", r.Status, r.Iterations, r.Residual)
	}
	return r
}

func near(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))
}

// checkResult holds a result to what its fields promise: marginals, the values
// as sums over the plan, the potentials as soft minima, the gap.
func checkResult(t *testing.T, name string, r *Result) {
	t.Helper()
	p, plan := r.Problem, r.Plan()
	a, b := p.A.Weights(), p.B.Weights()
	rows, columns := plan.Marginals()
	off := 0.0
	for i, w := range a {
		off += math.Abs(rows[i] - w)
	}
	for j, w := range b {
		off += math.Abs(columns[j] - w)
	}
	if off/2 > 2*r.Residual+1e-9 {
		t.Errorf("%s: total variation of the marginals is %v, the residual %v", name, off/2, r.Residual)
	}
	cost, entropy, scale := 0.0, 0.0, 0.0
	c, x, y := make([]float64, p.B.N), make([]float64, p.A.D), make([]float64, p.B.D)
	row := -1
	for k, mass := range plan.Mass {
		i, j := int(plan.I[k]), int(plan.J[k])
		if i != row {
			row = i
			p.Cost.row(c, p.A, p.B, i, x, y)
		}
		if want := a[i] * b[j] * math.Exp((r.F[i]+r.G[j]-c[j])/r.Epsilon); !near(mass/want, 1, 1e-7) {
			t.Fatalf("%s: atom (%d, %d) is %v, its potentials say %v", name, i, j, mass, want)
		}
		cost += mass * c[j]
		entropy += mass * math.Log(mass/(a[i]*b[j]))
		scale = math.Max(scale, math.Abs(c[j]))
	}
	slack := 1e-14 + (r.Residual+1e-8)*scale*4
	if math.Abs(cost-r.Cost) > slack {
		t.Errorf("%s: cost %v, the plan's is %v", name, r.Cost, cost)
	}
	if math.Abs(cost+r.Epsilon*entropy-r.Dual) > slack {
		t.Errorf("%s: dual value %v, the plan's is %v", name, r.Dual, cost+r.Epsilon*entropy)
	}
	if got := simd.Dot(a, r.F) + simd.Dot(b, r.G); math.Abs(got-r.Dual) > 1e-14+1e-9*(scale+math.Abs(r.Dual)) {
		t.Errorf("%s: dual value %v, the potentials' is %v", name, r.Dual, got)
	}
}

func weightedCloud(rng *rand.Rand, n, d int, scale float64) *measure.Cloud {
	c := normalCloud(rng, n, d, scale)
	c.LogW = make([]float64, n)
	for i := range c.LogW {
		c.LogW[i] = 2 * rng.NormFloat64()
	}
	if n > 3 {
		c.LogW[1] = math.Inf(-1)
	}
	return c
}

// Every cost, with weights and points without weight, every variant.
func TestSinkhornKeepsItsPromises(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 10))
		for _, shape := range [][3]int{{1, 1, 2}, {1, 7, 1}, {40, 33, 2}, {70, 20, 5}} {
			n, m, d := shape[0], shape[1], shape[2]
			for name, cost := range testCosts(rng, n, m) {
				p := Problem{A: weightedCloud(rng, n, d, 1), B: weightedCloud(rng, m, d, 2), Cost: cost}
				for _, s := range []Sinkhorn{{}, {EpsilonRelative: 0.02}, {EpsilonRelative: 10, Tolerance: 1e-10}, {Plain: true, Annealing: 1}} {
					checkResult(t, fmt.Sprintf("%s, %v, %+v", name, shape, s), solveSinkhorn(t, s, p))
				}
			}
		}
	})
}

// Matrix and function give what the cost they hold gives.
func TestSinkhornCostsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 10))
	a, b := weightedCloud(rng, 50, 3, 1), weightedCloud(rng, 60, 3, 1)
	c := make([]float64, 50*60)
	for i := range 50 {
		SqEuclidean().row(c[i*60:(i+1)*60], a, b, i, nil, nil)
	}
	squared := func(x, y []float64) float64 {
		s := 0.0
		for k := range x {
			s += (x[k] - y[k]) * (x[k] - y[k])
		}
		return s
	}
	s := Sinkhorn{Epsilon: 0.3, Tolerance: 1e-11}
	want := solveSinkhorn(t, s, Problem{A: a, B: b})
	for name, cost := range map[string]Cost{"matrix": Matrix(c, 50, 60), "function": Func(squared)} {
		got := solveSinkhorn(t, s, Problem{A: a, B: b, Cost: cost})
		if !near(got.Cost, want.Cost, 1e-9) || !near(got.Dual, want.Dual, 1e-11) {
			t.Errorf("%s: cost %v and dual value %v, want %v and %v", name, got.Cost, got.Dual, want.Cost, want.Dual)
		}
		for i, v := range want.F {
			if !near(got.F[i], v, 1e-8) {
				t.Fatalf("%s: potential %d is %v, want %v", name, i, got.F[i], v)
			}
		}
	}
}

// S_eps changes by the squared shift; potentials and plan move along; values
// scale with the square of the unit. Swapping the measures swaps the potentials.
func TestSinkhornLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		n, m, d := rapid.IntRange(1, 40).Draw(rt, "n"), rapid.IntRange(1, 40).Draw(rt, "m"), rapid.IntRange(1, 4).Draw(rt, "d")
		a, b := weightedCloud(rng, n, d, 1), weightedCloud(rng, m, d, 1)
		s := Sinkhorn{EpsilonRelative: 0.2, Tolerance: 1e-10}
		r := solveSinkhorn(rt, s, Problem{A: a, B: b})
		swapped := solveSinkhorn(rt, s, Problem{A: b, B: a})
		if !near(swapped.Dual, r.Dual, 1e-11) || !near(swapped.Cost, r.Cost, 1e-8) {
			rt.Fatalf("swapped: %v and %v, want %v and %v", swapped.Dual, swapped.Cost, r.Dual, r.Cost)
		}
		w := a.Weights()
		for i, v := range r.F { // to the tolerance, as far as the weight lets it be seen
			if w[i]*math.Abs(swapped.G[i]-v) > 1e-8 {
				rt.Fatalf("swapped: potential %d is %v, want %v", i, swapped.G[i], v)
			}
		}
		unit := math.Exp(rapid.Float64Range(-9, 9).Draw(rt, "log unit"))
		moved, other := a.Clone(), b.Clone()
		shift2, cross := 0.0, 0.0
		ma, mb := a.Mean(), b.Mean()
		for k := range d {
			t := 10 * rng.NormFloat64()
			for i := range n {
				moved.X[k*n+i] = unit * (a.X[k*n+i] + t)
			}
			for j := range m {
				other.X[k*m+j] *= unit
			}
			shift2 += t * t
			cross += 2 * t * (ma[k] - mb[k])
		}
		want := (r.Dual + shift2 + cross) * unit * unit
		if got := solveSinkhorn(rt, s, Problem{A: moved, B: other}).Dual; math.Abs(got-want) > 1e-10*unit*unit*(1+shift2) {
			rt.Fatalf("moved and scaled: %v, want %v", got, want)
		}
	})
}

// As eps -> 0 the value goes to the optimal cost, from above and by at most
// eps log(min(n, m)) for equal weights; the cost itself too.
func TestSinkhornSmallEpsilon(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 10))
	for _, cost := range []Cost{SqEuclidean(), Euclidean(), Power(3)} {
		p := Problem{A: normalCloud(rng, 60, 1, 1), B: normalCloud(rng, 60, 1, 2), Cost: cost}
		exact, err := OneDimensional{}.Solve(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		last := math.Inf(1)
		for _, relative := range []float64{0.1, 0.01, 0.001} {
			r := solveSinkhorn(t, Sinkhorn{EpsilonRelative: relative, MaxIterations: 100000}, p)
			over, bound := r.Dual-exact.Cost, r.Epsilon*math.Log(60)
			if over < -1e-6 || over > bound+1e-6 || over > last {
				t.Errorf("p = %v, eps = %v: the value exceeds the optimum by %v, want between 0 and %v and less than %v", cost.Exponent(), r.Epsilon, over, bound, last)
			}
			if r.Cost < exact.Cost-1e-4 || r.Cost > exact.Cost+bound+1e-4 {
				t.Errorf("p = %v, eps = %v: cost %v, the optimal one is %v", cost.Exponent(), r.Epsilon, r.Cost, exact.Cost)
			}
			last = over
		}
	}
}

// The iterations with and without acceleration lead to the same potentials, and
// acceleration saves iterations.
func TestSinkhornAcceleration(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 10))
	p := Problem{A: normalCloud(rng, 200, 2, 1), B: normalCloud(rng, 150, 2, 1)}
	s := Sinkhorn{EpsilonRelative: 0.02, Tolerance: 1e-10}
	fast := solveSinkhorn(t, s, p)
	s.Plain = true
	plain := solveSinkhorn(t, s, p)
	for i, v := range plain.F {
		if !near(fast.F[i], v, 1e-7) {
			t.Fatalf("potential %d is %v, want %v", i, fast.F[i], v)
		}
	}
	if fast.Iterations > plain.Iterations/2 {
		t.Errorf("%d iterations, %d without acceleration", fast.Iterations, plain.Iterations)
	}
}

// The bits of all fields for any number of threads.
func TestSinkhornThreads(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 10))
	for _, cost := range []Cost{SqEuclidean(), Euclidean()} {
		p := Problem{A: weightedCloud(rng, 400, 3, 1), B: weightedCloud(rng, 300, 3, 2), Cost: cost}
		want := solveSinkhorn(t, Sinkhorn{Threads: 1}, p)
		for _, threads := range []int{2, 5} {
			got := solveSinkhorn(t, Sinkhorn{Threads: threads}, p)
			if got.Cost != want.Cost || got.Dual != want.Dual || !slices.Equal(got.F, want.F) || !slices.Equal(got.G, want.G) ||
				!slices.Equal(got.Plan().Mass, want.Plan().Mass) {
				t.Errorf("%d threads change the result", threads)
			}
		}
	}
}
