package transport_test

import (
	"context"
	"math"
	"testing"

	"wgf/transport"
)

// entropicProblem is a line of testdata/pot_entropic.json, whose script says
// what each number is.
type entropicProblem struct {
	exactProblem
	Epsilon, Rho       float64
	MassA, MassB, Mass float64
	Linear             float64
	Potential          []float64
	OT, Divergence     float64
	Gradient           [][]float64
}

func readEntropic(t *testing.T) (file struct{ Sinkhorn, Geomloss, Unbalanced, Partial []entropicProblem }) {
	t.Helper()
	readFixture(t, "pot_entropic.json", &file)
	if len(file.Sinkhorn) < 15 || len(file.Geomloss) < 5 || len(file.Unbalanced) < 5 || len(file.Partial) < 5 {
		t.Fatal("problems are missing")
	}
	return file
}

func closeTo(got, want, rel float64) bool { return math.Abs(got-want) <= rel*math.Abs(want)+1e-300 }

// Value, linear cost, potentials and plan of the same entropic problem.
func TestSinkhornAgainstPOT(t *testing.T) {
	for _, p := range readEntropic(t).Sinkhorn {
		t.Run(p.Name, func(t *testing.T) {
			pr := p.problem()
			r, err := transport.Sinkhorn{Epsilon: p.Epsilon, Tolerance: 1e-13, MaxIterations: 100000}.Solve(context.Background(), pr)
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != transport.Converged {
				t.Errorf("status %v after %d iterations, residual %g", r.Status, r.Iterations, r.Residual)
			}
			if !closeTo(r.Dual, p.Value, 1e-9) {
				t.Errorf("OT_eps is %.15g, want %.15g", r.Dual, p.Value)
			}
			if !closeTo(r.Cost, p.Linear, 1e-9) {
				t.Errorf("<P, c> is %.15g, want %.15g", r.Cost, p.Linear)
			}
			a, b := pr.A.Weights(), pr.B.Weights()
			mean := 0.0
			for i, w := range a {
				if w > 0 {
					mean += w * r.F[i]
				}
			}
			at := 0
			for i, w := range a {
				if w > 0 && at < len(p.Potential) {
					if d := r.F[i] - mean - p.Potential[at]; math.Abs(d) > 1e-8*(math.Abs(p.Value)+p.Epsilon) {
						t.Errorf("the potential of point %d is %g less its mean, want %g", i, r.F[i]-mean, p.Potential[at])
					}
					at++
				}
			}
			plan, cost := r.Plan(), p.costOf(pr)
			checkMarginals(t, plan, a, b)
			sum := 0.0
			for k, v := range plan.Mass {
				sum += v * cost(int(plan.I[k]), int(plan.J[k]))
			}
			if !closeTo(sum, p.Linear, 1e-9) {
				t.Errorf("the plan costs %.15g, want %.15g", sum, p.Linear)
			}
		})
	}
}
