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

// The debiased divergence and its gradient in the points.
func TestDivergenceAgainstGeomLoss(t *testing.T) {
	for _, p := range readEntropic(t).Geomloss {
		t.Run(p.Name, func(t *testing.T) {
			pr := p.problem()
			s := transport.Sinkhorn{Epsilon: p.Epsilon, Tolerance: 1e-13, MaxIterations: 100000}
			r, err := s.Solve(context.Background(), pr)
			if err != nil {
				t.Fatal(err)
			}
			if !closeTo(r.Dual, p.OT, 1e-9) {
				t.Errorf("OT_eps is %.15g, want %.15g", r.Dual, p.OT)
			}
			d, err := s.Divergence(context.Background(), pr)
			if err != nil {
				t.Fatal(err)
			}
			if d.Status != transport.Converged {
				t.Errorf("status %v", d.Status)
			}
			if !closeTo(d.Value, p.Divergence, 1e-8) {
				t.Errorf("the divergence is %.15g, want %.15g", d.Value, p.Divergence)
			}
			got, err := d.GradientA()
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != p.N*p.D {
				t.Fatalf("the gradient has %d numbers", len(got))
			}
			size := 0.0
			for _, v := range got {
				size = math.Max(size, math.Abs(v))
			}
			for i, row := range p.Gradient {
				for k, want := range row {
					if g := got[k*p.N+i]; math.Abs(g-want) > 1e-7*size {
						t.Errorf("the gradient of point %d in coordinate %d is %g, want %g", i, k, g, want)
					}
				}
			}
		})
	}
}

func TestUnbalancedAgainstPOT(t *testing.T) {
	for _, p := range readEntropic(t).Unbalanced {
		pr := p.problem()
		s := transport.Unbalanced{Epsilon: p.Epsilon, Rho: p.Rho, MassA: p.MassA, MassB: p.MassB, Tolerance: 1e-14, MaxIterations: 100000}
		r, err := s.Solve(context.Background(), pr)
		if err != nil {
			t.Fatal(p.Name, err)
		}
		if r.Status != transport.Converged {
			t.Errorf("%s: status %v", p.Name, r.Status)
		}
		for _, v := range []struct {
			name      string
			got, want float64
		}{{"value", r.Dual, p.Value}, {"cost of the plan", r.Cost, p.Linear}, {"mass", r.Mass(), p.Mass}} {
			if !closeTo(v.got, v.want, 1e-9) {
				t.Errorf("%s: the %s is %.15g, want %.15g", p.Name, v.name, v.got, v.want)
			}
		}
	}
}

func TestPartialAgainstPOT(t *testing.T) {
	for _, p := range readEntropic(t).Partial {
		r, err := transport.Partial{Mass: p.Mass, MassA: p.MassA, MassB: p.MassB}.Solve(context.Background(), p.problem())
		if err != nil {
			t.Fatal(p.Name, err)
		}
		if !closeTo(r.Cost, p.Value, 1e-9) {
			t.Errorf("%s: cost %.15g, want %.15g", p.Name, r.Cost, p.Value)
		}
		if !closeTo(r.Dual, p.Value, 1e-9) {
			t.Errorf("%s: dual value %.15g, want %.15g", p.Name, r.Dual, p.Value)
		}
		if !closeTo(r.Mass(), p.Mass, 1e-12) {
			t.Errorf("%s: mass %.15g, want %.15g", p.Name, r.Mass(), p.Mass)
		}
	}
}
