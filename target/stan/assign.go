package stan

import (
	"math"

	"wgf/internal/tape"
	"wgf/target/stan/library"
	"wgf/target/stan/syntax"
)

// place returns the cell of a variable.
func place(s *syntax.Symbol) func(f *frame) *cell {
	slot := s.Slot
	if s.Global {
		return func(f *frame) *cell { return &f.m.globals[slot] }
	}
	return func(f *frame) *cell { return &f.cells[slot] }
}

// setNum assigns to a scalar variable.
func (m *machine) setNum(c *cell, x tape.Num) {
	if c.mask != m.id {
		x = m.pick(m.mask, x, c.num)
	}
	c.num = x
}

// setAt assigns to one number of a variable.
func (m *machine) setAt(c *cell, at int, x tape.Num) {
	if c.mask != m.id {
		x = m.pick(m.mask, x, c.val.At(at))
	}
	c.val.Set(at, x)
}

// setValue assigns to a whole variable. As in Stan, a variable of size zero takes any size.
func (m *machine) setValue(pos syntax.Pos, name string, c *cell, v library.Value) {
	if !sameDims(c.val.Dims, v.Dims) {
		if len(c.val.Data) > 0 {
			sizeMismatch(pos, name, c.val.Dims, v.Dims)
		}
		c.val = library.New(c.val.Type, v.Dims...)
	}
	if c.mask != m.id {
		v = m.pickValue(m.mask, v, c.val)
	}
	store(&c.val, 0, v)
}

func sizeMismatch(pos syntax.Pos, name string, left, right []int) {
	fail(broken, pos, "sizes do not match in the assignment: %s has size %s, the value has size %s",
		name, dimsText(left), dimsText(right))
}

// declaration compiles the declaration of a local variable, or of one at the top level of a block.
func (c *compiler) declaration(d *syntax.VarDecl) stmtFn {
	t := d.Spec.Type
	if !c.supported(d.Pos(), t) {
		return skip
	}
	at := place(d.Sym)
	if scalar(t) {
		empty := blank(t)
		init := func(*frame) tape.Num { return empty }
		if d.Init != nil {
			init = c.num(d.Init)
		}
		return func(f *frame) signal {
			x := init(f)
			to := at(f)
			to.num, to.mask = x, f.m.id
			return next
		}
	}
	sizes := c.sizes(d.Spec)
	pos, name := d.Pos(), d.Name
	var init valFn
	if d.Init != nil {
		init = c.value(d.Init)
	}
	return func(f *frame) signal {
		v := library.New(t, sizes(f)...)
		if init == nil {
			fill := blank(t).V
			for i := range v.Data {
				v.Data[i] = fill
			}
		} else {
			x := init(f)
			if !sameDims(v.Dims, x.Dims) {
				if len(v.Data) > 0 {
					sizeMismatch(pos, name, v.Dims, x.Dims)
				}
				v = library.New(t, x.Dims...)
			}
			store(&v, 0, x)
		}
		to := at(f)
		to.val, to.mask = v, f.m.id
		return next
	}
}

// blank is what a variable holds before it is assigned to.
func blank(t syntax.Type) tape.Num {
	if t.Kind == syntax.Int {
		return tape.Num{V: math.MinInt32}
	}
	return tape.Num{V: math.NaN()}
}

// sizes compiles the sizes of a declaration.
func (c *compiler) sizes(spec *syntax.TypeSpec) func(f *frame) []int {
	exprs := append(append([]syntax.Expr(nil), spec.Dims...), spec.Sizes...)
	switch spec.Constraint.Kind {
	case syntax.CholeskyFactorCorr, syntax.CholeskyFactorCov, syntax.CorrMatrix, syntax.CovMatrix:
		if len(spec.Sizes) == 1 {
			exprs = append(exprs, spec.Sizes[0])
		}
	}
	nums := make([]numFn, len(exprs))
	for i, e := range exprs {
		nums[i] = c.num(e)
	}
	return func(f *frame) []int {
		dims := make([]int, len(nums))
		total := 1
		for i, n := range nums {
			k := n(f)
			if k.Ref != 0 {
				fail(refused, exprs[i].Pos(), "this size depends on parameters, which is not supported in the density")
			}
			if k.V < 0 {
				fail(broken, exprs[i].Pos(), "the size %s is %d, but must not be negative", syntax.ExprString(exprs[i]), int(k.V))
			}
			dims[i] = int(k.V)
			if total *= dims[i]; total > maxElements {
				fail(broken, exprs[0].Pos(), "a variable of size %s is too large", dimsText(dims[:i+1]))
			}
		}
		if n := len(dims); spec.Constraint.Kind == syntax.CholeskyFactorCov && dims[n-2] < dims[n-1] {
			fail(broken, exprs[n-1].Pos(), "a cholesky_factor_cov must not have more columns (%d) than rows (%d)", dims[n-1], dims[n-2])
		}
		return dims
	}
}

// maxElements is the largest number of elements of a variable.
const maxElements = 1 << 28

