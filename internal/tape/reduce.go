package tape

import (
	"cmp"
	"math"
	"slices"
)

// linears emits a batch of linear combinations: those of one list as a matrix product, others as sums over rows.
func (r *roller) linears(ids []int32) {
	nodes := r.g.nodes
	slices.SortStableFunc(ids, func(a, b int32) int { return int(nodes[a].a) - int(nodes[b].a) })
	for from := 0; from < len(ids); {
		list := nodes[ids[from]].a
		to := from + 1
		for to < len(ids) && nodes[ids[to]].a == list {
			to++
		}
		if r.shared[list] && to-from > 1 {
			r.product(list, ids[from:to])
		} else {
			for _, id := range ids[from:to] {
				r.sum(id)
			}
		}
		from = to
	}
}

// product emits out = M x, a matrix with a row for each member. Biases are one more column, with a row of ones.
func (r *roller) product(list int32, ids []int32) {
	g := r.g
	items := g.items(list)
	k, rows := len(items), len(ids)
	bias := false
	for _, id := range ids {
		bias = bias || g.nodes[id].c != 0
	}
	places := make([]place, k, k+1)
	for i, ref := range items {
		places[i] = r.at(ref)
	}
	order := make([]int, k)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if before(places[a], places[b]) {
			return -1
		}
		return 1
	})
	sorted := make([]place, k, k+1)
	for i, o := range order {
		sorted[i] = places[o]
	}
	// A few biases are cheaper set first, many as a column.
	column := bias && rows > k
	if column {
		sorted = append(sorted, place{onesArray, 0})
	}
	src := r.contiguous(sorted)
	inner := len(sorted)
	data := make([]float64, rows*inner)
	for i, id := range ids {
		coefs := g.linCoefs(&g.nodes[id])
		for j, o := range order {
			data[i*inner+j] = coefAt(coefs, o)
		}
		if column {
			data[i*inner+k] = r.bias(id)
		}
	}
	dst := r.newArray(int32(rows))
	for i, id := range ids {
		r.place[id] = place{dst, int32(i)}
	}
	out := rowsOf(dst, 0, 1)
	if bias && !column {
		from := int32(len(r.consts))
		for _, id := range ids {
			r.consts = append(r.consts, r.bias(id))
		}
		r.emit(step{form: formOp, op: opCopy, n: int32(rows), dst: out,
			args: [3]operand{{kind: isConst, stride: 1, row: from}}})
	}
	r.emit(step{form: formProduct, n: int32(rows), add: bias && !column, dst: out,
		args: [3]operand{src}, matrix: r.matrix(data, rows, inner)})
}

func (r *roller) bias(id int32) float64 {
	if c := r.g.nodes[id].c; c != 0 {
		return r.g.num(c).V
	}
	return 0
}

// matrix gives a matrix that shares its memory with one that is equal, or the transpose of one that is.
func (r *roller) matrix(data []float64, rows, cols int) *matrix {
	sum := 0.0
	for _, v := range data {
		sum += math.Abs(v)
	}
	// The sums of a matrix and of its transpose differ by rounding; compare the leading digits only.
	key := uint64(rows*cols)<<20 ^ math.Float64bits(sum)>>30
	for _, near := range []uint64{key - 1, key, key + 1} {
		for _, m := range r.mats[near] {
			if m.rows == rows && m.cols == cols && equalCoefs(m.data, data) {
				return m
			}
			if m.rows == cols && m.cols == rows && equalTransposed(m.data, data, rows, cols) {
				return &matrix{data: m.data, rows: rows, cols: cols, transposed: true}
			}
		}
	}
	m := &matrix{data: data, rows: rows, cols: cols}
	r.mats[key] = append(r.mats[key], m)
	return m
}

// equalTransposed tells that t, cols x rows, is the transpose of m, rows x cols.
func equalTransposed(t, m []float64, rows, cols int) bool {
	for i := range rows {
		for j := range cols {
			if t[j*rows+i] != m[i*cols+j] {
				return false
			}
		}
	}
	return true
}

