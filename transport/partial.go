package transport

import (
	"context"
	"fmt"
	"math"

	"wgf/measure"
)

// Partial transports a part of the mass only,
//
//	min_P <P, c>  over P >= 0, P 1 <= a, P^T 1 <= b, sum_ij P_ij = s,
//
// and finds the part for which that is cheapest. With Epsilon = 0 it is solved
// exactly: a further point of B takes the mass that a keeps and a further point of
// A sends what b lacks, both at cost 0, and the two may not meet (Caffarelli and
// McCann 2010; Chapel, Alaya and Gasso 2020, proposition 1). That balanced problem is
// given to [Exact], so the result has its certificate: F and G are potentials with
// f_i + g_j <= c_ij, Dual the value of the dual problem
//
//	max sum_i a_i min(f_i - p, 0) + sum_j b_j min(g_j - q, 0) + s (p + q)
//
// over f, g, p and q, and Gap bounds the error. A matrix of costs is kept: memory
// and time are those of Exact for a matrix.
//
// With Epsilon > 0 the objective has the term Epsilon KL(P | a x b) more, and the
// concave dual is maximised over f <= 0, g <= 0 and the price t of mass in turn
// in the log domain,
//
//	P_ij = a_i b_j exp((f_i + g_j + t - c_ij)/eps),
//
// f <- min(softmin(g + t), 0) and the same for g, t from the mass (the
// constraints of Benamou et al. 2015, section 5, by coordinate ascent); memory is
// O((n + m) d). The result's F and G have half of t each added.
//
// Result.Mass and Result.Marginals say what is transported.
type Partial struct {
	// Mass is the mass s to be transported, at most the smaller of the two; 0: the
	// smaller of the two.
	Mass float64

	// MassA and MassB are the total masses; 0: 1. The weights of the clouds share
	// them out.
	MassA, MassB float64

	// Epsilon is the entropic regularisation in units of the cost; 0: none.
	Epsilon float64

	// Tolerance is the total variation between the marginal of an entropic plan
	// and the one that it should have, relative to the mass, at which the solver
	// stops; 0: 1e-6.
	Tolerance float64

	// MaxIterations bounds the entropic iterations (0: 10000), or the pivots of the
	// exact solver (0: no bound).
	MaxIterations int

	// Threads is the number of goroutines; 0: one a processor. Results do not
	// depend on it.
	Threads int
}

// Solve solves the problem. The errors are those of Problem.Check, a mass that
// is not there and options out of range.
func (s Partial) Solve(ctx context.Context, p Problem) (*Result, error) {
	massA, massB, err := masses(s.MassA, s.MassB)
	if err != nil {
		return nil, err
	}
	smaller := math.Min(massA, massB)
	if s.Mass == 0 {
		s.Mass = smaller
	}
	if !(s.Mass > 0 && s.Mass <= smaller) {
		return nil, fmt.Errorf("transport: a mass of %v cannot be transported between masses of %v and %v", s.Mass, massA, massB)
	}
	s.MassA, s.MassB = massA, massB
	if s.Epsilon != 0 {
		return s.entropic(ctx, p)
	}
	if err := p.Check(); err != nil {
		return nil, err
	}
	return s.exact(ctx, p)
}