// assign compiles LHS = RHS and LHS op= RHS.
func (c *compiler) assign(s *syntax.Assign) stmtFn {
	l := s.LHS
	var lists [][]syntax.Index
	for _, st := range l.Steps {
		if st.Field != 0 {
			c.refuse(st.At, "tuples are part of Stan but not supported by wgf")
			return skip
		}
		if n := len(lists); n > 0 && singles(lists[n-1]) {
			lists[n-1] = append(append([]syntax.Index(nil), lists[n-1]...), st.Indices...)
		} else {
			lists = append(lists, st.Indices)
		}
	}
	if !c.supported(l.At, l.Type) {
		return skip
	}
	at := place(l.Sym)
	switch {
	case len(lists) == 0 && scalar(l.Type):
		return c.assignScalar(s, at)
	case len(lists) == 0:
		return c.assignWhole(s, at)
	case len(lists) == 1 && singles(lists[0]):
		return c.assignElement(s, at, lists[0])
	}
	return c.assignSelection(s, at, lists)
}

func (c *compiler) assignScalar(s *syntax.Assign, at func(*frame) *cell) stmtFn {
	rhs := c.num(s.RHS)
	if !s.Op.Compound {
		return func(f *frame) signal {
			x := rhs(f)
			f.m.setNum(at(f), x)
			return next
		}
	}
	op := c.compoundNum(s)
	return func(f *frame) signal {
		x := rhs(f)
		to := at(f)
		f.m.setNum(to, op(f.m, to.num, x))
		return next
	}
}

// compoundNum is the operator of x op= y between scalars.
func (c *compiler) compoundNum(s *syntax.Assign) func(m *machine, x, y tape.Num) tape.Num {
	if pos, op := s.Pos(), s.Op.Op; s.LHS.Type.Is(syntax.Int) {
		return func(m *machine, x, y tape.Num) tape.Num { return m.intBinary(pos, op, x, y) }
	}
	op := scalarOps[s.Op.Op]
	return func(m *machine, x, y tape.Num) tape.Num { return m.op2(op, x, y) }
}

func (c *compiler) assignWhole(s *syntax.Assign, at func(*frame) *cell) stmtFn {
	pos, name := s.LHS.At, s.LHS.Name
	rhs := c.value(s.RHS)
	op := c.compoundValue(s)
	return func(f *frame) signal {
		v := rhs(f)
		to := at(f)
		if op != nil {
			v = op(f, to.val, v)
		}
		f.m.setValue(pos, name, to, v)
		return next
	}
}

// compoundValue is the operator of x op= y between containers, nil for a plain assignment.
func (c *compiler) compoundValue(s *syntax.Assign) func(f *frame, x, y library.Value) library.Value {
	if !s.Op.Compound {
		return nil
	}
	pos, op := s.Pos(), s.Op.Op
	return func(f *frame, x, y library.Value) library.Value { return f.m.binary(pos, op, x, y) }
}

// assignElement compiles x[i, j] = ...: one number, or a contiguous part.
func (c *compiler) assignElement(s *syntax.Assign, at func(*frame) *cell, list []syntax.Index) stmtFn {
	ix, l := c.indices(list), s.LHS
	locate := func(f *frame, v *library.Value) (from, n int) {
		n = len(v.Data)
		for d := range ix {
			k := ix[d].number(ix[d].lo(f))
			if k < 1 || k > v.Dims[d] {
				outOfRange(ix[d].at, l.Name, k, v.Dims, d)
			}
			n /= v.Dims[d]
			from = from*v.Dims[d] + k - 1
		}
		return from * n, n
	}
	if scalar(l.Type) {
		rhs := c.num(s.RHS)
		var op func(m *machine, x, y tape.Num) tape.Num
		if s.Op.Compound {
			op = c.compoundNum(s)
		}
		return func(f *frame) signal {
			x := rhs(f)
			to := at(f)
			i, _ := locate(f, &to.val)
			if op != nil {
				x = op(f.m, to.val.At(i), x)
			}
			f.m.setAt(to, i, x)
			return next
		}
	}
	rhs, op := c.value(s.RHS), c.compoundValue(s)
	return func(f *frame) signal {
		v := rhs(f)
		to := at(f)
		from, n := locate(f, &to.val)
		dims := to.val.Dims[len(ix):]
		if op != nil {
			v = op(f, to.val.Slice(l.Type, dims, from, from+n), v)
		}
		if !sameDims(dims, v.Dims) {
			sizeMismatch(l.At, l.Name, dims, v.Dims)
		}
		if to.mask == f.m.id {
			store(&to.val, from, v)
			return next
		}
		for i := range v.Data {
			f.m.setAt(to, from+i, v.At(i))
		}
		return next
	}
}

// assignSelection compiles assignments to ranges and lists of indices.
func (c *compiler) assignSelection(s *syntax.Assign, at func(*frame) *cell, lists [][]syntax.Index) stmtFn {
	fns := make([][]indexFn, len(lists))
	for i, list := range lists {
		fns[i] = c.indices(list)
	}
	l := s.LHS
	rhs, op := c.value(s.RHS), c.compoundValue(s)
	return func(f *frame) signal {
		v := rhs(f).Copy() // it may share storage with the variable
		to := at(f)
		sel := newSelection(to.val.Dims)
		for _, list := range fns {
			sel.narrow(f, l.Name, list)
		}
		dims := sel.kept()
		if op != nil {
			old := library.New(l.Type, dims...)
			i := 0
			sel.each(func(from int) { old.Set(i, to.val.At(from)); i++ })
			v = op(f, old, v)
		}
		if !sameDims(dims, v.Dims) {
			sizeMismatch(l.At, l.Name, dims, v.Dims)
		}
		i := 0
		sel.each(func(from int) { f.m.setAt(to, from, v.At(i)); i++ })
		return next
	}
}
