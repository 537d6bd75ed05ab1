package tape

// Loops over data. A density of many data runs through arrays with a row for each datum. Carried out instruction by
// instruction, every array goes through the cache whole. So the steps that walk along the data in the same way are
// carried out tile by tile: a few rows through all of them, then the next rows; what is used inside a tile only needs
// room for one tile. Reductions over the data add up from tile to tile.

const (
	tileLeast = 96 // rows that a loop over data must have
	tileRows  = 16 // rows of a tile, more where there would be more than maxTiles
	maxTiles  = 1024
)

// tile rewrites the steps, loop by loop. The tiles depend on the program only, not on the block of particles.
func (r *rolled) tile() {
	done := make(map[int32]bool)
	for range 8 {
		n := r.loopLength(done)
		if n == 0 {
			return
		}
		done[n] = true
		newLoop(r, n).run()
	}
}

// loopLength finds the length with the most work that has not been tried.
func (r *rolled) loopLength(done map[int32]bool) int32 {
	work := make(map[int32]int)
	for i := range r.steps {
		if s := &r.steps[i]; s.n >= tileLeast && !s.tiled {
			work[s.n] += int(s.n)
		} else if s.form == formProduct && !s.tiled && s.matrix.cols >= tileLeast {
			work[int32(s.matrix.cols)] += s.matrix.cols
		}
	}
	best := int32(0)
	for n, w := range work {
		// A length that others are multiples of is the length of the loop.
		for m, v := range work {
			if m > n && m%n == 0 {
				w += v
			}
		}
		if !done[n] && (best == 0 || w > work[best] || w == work[best] && n < best) {
			best = n
			work[n] = w
		}
	}
	return best
}

// loop is one loop over data of n rows.
type loop struct {
	r     *rolled
	n     int32
	state [][]int32 // by outermost array and row: 0 free, first row + 1 of the lane it is in, or afterLoop
	lanes map[place]*lane
	body  []step
	first []step // before the loop
	last  []step // after it
}

const afterLoop = -1

// lane is a run of n rows of an array that the loop writes, one row for each datum.
type lane struct {
	local bool // used in the loop only
	temp  int32
}

func newLoop(r *rolled, n int32) *loop {
	l := &loop{r: r, n: n, state: make([][]int32, len(r.arrays)), lanes: make(map[place]*lane)}
	for i := range r.arrays {
		if r.arrays[i].parent < 0 {
			l.state[i] = make([]int32, r.arrays[i].rows)
		}
	}
	return l
}

func (l *loop) run() {
	for _, s := range l.r.steps {
		l.r.rootStep(&s)
		for _, part := range l.parts(s) {
			l.sort(part)
		}
	}
	if len(l.body) < 3 || !l.findLocal() {
		return
	}
	steps := l.first
	size := max(tileRows, (l.n/maxTiles+7)&^7)
	for from := int32(0); from < l.n; from += size {
		steps = l.emit(steps, from, min(size, l.n-from))
	}
	l.r.steps = append(steps, l.last...)
}

// rootStep expresses the operands of a step in outermost arrays.
func (r *rolled) rootStep(s *step) {
	s.dst = r.root(s.dst)
	for j := range s.args {
		s.args[j] = r.root(s.args[j])
	}
	for i, p := range s.places {
		if p.array >= 0 {
			s.places[i] = r.resolve(p)
		}
	}
}

// parts divides a step over a multiple of n rows.
func (l *loop) parts(s step) []step {
	if s.n <= l.n || s.n%l.n != 0 || s.tiled {
		return []step{s}
	}
	switch s.form {
	case formOp, formSum, formDot, formGather:
	default:
		return []step{s}
	}
	var out []step
	for from := int32(0); from < s.n; from += l.n {
		p := s.slice(from, l.n)
		if from > 0 && (s.form == formSum || s.form == formDot) {
			p.add = true
		}
		out = append(out, p)
	}
	return out
}

// slice is the part of a step over rows [from, from+n).
func (s step) slice(from, n int32) step {
	s.n = n
	if s.form != formSum && s.form != formDot {
		s.dst.row += from
	}
	for j := range s.args {
		s.args[j].row += from * int32(s.args[j].stride)
	}
	if s.form == formGather {
		s.places = s.places[from : from+n]
	}
	return s
}

// sort puts a step before, into or after the loop.
func (l *loop) sort(s step) {
	free, after := true, false
	aligned := true // operands along the loop are lanes of it
	look := func(o operand, n int32) {
		if o.kind != isRows {
			return
		}
		span := n
		if o.stride == 0 {
			span = 1
		}
		for i := range span {
			switch v := l.state[o.array][o.row+i]; {
			case v == afterLoop:
				after = true
			case v != 0:
				free = false
				aligned = aligned && o.stride == 1 && n == l.n && v == o.row+1
			case !free:
				// Part written in the loop, part not.
				aligned = aligned && i == 0
			}
		}
	}
	for j, o := range s.args {
		n := s.n
		if s.form == formProduct && j == 0 {
			n = int32(s.matrix.cols)
		}
		before := free
		free = true
		look(o, n)
		free = free && before
	}
	for _, p := range s.places {
		if p.array >= 0 {
			switch l.state[p.array][p.row] {
			case 0:
			case afterLoop:
				after = true
			default:
				free, aligned = false, false
			}
		}
	}
	sink := (s.form == formSum || s.form == formDot) && s.n == l.n && !s.tiled
	if s.add {
		// Adding to what a reduction of this loop has begun is all right for another reduction of it.
		if l.state[s.dst.array][s.dst.row] == afterLoop && !(sink && l.sums(s.dst)) {
			after = true
		}
	}
	switch {
	case after || !free && !aligned:
		l.put(&l.last, s, afterLoop)
	case sink:
		l.put(&l.body, s, afterLoop)
	case s.form == formProduct && int32(s.matrix.cols) == l.n && !free && !s.tiled:
		l.put(&l.body, s, afterLoop)
	case s.n == l.n && !s.tiled && (s.form == formOp || s.form == formGather || s.form == formProduct && free):
		l.lanes[place{s.dst.array, s.dst.row}] = &lane{local: true}
		l.put(&l.body, s, s.dst.row+1)
	case free:
		l.put(&l.first, s, 0)
	default:
		l.put(&l.last, s, afterLoop)
	}
}

