package transport

// network is a transportation problem on a sparse set of arcs, solved by the
// network simplex method. Points 0..n-1 are those of A, n..n+m-1 those of B;
// an arc from i to j costs c and has no capacity, so that only the arcs of
// the basis, a spanning tree, carry flow. Each node but the root stands for
// the tree arc to its parent.
//
// Supplies are integers, so that flows are exact and a degenerate pivot is
// known to be one. Trees are kept strongly feasible: an arc without flow points
// to the root. With the leaving arc chosen last on the cycle, seen from its
// apex, no basis comes back (Cunningham 1976, A network simplex method).
//
// The preorder of the tree is a cyclic doubly linked list (thread, back), in
// which a subtree is a contiguous run from its root to `last`: the potentials
// of a subtree are updated by walking its run.
type network struct {
	n, m   int
	parent []int32
	size   []int32 // nodes of the subtree
	last   []int32 // last node of the subtree in preorder
	thread []int32
	back   []int32
	flow   []int64   // on the arc between the node and its parent
	cost   []float64 // of that arc
	pi     []float64 // f_i for points of A, -g_j for points of B: c = pi_i - pi_j on the tree
	source []bool    // the node is a point of A
	name   []int32   // the point that a node is
	id     []int32   // the node of a point
	root   int32
	pivots int
}

func newNetwork(n, m int) *network {
	size := n + m
	return &network{
		n: n, m: m,
		parent: make([]int32, size), size: make([]int32, size), last: make([]int32, size),
		thread: make([]int32, size), back: make([]int32, size),
		flow: make([]int64, size), cost: make([]float64, size), pi: make([]float64, size),
		source: make([]bool, size), name: make([]int32, size), id: make([]int32, size),
	}
}

// build makes the tree from its n+m-1 arcs, with flows, and hangs it up at
// root. Arcs without flow must be directed to the root.
func (t *network) build(root int32, tail, head []int32, flow []int64, cost []float64) {
	size := t.n + t.m
	first := make([]int32, size+1)
	for k := range tail {
		first[tail[k]]++
		first[head[k]]++
	}
	sum := int32(0)
	for v, c := range first {
		first[v] = sum
		sum += c
	}
	ends, next := make([]int32, 2*len(tail)), append([]int32(nil), first...)
	for k := range tail {
		for _, v := range [2]int32{tail[k], head[k]} {
			ends[next[v]] = int32(k)
			next[v]++
		}
	}
	for u := range t.name {
		t.source[u], t.name[u], t.id[u] = u < t.n, int32(u), int32(u)
	}
	t.root = root
	t.parent[root] = -1
	order := make([]int32, 0, size)
	stack := append(make([]int32, 0, size), root)
	for len(stack) > 0 {
		u := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		order = append(order, u)
		for _, k := range ends[first[u]:first[u+1]] {
			v := tail[k] + head[k] - u
			if v == t.parent[u] {
				continue
			}
			t.parent[v], t.flow[v], t.cost[v] = u, flow[k], cost[k]
			stack = append(stack, v)
		}
	}
	for k, u := range order {
		w := order[(k+1)%len(order)]
		t.thread[u], t.back[w] = w, u
		t.size[u], t.last[u] = 1, u
	}
	for k := len(order) - 1; k > 0; k-- {
		u := order[k]
		p := t.parent[u]
		t.size[p] += t.size[u]
	}
	for k, u := range order {
		t.last[u] = order[k+int(t.size[u])-1]
	}
	t.potentials()
}

// potentials computes the potentials from the tree anew, from 0 at the root.
func (t *network) potentials() {
	t.pi[t.root] = 0
	for u := t.thread[t.root]; u != t.root; u = t.thread[u] {
		if p := t.parent[u]; t.source[u] {
			t.pi[u] = t.pi[p] + t.cost[u]
		} else {
			t.pi[u] = t.pi[p] - t.cost[u]
		}
	}
}

// renumber numbers the nodes in preorder, so that walks through subtrees run
// through memory.
func (t *network) renumber() {
	old := *t
	*t = *newNetwork(old.n, old.m)
	t.pivots = old.pivots
	at, to := old.root, make([]int32, old.n+old.m)
	for k := range to {
		to[at] = int32(k)
		at = old.thread[at]
	}
	count := int32(len(to))
	for u, k := range to {
		t.parent[k] = -1
		if p := old.parent[u]; p >= 0 {
			t.parent[k] = to[p]
		}
		t.size[k], t.last[k] = old.size[u], k+old.size[u]-1
		t.thread[k], t.back[k] = (k+1)%count, (k+count-1)%count
		t.flow[k], t.cost[k], t.pi[k] = old.flow[u], old.cost[u], old.pi[u]
		t.source[k], t.name[k] = old.source[u], old.name[u]
		t.id[t.name[k]] = k
	}
}

