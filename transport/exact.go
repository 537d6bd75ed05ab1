package transport

import (
	"context"
	"math"
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
	n, m := len(rows), len(cols)
	sup, dem := units(a, rows, b, cols)
	c := make([]float64, n*m)
	full, x, y := make([]float64, p.B.N), make([]float64, p.A.D), make([]float64, p.B.D)
	top := 0.0
	for i, at := range rows {
		p.Cost.row(full, p.A, p.B, int(at), x, y)
		for j, to := range cols {
			c[i*m+j] = full[to]
			top = math.Max(top, math.Abs(full[to]))
		}
	}
	t := northWest(sup, dem, c)
	tol := 1e-14 * top
	block := max(64, int(math.Sqrt(float64(n*m))))
	at, since := 0, 0
	for since < n*m {
		if t.pivots&1023 == 0 && ctx.Err() != nil {
			r.Status = Interrupted
			break
		}
		if s.MaxIterations > 0 && t.pivots >= s.MaxIterations {
			r.Status = Budget
			break
		}
		best, arc := -tol, -1
		for range block {
			if v := c[at] - t.pi[at/m] + t.pi[n+at%m]; v < best {
				best, arc = v, at
			}
			if at++; at == n*m {
				at = 0
			}
		}
		since += block
		if arc >= 0 {
			since = 0
			t.pivot(int32(arc/m), int32(n+arc%m), c[arc])
		}
	}
	r.Iterations = t.pivots
	t.potentials()
	mass := t.masses(a, rows, b, cols)
	plan := &Plan{N: p.A.N, M: p.B.N}
	for u, v := range mass {
		if v > 0 {
			i, j := t.arc(int32(u))
			r.Cost += v * t.cost[u]
			plan.I, plan.J, plan.Mass = append(plan.I, rows[i]), append(plan.J, cols[j]), append(plan.Mass, v)
		}
	}
	plan.order()
	r.makePlan = func() *Plan { return plan }
	// Feasible potentials on all points.
	r.F, r.G = make([]float64, p.A.N), make([]float64, p.B.N)
	for j := range r.G {
		r.G[j] = math.Inf(1)
	}
	for i, at := range rows {
		r.F[at] = t.pi[i]
		p.Cost.row(full, p.A, p.B, int(at), x, y)
		for j, v := range full {
			r.G[j] = math.Min(r.G[j], v-t.pi[i])
		}
	}
	for i := range r.F {
		if a[i] > 0 {
			r.Dual += a[i] * r.F[i]
			continue
		}
		p.Cost.row(full, p.A, p.B, i, x, y)
		r.F[i] = math.Inf(1)
		for j, v := range full {
			r.F[i] = math.Min(r.F[i], v-r.G[j])
		}
	}
	for j, w := range b {
		r.Dual += w * r.G[j]
	}
	return r, nil
}

// positive lists the points that have weight.
func positive(w []float64) []int32 {
	var out []int32
	for i, v := range w {
		if v > 0 {
			out = append(out, int32(i))
		}
	}
	return out
}

// units writes weights as integers with equal sums. Equal weights on both
// sides become exact.
func units(a []float64, rows []int32, b []float64, cols []int32) (sup, dem []int64) {
	equal := func(w []float64, at []int32) bool {
		for _, i := range at {
			if w[i] != w[at[0]] {
				return false
			}
		}
		return true
	}
	n, m := len(rows), len(cols)
	sup, dem = make([]int64, n), make([]int64, m)
	if equal(a, rows) && equal(b, cols) {
		for i := range sup {
			sup[i] = int64(m)
		}
		for j := range dem {
			dem[j] = int64(n)
		}
		return sup, dem
	}
	round := func(dst []int64, w []float64, at []int32) int64 {
		sum, top := int64(0), 0
		for k, i := range at {
			dst[k] = max(1, int64(math.Round(w[i]*(1<<61))))
			sum += dst[k]
			if dst[k] > dst[top] {
				top = k
			}
		}
		dst[top] += 1<<61 - sum
		return sum
	}
	round(sup, a, rows)
	round(dem, b, cols)
	return sup, dem
}

// northWest is the basis of the north-west corner rule.
func northWest(sup, dem []int64, c []float64) *network {
	n, m := len(sup), len(dem)
	t := newNetwork(n, m)
	var tail, head []int32
	var flow []int64
	var cost []float64
	i, j := 0, 0
	left, room := sup[0], dem[0]
	for {
		d := min(left, room)
		tail, head, flow, cost = append(tail, int32(i)), append(head, int32(n+j)), append(flow, d), append(cost, c[i*m+j])
		left, room = left-d, room-d
		if i == n-1 && j == m-1 {
			break
		}
		// an arc without flow goes from the next point of A to the one of B
		if left == 0 && i < n-1 {
			i++
			left = sup[i]
		} else {
			j++
			room = dem[j]
		}
	}
	t.build(int32(n), tail, head, flow, cost)
	return t
}

// arc is the arc between u and its parent, as point of A and point of B.
func (t *network) arc(u int32) (i, j int32) {
	if p := t.parent[u]; int(u) < t.n {
		return u, p - int32(t.n)
	} else {
		return p, u - int32(t.n)
	}
}

// masses are the flows of the tree for the weights themselves, which the
// supplies are rounded from; they stand at the lower end of each arc.
func (t *network) masses(a []float64, rows []int32, b []float64, cols []int32) []float64 {
	out := make([]float64, t.n+t.m)
	for i, at := range rows {
		out[i] = a[at]
	}
	for j, at := range cols {
		out[t.n+j] = b[at]
	}
	for u := t.back[t.root]; u != t.root; u = t.back[u] {
		if t.flow[u] == 0 {
			out[u] = 0
		}
		out[u] = math.Max(out[u], 0)
		out[t.parent[u]] -= out[u]
	}
	out[t.root] = 0
	return out
}
