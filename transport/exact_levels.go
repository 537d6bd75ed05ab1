package transport

import (
	"context"
	"math"
)

// exact is one run of the exact solver.
type exact struct {
	Exact
	ctx    context.Context
	costs  *costs
	a, b   []float64 // weights in the solver's order
	pivots int
	status Status
}

const (
	listed   = 16  // arcs that every row and every column begins with
	priced   = 5   // arcs that pricing adds to a row at most
	smallest = 300 // a problem with fewer points on the average has one level
)

// solve runs the levels: leading parts of the points, each four times the one
// before, so that every level begins with nearly right potentials.
func (e *exact) solve() (t *network, f, g []float64) {
	n, m := len(e.a), len(e.b)
	f, g = make([]float64, n), make([]float64, m)
	type level struct{ n, m int }
	levels := []level{{n, m}}
	for n+m > 2*smallest && min(n, m) > 2*listed {
		n, m = (n+3)/4, (m+3)/4
		levels = append(levels, level{n, m})
	}
	for l := len(levels) - 1; l >= 0; l-- {
		n, m := levels[l].n, levels[l].m
		if l < len(levels)-1 {
			before := levels[l+1].n
			e.costs.scan(m, before, 1, e.Threads, true, func(j int, col []float64, b *best) {
				b.scan(col, f[:before], 0)
				g[j] = b.v[0]
			})
		}
		t = e.level(n, m, f[:n], g[:m])
		e.pivots += t.pivots
	}
	return t, f, g
}

// level solves the leading n x m part. g holds potentials to begin with; f and
// g are feasible potentials afterwards, the optimal ones if the run was not
// ended early.
func (e *exact) level(n, m int, f, g []float64) *network {
	c := e.costs
	arcs := c.shortlist(n, m, listed, f, g, e.Threads)
	sup, dem := units(e.a[:n], e.b[:m])
	t := c.startBasis(arcs, f, g, sup, dem)
	// While pricing finds much, the potentials are far from right, and it does
	// not pay to pivot to the end between two rounds of it.
	limit, floor := n+m, 0.0
	var nodes []arc // the arcs, between nodes of the tree
	for {
		tol := max(t.tolerance(), floor)
		t.renumber()
		nodes = nodes[:0]
		for _, a := range arcs {
			nodes = append(nodes, arc{t.id[a.i], t.id[n+int(a.j)], c.above(a)})
		}
		done := e.optimise(t, nodes, tol, limit)
		t.potentials()
		for i := range f {
			f[i] = t.pi[t.id[i]]
		}
		for j := range g {
			g[j] = -t.pi[t.id[n+j]]
		}
		add := c.violated(n, m, priced, f, g, tol, e.Threads)
		if e.status != Converged {
			return t
		}
		if done && len(add) == 0 {
			floor = 0x1p-37 * t.value()
			if n < len(e.a) || c.f0 != nil || tol <= floor || floor == 0 {
				return t
			}
			c.rebase(t)
		}
		arcs = append(arcs, add...)
		if limit = n + m; len(add) < limit/4 {
			limit = math.MaxInt
		}
	}
}

// value is the cost of the plan: the flows are in units of their sum.
func (t *network) value() float64 {
	value, total := 0.0, 0.0
	for u, v := range t.flow {
		if int32(u) != t.root {
			value += float64(v) * math.Abs(t.cost[u])
			total += float64(v)
		}
	}
	return value / total
}

// rebase makes the potentials of the tree the base of those to come. It is
// for potentials so much larger than the costs of the plan that these drown in
// their rounding, as they are for clusters far apart that exchange no mass. What
// is left of the costs is small where it matters, and so are the potentials.
func (c *costs) rebase(t *network) {
	c.f0, c.g0 = make([]float64, t.n), make([]float64, t.m)
	for i := range c.f0 {
		c.f0[i] = t.pi[t.id[i]]
	}
	for j := range c.g0 {
		c.g0[j] = -t.pi[t.id[t.n+j]]
	}
	for u := range t.cost {
		if int32(u) != t.root {
			i, j := t.arc(int32(u))
			t.cost[u] = c.above(arc{i, j, t.cost[u]})
		}
	}
	t.potentials()
}

// above is the cost of an arc above the base potentials.
func (c *costs) above(a arc) float64 {
	if c.f0 == nil {
		return a.c
	}
	return a.c - (c.f0[a.i] + c.g0[a.j])
}

// tolerance is what reduced costs are known to.
func (t *network) tolerance() float64 {
	top := 0.0
	for _, v := range t.pi {
		top = math.Max(top, math.Abs(v))
	}
	return 0x1p-46 * top
}

// optimise pivots until no arc of the list, given by nodes, has a reduced cost
// below -tol, and says whether it came there within the given number of pivots.
// The entering arc is the best one of a block of the list; blocks take turns.
func (e *exact) optimise(t *network, arcs []arc, tol float64, limit int) bool {
	pi := t.pi
	block := max(32, int(math.Sqrt(float64(len(arcs)))))
	at := 0
	for since, pivots := 0, 0; since < len(arcs); {
		low, best := -tol, -1
		for left := block; left > 0; {
			end := min(len(arcs), at+left)
			for k, a := range arcs[at:end] {
				if v := a.c - pi[a.i] + pi[a.j]; v < low {
					low, best = v, at+k
				}
			}
			left -= end - at
			if at = end; at == len(arcs) {
				at = 0
			}
		}
		since += block
		if best < 0 {
			continue
		}
		if pivots == limit || e.stop(t.pivots) {
			return false
		}
		a := arcs[best]
		t.pivot(a.i, a.j, a.c)
		pivots++
		since = 0
	}
	return true
}

// stop reports whether the run has to end, after so many pivots of a level.
func (e *exact) stop(pivots int) bool {
	if e.status == Converged && pivots&1023 == 0 {
		if e.ctx.Err() != nil {
			e.status = Interrupted
		} else if e.Progress != nil {
			e.Progress(e.pivots + pivots)
		}
	}
	if e.status == Converged && e.MaxIterations > 0 && e.pivots+pivots >= e.MaxIterations {
		e.status = Budget
	}
	return e.status != Converged
}