// sums tells that a row is the result of reductions of the loop only.
func (l *loop) sums(dst operand) bool {
	for i := range l.last {
		if o := l.last[i].dst; o.array == dst.array && dst.row >= o.row && dst.row < o.row+l.last[i].written() {
			return false
		}
	}
	return true
}

// written is the number of rows that a step writes.
func (s *step) written() int32 {
	if s.form == formSum || s.form == formDot {
		return 1
	}
	return s.n
}

func (l *loop) put(to *[]step, s step, state int32) {
	*to = append(*to, s)
	rows := l.state[s.dst.array][s.dst.row:]
	for i := range s.written() {
		rows[i] = state
	}
}

// findLocal finds the lanes that nobody outside the loop reads, and tells whether there are any.
func (l *loop) findLocal() bool {
	read := func(p place) {
		if v := l.state[p.array][p.row]; v > 0 {
			l.lanes[place{p.array, v - 1}].local = false
		}
	}
	for i := range l.last {
		s := &l.last[i]
		for j, o := range s.args {
			if o.kind != isRows {
				continue
			}
			n := s.n
			if s.form == formProduct && j == 0 {
				n = int32(s.matrix.cols)
			}
			for k := range n {
				read(place{o.array, o.row + k*int32(o.stride)})
			}
		}
		for _, p := range s.places {
			if p.array >= 0 {
				read(p)
			}
		}
	}
	for i, o := range l.r.outs {
		if o.Ref != 0 {
			read(l.r.resolve(l.r.places[i]))
		}
	}
	for _, ln := range l.lanes {
		if ln.local {
			return true
		}
	}
	return false
}

// emit adds the steps of one tile.
func (l *loop) emit(steps []step, from, n int32) []step {
	for _, ln := range l.lanes {
		ln.temp = -1
	}
	local := func(o operand) operand {
		if o.kind != isRows || o.stride == 0 {
			return o
		}
		ln := l.lanes[place{o.array, o.row}]
		if ln == nil || !ln.local {
			o.row += from
			return o
		}
		if ln.temp < 0 {
			l.r.arrays = append(l.r.arrays, array{rows: n, parent: -1})
			ln.temp = int32(len(l.r.arrays) - 1)
		}
		o.array, o.row = ln.temp, 0
		return o
	}
	for _, s := range l.body {
		t := s
		t.tiled = true
		switch {
		case s.form == formProduct && l.lanes[place{s.dst.array, s.dst.row}] == nil:
			t.matrix = s.matrix.columns(int(from), int(n))
			t.args[0] = local(s.args[0])
			t.add = s.add || from > 0
		case s.form == formProduct:
			t.n = n
			t.matrix = s.matrix.slice(int(from), int(n))
			t.dst = local(s.dst)
		case s.form == formSum || s.form == formDot:
			t.n = n
			t.add = s.add || from > 0
			for j, o := range s.args {
				t.args[j] = l.along(o, from, local)
			}
		default:
			t.n = n
			t.dst = local(s.dst)
			for j, o := range s.args {
				t.args[j] = l.along(o, from, local)
			}
			if s.form == formGather {
				t.places = s.places[from : from+n]
			}
		}
		steps = append(steps, t)
	}
	return steps
}

// along moves an operand to the rows of a tile.
func (l *loop) along(o operand, from int32, local func(operand) operand) operand {
	if o.kind == isConst {
		o.row += from * int32(o.stride)
		return o
	}
	return local(o)
}

// slice is rows [from, from+n) of a matrix.
func (m *matrix) slice(from, n int) *matrix {
	s := *m
	if m.transposed {
		s.data = m.data[from:]
		s.stride = m.leading()
	} else {
		s.data = m.data[from*m.leading():]
		s.stride = m.leading()
	}
	s.rows = n
	return &s
}

// columns is columns [from, from+n) of a matrix.
func (m *matrix) columns(from, n int) *matrix {
	s := *m
	if m.transposed {
		s.data = m.data[from*m.leading():]
	} else {
		s.data = m.data[from:]
	}
	s.stride = m.leading()
	s.cols = n
	return &s
}

// leading is the distance of the rows of the stored matrix.
func (m *matrix) leading() int {
	switch {
	case m.stride > 0:
		return m.stride
	case m.transposed:
		return m.rows
	}
	return m.cols
}
