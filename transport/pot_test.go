package transport_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"wgf/transport"
)

// exactProblem is a line of testdata/pot_exact.json.
type exactProblem struct {
	Name    string
	Points  string
	N, M, D int
	Seed    uint64
	A, B    string
	Cost    struct {
		Kind string
		P    float64
		Top  int
	}
	Value float64
	Heavy bool
}

func readFixture(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func (p exactProblem) problem() transport.Problem {
	out := transport.Problem{
		A: generateCloud(p.Points, p.A, 0, p.N, p.D, p.Seed),
		B: generateCloud(p.Points, p.B, 1, p.M, p.D, p.Seed),
	}
	if p.Cost.Kind == "power" {
		out.Cost = transport.Power(p.Cost.P)
	} else {
		out.Cost = transport.Matrix(generateMatrix(p.Cost.Kind, p.Cost.Top, p.N, p.M, p.Seed), p.N, p.M)
	}
	return out
}

// costOf is the ground cost of a problem, one pair at a time.
func (p exactProblem) costOf(pr transport.Problem) func(i, j int) float64 {
	if p.Cost.Kind != "power" {
		c := generateMatrix(p.Cost.Kind, p.Cost.Top, p.N, p.M, p.Seed)
		return func(i, j int) float64 { return c[i*p.M+j] }
	}
	return func(i, j int) float64 {
		s := 0.0
		for k := range p.D {
			d := pr.A.X[k*p.N+i] - pr.B.X[k*p.M+j]
			s += d * d
		}
		return math.Pow(s, p.Cost.P/2)
	}
}

// The optimal values of POT, the certificate, the feasibility of potentials and
// plan. The problems above 1000 points run with -tags heavy (half a minute).
func TestExactAgainstPOT(t *testing.T) {
	var file struct{ Problems []exactProblem }
	readFixture(t, "pot_exact.json", &file)
	if len(file.Problems) < 90 {
		t.Fatalf("only %d problems", len(file.Problems))
	}
	for _, p := range file.Problems {
		if p.Heavy && !heavy {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			pr := p.problem()
			r, err := transport.Exact{}.Solve(context.Background(), pr)
			if err != nil {
				t.Fatal(err)
			}
			checkExact(t, r, pr, p.costOf(pr), p.Value)
			if p.D == 1 && p.Cost.Kind == "power" {
				line, err := transport.OneDimensional{}.Solve(context.Background(), pr)
				if err != nil {
					t.Fatal(err)
				}
				checkExact(t, line, pr, p.costOf(pr), p.Value)
			}
		})
	}
}

// checkExact holds a result to an optimal value to 1e-9, and its own
// statements to each other.
func checkExact(t *testing.T, r *transport.Result, pr transport.Problem, cost func(i, j int) float64, want float64) {
	t.Helper()
	top := 0.0
	for i := range pr.A.N {
		for j := range pr.B.N {
			top = math.Max(top, math.Abs(cost(i, j)))
		}
	}
	// a sum of terms of size top cannot be zero to more than rounding
	tol := 1e-9*math.Abs(want) + 1e-15*top
	if !(math.Abs(r.Cost-want) <= tol) {
		t.Errorf("cost %.17g, want %.17g (relative error %.1e)", r.Cost, want, math.Abs(r.Cost-want)/math.Abs(want))
	}
	if !(math.Abs(r.Gap()) <= tol) {
		t.Errorf("gap %.3g of a cost of %.3g", r.Gap(), want)
	}
	if r.Status != transport.Converged {
		t.Errorf("status %v", r.Status)
	}
	a, b := pr.A.Weights(), pr.B.Weights()
	worst := 0.0
	for i := range a {
		for j := range b {
			worst = math.Max(worst, r.F[i]+r.G[j]-cost(i, j))
		}
	}
	if worst > 1e-9*math.Abs(want)+4e-15*top {
		t.Errorf("potentials are infeasible by %.3g, costs go up to %.3g", worst, top)
	}
	dual := 0.0
	for i, w := range a {
		if w > 0 {
			dual += w * r.F[i]
		}
	}
	for j, w := range b {
		if w > 0 {
			dual += w * r.G[j]
		}
	}
	if !(math.Abs(dual-want) <= tol+1e-14*top) {
		t.Errorf("the potentials have the value %.17g, want %.17g", dual, want)
	}
	plan := r.Plan()
	checkMarginals(t, plan, a, b)
	sum := 0.0
	for k, v := range plan.Mass {
		sum += v * cost(int(plan.I[k]), int(plan.J[k]))
	}
	if !(math.Abs(sum-want) <= tol) {
		t.Errorf("the plan costs %.17g, want %.17g", sum, want)
	}
	if len(plan.Mass) > pr.A.N+pr.B.N-1 {
		t.Errorf("the plan has %d atoms, more than %d + %d - 1", len(plan.Mass), pr.A.N, pr.B.N)
	}
}

func checkMarginals(t *testing.T, plan *transport.Plan, a, b []float64) {
	t.Helper()
	for k, v := range plan.Mass {
		if !(v > 0) {
			t.Fatalf("atom %d of the plan has the mass %v", k, v)
		}
	}
	rows, cols := plan.Marginals()
	for s, side := range [][2][]float64{{rows, a}, {cols, b}} {
		for i, w := range side[1] {
			if !(math.Abs(side[0][i]-w) <= 1e-14+1e-9*w) || w == 0 && side[0][i] != 0 {
				t.Errorf("side %d: point %d sends or receives %g, its weight is %g", s, i, side[0][i], w)
				break
			}
		}
	}
}
