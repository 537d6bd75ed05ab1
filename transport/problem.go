package transport

import (
	"context"
	"fmt"
	"math"

	"wgf/measure"
)

// Problem is the Kantorovich problem: minimise sum_ij P_ij c(x_i, y_j) over
// the couplings P of A and B. Weights are normalised; points without weight
// take no part.
type Problem struct {
	A, B *measure.Cloud
	Cost Cost
}

// Solver turns a problem into a result. An error is for problems that cannot
// be posed; a solver that ends early says so in the result's Status.
type Solver interface {
	Solve(ctx context.Context, p Problem) (*Result, error)
}

// farthest is the largest coordinate whose squares can be added up.
const farthest = 1e152

// Check reports problems that cannot be posed: empty clouds, dimensions that
// differ, coordinates or costs that are not finite, weights that are no
// measure.
func (p Problem) Check() error {
	for i, c := range []*measure.Cloud{p.A, p.B} {
		name := "AB"[i : i+1]
		if c == nil || c.N == 0 {
			return fmt.Errorf("transport: the measure %s has no points", name)
		}
		if err := c.Check(); err != nil {
			return fmt.Errorf("transport: the measure %s: %w", name, err)
		}
		if p.Cost.kind == matrix {
			continue // positions are not looked at
		}
		for at, v := range c.X {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("transport: the measure %s: coordinate %d of point %d is %v", name, at/c.N+1, at%c.N+1, v)
			}
			if math.Abs(v) > farthest {
				return fmt.Errorf("transport: the measure %s: coordinate %d of point %d is %g, too large: squares of distances beyond %g overflow", name, at/c.N+1, at%c.N+1, v, farthest)
			}
		}
	}
	if p.A.D != p.B.D && p.Cost.kind != matrix {
		return fmt.Errorf("transport: the measures live in %d and %d dimensions", p.A.D, p.B.D)
	}
	return p.Cost.check(p.A.N, p.B.N)
}
