package transport

import "context"

// Exact solves transport between weighted clouds for any cost, to rounding,
// with a certificate: potentials with f_i + g_j <= c_ij for all pairs, whose
// dual value is a lower bound of the optimal cost. Gap, the difference, is at
// most 1e-11 of the cost, also where costs are much larger than that of the plan
// (clusters far apart); F and G are then rounded to their own last digits.
//
// The method is the network simplex on a shortlist of arcs (Gottschlich and
// Schuhmacher 2014): every point begins with the 16 arcs of smallest reduced
// cost. When no arc of the list improves the plan, all n m pairs are priced with
// the vector kernels, on all threads, and those that violate the dual
// constraints join the list, until there is none. Samples of the points, each
// four times the one before, are solved first: their potentials say which arcs
// matter and where the flow begins (in the spirit of Schmitzer 2016).
//
// Supplies are integers inside, in units of 2^-61 of the mass, or of 1/(n m) for
// equal weights, so that flows are exact, never negative, and degenerate
// problems (repeated points, integer costs, assignments) do not cycle. Masses of
// the plan are right to 2^-61. For squared distances, clouds further apart than
// they are wide are centred first.
//
// A round of pricing is of order n m d; rounds are few (5 to 15). The pivots,
// about 15 to 25 a point, cost a microsecond to ten each. Memory is of order
// (n+m)(d + 16); a cost given by a function is evaluated once for every pair
// and kept, 8 n m bytes.
type Exact struct {
	// Threads computes costs on that many goroutines (0: one a processor). The
	// result does not depend on it.
	Threads int
	// MaxIterations bounds the pivots (0: no bound); when they run out the
	// status is Budget and Gap says how far from the optimum the plan may be.
	MaxIterations int
	// Progress, if set, is called every 1024 pivots with their number so far, by
	// the goroutine that called Solve.
	Progress func(pivots int)
}

// Solve solves the problem. The errors are those of Problem.Check. When the
// context is cancelled the result has the status Interrupted, a plan with the
// right marginals, and feasible potentials.
func (s Exact) Solve(ctx context.Context, p Problem) (*Result, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	r := &Result{Problem: p, Method: "exact", References: []string{
		"Cunningham (1976), A network simplex method, Mathematical Programming 11",
		"Gottschlich and Schuhmacher (2014), The shortlist method for fast computation of the earth mover's distance, PLOS ONE 9",
		"Schmitzer (2016), A sparse multiscale algorithm for dense optimal transport, J. Math. Imaging Vision 56",
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
