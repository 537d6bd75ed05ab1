package stan

import (
	"strings"

	"wgf/internal/tape"
	"wgf/target/stan/library"
	"wgf/target/stan/syntax"
)

// maxCalls is the depth of recursion at which a program is stopped.
const maxCalls = 5000

// function is a user function. The body is compiled after all functions are known, so that they may call each other.
type function struct {
	decl *syntax.FuncDecl
	body stmtFn
	// isLp marks functions that keep the caller's choice of dropping constants, as densities do where they are called
	// as _lupdf, _lupmf or through ~.
	isLp bool
}

func (c *compiler) declare(d *syntax.FuncDecl) {
	if d.Body == nil {
		return
	}
	fn := &function{decl: d}
	fn.isLp = strings.HasSuffix(d.Name, "_lp")
	c.funcs[d] = fn
	for _, p := range d.Params {
		c.supported(p.At, p.Type)
		if p.Type.Kind == syntax.Func {
			c.refuse(p.At, "functions as arguments are part of Stan but not supported by wgf")
		}
	}
	if d.Result.Kind != syntax.Void {
		c.supported(d.At, d.Result)
	}
}

func (c *compiler) define(d *syntax.FuncDecl) {
	fn := c.funcs[d]
	if fn == nil {
		return
	}
	c.inFunc = fn
	fn.body = c.block(d.Body.Body)
	c.inFunc = nil
}

// callee returns the compiled function that a call means.
func (c *compiler) callee(pos syntax.Pos, d *syntax.FuncDecl) *function {
	if d.Def != nil {
		d = d.Def
	}
	fn := c.funcs[d]
	if fn == nil {
		c.refuse(pos, "function %s is declared but not defined", d.Name)
	}
	return fn
}

// invoke runs a user function on arguments that are in place in cells.
func (f *frame) invoke(fn *function, pos syntax.Pos, cells []cell, unnormalised bool) cell {
	m := f.m
	if m.calls++; m.calls > maxCalls {
		fail(broken, pos, "%s calls itself deeper than %d levels", fn.decl.Name, maxCalls)
	}
	saved, propto := m.state, m.ctx.Propto
	m.ctx.Propto = propto && (fn.isLp || unnormalised)
	inner := frame{m: m, cells: cells, entry: m.id}
	sig := fn.body(&inner)
	m.restore(saved)
	m.ctx.Propto = propto
	m.calls--
	if sig != returning && !inner.hasRet && fn.decl.Result.Kind != syntax.Void {
		fail(broken, pos, "%s ended without returning a value", fn.decl.Name)
	}
	return inner.ret
}

// userCall compiles the call of a user function.
func (c *compiler) userCall(pos syntax.Pos, d *syntax.FuncDecl, args []syntax.Expr, unnormalised bool) func(*frame) cell {
	fn := c.callee(pos, d)
	if fn == nil {
		return func(*frame) cell { return cell{} }
	}
	set := make([]func(f *frame, to *cell), len(args))
	for i, a := range args {
		if scalar(a.Type()) {
			n := c.num(a)
			set[i] = func(f *frame, to *cell) { to.num = n(f) }
		} else {
			v := c.value(a)
			set[i] = func(f *frame, to *cell) { to.val = v(f) }
		}
	}
	return func(f *frame) cell {
		cells := make([]cell, max(fn.decl.Locals, len(set)))
		for i, s := range set {
			s(f, &cells[i])
			cells[i].mask = f.m.id
		}
		return f.invoke(fn, pos, cells, unnormalised)
	}
}

func (c *compiler) callNum(e *syntax.Call) numFn {
	switch {
	case e.Target:
		return func(f *frame) tape.Num { return f.m.targetSoFar() }
	case e.Decl != nil:
		call := c.userCall(e.Pos(), e.Decl, e.Args, e.Unnormalized)
		return func(f *frame) tape.Num { return call(f).num }
	}
	if op, ok := elementary[e.Lib.Name]; ok && len(e.Args) == 1 && scalar(e.Args[0].Type()) {
		x := c.num(e.Args[0])
		return func(f *frame) tape.Num { return f.m.op1(op, x(f)) }
	}
	return unwrap(c.libraryCall(e))
}

// elementary are functions that are an operation of the tape for every argument, without a domain to check.
var elementary = map[string]tape.Op{
	"exp": tape.Exp, "log": tape.Log, "sqrt": tape.Sqrt, "square": tape.Square, "inv": tape.Inv, "tanh": tape.Tanh,
	"inv_logit": tape.InvLogit, "log1p_exp": tape.Log1pExp, "sin": tape.Sin, "cos": tape.Cos, "cbrt": tape.Cbrt,
	"expm1": tape.Expm1, "fabs": tape.Abs, "abs": tape.Abs, "atan": tape.Atan, "sinh": tape.Sinh, "cosh": tape.Cosh,
}

func (c *compiler) callValue(e *syntax.Call) valFn {
	if e.Decl != nil {
		call := c.userCall(e.Pos(), e.Decl, e.Args, e.Unnormalized)
		return func(f *frame) library.Value { return call(f).val }
	}
	return c.libraryCall(e)
}

func (c *compiler) libraryCall(e *syntax.Call) valFn {
	return c.libraryFn(e.Pos(), e.Lib.Name, e.Args, e.Unnormalized)
}

// libraryFn compiles the call of a library function by name.
func (c *compiler) libraryFn(pos syntax.Pos, name string, args []syntax.Expr, unnormalised bool) valFn {
	for _, a := range args {
		if a.Type().Kind == syntax.Func {
			c.refuse(a.Pos(), "%s takes a function, which is part of Stan but not supported by wgf", name)
			return noValue
		}
	}
	fn := c.find(pos, name, unnormalised)
	if fn == nil {
		return noValue
	}
	vals := make([]valFn, len(args))
	for i, a := range args {
		vals[i] = c.value(a)
	}
	return func(f *frame) library.Value {
		m := f.m
		base := len(m.args)
		for _, v := range vals {
			m.args = append(m.args, v(f))
		}
		out := m.call(pos, fn, m.args[base:])
		m.args = m.args[:base]
		return out
	}
}

// find looks a function of the library up.
func (c *compiler) find(pos syntax.Pos, name string, unnormalised bool) *library.Function {
	if unnormalised {
		for _, s := range [][2]string{{"_lpdf", "_lupdf"}, {"_lpmf", "_lupmf"}} {
			if stem, ok := strings.CutSuffix(name, s[0]); ok {
				if fn := c.lib.Function(stem + s[1]); fn != nil {
					return fn
				}
			}
		}
	}
	fn := c.lib.Function(name)
	if fn == nil {
		c.refuse(pos, "%s is not supported by wgf", name)
	}
	return fn
}
