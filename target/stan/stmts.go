package stan

import (
	"wgf/internal/tape"
	"wgf/target/stan/library"
	"wgf/target/stan/syntax"
)

func skip(*frame) signal { return next }

// block compiles a list of statements.
func (c *compiler) block(body []syntax.Stmt) stmtFn {
	list := make([]stmtFn, 0, len(body))
	for _, s := range body {
		if _, empty := s.(*syntax.Empty); !empty {
			list = append(list, c.stmt(s))
		}
	}
	switch len(list) {
	case 0:
		return skip
	case 1:
		return list[0]
	}
	return func(f *frame) signal {
		for _, s := range list {
			if sig := s(f); sig != next {
				return sig
			}
		}
		return next
	}
}

func (c *compiler) stmt(s syntax.Stmt) stmtFn {
	switch s := s.(type) {
	case *syntax.VarDecl:
		return c.declaration(s)
	case *syntax.Assign:
		return c.assign(s)
	case *syntax.TargetAdd:
		return c.targetAdd(s.X, false)
	case *syntax.JacobianAdd:
		return c.targetAdd(s.X, true)
	case *syntax.Tilde:
		return c.tilde(s)
	case *syntax.If:
		return c.ifStmt(s)
	case *syntax.For:
		return c.forStmt(s)
	case *syntax.ForEach:
		return c.forEach(s)
	case *syntax.While:
		return c.while(s)
	case *syntax.Break:
		return func(f *frame) signal { return f.leaveLoop(breaking) }
	case *syntax.Continue:
		return func(f *frame) signal { return f.leaveLoop(continuing) }
	case *syntax.Return:
		return c.returnStmt(s)
	case *syntax.Print:
		return c.print(s)
	case *syntax.Profile:
		return c.block(s.Body)
	case *syntax.Block:
		return c.block(s.Body)
	case *syntax.CallStmt:
		return c.callStmt(s)
	case *syntax.Empty:
		return skip
	case *syntax.TupleAssign:
		c.refuse(s.Pos(), "tuples are part of Stan but not supported by wgf")
	default:
		c.refuse(s.Pos(), "this statement is part of Stan but not supported by wgf")
	}
	return skip
}

func (c *compiler) targetAdd(x syntax.Expr, jacobian bool) stmtFn {
	if scalar(x.Type()) {
		n := c.num(x)
		return func(f *frame) signal {
			if v := n(f); !jacobian || f.m.jacobian {
				f.m.add(v)
			}
			return next
		}
	}
	val := c.value(x)
	return func(f *frame) signal {
		v := val(f)
		if !jacobian || f.m.jacobian {
			for i := range v.Data {
				f.m.add(v.At(i))
			}
		}
		return next
	}
}

func (c *compiler) ifStmt(s *syntax.If) stmtFn {
	cond, then, other := c.num(s.Cond), c.stmt(s.Then), stmtFn(skip)
	if s.Else != nil {
		other = c.stmt(s.Else)
	}
	var assigned []func(*frame) *cell
	for _, sym := range assignedIn(s.Then, s.Else) {
		assigned = append(assigned, place(sym))
	}
	return func(f *frame) signal {
		p := cond(f)
		switch {
		case p.Ref != 0:
			cells := make([]*cell, len(assigned))
			for i, at := range assigned {
				cells[i] = at(f)
			}
			return f.split(p, cells, func() signal { return then(f) }, func() signal { return other(f) })
		case p.V != 0:
			return then(f)
		}
		return other(f)
	}
}

func (c *compiler) forStmt(s *syntax.For) stmtFn {
	lo, hi, body, at := c.num(s.Lo), c.num(s.Hi), c.stmt(s.Body), place(s.Var)
	pos := s.Pos()
	bound := func(f *frame, n numFn, e syntax.Expr) int {
		k := n(f)
		if k.Ref != 0 {
			fail(refused, e.Pos(), "this bound of a loop depends on parameters, which is not supported in the density")
		}
		return int(k.V)
	}
	return func(f *frame) signal {
		m := f.m
		i, end := bound(f, lo, s.Lo)-1, bound(f, hi, s.Hi)
		m.limitSite = append(m.limitSite, pos)
		sig := f.run(func() bool {
			if i++; i > end {
				return false
			}
			m.watch(pos)
			*at(f) = cell{num: tape.Num{V: float64(i)}, mask: m.id}
			return true
		}, body)
		m.limitSite = m.limitSite[:len(m.limitSite)-1]
		return sig
	}
}

