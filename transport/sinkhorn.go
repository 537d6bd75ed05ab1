package transport

import (
	"context"
	"fmt"
	"math"
)

// Sinkhorn solves the entropic transport problem
//
//	OT_eps(a, b) = min_P <P, c> + eps KL(P | a x b)
//	             = max_{f,g} sum_i a_i f_i + sum_j b_j g_j
//	               - eps (sum_ij a_i b_j exp((f_i + g_j - c_ij)/eps) - 1)
//
// by alternating maximisation in the log domain. The optimal plan is
//
//	P_ij = a_i b_j exp((f_i + g_j - c_ij)/eps).
//
// An iteration takes n m d time; nothing of size n m is stored.
//
// Conventions. The entropy is relative to a x b and the cost is the one given,
// without a factor 1/2. GeomLoss with p = 2 uses |x-y|^2/2 and eps = blur^2: its
// potentials and values at blur b are half of those here at Epsilon = 2 b^2. POT
// penalises reg sum_ij P_ij log P_ij (up to a constant): the plan at reg = Epsilon
// is the same, its potentials are f_i + eps log a_i and g_j + eps log b_j.
// OTT-JAX has the potentials of POT; its reg_ot_cost is the Dual here.
//
// References: Cuturi 2013; Peyré and Cuturi 2019, Computational Optimal
// Transport, sections 4.2 and 4.4; Schmitzer 2019 (annealing); Anderson 1965
// (acceleration).
type Sinkhorn struct {
	// Epsilon is the regularisation in units of the cost; 0: EpsilonRelative
	// times the scale of the cost.
	Epsilon float64

	// EpsilonRelative is the regularisation in units of the scale of the cost;
	// 0: 0.05. The scale of the cost |x-y|^p is (tr Cov A + tr Cov B)^(p/2): for
	// p = 2 the mean cost between the two clouds centred. For a matrix or a
	// function it is the standard deviation of the costs under a x b.
	EpsilonRelative float64

	// Tolerance is the total variation between the marginal of the plan and the
	// weights at which the solver stops; 0: 1e-6, and 1e-8 for divergences, whose
	// three terms nearly cancel for measures that are alike.
	Tolerance float64

	// MaxIterations bounds the iterations, of two soft minima each, at the
	// final Epsilon; 0: 10000.
	MaxIterations int

	// Annealing is the factor of Epsilon between the iterations of the descent
	// from the largest cost; 0: 0.25. 1 switches the descent off.
	Annealing float64

	// Plain switches the acceleration off.
	Plain bool

	// Threads is the number of goroutines; 0: one a processor. Results do not
	// depend on it.
	Threads int
}

// Solve returns potentials, values and, lazily, the plan, with the marginal b
// exactly and a within Residual. Cost is <P, c>, Dual the value OT_eps, an error of
// second order below the optimum; F and G have the same mean. A context that is
// cancelled is noticed after an iteration.
//
// The errors are those of Problem.Check, options out of range, costs that are not
// finite, and an Epsilon below the rounding of the costs.
func (s Sinkhorn) Solve(ctx context.Context, p Problem) (*Result, error) {
	e, eps, err := s.ready(p)
	if err != nil {
		return nil, err
	}
	return e.result(s.alternate(ctx, e, eps, nil, nil), eps), nil
}

// ready checks options and problem, makes the problem ready and resolves the
// regularisation.
func (s Sinkhorn) ready(p Problem) (*entropic, float64, error) {
	if err := s.check(); err != nil {
		return nil, 0, err
	}
	if err := p.Check(); err != nil {
		return nil, 0, err
	}
	e, err := newEntropic(p, s.Threads)
	if err != nil {
		return nil, 0, err
	}
	eps, err := s.epsilon(e)
	return e, eps, err
}

func (s Sinkhorn) check() error {
	for _, o := range []struct {
		name  string
		value float64
	}{{"Epsilon", s.Epsilon}, {"EpsilonRelative", s.EpsilonRelative}, {"Tolerance", s.Tolerance}, {"Annealing", s.Annealing}} {
		if !(o.value >= 0) || math.IsInf(o.value, 0) {
			return fmt.Errorf("transport: Sinkhorn: %s is %v, want a positive number, or 0 for the default", o.name, o.value)
		}
	}
	if s.Annealing > 1 {
		return fmt.Errorf("transport: Sinkhorn: Annealing is %v, want a factor of at most 1", s.Annealing)
	}
	if s.MaxIterations < 0 {
		return fmt.Errorf("transport: Sinkhorn: MaxIterations is %d, want a positive number, or 0 for the default", s.MaxIterations)
	}
	return nil
}

func (s Sinkhorn) tolerance() float64 {
	if s.Tolerance == 0 {
		return 1e-6
	}
	return s.Tolerance
}

func (s Sinkhorn) maxIterations() int {
	if s.MaxIterations == 0 {
		return 10000
	}
	return s.MaxIterations
}

func (s Sinkhorn) annealing() float64 {
	if s.Annealing == 0 {
		return 0.25
	}
	return s.Annealing
}

// epsilon resolves the regularisation.
func (s Sinkhorn) epsilon(e *entropic) (float64, error) {
	eps := s.Epsilon
	if eps == 0 {
		relative := s.EpsilonRelative
		if relative == 0 {
			relative = 0.05
		}
		eps = relative * e.scale()
	}
	if !(eps > 0) || math.IsInf(eps, 0) {
		return 0, fmt.Errorf("transport: Sinkhorn: the regularisation is %v in units of the cost, want a positive number", eps)
	}
	if d := e.diameter(); eps < 1e-15*d {
		return 0, fmt.Errorf("transport: Sinkhorn: the regularisation %v is below the rounding of the costs, which differ by up to %v: use Exact", eps, d)
	}
	return eps, nil
}
