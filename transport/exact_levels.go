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
	limit := n + m
	var nodes []arc // the arcs, between nodes of the tree
	for {
		tol := t.tolerance()
		t.renumber()
		nodes = nodes[:0]
		for _, a := range arcs {
			nodes = append(nodes, arc{t.id[a.i], t.id[n+int(a.j)], a.c})
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
		if done && len(add) == 0 || e.status != Converged {
			return t
		}
		arcs = append(arcs, add...)
		if limit = n + m; len(add) < limit/4 {
			limit = math.MaxInt
		}
	}
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