func (c *compiler) forEach(s *syntax.ForEach) stmtFn {
	x, body, at, pos := c.value(s.X), c.stmt(s.Body), place(s.Var), s.Pos()
	t := s.Var.Type
	byElement := scalar(t)
	matrix := s.X.Type().Is(syntax.Matrix)
	return func(f *frame) signal {
		m := f.m
		v := x(f).Copy()
		n := v.Size()
		if matrix && byElement {
			v = transposed(v)
			n = len(v.Data)
		}
		i := -1
		m.limitSite = append(m.limitSite, pos)
		sig := f.run(func() bool {
			if i++; i >= n {
				return false
			}
			m.watch(pos)
			if byElement {
				*at(f) = cell{num: v.At(i), mask: m.id}
			} else {
				*at(f) = cell{val: v.Element(i), mask: m.id}
			}
			return true
		}, body)
		m.limitSite = m.limitSite[:len(m.limitSite)-1]
		return sig
	}
}

func (c *compiler) while(s *syntax.While) stmtFn {
	cond, body, pos := c.num(s.Cond), c.stmt(s.Body), s.Pos()
	return func(f *frame) signal {
		m := f.m
		m.limitSite = append(m.limitSite, pos)
		sig := f.run(func() bool {
			m.watch(pos)
			p := cond(f)
			if p.Ref != 0 {
				fail(refused, s.Cond.Pos(), "the condition of this while loop depends on parameters, which is not supported in the density")
			}
			return p.V != 0
		}, body)
		m.limitSite = m.limitSite[:len(m.limitSite)-1]
		return sig
	}
}

func (c *compiler) returnStmt(s *syntax.Return) stmtFn {
	switch {
	case s.X == nil:
		return func(f *frame) signal { return f.leaveFunction(cell{}) }
	case scalar(s.X.Type()):
		x := c.num(s.X)
		return func(f *frame) signal { return f.leaveFunction(cell{num: x(f)}) }
	}
	x := c.value(s.X)
	return func(f *frame) signal { return f.leaveFunction(cell{val: x(f)}) }
}

func (c *compiler) callStmt(s *syntax.CallStmt) stmtFn {
	e := s.Call
	if e.Decl != nil {
		call := c.userCall(e.Pos(), e.Decl, e.Args, e.Unnormalized)
		return func(f *frame) signal { call(f); return next }
	}
	call := c.libraryCall(e)
	return func(f *frame) signal { call(f); return next }
}

// tilde compiles y ~ dist(args) T[lower, upper].
func (c *compiler) tilde(s *syntax.Tilde) stmtFn {
	args := append([]syntax.Expr{s.X}, s.Args...)
	var density numFn
	if s.Decl != nil {
		call := c.userCall(s.Pos(), s.Decl, args, true)
		density = func(f *frame) tape.Num { return call(f).num }
	} else {
		density = unwrap(c.libraryFn(s.Pos(), s.Lib.Name, args, true))
	}
	add := func(f *frame) signal {
		f.m.add(density(f))
		return next
	}
	if s.Trunc == nil {
		return add
	}
	trunc := c.truncation(s)
	return func(f *frame) signal {
		add(f)
		trunc(f)
		return next
	}
}

// transposed holds the numbers of a matrix column by column.
func transposed(v library.Value) library.Value {
	rows, cols := v.Dims[0], v.Dims[1]
	out := library.New(v.Type, cols, rows)
	for i := range rows {
		for j := range cols {
			out.Set(j*rows+i, v.At(i*cols+j))
		}
	}
	return out
}
