package tape

import "slices"

// member is a node of a batch with its operands in the order in which they are used.
type member struct {
	id   int32
	refs [3]int32
	keys [3]uint64 // sort keys
}

// gatherBelow is the mean length of the runs of an operand below which its rows are copied together first.
const gatherBelow = 4

// elementwise emits a batch of the same operation: one array for all results, ordered so that operands lie one after the
// other, and one step for every run in which every operand is a run of rows, one row, constants or a constant.
func (r *roller) elementwise(op Op, ids []int32) {
	ms := r.members(op, ids)
	k := op.arity()
	if len(ms) > 1 {
		r.sortMembers(ms, k)
	}
	dst := r.newArray(int32(len(ms)))
	var args [3]column
	for j := range k {
		args[j] = r.column(ms, j)
	}
	// Preparing one operand may have moved the rows of another.
	for j := range k {
		for i, p := range args[j].places {
			args[j].places[i] = r.resolve(p)
		}
	}
	for i, m := range ms {
		r.place[m.id] = place{dst, int32(i)}
	}
	for from := 0; from < len(ms); {
		to := len(ms)
		for j := range k {
			to = min(to, args[j].run(from))
		}
		s := step{form: formOp, op: op, n: int32(to - from), dst: rowsOf(dst, int32(from), 1)}
		for j := range k {
			s.args[j] = args[j].operand(from, to)
		}
		r.emit(s)
		from = to
	}
}

// members collects the operands; those of commutative operations are put in the order of their kinds, then of their
// places, so that equal formulas meet.
func (r *roller) members(op Op, ids []int32) []member {
	ms := make([]member, len(ids))
	for i, id := range ids {
		n := &r.g.nodes[id]
		m := member{id: id, refs: [3]int32{n.a, n.b, n.c}}
		if op.commutes() && n.a > 0 && n.b > 0 {
			ca, cb := r.agenda.class[n.a], r.agenda.class[n.b]
			if ca > cb || ca == cb && before(r.at(n.b), r.at(n.a)) {
				m.refs[0], m.refs[1] = n.b, n.a
			}
		}
		ms[i] = m
	}
	return ms
}

func before(a, b place) bool {
	if a.array != b.array {
		return a.array < b.array
	}
	return a.row < b.row
}

// sortMembers orders a batch: first by operands that few rows serve (each becomes a run with that row for all), then by
// the operand with the most different rows, which so becomes a run of rows.
func (r *roller) sortMembers(ms []member, arity int) {
	n := len(ms)
	type ranked struct{ operand, distinct int }
	var order []ranked
	scratch := make([]uint64, n)
	for j := range arity {
		rows := 0
		for i := range ms {
			k := uint64(0)
			if ref := ms[i].refs[j]; ref > 0 {
				p := r.at(ref)
				k = uint64(p.array)<<32 | uint64(p.row)
				rows++
			}
			ms[i].keys[j], scratch[i] = k, k
		}
		if rows == 0 {
			continue
		}
		slices.Sort(scratch)
		if d := len(slices.Compact(scratch)); d > 1 {
			order = append(order, ranked{j, d})
		}
		scratch = scratch[:n]
	}
	few := func(x ranked) bool { return x.distinct*16 <= n }
	slices.SortStableFunc(order, func(x, y ranked) int {
		switch {
		case few(x) && few(y):
			return x.distinct - y.distinct
		case few(x):
			return -1
		case few(y):
			return 1
		}
		return y.distinct - x.distinct
	})
	slices.SortStableFunc(ms, func(x, y member) int {
		for _, o := range order {
			if a, b := x.keys[o.operand], y.keys[o.operand]; a != b {
				if a < b {
					return -1
				}
				return 1
			}
		}
		return int(x.id) - int(y.id)
	})
}

// column is one operand of all members of a batch.
type column struct {
	places []place // nil: constants
	first  int32   // of the constants
	same   bool    // the constants are equal
	n      int
}

