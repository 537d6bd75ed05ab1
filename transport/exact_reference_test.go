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

// permutations is the least cost of an assignment, by trying all.
func permutations(cost [][]float64, used []bool, i int) float64 {
	if i == len(cost) {
		return 0
	}
	best := math.Inf(1)
	for j := range cost {
		if !used[j] {
			used[j] = true
			best = math.Min(best, cost[i][j]+permutations(cost, used, i+1))
			used[j] = false
		}
	}
	return best
}

// integerTransport is the least cost of a transportation problem in integers,
// by successive shortest paths (Bellman and Ford) on the residual network.
func integerTransport(supply, demand []int, cost [][]int) int {
	n, m := len(supply), len(demand)
	flow := make([][]int, n)
	for i := range flow {
		flow[i] = make([]int, m)
	}
	total := 0
	for i := range supply {
		for supply[i] > 0 {
			const far = math.MaxInt / 4
			dist, from := make([]int, n+m), make([]int, n+m)
			for v := range dist {
				dist[v], from[v] = far, -1
			}
			dist[i] = 0
			for changed := true; changed; {
				changed = false
				for u := range n {
					for v := range m {
						if d := dist[u] + cost[u][v]; dist[u] < far && d < dist[n+v] {
							dist[n+v], from[n+v], changed = d, u, true
						}
						if d := dist[n+v] - cost[u][v]; flow[u][v] > 0 && dist[n+v] < far && d < dist[u] {
							dist[u], from[u], changed = d, n+v, true
						}
					}
				}
			}
			end := -1
			for v, d := range demand {
				if d > 0 && (end < 0 || dist[n+v] < dist[end]) {
					end = n + v
				}
			}
			step := min(supply[i], demand[end-n])
			for v := end; v != i; v = from[v] {
				if v < n {
					step = min(step, flow[v][from[v]-n])
				}
			}
			for v := end; v != i; v = from[v] {
				if v < n {
					flow[v][from[v]-n] -= step
				} else {
					flow[from[v]][v-n] += step
				}
			}
			supply[i] -= step
			demand[end-n] -= step
			total += step * dist[end]
		}
	}
	return total
}

func matrixProblem(cost [][]float64, a, b []float64) transport.Problem {
	p := transport.Problem{A: measure.New(len(cost), 0), B: measure.New(len(cost[0]), 0)}
	for _, w := range a {
		p.A.LogW = append(p.A.LogW, math.Log(w))
	}
	for _, w := range b {
		p.B.LogW = append(p.B.LogW, math.Log(w))
	}
	var flat []float64
	for _, row := range cost {
		flat = append(flat, row...)
	}
	p.Cost = transport.Matrix(flat, len(cost), len(cost[0]))
	return p
}

func TestExactAgainstPermutations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "n")
		top := rapid.SampledFrom([]float64{1, 2, 1000}).Draw(t, "top")
		cost := make([][]float64, n)
		for i := range cost {
			for range n {
				v := rapid.Float64Range(-top, top).Draw(t, "cost")
				if top == 2 {
					v = math.Round(v)
				}
				cost[i] = append(cost[i], v)
			}
		}
		p := matrixProblem(cost, nil, nil)
		r, err := transport.Exact{}.Solve(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		certify(t, r, cost)
		if want := permutations(cost, make([]bool, n), 0) / float64(n); math.Abs(r.Cost-want) > 1e-13*top {
			t.Errorf("cost %v, the best of all permutations has %v", r.Cost, want)
		}
	})
}

func TestExactAgainstIntegers(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for trial := range 60 {
		n, m := 1+r.IntN(25), 1+r.IntN(25)
		top := []int{1, 3, 1000}[trial%3]
		supply, demand := make([]int, n), make([]int, m)
		for range 200 {
			supply[r.IntN(n)]++
			demand[r.IntN(m)]++
		}
		cost, table := make([][]int, n), make([][]float64, n)
		for i := range cost {
			for range m {
				c := r.IntN(top + 1)
				cost[i], table[i] = append(cost[i], c), append(table[i], float64(c))
			}
		}
		a, b := make([]float64, n), make([]float64, m)
		for i, v := range supply {
			a[i] = float64(v)
		}
		for j, v := range demand {
			b[j] = float64(v)
		}
		res, err := transport.Exact{}.Solve(context.Background(), matrixProblem(table, a, b))
		if err != nil {
			t.Fatal(err)
		}
		certify(t, res, table)
		if want := float64(integerTransport(supply, demand, cost)) / 200; math.Abs(res.Cost-want) > 1e-13*float64(top) {
			t.Errorf("%d x %d: cost %v, want %v", n, m, res.Cost, want)
		}
	}
}

