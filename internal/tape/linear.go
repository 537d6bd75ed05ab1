package tape

import "slices"

// plan says how a linear node (sum, difference, multiple by a constant, linear combination) is rebuilt.
type plan uint8

const (
	planLocal plan = iota // as it stands
	planInner             // not at all: part of the linear node that uses it
	planList              // as a linear combination of a list that others share: a row of a matrix product
	planSum               // as one sum of many terms
)

const (
	popular    = 4 // linear combinations of one list that make a matrix product
	longSum    = 3 // terms that make a sum an operation of its own
	planRounds = 6
)

// planner decides how linear nodes are rebuilt: a tree of linear nodes is one linear combination if several trees
// combine the same numbers, else one sum if it has many terms, else it stays.
type planner struct {
	g     *graph
	live  []bool
	uses  []int32
	user  []int32 // of a node used once
	plans []plan
	rows  []int32 // linear combinations of a list
	mark  []int32 // scratch: place of a node among the terms, plus one
}

func planLinear(g *graph, outs []Num, live []bool) *planner {
	n := len(g.nodes)
	p := &planner{g: g, live: live, uses: make([]int32, n), user: make([]int32, n), plans: make([]plan, n),
		rows: make([]int32, len(g.lists)), mark: make([]int32, n)}
	for id := 1; id < n; id++ {
		if live[id] {
			if nd := &g.nodes[id]; nd.op == opLin {
				p.rows[nd.a]++
			}
			g.operands(&g.nodes[id], func(r int32) {
				if r > 0 {
					p.uses[r]++
					p.user[r] = int32(id)
				}
			})
		}
	}
	for _, o := range outs {
		p.uses[o.Ref] += 2
	}
	var roots []int32
	for id := 1; id < n; id++ {
		switch {
		case !live[id] || !g.isLinear(&g.nodes[id]):
		case p.uses[id] == 1 && g.isLinear(&g.nodes[p.user[id]]):
			p.plans[id] = planInner
		default:
			roots = append(roots, int32(id))
		}
	}
	p.rounds(roots)
	return p
}

// isLinear tells that a node is a linear combination of others with constant coefficients.
func (g *graph) isLinear(n *node) bool {
	switch n.op {
	case Add, Sub, Neg, opLin:
		return true
	case Mul:
		return n.b < 0
	}
	return false
}

func (p *planner) rounds(roots []int32) {
	count := make(map[int32]int)
	for round := 0; len(roots) > 0; round++ {
		if round == planRounds {
			for id, q := range p.plans {
				if q == planInner {
					p.plans[id] = planLocal
				}
			}
			return
		}
		lists := make([]int32, len(roots))
		for i, id := range roots {
			l := p.expand(id, false)
			if len(l.refs) == 0 {
				lists[i] = -1
				continue
			}
			l.sort()
			lists[i] = p.g.list(l.refs)
			count[lists[i]]++
		}
		var next []int32
		for i, id := range roots {
			if lists[i] >= 0 && count[lists[i]] >= popular && 4*count[lists[i]] >= len(p.g.items(lists[i])) {
				p.plans[id] = planList
				continue
			}
			next = p.open(id, next)
		}
		roots = next
	}
}

// open plans a node that shares its list with too few others; inner nodes that it does not take in become roots.
func (p *planner) open(id int32, next []int32) []int32 {
	g := p.g
	var l linear
	if n := &g.nodes[id]; n.op != opLin || p.rows[n.a] == 1 {
		l = p.expand(id, true)
	}
	terms := l.refs
	if len(l.refs) >= longSum {
		p.plans[id] = planSum
	} else {
		p.plans[id] = planLocal
		terms = nil
		g.operands(&g.nodes[id], func(r int32) { terms = append(terms, r) })
	}
	for _, r := range terms {
		if r > 0 && p.plans[r] == planInner {
			p.plans[r] = planLocal
			next = append(next, r)
		}
	}
	return next
}

// expand writes a linear node in terms of the nodes below its inner nodes. With sums set, it goes through sums and
// differences only, and takes a multiple of a sum as one term.
func (p *planner) expand(id int32, sums bool) linear {
	g := p.g
	var l linear
	type item struct {
		ref  int32
		coef float64
	}
	stack := []item{}
	push := func(r int32, c float64) {
		if r < 0 {
			l.bias += c * g.consts[-r-1]
			return
		}
		stack = append(stack, item{r, c})
	}
	enter := func(n *node, c float64) {
		switch n.op {
		case Add:
			push(n.b, c)
			push(n.a, c)
		case Sub:
			push(n.b, -c)
			push(n.a, c)
		case Neg:
			push(n.a, -c)
		case Mul:
			push(n.a, c*g.consts[-n.b-1])
		case opLin:
			if n.c != 0 {
				l.bias += c * g.consts[-n.c-1]
			}
			coefs := g.linCoefs(n)
			items := g.items(n.a)
			for k := len(items) - 1; k >= 0; k-- {
				push(items[k], c*coefAt(coefs, k))
			}
		}
	}
	enter(&g.nodes[id], 1)
	for len(stack) > 0 {
		it := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		n := &g.nodes[it.ref]
		inner := p.plans[it.ref] == planInner
		if inner && sums {
			switch n.op {
			case Mul:
				// A multiple of something that is not itself a sum is a term with a coefficient.
				inner = p.plans[n.a] != planInner
			case opLin:
				inner = n.b < 0 && p.rows[n.a] == 1 && (it.coef == 1 || it.coef == -1)
			default:
				inner = it.coef == 1 || it.coef == -1
			}
		}
		if inner {
			enter(n, it.coef)
			continue
		}
		if m := p.mark[it.ref]; m > 0 {
			l.coefs[m-1] += it.coef
			continue
		}
		l.append(it.ref, it.coef)
		p.mark[it.ref] = int32(len(l.refs))
	}
	for _, r := range l.refs {
		p.mark[r] = 0
	}
	return l
}

// sort orders the terms by reference.
func (l *linear) sort() {
	if slices.IsSorted(l.refs) {
		return
	}
	order := make([]int, len(l.refs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(l.refs[a]) - int(l.refs[b]) })
	refs, coefs := make([]int32, len(order)), make([]float64, len(order))
	for i, o := range order {
		refs[i], coefs[i] = l.refs[o], l.coefs[o]
	}
	l.refs, l.coefs = refs, coefs
}