// pivot brings the arc from node i to node j, of cost c, into the basis.
func (t *network) pivot(i, j int32, c float64) {
	t.pivots++
	parent, size, flow := t.parent, t.size, t.flow
	// The apex, where the paths to the root meet: the smaller subtree is
	// never above it.
	u, v := i, j
	for u != v {
		if size[u] < size[v] {
			u = parent[u]
		} else if size[u] > size[v] {
			v = parent[v]
		} else {
			u, v = parent[u], parent[v]
		}
	}
	apex := u
	// Flow goes from i to j by the new arc, from j up to the apex and down
	// to i: it falls on arcs into B-nodes on the way up, and on arcs out of
	// A-nodes on the way down.
	source := t.source
	delta, out, below := int64(1<<63-1), int32(-1), i
	for u := i; u != apex; u = parent[u] {
		if source[u] && flow[u] < delta {
			delta, out = flow[u], u
		}
	}
	for u := j; u != apex; u = parent[u] {
		if !source[u] && flow[u] <= delta {
			delta, out, below = flow[u], u, j
		}
	}
	if delta > 0 {
		for u := i; u != apex; u = parent[u] {
			if source[u] {
				flow[u] -= delta
			} else {
				flow[u] += delta
			}
		}
		for u := j; u != apex; u = parent[u] {
			if source[u] {
				flow[u] += delta
			} else {
				flow[u] -= delta
			}
		}
	}
	above := i + j - below
	shift := c - t.pi[i] + t.pi[j]
	if below == j {
		shift = -shift
	}
	t.cut(out, apex)
	end := t.turn(below, out)
	t.link(below, above, end, apex)
	t.flow[below], t.cost[below] = delta, c
	// Potentials matter up to a constant: the smaller side moves.
	from, to := below, end
	if 2*int(t.size[below]) > t.n+t.m {
		from, to, shift = t.thread[end], t.back[below], -shift
	}
	for u := from; ; u = t.thread[u] {
		t.pi[u] += shift
		if u == to {
			break
		}
	}
}

// cut takes the subtree of out out of the preorder.
func (t *network) cut(out, apex int32) {
	before, tail := t.back[out], t.last[out]
	after := t.thread[tail]
	t.thread[before], t.back[after] = after, before
	for u := t.parent[out]; u >= 0 && t.last[u] == tail; u = t.parent[u] {
		t.last[u] = before
	}
	for u := t.parent[out]; u != apex; u = t.parent[u] {
		t.size[u] -= t.size[out]
	}
}

// turn makes below the root of the subtree of out that holds it, by turning
// the path between them over. The new preorder is the subtree of below, then,
// for every node further up, what its subtree has beside the one before.
// It returns the last node of the new preorder.
func (t *network) turn(below, out int32) (end int32) {
	parent, size, last, thread, back := t.parent, t.size, t.last, t.thread, t.back
	moved := size[out]
	child, childSize, childLast := below, size[below], last[below]
	flow, cost := t.flow[below], t.cost[below]
	end = childLast
	follow, left := thread[end], back[below] // what came after and before the subtree of child
	for up := parent[below]; child != out; {
		u := up
		lastU := last[u]
		thread[end] = u
		end, left, back[u] = left, back[u], end
		if lastU != childLast {
			next := thread[lastU]
			thread[end], back[follow] = follow, end
			end, follow = lastU, next
		}
		up, parent[u] = parent[u], child
		t.flow[u], flow = flow, t.flow[u]
		t.cost[u], cost = cost, t.cost[u]
		size[u], childSize = moved-childSize, size[u]
		child, childLast = u, lastU
	}
	size[below] = moved
	for u := out; u != below; u = parent[u] {
		last[u] = end
	}
	last[below] = end
	return end
}

// link hangs the subtree of below, which ends at end, under above.
func (t *network) link(below, above, end, apex int32) {
	next := t.thread[above]
	t.thread[above], t.back[below] = below, above
	t.thread[end], t.back[next] = next, end
	t.parent[below] = above
	if t.last[above] == above {
		for u := above; u >= 0 && t.last[u] == above; u = t.parent[u] {
			t.last[u] = end
		}
	}
	for u := above; u != apex; u = t.parent[u] {
		t.size[u] += t.size[below]
	}
}
