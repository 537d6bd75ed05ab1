package transport

import (
	"context"
	"fmt"
	"math"
)

// OneDimensional solves transport on the line by sorting. For a cost h(x-y)
// with h convex the monotone coupling, which sends quantile to quantile, is
// optimal whatever the weights (Villani 2003, Topics in Optimal Transportation,
// theorem 2.18). Costs |x-y|^p with p >= 1 are taken; for other costs the
// monotone coupling need not be optimal, and Exact solves them.
//
// The plan has at most n+m-1 atoms. The potentials satisfy f_i + g_j <= c_ij
// for all pairs, with equality on the plan. The cost is of order
// (n+m) log(n+m) time, O(n+m) memory.
//
// For squared distances, clouds further apart than they are wide are centred,
// W2^2 = |difference of means|^2 + W2^2 of the centred clouds, to lose no digits.
type OneDimensional struct{}

// Solve solves the problem to rounding. The errors are those of Problem.Check,
// points that are not on a line, and costs that are not |x-y|^p with p >= 1.
func (OneDimensional) Solve(ctx context.Context, p Problem) (*Result, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if p.Cost.kind == matrix || p.Cost.kind == function {
		return nil, fmt.Errorf("transport: the one-dimensional solver sorts points and takes costs |x-y|^p with p >= 1 only: use Exact for a matrix or a function")
	}
	if p.A.D != 1 {
		return nil, fmt.Errorf("transport: the one-dimensional solver got points in %d dimensions: use Exact or Sliced", p.A.D)
	}
	e := p.Cost.Exponent()
	if e < 1 {
		return nil, fmt.Errorf("transport: |x-y|^p with p = %v is not convex, so the monotone plan need not be optimal: use Exact", e)
	}
	r := &Result{Problem: p, Method: "one-dimensional", References: []string{
		"Villani (2003), Topics in Optimal Transportation, section 2.2",
	}}
	if ctx.Err() != nil {
		r.Status = Interrupted
	}
	qa, qb := newQuantile(p.A), newQuantile(p.B)
	x, y := p.A.X, p.B.X
	shift := 0.0 // of B against A, taken out by centring
	if e == 2 {
		// Means are seen from the lowest atoms, to lose no digits far from 0.
		x0, y0, ma, mb := qa.X[0], qb.X[0], qa.above(), qb.above()
		shift = y0 - x0 + (mb - ma)
		if math.Abs(shift) > math.Max(qa.width(), qb.width()) {
			x, y = shifted(x, x0, ma), shifted(y, y0, mb)
			qa.X, qb.X = shifted(qa.X, x0, ma), shifted(qb.X, y0, mb)
		} else {
			shift = 0 // differences of the points as they are lose nothing
		}
	}
	plan := monotone(qa, qb)
	for k, w := range plan.Mass {
		r.Cost += float64(w * powerCost(qa.X[plan.I[k]]-qb.X[plan.J[k]], e))
	}
	r.F, r.G = monotonePotentials(qa, qb, x, y, plan, e)
	for k, w := range qa.W {
		r.Dual += float64(w * r.F[qa.Index[k]])
	}
	for k, w := range qb.W {
		r.Dual += float64(w * r.G[qb.Index[k]])
	}
	if e == 2 {
		// |x-y|^2 = |x'-y'|^2 - 2 s (x'-y') + s^2 in centred coordinates
		for i, v := range x {
			r.F[i] += shift * (shift/2 - 2*v)
		}
		for j, v := range y {
			r.G[j] += shift * (shift/2 + 2*v)
		}
		r.Cost += float64(shift * shift)
		r.Dual += float64(shift * shift)
	}
	r.Iterations = len(plan.Mass)
	r.makePlan = func() *Plan { return plan.relabel(p.A.N, p.B.N, qa.Index, qb.Index) }
	return r, nil
}

// shifted is x - base - c.
func shifted(x []float64, base, c float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = v - base - c
	}
	return out
}

// powerCost is |t|^p.
func powerCost(t, p float64) float64 {
	switch p {
	case 1:
		return math.Abs(t)
	case 2:
		return float64(t * t)
	}
	return math.Pow(math.Abs(t), p)
}

// relabel names the atoms by the points of the problem.
func (p *Plan) relabel(n, m int, a, b []int32) *Plan {
	out := &Plan{N: n, M: m}
	for k, w := range p.Mass {
		if w > 0 {
			out.I, out.J, out.Mass = append(out.I, a[p.I[k]]), append(out.J, b[p.J[k]]), append(out.Mass, w)
		}
	}
	out.order()
	return out
}
