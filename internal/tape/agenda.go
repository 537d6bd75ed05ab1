package tape

import "container/heap"

// agenda hands out the nodes of a graph in batches of the same kind, operands first. A node waits until its operands
// are done; of the kinds with waiting nodes the one that lies nearest to the inputs and furthest from the outputs comes
// first, so that recurrences run ahead and what hangs off their steps is gathered into one batch.
type agenda struct {
	g       *graph
	virtual []bool // done as soon as its operands are: part of its user's instruction

	pending     []int32 // operands that a node waits for
	listPending []int32
	userOff     []int32 // users of node id: users[userOff[id]:userOff[id+1]]; -list-1 for a list
	users       []int32
	listNodes   [][]int32 // nodes with a list

	class   []int32 // kind of a node
	classes []kindOf
	queue   kindHeap
}

type kindOf struct {
	ready    []int32
	queued   bool
	depth    float64 // sum over nodes of depth minus height
	count    float64
	priority float64
}

func newAgenda(g *graph, virtual []bool, shared []bool) *agenda {
	a := &agenda{g: g, virtual: virtual}
	a.link()
	a.classify(shared)
	return a
}

// link records who uses what.
func (a *agenda) link() {
	g := a.g
	n := len(g.nodes)
	a.pending = make([]int32, n)
	a.listPending = make([]int32, len(g.lists))
	a.listNodes = make([][]int32, len(g.lists))
	a.userOff = make([]int32, n+1)
	each := func(visit func(ref, user int32)) {
		for id := 1; id < n; id++ {
			nd := &g.nodes[id]
			if nd.op.hasList() {
				if a.listNodes[nd.a][0] == int32(id) {
					for _, r := range g.items(nd.a) {
						if r > 0 {
							visit(r, -nd.a-1)
						}
					}
				}
				continue
			}
			g.operands(nd, func(r int32) {
				if r > 0 {
					visit(r, int32(id))
				}
			})
		}
	}
	for id := 1; id < n; id++ {
		if nd := &g.nodes[id]; nd.op.hasList() {
			a.listNodes[nd.a] = append(a.listNodes[nd.a], int32(id))
			a.pending[id] = 1
		}
	}
	each(func(ref, user int32) {
		a.userOff[ref+1]++
		if user < 0 {
			a.listPending[-user-1]++
		} else {
			a.pending[user]++
		}
	})
	for id := 1; id <= n; id++ {
		a.userOff[id] += a.userOff[id-1]
	}
	a.users = make([]int32, a.userOff[n])
	fill := make([]int32, n)
	copy(fill, a.userOff)
	each(func(ref, user int32) {
		a.users[fill[ref]] = user
		fill[ref]++
	})
}

// classify sorts nodes into kinds: equal operations on equal operations on equal operations. The linear combinations of
// one shared list are a kind of their own, a matrix product.
func (a *agenda) classify(shared []bool) {
	g := a.g
	n := len(g.nodes)
	h := make([]uint64, n)
	for id := 1; id < n; id++ {
		nd := &g.nodes[id]
		h[id] = mix(uint64(nd.op) + 1)
		if nd.op.hasList() && shared[nd.a] {
			h[id] = mix(uint64(nd.a)<<8 | 255)
		}
	}
	for range 3 {
		next := make([]uint64, n)
		for id := 1; id < n; id++ {
			next[id] = a.hashKind(&g.nodes[id], h, h[id])
		}
		h = next
	}
	depth := make([]int32, n)
	height := make([]int32, n)
	for id := 1; id < n; id++ {
		d := int32(0)
		g.operands(&g.nodes[id], func(r int32) {
			if r > 0 {
				d = max(d, depth[r])
			}
		})
		depth[id] = d + 1
	}
	for id := n - 1; id > 0; id-- {
		up := height[id] + 1
		g.operands(&g.nodes[id], func(r int32) {
			if r > 0 && height[r] < up {
				height[r] = up
			}
		})
	}
	a.class = make([]int32, n)
	index := make(map[uint64]int32)
	for id := 1; id < n; id++ {
		c, known := index[h[id]]
		if !known {
			c = int32(len(a.classes))
			index[h[id]] = c
			a.classes = append(a.classes, kindOf{})
		}
		a.class[id] = c
		k := &a.classes[c]
		k.depth += float64(depth[id]) - float64(height[id])
		k.count++
	}
	for i := range a.classes {
		k := &a.classes[i]
		k.priority = k.depth / k.count
	}
	a.queue.a = a
}

// hashKind refines the hash of a node by those of its operands.
func (a *agenda) hashKind(n *node, h []uint64, own uint64) uint64 {
	of := func(r int32) uint64 {
		if r < 0 {
			return 1
		}
		return h[r]
	}
	switch n.op.arity() {
	case 1:
		return mix(own ^ of(n.a)*3)
	case 2, 3:
		s := own
		if n.op.commutes() {
			s ^= (of(n.a) + of(n.b)) * 5
		} else {
			s ^= of(n.a)*7 ^ mix(of(n.b))*11
		}
		if n.op.arity() == 3 {
			s ^= mix(of(n.c)+13) * 17
		}
		return mix(s)
	}
	return own
}

// next gives the next batch, nil at the end. The caller reports every node of it to done.
func (a *agenda) next() []int32 {
	if len(a.queue.items) == 0 {
		return nil
	}
	c := heap.Pop(&a.queue).(int32)
	k := &a.classes[c]
	ids := k.ready
	k.ready, k.queued = nil, false
	return ids
}

// done tells that the value of a node is available.
func (a *agenda) done(id int32) {
	for _, u := range a.users[a.userOff[id]:a.userOff[id+1]] {
		if u >= 0 {
			if a.pending[u]--; a.pending[u] == 0 {
				a.offer(u)
			}
			continue
		}
		list := -u - 1
		if a.listPending[list]--; a.listPending[list] == 0 {
			for _, v := range a.listNodes[list] {
				a.pending[v] = 0
				a.offer(v)
			}
		}
	}
}

func (a *agenda) offer(id int32) {
	if a.virtual[id] {
		a.done(id)
		return
	}
	c := a.class[id]
	k := &a.classes[c]
	k.ready = append(k.ready, id)
	if !k.queued {
		k.queued = true
		heap.Push(&a.queue, c)
	}
}

// kindHeap is a heap of the kinds that have waiting nodes.
type kindHeap struct {
	a     *agenda
	items []int32
}

func (h *kindHeap) Len() int { return len(h.items) }
func (h *kindHeap) Less(i, j int) bool {
	p, q := h.a.classes[h.items[i]].priority, h.a.classes[h.items[j]].priority
	if p != q {
		return p < q
	}
	return h.items[i] < h.items[j]
}
func (h *kindHeap) Swap(i, j int) { h.items[i], h.items[j] = h.items[j], h.items[i] }
func (h *kindHeap) Push(x any)    { h.items = append(h.items, x.(int32)) }
func (h *kindHeap) Pop() any {
	last := len(h.items) - 1
	x := h.items[last]
	h.items = h.items[:last]
	return x
}