// column prepares operand j of a batch.
func (r *roller) column(ms []member, j int) column {
	if ms[0].refs[j] < 0 {
		c := column{first: int32(len(r.consts)), same: true, n: len(ms)}
		for _, m := range ms {
			c.same = c.same && m.refs[j] == ms[0].refs[j]
		}
		if c.same {
			r.consts = append(r.consts, r.g.num(ms[0].refs[j]).V)
			return c
		}
		for _, m := range ms {
			r.consts = append(r.consts, r.g.num(m.refs[j]).V)
		}
		return c
	}
	c := column{places: make([]place, len(ms)), n: len(ms)}
	for i, m := range ms {
		c.places[i] = r.at(m.refs[j])
	}
	c.places = r.together(c.places)
	return c
}

// run is the end of the longest run of one step that begins at from.
func (c *column) run(from int) int {
	if c.places == nil {
		return c.n
	}
	return runEnd(c.places, from)
}

// runEnd is the end of the run of rows, or of repetitions of one row, that begins at from.
func runEnd(places []place, from int) int {
	if from+1 >= len(places) {
		return len(places)
	}
	p := places[from]
	d := places[from+1].row - p.row
	if places[from+1].array != p.array || d != 0 && d != 1 {
		return from + 1
	}
	to := from + 2
	for to < len(places) && places[to].array == p.array && places[to].row == places[to-1].row+d {
		to++
	}
	return to
}

// operand of the run [from, to).
func (c *column) operand(from, to int) operand {
	if c.places == nil {
		if c.same {
			return operand{kind: isConst, row: c.first}
		}
		return operand{kind: isConst, stride: 1, row: c.first + int32(from)}
	}
	p := c.places[from]
	if to-from > 1 && c.places[from+1] == p {
		return rowsOf(p.array, p.row, 0)
	}
	return rowsOf(p.array, p.row, 1)
}

// together makes rows that a batch reads lie together if that is worth while: by putting arrays that were written one by
// one into one, or else, if the runs are short, by copying.
func (r *roller) together(places []place) []place {
	runs := 0
	for i := 0; i < len(places); i = runEnd(places, i) {
		runs++
	}
	if runs == 1 {
		return places
	}
	if joined := r.join(places); joined != nil {
		return joined
	}
	if len(places) >= 8 && runs*gatherBelow > len(places) {
		array := r.gather(places)
		out := make([]place, len(places))
		for i := range out {
			out[i] = r.resolve(place{array, int32(i)})
		}
		return out
	}
	return places
}

// join makes one array of arrays that are read in full, one after the other; nil if they are not.
func (r *roller) join(places []place) []place {
	if len(places) < 2 {
		return nil
	}
	for i := 0; i < len(places); {
		a := &r.arrays[places[i].array]
		if a.kept || i+int(a.rows) > len(places) || places[i].row != 0 {
			return nil
		}
		for k := range int(a.rows) {
			if places[i+k] != (place{places[i].array, int32(k)}) {
				return nil
			}
		}
		i += int(a.rows)
	}
	// Each array once.
	seen := make(map[int32]bool, len(places))
	for i := 0; i < len(places); i += int(r.arrays[places[i].array].rows) {
		if seen[places[i].array] {
			return nil
		}
		seen[places[i].array] = true
	}
	whole := r.newArray(int32(len(places)))
	out := make([]place, len(places))
	for i := 0; i < len(places); {
		a := &r.arrays[places[i].array]
		a.parent, a.off = whole, int32(i)
		i += int(a.rows)
	}
	for i := range out {
		out[i] = place{whole, int32(i)}
	}
	return out
}

// gather copies rows together; the same rows only once.
func (r *roller) gather(places []place) int32 {
	h := uint64(len(places))
	for _, p := range places {
		h = mix(h ^ uint64(p.array)<<32 ^ uint64(uint32(p.row)))
	}
	for _, g := range r.gathers[h] {
		if slices.Equal(g.places, places) {
			return g.array
		}
	}
	dst := r.newArray(int32(len(places)))
	places = slices.Clone(places)
	r.emit(step{form: formGather, n: int32(len(places)), dst: rowsOf(dst, 0, 1), places: places})
	r.gathers[h] = append(r.gathers[h], gathered{places, dst})
	return dst
}
