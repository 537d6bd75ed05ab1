package stan

import (
	"strconv"
	"strings"

	"wgf/internal/tape"
	"wgf/target/stan/library"
	"wgf/target/stan/syntax"
)

// indexFn is one compiled index.
type indexFn struct {
	kind   syntax.IndexKind
	at     syntax.Pos
	lo, hi numFn
	many   valFn
}

func (c *compiler) index(ix syntax.Index) indexFn {
	out := indexFn{kind: ix.Kind, at: ix.At}
	if ix.Lo != nil && !out.at.Valid() {
		out.at = ix.Lo.Pos()
	}
	if ix.Kind == syntax.IndexMulti {
		out.many = c.value(ix.Lo)
		return out
	}
	if ix.Lo != nil {
		out.lo = c.num(ix.Lo)
	}
	if ix.Hi != nil {
		out.hi = c.num(ix.Hi)
	}
	return out
}

// flatten takes apart x[a][b], which is x[a, b] where a holds only single indices.
func flatten(e *syntax.IndexExpr) (base syntax.Expr, lists [][]syntax.Index) {
	if inner, ok := e.X.(*syntax.IndexExpr); ok {
		base, lists = flatten(inner)
		last := lists[len(lists)-1]
		if singles(last) {
			lists[len(lists)-1] = append(append([]syntax.Index(nil), last...), e.Indices...)
			return base, lists
		}
		return base, append(lists, e.Indices)
	}
	return e.X, [][]syntax.Index{e.Indices}
}

func singles(list []syntax.Index) bool {
	for _, ix := range list {
		if ix.Kind != syntax.IndexSingle {
			return false
		}
	}
	return true
}

func (c *compiler) indices(list []syntax.Index) []indexFn {
	out := make([]indexFn, len(list))
	for i, ix := range list {
		out[i] = c.index(ix)
	}
	return out
}

// indexNum compiles an indexing that gives a scalar.
func (c *compiler) indexNum(e *syntax.IndexExpr) numFn {
	base, lists := flatten(e)
	if len(lists) > 1 || !singles(lists[0]) {
		return unwrap(c.indexSelect(e, base, lists))
	}
	x, ix := c.value(base), c.indices(lists[0])
	if len(ix) == 1 {
		i := ix[0]
		return func(f *frame) tape.Num {
			v := x(f)
			return v.At(i.single(f, e, v.Dims, 0))
		}
	}
	return func(f *frame) tape.Num {
		v := x(f)
		at := 0
		for d := range ix {
			at = at*v.Dims[d] + ix[d].single(f, e, v.Dims, d)
		}
		return v.At(at)
	}
}

// indexValue compiles an indexing that gives a container.
func (c *compiler) indexValue(e *syntax.IndexExpr) valFn {
	base, lists := flatten(e)
	if len(lists) > 1 || !singles(lists[0]) {
		return c.indexSelect(e, base, lists)
	}
	x, ix, t := c.value(base), c.indices(lists[0]), e.Type()
	return func(f *frame) library.Value {
		v := x(f)
		at, n := 0, len(v.Data)
		for d := range ix {
			k := ix[d].single(f, e, v.Dims, d)
			n /= v.Dims[d]
			at = at*v.Dims[d] + k
		}
		return v.Slice(t, v.Dims[len(ix):], at*n, (at+1)*n)
	}
}

// indexSelect compiles an indexing with ranges or lists, which gathers into new storage.
func (c *compiler) indexSelect(e *syntax.IndexExpr, base syntax.Expr, lists [][]syntax.Index) valFn {
	x, t, name := c.value(base), e.Type(), syntax.ExprString(base)
	fns := make([][]indexFn, len(lists))
	for i, l := range lists {
		fns[i] = c.indices(l)
	}
	return func(f *frame) library.Value {
		v := x(f)
		s := newSelection(v.Dims)
		for _, l := range fns {
			s.narrow(f, name, l)
		}
		out := library.New(t, s.kept()...)
		at := 0
		s.each(func(from int) {
			out.Set(at, v.At(from))
			at++
		})
		return out
	}
}