// exact solves the balanced problem with a further point on each side.
func (s Partial) exact(ctx context.Context, p Problem) (*Result, error) {
	n, m := p.A.N, p.B.N
	base := s.base(p)
	low, high := math.Inf(1), math.Inf(-1)
	costs := make([]float64, (n+1)*(m+1))
	x, y := make([]float64, p.A.D), make([]float64, p.B.D)
	for i := range n {
		row := costs[i*(m+1) : i*(m+1)+m]
		base.row(row, i, x, y)
		for _, v := range row {
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	if math.IsNaN(low) || math.IsInf(low, 0) || math.IsInf(high, 0) {
		return nil, fmt.Errorf("transport: the cost function gives values from %v to %v", low, high)
	}
	// A constant does not change the plan, since the mass s pays it whatever the
	// plan is: with costs from 0 to high-low, the price high-low is enough to keep
	// the further points apart.
	for i := range n {
		row := costs[i*(m+1) : i*(m+1)+m]
		for j := range row {
			row[j] -= low
		}
	}
	costs[n*(m+1)+m] = 2*(high-low) + 1
	if high > low {
		costs[n*(m+1)+m] = 2 * (high - low)
	}
	total := s.MassA + s.MassB - s.Mass
	r, err := Exact{Threads: s.Threads, MaxIterations: s.MaxIterations}.Solve(ctx, Problem{
		A: further(p.A, s.MassA, s.MassB-s.Mass), B: further(p.B, s.MassB, s.MassA-s.Mass), Cost: Matrix(costs, n+1, m+1),
	})
	if err != nil {
		return nil, err
	}
	out := &Result{Problem: p, Method: "partial", Status: r.Status, Iterations: r.Iterations, loose: &marginals{}, References: append([]string{
		"Caffarelli and McCann (2010), Free boundaries in optimal transport and Monge-Ampère obstacle problems, Annals of Mathematics 171",
		"Chapel, Alaya and Gasso (2020), Partial optimal transport with applications on positive-unlabeled learning, NeurIPS",
	}, r.References...)}
	plan := &Plan{N: n, M: m}
	full := r.Plan()
	wa, wb := p.A.Weights(), p.B.Weights()
	for k, mass := range full.Mass {
		i, j := int(full.I[k]), int(full.J[k])
		if i == n || j == m {
			continue
		}
		if mass*total < 1e-13*math.Min(wa[i]*s.MassA, wb[j]*s.MassB) {
			continue // what rounding leaves of a point that keeps its mass
		}
		plan.I, plan.J, plan.Mass = append(plan.I, full.I[k]), append(plan.J, full.J[k]), append(plan.Mass, mass*total)
		out.loose.mass += mass * total
	}
	out.loose.a, out.loose.b = plan.Marginals()
	constant := (base.constant + low) * s.Mass
	out.Cost = r.Cost*total + constant
	out.Dual = r.Dual*total + constant
	out.F, out.G = r.F[:n], r.G[:m]
	base.restore(out.F, out.G, low)
	out.makePlan = func() *Plan { return plan }
	return out, nil
}

// further is the cloud with one more point that has the given mass; positions
// do not count.
func further(c *measure.Cloud, mass, more float64) *measure.Cloud {
	out := measure.New(c.N+1, 0)
	out.LogW = make([]float64, 0, c.N+1)
	for _, w := range c.Weights() {
		out.LogW = append(out.LogW, math.Log(w*mass))
	}
	out.LogW = append(out.LogW, math.Log(more))
	return out
}

// partialCost is the cost less a constant: for |x-y|^2 between clouds far
// apart only what differs between pairs, with D the difference of the means,
//
//	|x-y|^2 - |D|^2 = |x'-y'|^2 + 2 <D, x'-y'>,
//
// x' and y' centred. The mass s pays the constant whatever the plan is.
type partialCost struct {
	problem  Problem
	constant float64
	d        []float64 // D, or nil
}

func (s Partial) base(p Problem) *partialCost {
	c := &partialCost{problem: p}
	if p.Cost.kind != sqEuclidean {
		return c
	}
	a, b := p.A.Clone(), p.B.Clone()
	ma, mb := recentre(a, p.A.Weights(), nil), recentre(b, p.B.Weights(), nil)
	c.d = make([]float64, len(ma))
	for k := range ma {
		c.d[k] = ma[k] - mb[k]
		c.constant += float64(c.d[k] * c.d[k])
	}
	c.problem.A, c.problem.B = a, b
	return c
}

func (c *partialCost) row(dst []float64, i int, x, y []float64) {
	a, b := c.problem.A, c.problem.B
	c.problem.Cost.row(dst, a, b, i, x, y)
	for k, d := range c.d {
		xi := a.X[k*a.N+i]
		for j, yj := range b.Coordinate(k) {
			dst[j] += float64(2 * d * (xi - yj))
		}
	}
}

// restore adds the constant and low to f + g.
func (c *partialCost) restore(f, g []float64, low float64) {
	half := (c.constant + low) / 2
	shiftBy(f, half)
	shiftBy(g, half)
}