// contiguous makes one run of rows of places, by copying if need be.
func (r *roller) contiguous(places []place) operand {
	if runEnd(places, 0) == len(places) && (len(places) == 1 || places[0] != places[1]) {
		return rowsOf(places[0].array, places[0].row, 1)
	}
	if joined := r.join(places); joined != nil {
		return rowsOf(joined[0].array, 0, 1)
	}
	p := r.resolve(place{r.gather(places), 0})
	return rowsOf(p.array, p.row, 1)
}

// sum emits one linear combination as reductions over runs of rows, each beginning with what is there.
func (r *roller) sum(id int32) {
	g := r.g
	n := g.nodes[id]
	dst := r.newArray(1)
	r.place[id] = place{dst, 0}
	acc := accumulator{r: r, dst: rowsOf(dst, 0, 1)}
	if n.c != 0 {
		r.emit(step{form: formOp, op: opCopy, n: 1, dst: acc.dst, args: [3]operand{r.number(g.num(n.c).V)}})
		acc.begun = true
	}
	var rows, products []term
	coefs := g.linCoefs(&n)
	for k, ref := range g.items(n.a) {
		if !r.virtual[ref] {
			rows = append(rows, term{a: r.at(ref), coef: coefAt(coefs, k)})
			continue
		}
		p := g.nodes[ref]
		t := term{a: r.at(p.a), coef: 1}
		if p.op == Mul {
			t.b = r.at(p.b)
			ca, cb := r.agenda.class[p.a], r.agenda.class[p.b]
			if ca > cb || ca == cb && before(t.b, t.a) {
				t.a, t.b = t.b, t.a
			}
		} else {
			t.b = t.a
		}
		products = append(products, t)
	}
	acc.rows(rows)
	acc.products(products)
}

// term is a term of a sum: coef*a, or a*b.
type term struct {
	a, b place
	coef float64
}

func compareTerms(x, y term) int {
	switch {
	case before(x.a, y.a):
		return -1
	case before(y.a, x.a):
		return 1
	case before(x.b, y.b):
		return -1
	case before(y.b, x.b):
		return 1
	}
	return 0
}

// accumulator adds to one row.
type accumulator struct {
	r     *roller
	dst   operand
	begun bool
}

// rows adds coef*a terms.
func (c *accumulator) rows(terms []term) {
	if len(terms) == 0 {
		return
	}
	r := c.r
	slices.SortStableFunc(terms, compareTerms)
	places := make([]place, len(terms))
	for i, t := range terms {
		places[i] = t.a
	}
	places = r.together(places)
	for from := 0; from < len(places); {
		to := from + 1
		for to < len(places) && places[to].array == places[from].array && places[to].row == places[to-1].row+1 {
			to++
		}
		unit, equal := true, true
		for _, t := range terms[from:to] {
			unit = unit && t.coef == 1
			equal = equal && t.coef == terms[from].coef
		}
		s := step{form: formSum, n: int32(to - from), add: c.begun, dst: c.dst,
			args: [3]operand{rowsOf(places[from].array, places[from].row, 1)}}
		if !unit {
			s.form = formDot
			s.args[1] = operand{kind: isConst, row: int32(len(r.consts))}
			if equal {
				r.consts = append(r.consts, terms[from].coef)
			} else {
				s.args[1].stride = 1
				for _, t := range terms[from:to] {
					r.consts = append(r.consts, t.coef)
				}
			}
		}
		r.emit(s)
		c.begun = true
		from = to
	}
}

