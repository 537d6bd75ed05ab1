package tape

import "slices"

// layout gives arrays rows of the workspace. An array occupies its rows from the step that first writes it to the one
// that last reads it.
type layout struct {
	base  []int32 // first row of an outermost array
	total int32   // rows of the workspace
}

// span of steps in which an array is used.
type lifetime struct{ first, last int32 }

// allocate places the arrays of a program.
func (r *rolled) allocate() *layout {
	l := &layout{base: make([]int32, len(r.arrays))}
	life := r.lifetimes()
	var free freeRows
	place := func(array int32) {
		l.base[array] = free.take(r.arrays[array].rows, &l.total)
	}
	place(inputArray)
	place(onesArray)
	expire := make([][]int32, len(r.steps)+1) // arrays by the step that uses them last
	for id := range r.arrays {
		if r.arrays[id].parent < 0 && life[id].last >= 0 {
			expire[life[id].last] = append(expire[life[id].last], int32(id))
		}
	}
	var replaced int32
	for i := range r.steps {
		s := &r.steps[i]
		dst := r.root(s.dst)
		replaced = -1
		if life[dst.array].first == int32(i) && !r.arrays[dst.array].kept {
			if src := r.replaceable(s, dst, life, int32(i)); src >= 0 {
				l.base[dst.array] = l.base[src]
				replaced = src
			} else {
				place(dst.array)
			}
		}
		for _, id := range expire[i] {
			if id != replaced {
				free.give(l.base[id], r.arrays[id].rows)
			}
		}
	}
	return l
}

// root is an operand in terms of the outermost array.
func (r *rolled) root(o operand) operand {
	if o.kind != isRows {
		return o
	}
	p := r.resolve(place{o.array, o.row})
	o.array, o.row = p.array, p.row
	return o
}

// lifetimes finds first write and last use of every outermost array; what is never used ends where it begins.
func (r *rolled) lifetimes() []lifetime {
	life := make([]lifetime, len(r.arrays))
	for i := range life {
		life[i] = lifetime{-1, -1}
	}
	end := int32(len(r.steps))
	use := func(array, step int32) {
		if life[array].first < 0 {
			life[array].first = step
		}
		life[array].last = max(life[array].last, step)
	}
	life[onesArray] = lifetime{0, end}
	life[inputArray].first = 0
	for i := range r.steps {
		s := &r.steps[i]
		use(r.root(s.dst).array, int32(i))
		for _, o := range s.args {
			if o.kind == isRows {
				use(r.root(o).array, int32(i))
			}
		}
		for _, p := range s.places {
			if p.array >= 0 {
				use(r.resolve(p).array, int32(i))
			}
		}
	}
	for i, o := range r.outs {
		if o.Ref != 0 {
			use(r.resolve(r.places[i]).array, end)
		}
	}
	return life
}

// replaceable finds an operand array that ends at this step and whose rows the result may take over one for one, -1 if
// there is none.
func (r *rolled) replaceable(s *step, dst operand, life []lifetime, now int32) int32 {
	if s.form != formOp || dst.row != 0 || s.n != r.arrays[dst.array].rows {
		return -1
	}
	for _, o := range s.args {
		if o.kind != isRows {
			continue
		}
		o = r.root(o)
		a := &r.arrays[o.array]
		if a.kept || life[o.array].last != now || a.rows != s.n || o.row != 0 || o.stride != 1 {
			continue
		}
		// Every other use in this step has to be of the same rows in the same order.
		same := true
		for _, q := range s.args {
			if q.kind == isRows {
				q = r.root(q)
				same = same && (q.array != o.array || q.row == 0 && q.stride == 1)
			}
		}
		if same {
			return o.array
		}
	}
	return -1
}

// freeRows keeps the free intervals of the workspace in order.
type freeRows struct{ gaps []place } // array: first row, row: number of rows

// take finds room for some rows: the first gap that is large enough, or the end.
func (f *freeRows) take(rows int32, total *int32) int32 {
	for i := range f.gaps {
		g := &f.gaps[i]
		if g.row < rows {
			continue
		}
		at := g.array
		g.array += rows
		if g.row -= rows; g.row == 0 {
			f.gaps = slices.Delete(f.gaps, i, i+1)
		}
		return at
	}
	if n := len(f.gaps); n > 0 && f.gaps[n-1].array+f.gaps[n-1].row == *total {
		g := f.gaps[n-1]
		f.gaps = f.gaps[:n-1]
		*total = g.array + rows
		return g.array
	}
	at := *total
	*total += rows
	return at
}

// give returns rows, joining neighbours.
func (f *freeRows) give(at, rows int32) {
	if rows == 0 {
		return
	}
	i, _ := slices.BinarySearchFunc(f.gaps, at, func(g place, at int32) int { return int(g.array) - int(at) })
	f.gaps = slices.Insert(f.gaps, i, place{at, rows})
	if i+1 < len(f.gaps) && f.gaps[i].array+f.gaps[i].row == f.gaps[i+1].array {
		f.gaps[i].row += f.gaps[i+1].row
		f.gaps = slices.Delete(f.gaps, i+1, i+2)
	}
	if i > 0 && f.gaps[i-1].array+f.gaps[i-1].row == f.gaps[i].array {
		f.gaps[i-1].row += f.gaps[i].row
		f.gaps = slices.Delete(f.gaps, i, i+1)
	}
}
