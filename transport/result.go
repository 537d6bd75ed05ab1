package transport

import (
	"fmt"
	"math"
	"sync"
)

// Status says how a solver ended.
type Status uint8

const (
	Converged   Status = iota // the stated tolerance was reached
	Budget                    // iterations ran out before: Residual says how far it is
	Interrupted               // the context was cancelled
)

func (s Status) String() string {
	switch s {
	case Converged:
		return "converged"
	case Budget:
		return "iterations ran out"
	case Interrupted:
		return "interrupted"
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// Result is a solved problem. Plan and what follows from it are computed when
// they are first asked for.
type Result struct {
	Problem Problem
	Method  string // "exact", "sinkhorn", "one-dimensional" ...

	// Cost is the value of the linear problem at the plan found, <P, c>; it is
	// optimal up to Gap for exact solvers.
	Cost float64
	// Dual is the value sum_i a_i f_i + sum_j b_j g_j of the dual problem at
	// (F, G) after feasibility is restored, a lower bound of the optimal cost.
	// For entropic solvers it is the value of the regularised dual.
	Dual float64
	// F and G are the dual potentials, f_i + g_j <= c_ij for exact solvers. They
	// are determined up to a constant that moves from one to the other.
	F, G []float64

	Status     Status
	Iterations int
	Residual   float64 // entropic: total variation between marginal and weights
	Epsilon    float64 // entropic: the regularisation used, in units of the cost

	// References are the papers of the methods that were used.
	References []string

	root float64 // p where Cost is the p-th power of a distance but Problem.Cost says nothing

	planOnce sync.Once
	plan     *Plan
	makePlan func() *Plan

	entropic *entropic    // the problem made ready, of entropic results
	centred  *alternation // its potentials
	loose    *marginals   // of unbalanced and partial results
}

// Gap is Cost - Dual: an upper bound of what an exact result is away from the
// optimum, zero up to rounding.
func (r *Result) Gap() float64 { return r.Cost - r.Dual }

// Distance is W_p = Cost^(1/p) for the cost |x-y|^p with p >= 1, and NaN where
// the cost is no power of a distance; MW2 of Gaussian mixtures is known. For 0 <
// p < 1 the cost is a distance itself.
func (r *Result) Distance() float64 {
	p := r.Problem.Cost.Exponent()
	if p == 0 {
		p = r.root
	}
	switch {
	case p == 0:
		return math.NaN()
	case p < 1:
		return math.Max(r.Cost, 0)
	default:
		return math.Pow(math.Max(r.Cost, 0), 1/p)
	}
}

// Plan is the coupling found. An entropic plan is dense: it has as many atoms
// as there are pairs of points whose mass is not negligible.
func (r *Result) Plan() *Plan {
	r.planOnce.Do(func() {
		if r.plan == nil && r.makePlan != nil {
			r.plan = r.makePlan()
		}
	})
	return r.plan
}
