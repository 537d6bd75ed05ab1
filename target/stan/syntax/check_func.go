package syntax

import "strings"

// declareFunctions enters all user functions, which are in scope everywhere, and checks their heads.
func (c *checker) declareFunctions() {
	c.block = FunctionsBlock
	announced := map[*FuncDecl][]*FuncDecl{} // forward declarations of an entry of c.users
	for _, f := range c.prog.Functions {
		c.try(func() { c.functionHead(f, announced) })
	}
	for _, f := range c.prog.Functions {
		if f.Body == nil && f.Def == nil {
			c.try(func() { c.fail(f.At, "the function %q is declared but never defined", f.Name) })
		}
	}
}

// functionHead checks name, result and parameters of a function and enters it.
func (c *checker) functionHead(f *FuncDecl, announced map[*FuncDecl][]*FuncDecl) {
	c.suffixRules(f)
	types := f.Type()
	for i, old := range c.users[f.Name] {
		if !sameTypes(old.Type().Params, types.Params) {
			continue
		}
		sameData := old.Result.Equal(f.Result)
		for j, p := range f.Params {
			sameData = sameData && p.DataOnly == old.Params[j].DataOnly
		}
		switch {
		case !old.Result.Equal(f.Result):
			c.fail(f.At, "the function %q already exists with these parameters and the result %s; overloads must differ in their parameters",
				f.Name, old.Result)
		case old.Body != nil || f.Body == nil || !sameData:
			c.fail(f.At, "the function %q with parameters (%s) was already declared in line %d", f.Name,
				typeList(types.Params), old.At.Line)
		}
		old.Def, f.Def = f, f
		c.users[f.Name][i] = f
		return
	}
	for _, s := range c.lib.Signatures(f.Name) {
		if s.Match == nil && sameTypes(s.Args, types.Params) {
			c.fail(f.At, "the function %q with parameters (%s) exists in the function library", f.Name, typeList(types.Params))
		}
	}
	if f.Body != nil {
		f.Def = f
	}
	c.users[f.Name] = append(c.users[f.Name], f)
}

// suffixRules checks what the ending of a name demands of a function.
func (c *checker) suffixRules(f *FuncDecl) {
	if base, ok := strings.CutSuffix(f.Name, "_lupdf"); ok {
		c.fail(f.At, "functions are defined normalised: define %q; %q is then available as well", base+"_lpdf", f.Name)
	}
	if base, ok := strings.CutSuffix(f.Name, "_lupmf"); ok {
		c.fail(f.At, "functions are defined normalised: define %q; %q is then available as well", base+"_lpmf", f.Name)
	}
	if !isProbability(f.Name) {
		return
	}
	if !f.Result.Is(Real) {
		c.fail(f.At, "functions that end in %s return real, found %s", suffix(f.Name), f.Result)
	}
	s := suffix(f.Name)
	if len(f.Params) == 0 {
		c.fail(f.At, "functions that end in %s have at least one parameter, the variate", s)
	}
	first := f.Params[0].Type
	switch {
	case s == "_lpdf" && first.Kind == Int:
		c.fail(f.Params[0].At, "the first parameter of a density (_lpdf) is real, found %s; a mass function ends in _lpmf", first)
	case s == "_lpmf" && first.Kind != Int:
		c.fail(f.Params[0].At, "the first parameter of a mass function (_lpmf) is int or an array of int, found %s; a density ends in _lpdf", first)
	}
}

// functionBody checks the definition of a function.
func (c *checker) functionBody(f *FuncDecl) {
	if f.Body == nil {
		return
	}
	c.fn, c.block, c.slots, c.loops = f, FunctionsBlock, 0, 0
	c.push()
	defer func() {
		c.pop()
		c.fn = nil
	}()
	for _, p := range f.Params {
		p.Sym = &Symbol{Name: p.Name, Type: p.Type, Kind: ParamVar, At: p.At, Level: ParamLevel}
		if p.DataOnly || p.Type.Kind == Int {
			p.Sym.Level = DataLevel
		}
		c.declare(p.Sym)
	}
	c.push()
	c.stmts(f.Body.Body)
	c.pop()
	f.Locals = c.slots
	if f.Result.Kind != Void && !returnsAll(f.Body.Body) {
		c.try(func() {
			c.fail(f.At, "the function %q can end without returning a value: every branch needs a return of type %s", f.Name, f.Result)
		})
	}
}

// returnsAll tells whether a list of statements cannot be passed without a return.
func returnsAll(body []Stmt) bool {
	for _, s := range body {
		if returns(s) {
			return true
		}
	}
	return false
}

// returns tells whether a statement counts as returning; as in Stan a loop does where its body does.
func returns(s Stmt) bool {
	switch s := s.(type) {
	case *Return:
		return true
	case *Print:
		return s.Kind != PrintStmt
	case *Block:
		return returnsAll(s.Body)
	case *Profile:
		return returnsAll(s.Body)
	case *If:
		return s.Else != nil && returns(s.Then) && returns(s.Else)
	case *For:
		return returns(s.Body)
	case *ForEach:
		return returns(s.Body)
	case *While:
		return returns(s.Body)
	}
	return false
}

// suffix is the ending of a name that carries meaning, such as "_lpdf"; "" if it has none.
func suffix(name string) string {
	for _, s := range []string{"_lpdf", "_lpmf", "_lupdf", "_lupmf", "_lccdf", "_lcdf", "_cdf", "_lp", "_rng", "_jacobian"} {
		if len(name) > len(s) && strings.HasSuffix(name, s) {
			return s
		}
	}
	return ""
}

// isProbability tells whether a name is that of a density or distribution function, which is called with a bar.
func isProbability(name string) bool {
	switch suffix(name) {
	case "", "_lp", "_rng", "_jacobian":
		return false
	}
	return true
}

func sameTypes(a, b []Type) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].Equal(b[i]) {
			return false
		}
	}
	return true
}

func typeList(types []Type) string {
	var b strings.Builder
	writeTypes(&b, types, nil)
	return b.String()
}
