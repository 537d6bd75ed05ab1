package transport

import (
	"context"
)

// Exact solves transport between weighted clouds for any cost, to rounding,
// with a certificate: feasible potentials whose dual value equals the cost.
type Exact struct {
	// Threads computes costs on that many goroutines (0: one a processor). The
	// result does not depend on it.
	Threads int
	// MaxIterations bounds the pivots (0: no bound); when they run out the
	// status is Budget and Gap says how far from the optimum the plan may be.
	MaxIterations int
	// Progress, if set, is called now and then with the pivots done so far.
	Progress func(pivots int)
}

// Solve solves the problem. The errors are those of Problem.Check.
func (s Exact) Solve(ctx context.Context, p Problem) (*Result, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	r := &Result{Problem: p, Method: "exact", References: []string{
		"Cunningham (1976), A network simplex method, Mathematical Programming 11",
	}}
	a, b := p.A.Weights(), p.B.Weights()
	rows, cols := positive(a), positive(b)
	shuffle(rows)
	shuffle(cols)
	c, shift := newCosts(p, rows, cols, a, b, s.Threads)
	e := &exact{Exact: s, ctx: ctx, costs: c, a: gather(a, rows), b: gather(b, cols)}
	t, f, g := e.solve()
	r.Status, r.Iterations = e.status, e.pivots
	c.result(r, t, e, f, g, shift)
	return r, nil
}