// single evaluates a single index of dimension d, from 0.
func (ix *indexFn) single(f *frame, e *syntax.IndexExpr, dims []int, d int) int {
	k := ix.number(ix.lo(f))
	if k < 1 || k > dims[d] {
		base, _ := flatten(e)
		outOfRange(ix.at, syntax.ExprString(base), k, dims, d)
	}
	return k - 1
}

func (ix *indexFn) number(n tape.Num) int {
	if n.Ref != 0 {
		fail(refused, ix.at, "this index depends on parameters, which is not supported in the density")
	}
	return int(n.V)
}

func outOfRange(pos syntax.Pos, name string, k int, dims []int, d int) {
	of := ""
	if len(dims) > 1 {
		of = "dimension " + strconv.Itoa(d+1) + " of "
	}
	if dims[d] == 0 {
		fail(broken, pos, "index %d is out of range: %s%s is empty", k, of, name)
	}
	fail(broken, pos, "index %d is out of range: %s%s has indices from 1 to %d", k, of, name, dims[d])
}

// selection says which elements of a value are meant, dimension by dimension.
type selection struct {
	dims []int   // of the value
	sel  [][]int // places from 0 in every dimension; nil: all
	one  []bool  // the dimension is dropped
}

func newSelection(dims []int) *selection {
	return &selection{dims: dims, sel: make([][]int, len(dims)), one: make([]bool, len(dims))}
}

// narrow applies a list of indices to the dimensions that are still there.
func (s *selection) narrow(f *frame, name string, list []indexFn) {
	d := 0
	for i := range list {
		for s.one[d] {
			d++
		}
		s.apply(f, name, &list[i], d)
		d++
	}
}

func (s *selection) size(d int) int {
	if s.sel[d] == nil {
		return s.dims[d]
	}
	return len(s.sel[d])
}

func (s *selection) place(d, k int) int {
	if s.sel[d] == nil {
		return k
	}
	return s.sel[d][k]
}

func (s *selection) apply(f *frame, name string, ix *indexFn, d int) {
	n := s.size(d)
	check := func(k int) {
		if k < 1 || k > n {
			dims := append([]int(nil), s.dims...)
			dims[d] = n
			outOfRange(ix.at, name, k, dims, d)
		}
	}
	lo, hi := 1, n
	switch ix.kind {
	case syntax.IndexAll:
		return
	case syntax.IndexSingle:
		k := ix.number(ix.lo(f))
		check(k)
		s.sel[d], s.one[d] = []int{s.place(d, k-1)}, true
		return
	case syntax.IndexMulti:
		v := ix.many(f)
		places := make([]int, len(v.Data))
		for i := range places {
			k := ix.number(v.At(i))
			check(k)
			places[i] = s.place(d, k-1)
		}
		s.sel[d] = places
		return
	}
	if ix.lo != nil {
		lo = ix.number(ix.lo(f))
	}
	if ix.hi != nil {
		hi = ix.number(ix.hi(f))
	}
	places := make([]int, 0, max(0, min(hi, n)-lo+1))
	if lo <= hi {
		check(lo)
		check(hi)
	}
	for k := lo; k <= hi; k++ {
		places = append(places, s.place(d, k-1))
	}
	s.sel[d] = places
}

// kept are the dimensions of what is selected.
func (s *selection) kept() []int {
	out := make([]int, 0, len(s.dims))
	for d := range s.dims {
		if !s.one[d] {
			out = append(out, s.size(d))
		}
	}
	return out
}

// each calls f with the place of every selected element, row by row.
func (s *selection) each(f func(at int)) { s.walk(0, 0, f) }

func (s *selection) walk(d, at int, f func(at int)) {
	if d == len(s.dims) {
		f(at)
		return
	}
	for k := range s.size(d) {
		s.walk(d+1, at*s.dims[d]+s.place(d, k), f)
	}
}

// dimsText shows a size as [2, 3].
func dimsText(dims []int) string {
	parts := make([]string, len(dims))
	for i, d := range dims {
		parts[i] = strconv.Itoa(d)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
