package syntax

import "strings"

// resolution is the outcome of overload resolution.
type resolution struct {
	decl   *FuncDecl // user function, or nil
	lib    *Resolved // library signature, or nil
	params []Type
	data   []bool // arguments that must be data
	result Type
	funcs  map[int]*FuncDecl // the overload chosen for each argument that is a function
	cost   int
}

// maxOverloads bounds the combinations of overloads tried for functions passed as arguments.
const maxOverloads = 64

// resolve finds the function of a name that fits the arguments with the cheapest promotions: among user functions and
// library signatures alike. It returns nil where none fits and fails where two user functions fit equally well.
func (c *checker) resolve(name string, args []Expr, types []Type) *resolution {
	var best, rival, barred *resolution // barred: fits but for arguments that would have to be data
	try := func(types []Type, funcs map[int]*FuncDecl) {
		for _, f := range c.users[name] {
			t := f.Type()
			cost, ok := costOf(types, t.Params)
			if !ok {
				continue
			}
			r := &resolution{decl: definition(f), params: t.Params, data: t.DataOnly, result: t.Result, funcs: funcs, cost: cost}
			switch {
			case notData(args, t.DataOnly):
				if barred == nil {
					barred = r
				}
			case best == nil || cost < best.cost:
				best, rival = r, nil
			case cost == best.cost && best.decl != r.decl:
				rival = r
			}
		}
		sigs := c.lib.Signatures(name)
		for i := range sigs {
			m, ok := matchSignature(&sigs[i], types)
			if ok && (best == nil || m.cost < best.cost) {
				lib := &Resolved{Name: name, Index: i, Params: m.params, Result: m.result}
				best = &resolution{lib: lib, params: m.params, data: passedOn(&sigs[i], types), result: m.result, funcs: funcs, cost: m.cost}
				rival = nil
			}
		}
	}
	c.eachOverload(args, types, try)
	if rival != nil && len(args) > 0 {
		c.fail(args[0].Pos(), "the call of %q fits two functions equally well: (%s) and (%s); define one for (%s)", clip(name),
			typeList(best.params), typeList(rival.params), typeList(types))
	}
	if best == nil {
		return barred
	}
	return best
}

// passedOn tells which arguments must be data: those that the signature says and, where arguments are passed on to a
// function, those that meet a parameter declared data.
func passedOn(s *Signature, args []Type) []bool {
	if s.Supplied == 0 || len(args) == 0 || args[0].Func == nil {
		return s.DataOnly
	}
	f := args[0].Func
	out := make([]bool, len(args))
	copy(out, s.DataOnly)
	for i, j := len(f.DataOnly)-1, len(args)-1; i >= s.Supplied && j > 0; i, j = i-1, j-1 {
		out[j] = out[j] || f.DataOnly[i]
	}
	return out
}

// notData tells whether an argument depends on parameters where data is demanded.
func notData(args []Expr, data []bool) bool {
	for i, only := range data {
		if only && args[i].Level() == ParamLevel {
			return true
		}
	}
	return false
}

// eachOverload calls try for every choice of overloads of the functions among the arguments.
func (c *checker) eachOverload(args []Expr, types []Type, try func([]Type, map[int]*FuncDecl)) {
	left := maxOverloads
	funcs := map[int]*FuncDecl{}
	var choose func(from int)
	choose = func(from int) {
		for i := from; i < len(args); i++ {
			ref, ok := args[i].(*FuncRef)
			if !ok {
				continue
			}
			for _, f := range c.users[ref.Decl.Name] {
				if left--; left < 0 {
					return
				}
				funcs[i] = definition(f)
				types[i] = Type{Kind: Func, Func: f.Type()}
				choose(i + 1)
			}
			return
		}
		chosen := make(map[int]*FuncDecl, len(funcs))
		for i, f := range funcs {
			chosen[i] = f
		}
		try(types, chosen)
	}
	choose(0)
}

// costOf is the cost of promoting arguments to parameter types.
func costOf(args, params []Type) (cost int, ok bool) {
	if len(args) != len(params) {
		return 0, false
	}
	for i := range args {
		n, ok := promotion(args[i], params[i])
		if !ok {
			return 0, false
		}
		cost += n
	}
	return cost, true
}

// signaturesOf are all signatures of a name, those of user functions first, for error messages.
func (c *checker) signaturesOf(name string) []Signature {
	var out []Signature
	for _, f := range c.users[name] {
		t := f.Type()
		out = append(out, Signature{Args: t.Params, Result: t.Result, DataOnly: t.DataOnly})
	}
	return append(out, c.lib.Signatures(name)...)
}

// noMatch reports that a function exists but does not take such arguments.
func (c *checker) noMatch(pos Pos, name, base string, types []Type) {
	sigs := c.signaturesOf(base)
	unsupported := ""
	if len(c.users[base]) == 0 && isStanName(base) && !hasMatch(sigs) {
		unsupported = "\n(Stan may have further signatures that wgf does not support)"
	}
	c.fail(pos, "%q cannot be called with (%s); available:%s%s", clip(name), typeList(types), available(sigs, types), unsupported)
}

func hasMatch(sigs []Signature) bool {
	for i := range sigs {
		if sigs[i].Match != nil {
			return true
		}
	}
	return false
}

// unknownFunction reports a function that is not there: dropped from Stan, not supported, or misspelt.
func (c *checker) unknownFunction(pos Pos, name, base string) {
	exists := func(n string) bool {
		return len(c.users[n]) > 0 || len(c.lib.Signatures(n)) > 0 || isStanName(n)
	}
	if r := replacement(name); r != "" {
		c.fail(pos, "%q was removed from Stan; write %s instead", clip(name), r)
	}
	if n := oldSuffix(name, exists); n != "" && !isStanName(name) {
		c.fail(pos, "the function %q was removed from Stan; write %q instead", clip(name), n)
	}
	if isStanName(base) {
		c.fail(pos, "%q exists in Stan but is not supported by wgf", clip(name))
	}
	if stem, ok := strings.CutSuffix(base, "_lpdf"); ok && exists(stem+"_lpmf") {
		c.fail(pos, "%q is a discrete distribution; write %q instead", clip(stem), stem+"_lpmf")
	}
	if stem, ok := strings.CutSuffix(base, "_lpmf"); ok && exists(stem+"_lpdf") {
		c.fail(pos, "%q is a continuous distribution; write %q instead", clip(stem), stem+"_lpdf")
	}
	if exists(name+"_lpdf") || exists(name+"_lpmf") {
		c.fail(pos, "%q is a distribution, not a function; write \"y ~ %s(...)\" or call its density with the suffix _lpdf or _lpmf",
			clip(name), clip(name))
	}
	hint := ""
	if s := nearest(name, c.functionNames()); s != "" {
		hint = "; did you mean \"" + s + "\"?"
	}
	c.fail(pos, "unknown function %q%s", clip(name), hint)
}

// functionNames are the names of all functions that can be called.
func (c *checker) functionNames() []string {
	if c.known == nil {
		c.known = append(c.known, c.lib.Names()...)
		for n := range c.users {
			c.known = append(c.known, n)
		}
	}
	return c.known
}
