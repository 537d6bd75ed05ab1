package syntax

import "strings"

// callStmt checks a call that stands as a statement.
func (c *checker) callStmt(s *CallStmt) {
	if t := c.call(s.Call); t.Kind != Void {
		c.fail(s.At, "the value of the call of %q (%s) is not used; only a function that returns nothing can stand alone",
			clip(s.Call.Name), t)
	}
}

// call checks a function call and resolves what is called.
func (c *checker) call(e *Call) Type {
	if e.Target {
		c.readTarget(e.pos, "\"target()\"")
		e.typ, e.level = TypeOf(Real), ParamLevel
		return e.typ
	}
	base := c.callee(e)
	types := make([]Type, len(e.Args))
	for i := range e.Args {
		types[i] = c.argument(&e.Args[i])
	}
	r := c.resolve(base, e.Args, types)
	if r == nil {
		c.noMatch(e.pos, e.Name, base, types)
	}
	e.Decl, e.Lib = r.decl, r.lib
	c.useArguments(e.pos, e.Name, e.Args, r)
	e.typ = r.result
	c.set(e, r.result, e.Args...)
	return e.typ
}

// callee checks the name of a call against its context and returns the name under which the function is known.
func (c *checker) callee(e *Call) string {
	base := e.Name
	sfx := suffix(e.Name)
	user := len(c.users[e.Name]) > 0
	if sym := c.lookup(e.Name); sym != nil && (user || len(c.lib.Signatures(e.Name)) == 0) {
		c.fail(e.pos, "%q is a variable of type %s; expected a function", clip(e.Name), sym.Type)
	}
	switch sfx {
	case "_lupdf", "_lupmf":
		e.Unnormalized = true
		base = strings.TrimSuffix(base, sfx) + sfx[:2] + sfx[3:]
		if !c.mayDropConstants() {
			c.fail(e.pos, "%s drops constants, which is only meaningful in the model block and in functions that end in _lpdf or _lpmf; call %q here",
				e.Name, base)
		}
	case "_lp":
		if user {
			c.readTarget(e.pos, "a call of \""+e.Name+"\"")
		}
	case "_jacobian":
		if user {
			c.needJacobian(e.pos, "a call of \""+e.Name+"\"")
		}
	case "_rng":
		c.needRandom(e.pos, e.Name)
	}
	if len(c.users[base]) == 0 && len(c.lib.Signatures(base)) == 0 {
		c.unknownFunction(e.pos, e.Name, base)
	}
	switch prob := isProbability(e.Name); {
	case prob && !e.Bar && len(e.Args) > 1:
		c.fail(e.pos, "a bar separates the variate from the parameters: %s(%s | %s)", clip(e.Name),
			clip(ExprString(e.Args[0])), clip(ExprString(e.Args[1]))+more(len(e.Args) > 2))
	case !prob && e.Bar:
		c.fail(e.pos, "only densities, mass functions and distribution functions are called with a bar; found it in a call of %q", clip(e.Name))
	}
	return base
}

func more(yes bool) string {
	if yes {
		return ", ..."
	}
	return ""
}

// mayDropConstants tells whether unnormalised densities may be called here.
func (c *checker) mayDropConstants() bool {
	if c.fn == nil {
		return c.block == ModelBlock
	}
	s := suffix(c.fn.Name)
	return s == "_lpdf" || s == "_lpmf"
}

// needRandom refuses random number generators where they are not allowed.
func (c *checker) needRandom(pos Pos, name string) {
	if c.fn != nil && suffix(c.fn.Name) == "_rng" || c.fn == nil && (c.block == TransDataBlock || c.block == GeneratedBlock) {
		return
	}
	c.fail(pos, "random numbers (%s) may only be drawn in the blocks \"transformed data\" and \"generated quantities\" and in functions that end in _rng", name)
}

// argument checks an argument, which may also be the name of a user function.
func (c *checker) argument(slot *Expr) Type {
	v, ok := (*slot).(*Var)
	if !ok || c.lookup(v.Name) != nil {
		return c.expr(slot)
	}
	name := v.Name
	if s := suffix(name); s == "_lupdf" || s == "_lupmf" {
		name = strings.TrimSuffix(name, s) + s[:2] + s[3:]
	}
	users := c.users[name]
	if len(users) == 0 {
		return c.expr(slot)
	}
	f := &FuncRef{Name: v.Name, Decl: definition(users[0])}
	f.pos, f.depth = v.pos, v.depth
	f.typ = Type{Kind: Func, Func: users[0].Type()}
	*slot = f
	return f.typ
}

// useArguments converts the arguments to the parameter types and checks those that must be data.
func (c *checker) useArguments(pos Pos, name string, args []Expr, r *resolution) {
	for i := range args {
		if f, ok := args[i].(*FuncRef); ok {
			f.Decl, f.typ = r.funcs[i], Type{Kind: Func, Func: r.funcs[i].Type()}
			continue
		}
		if i < len(r.data) && r.data[i] && args[i].Level() == ParamLevel {
			c.fail(args[i].Pos(), "argument %d of %q must be data: it cannot depend on parameters%s", i+1, clip(name), c.dataHint())
		}
		c.promote(&args[i], r.params[i])
	}
}

func (c *checker) dataHint() string {
	if c.fn != nil {
		return "; function parameters count as data only when they are declared so: data real x"
	}
	return ""
}

// definition is the body that a declaration stands for.
func definition(f *FuncDecl) *FuncDecl {
	if f.Def != nil {
		return f.Def
	}
	return f
}
