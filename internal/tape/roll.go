package tape

import "slices"

// roller turns a graph into steps.
type roller struct {
	rolled
	g       *graph
	agenda  *agenda
	place   []place // of every node that has a value
	shared  []bool  // lists of more than one linear combination
	virtual []bool  // products that are part of a sum
	gathers map[uint64][]gathered
	packs   map[int64]operand
	mats    map[uint64][]*matrix
}

type gathered struct {
	places []place
	array  int32
}

// roll orders the nodes of a graph into vector steps.
func roll(g *graph, outs []Num, inputs int) *rolled {
	r := &roller{g: g, gathers: make(map[uint64][]gathered), packs: make(map[int64]operand), mats: make(map[uint64][]*matrix)}
	r.place = make([]place, len(g.nodes))
	r.newArray(int32(inputs))
	r.newArray(1)
	r.arrays[inputArray].kept = true
	r.arrays[onesArray].kept = true
	r.classifyLists(outs)
	r.agenda = newAgenda(g, r.virtual, r.shared)
	for id := 1; id < len(g.nodes); id++ {
		if n := &g.nodes[id]; n.op == opInput {
			r.place[id] = place{inputArray, n.a}
			r.agenda.done(int32(id))
		}
	}
	for ids := r.agenda.next(); ids != nil; ids = r.agenda.next() {
		r.batch(ids)
		for _, id := range ids {
			r.agenda.done(id)
		}
	}
	r.outs = outs
	r.places = make([]place, len(outs))
	for i, o := range outs {
		if o.Ref != 0 {
			r.places[i] = r.place[o.Ref]
		}
	}
	return &r.rolled
}

// classifyLists finds the lists that are matrix products, and the products that belong to one sum only.
func (r *roller) classifyLists(outs []Num) {
	g := r.g
	r.shared = make([]bool, len(g.lists))
	r.virtual = make([]bool, len(g.nodes))
	users := make([]int32, len(g.nodes))
	members := make([]int32, len(g.lists))
	for id := 1; id < len(g.nodes); id++ {
		n := &g.nodes[id]
		if n.op.hasList() {
			if members[n.a]++; members[n.a] > 1 {
				r.shared[n.a] = r.shared[n.a] || n.op == opLin
				continue
			}
		}
		g.operands(n, func(ref int32) {
			if ref > 0 {
				users[ref]++
			}
		})
	}
	for _, o := range outs {
		users[o.Ref]++
	}
	for id := 1; id < len(g.nodes); id++ {
		n := &g.nodes[id]
		if n.op != opLin || n.b >= 0 || members[n.a] != 1 {
			continue
		}
		for _, ref := range g.items(n.a) {
			p := &g.nodes[ref]
			if users[ref] == 1 && (p.op == Square || p.op == Mul && p.b > 0) {
				r.virtual[ref] = true
			}
		}
	}
}

func (r *roller) newArray(rows int32) int32 {
	r.arrays = append(r.arrays, array{rows: rows, parent: -1})
	return int32(len(r.arrays) - 1)
}

// at is where the value of a node is.
func (r *roller) at(ref int32) place { return r.resolve(r.place[ref]) }

func rowsOf(array, row int32, stride int8) operand { return operand{isRows, stride, array, row} }

func (r *roller) emit(s step) { r.steps = append(r.steps, s) }

// number is a constant operand, the same for all rows.
func (r *roller) number(v float64) operand {
	r.consts = append(r.consts, v)
	return operand{kind: isConst, row: int32(len(r.consts) - 1)}
}

// batch emits the steps of nodes that were ready together.
func (r *roller) batch(ids []int32) {
	g := r.g
	slices.Sort(ids)
	for len(ids) > 0 {
		op := g.nodes[ids[0]].op
		same, rest := split(ids, func(id int32) bool { return g.nodes[id].op == op })
		ids = rest
		switch op {
		case opLin:
			r.linears(same)
		case opMaxN, opMinN:
			for _, id := range same {
				r.extreme(id)
			}
		case opCall:
			r.calls(same)
		case opPartial:
			r.partials(same)
		default:
			r.elementwise(op, same)
		}
	}
}

// split separates the items for which first holds from the others.
func split(ids []int32, first func(int32) bool) (yes, no []int32) {
	all := true
	for _, id := range ids {
		if !first(id) {
			all = false
			break
		}
	}
	if all {
		return ids, nil
	}
	for _, id := range ids {
		if first(id) {
			yes = append(yes, id)
		} else {
			no = append(no, id)
		}
	}
	return yes, no
}
