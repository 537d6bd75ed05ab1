package transport

import (
	"math"

	"wgf/internal/radix"
)

// startBasis builds a feasible, strongly feasible basis from a shortlist and
// potentials: flow goes greedily along the arcs of smallest reduced cost, what
// is left over is matched among itself, and the trees of the flow are joined
// by arcs without flow that point towards the root.
func (c *costs) startBasis(arcs []arc, f, g []float64, sup, dem []int64) *network {
	n, m := len(sup), len(dem)
	left, room := append([]int64(nil), sup...), append([]int64(nil), dem...)
	reduced, order := make([]float64, len(arcs)), make([]int32, len(arcs))
	for k, a := range arcs {
		reduced[k] = a.c - f[a.i] - g[a.j]
	}
	new(radix.Sorter).Argsort(order, reduced)

	var tail, head []int32
	var flow []int64
	var cost []float64
	groups := newGroups(n + m)
	use := func(a arc, d int64) {
		tail, head, flow, cost = append(tail, a.i), append(head, int32(n)+a.j), append(flow, d), append(cost, a.c)
		groups.join(a.i, int32(n)+a.j)
	}
	for _, k := range order {
		a := arcs[k]
		if d := min(left[a.i], room[a.j]); d > 0 {
			left[a.i], room[a.j] = left[a.i]-d, room[a.j]-d
			use(a, d)
		}
	}
	var open []int32
	for j, r := range room {
		if r > 0 {
			open = append(open, int32(j))
		}
	}
	for i := range left {
		for left[i] > 0 {
			at, low := 0, math.Inf(1)
			a := arc{i: int32(i)}
			for k, j := range open {
				v := c.at(i, int(j))
				if v-g[j] < low {
					low, at, a.j, a.c = v-g[j], k, j, v
				}
			}
			d := min(left[i], room[a.j])
			left[i], room[a.j] = left[i]-d, room[a.j]-d
			use(a, d)
			if room[a.j] == 0 {
				open[at] = open[len(open)-1]
				open = open[:len(open)-1]
			}
		}
	}

	// A tree of the flow is a group. Groups become trees of groups, each with
	// all arcs towards its own root group: an arc leads out of a root group.
	trees := newGroups(n + m)
	for v := range int32(n + m) {
		trees.up[v] = groups.find(v)
	}
	add := func(a arc) {
		tail, head, flow, cost = append(tail, a.i), append(head, int32(n)+a.j), append(flow, 0), append(cost, a.c)
		trees.up[trees.find(a.i)] = trees.find(int32(n) + a.j)
	}
	isRoot := func(v int32) bool { return groups.find(v) == trees.find(v) }
	for _, k := range order {
		a := arcs[k]
		if isRoot(a.i) && trees.find(int32(n)+a.j) != trees.find(a.i) {
			add(a)
		}
	}
	main := trees.find(0)
	for i := range int32(n) {
		if trees.find(i) == main || !isRoot(i) {
			continue
		}
		low, a := math.Inf(1), arc{i: i}
		for j := range int32(m) {
			if trees.find(int32(n)+j) == trees.find(i) {
				continue
			}
			if v := c.at(int(i), int(j)); v-g[j] < low {
				low, a.j, a.c = v-g[j], j, v
			}
		}
		add(a)
		main = trees.find(main)
	}
	t := newNetwork(n, m)
	t.build(main, tail, head, flow, cost)
	return t
}

// groups are disjoint sets of nodes (union-find with path halving).
type groups struct{ up []int32 }

func newGroups(n int) *groups {
	g := &groups{make([]int32, n)}
	for i := range g.up {
		g.up[i] = int32(i)
	}
	return g
}

func (g *groups) find(v int32) int32 {
	for g.up[v] != v {
		g.up[v] = g.up[g.up[v]]
		v = g.up[v]
	}
	return v
}

func (g *groups) join(v, w int32) { g.up[g.find(v)] = g.find(w) }