// A function cost and the same numbers as a matrix, some points without weight.
func TestExactFunction(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	a, b := measure.New(30, 2), measure.New(20, 2)
	for _, c := range []*measure.Cloud{a, b} {
		for i := range c.X {
			c.X[i] = r.NormFloat64()
		}
		for i := range c.N {
			c.LogW = append(c.LogW, math.Log(float64(i%3)))
		}
	}
	f := func(x, y []float64) float64 { return math.Sin(3*x[0]*y[1]) + math.Abs(x[1]-y[0]) }
	table := make([][]float64, a.N)
	x, y := make([]float64, 2), make([]float64, 2)
	var flat []float64
	for i := range table {
		for j := range b.N {
			a.Point(x, i)
			b.Point(y, j)
			table[i] = append(table[i], f(x, y))
		}
		flat = append(flat, table[i]...)
	}
	var costs [2]float64
	for k, c := range []transport.Cost{transport.Func(f), transport.Matrix(flat, a.N, b.N)} {
		res, err := transport.Exact{Threads: k + 1}.Solve(context.Background(), transport.Problem{A: a, B: b, Cost: c})
		if err != nil {
			t.Fatal(err)
		}
		certify(t, res, table)
		costs[k] = res.Cost
	}
	if costs[0] != costs[1] {
		t.Errorf("the function has cost %v, its matrix %v", costs[0], costs[1])
	}
}

// A run that ends early has a plan and a lower bound all the same.
func TestExactEndsEarly(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	a, b := measure.New(900, 3), measure.New(900, 3)
	for i := range a.X {
		a.X[i], b.X[i] = r.NormFloat64(), r.NormFloat64()
	}
	p := transport.Problem{A: a, B: b}
	best, err := transport.Exact{}.Solve(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx    context.Context
		solver transport.Exact
		want   transport.Status
	}{
		{cancelled, transport.Exact{}, transport.Interrupted},
		{context.Background(), transport.Exact{MaxIterations: 100}, transport.Budget},
		{context.Background(), transport.Exact{MaxIterations: best.Iterations - 5}, transport.Budget},
	} {
		res, err := c.solver.Solve(c.ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		if res.Status != c.want || !(res.Dual <= best.Cost+1e-12 && best.Cost <= res.Cost+1e-12) {
			t.Errorf("%v, dual %v, cost %v; the optimum is %v", res.Status, res.Dual, res.Cost, best.Cost)
		}
		if n := c.solver.MaxIterations; n > 0 && res.Iterations > n {
			t.Errorf("%d pivots, the bound is %d", res.Iterations, n)
		}
		pa, pb := res.Plan().Marginals()
		for i := range pa {
			if math.Abs(pa[i]-1.0/900) > 1e-15 || math.Abs(pb[i]-1.0/900) > 1e-15 {
				t.Fatalf("marginals %v and %v of point %d", pa[i], pb[i], i)
			}
		}
	}
}

func TestExactIsDeterministic(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	a, b := measure.New(400, 2), measure.New(500, 2)
	for _, c := range []*measure.Cloud{a, b} {
		for i := range c.X {
			c.X[i] = float64(r.IntN(20))
		}
	}
	one, err := transport.Exact{Threads: 1}.Solve(context.Background(), transport.Problem{A: a, B: b})
	if err != nil {
		t.Fatal(err)
	}
	for _, threads := range []int{2, 5} {
		got, err := transport.Exact{Threads: threads}.Solve(context.Background(), transport.Problem{A: a, B: b})
		if err != nil {
			t.Fatal(err)
		}
		if got.Cost != one.Cost || got.Dual != one.Dual || got.Iterations != one.Iterations {
			t.Errorf("%d threads: %v in %d pivots, one thread %v in %d", threads, got.Cost, got.Iterations, one.Cost, one.Iterations)
		}
	}
}
