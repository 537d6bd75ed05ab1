package main

import (
	"context"
	"fmt"
	"math"

	"wgf/transport"
)

// mass is the total mass of a measure for --unbalanced and --partial: the sum of
// the weights in the file that --weights names, 1 otherwise.
func (c transportSolveCmd) mass(m measureIn, weights string) float64 {
	if weights == "" || c.Normalize {
		return 1
	}
	sum := 0.0
	for _, v := range m.cloud().LogW {
		sum += math.Exp(v)
	}
	return sum
}

// solveLoose solves the problems in which not all mass has to be transported.
func (c transportSolveCmd) solveLoose(ctx context.Context, p transport.Problem, massA, massB float64) (*outcome, error) {
	if c.Partial > math.Min(massA, massB) {
		return nil, fmt.Errorf("--partial %v: A has the mass %.6g and B has %.6g; want at most the smaller", c.Partial, massA, massB)
	}
	var solver transport.Solver
	switch {
	case c.Unbalanced > 0:
		solver = transport.Unbalanced{
			Rho: c.Unbalanced, MassA: massA, MassB: massB, Epsilon: c.Epsilon,
			Tolerance: c.Tolerance, MaxIterations: c.MaxIterations, Threads: c.Threads,
		}
	default:
		partial := transport.Partial{
			Mass: c.Partial, MassA: massA, MassB: massB, Epsilon: c.Epsilon,
			Tolerance: c.Tolerance, MaxIterations: c.MaxIterations, Threads: c.Threads,
		}
		if c.Method == "sinkhorn" && c.Epsilon == 0 {
			return nil, usagef("--partial with --method sinkhorn needs --epsilon")
		}
		if c.Method == "exact" {
			partial.Epsilon = 0
		}
		solver = partial
	}
	r, err := solver.Solve(ctx, p)
	if err != nil {
		return nil, plain(err)
	}
	o := solved(r)
	o.mass, o.distance = r.Mass(), math.NaN()
	if r.Epsilon > 0 {
		o.gap = math.NaN()
	}
	if c.Unbalanced > 0 {
		o.notes = append(o.notes, fmt.Sprintf("Of the masses %.6g and %.6g, %.6g is transported; cost is that of this part, without the price of the rest.", massA, massB, o.mass))
	}
	return o, nil
}