// products adds a*b terms.
func (c *accumulator) products(terms []term) {
	if len(terms) == 0 {
		return
	}
	r := c.r
	slices.SortStableFunc(terms, compareTerms)
	as, bs := make([]place, len(terms)), make([]place, len(terms))
	squares := true
	for i, t := range terms {
		as[i], bs[i] = t.a, t.b
		squares = squares && t.a == t.b
	}
	as = r.together(as)
	if squares {
		bs = as
	} else {
		for i := range bs {
			bs[i] = r.resolve(bs[i])
		}
		bs = r.together(bs)
		for i := range as {
			as[i] = r.resolve(as[i])
		}
	}
	for from := 0; from < len(as); {
		to := min(runEnd(as, from), runEnd(bs, from))
		s := step{form: formDot, n: int32(to - from), add: c.begun, dst: c.dst}
		for j, ps := range [][]place{as, bs} {
			stride := int8(1)
			if to-from > 1 && ps[from] == ps[from+1] {
				stride = 0
			}
			s.args[j] = rowsOf(ps[from].array, ps[from].row, stride)
		}
		r.emit(s)
		c.begun = true
		from = to
	}
}

// extreme emits the maximum or minimum of a list, by halves.
func (r *roller) extreme(id int32) {
	g := r.g
	n := g.nodes[id]
	op := Max
	if n.op == opMinN {
		op = Min
	}
	items := g.items(n.a)
	places := make([]place, len(items))
	for i, ref := range items {
		places[i] = r.at(ref)
	}
	slices.SortFunc(places, func(x, y place) int {
		if before(x, y) {
			return -1
		}
		return 1
	})
	cur := r.contiguous(places)
	dst := r.newArray(1)
	r.place[id] = place{dst, 0}
	count := int32(len(items))
	for tmp := int32(-1); count > 1; {
		half := count / 2
		if tmp < 0 {
			tmp = r.newArray(count - half)
			if count%2 == 1 {
				mid := cur
				mid.row += half
				r.emit(step{form: formOp, op: opCopy, n: 1, dst: rowsOf(tmp, half, 1), args: [3]operand{mid}})
			}
		}
		far := cur
		far.row += count - half
		r.emit(step{form: formOp, op: op, n: half, tiled: true, dst: rowsOf(tmp, 0, 1), args: [3]operand{cur, far}})
		cur = rowsOf(tmp, 0, 1)
		count -= half
	}
	r.emit(step{form: formOp, op: op, n: 1, dst: rowsOf(dst, 0, 1), args: [3]operand{cur, r.number(g.num(n.c).V)}})
}

// calls emits calls of Go functions.
func (r *roller) calls(ids []int32) {
	for _, id := range ids {
		n := r.g.nodes[id]
		dst := r.newArray(1)
		r.place[id] = place{dst, 0}
		r.emit(step{form: formCall, n: 1, dst: rowsOf(dst, 0, 1), places: r.arguments(n.a), fn: r.g.funcs[n.b]})
	}
}

// partials emits the partial derivatives of calls, those of one call together.
func (r *roller) partials(ids []int32) {
	nodes := r.g.nodes
	slices.SortStableFunc(ids, func(a, b int32) int {
		return cmp.Or(cmp.Compare(nodes[a].a, nodes[b].a), cmp.Compare(nodes[a].b, nodes[b].b))
	})
	for from := 0; from < len(ids); {
		first := nodes[ids[from]]
		to := from + 1
		for to < len(ids) && nodes[ids[to]].a == first.a && nodes[ids[to]].b == first.b {
			to++
		}
		dst := r.newArray(int32(to - from))
		s := step{form: formPartial, n: int32(to - from), dst: rowsOf(dst, 0, 1), places: r.arguments(first.a),
			fn: r.g.funcs[first.b]}
		for i, id := range ids[from:to] {
			r.place[id] = place{dst, int32(i)}
			s.index = append(s.index, nodes[id].c)
		}
		r.emit(s)
		from = to
	}
}

// arguments are the places of the items of a list; constants have array -1 and lie among the constants.
func (r *roller) arguments(list int32) []place {
	items := r.g.items(list)
	places := make([]place, len(items))
	for i, ref := range items {
		if ref < 0 {
			r.consts = append(r.consts, r.g.num(ref).V)
			places[i] = place{-1, int32(len(r.consts) - 1)}
		} else {
			places[i] = r.at(ref)
		}
	}
	return places
}
