package syntax

import "strings"

// tilde checks x ~ dist(args) and finds the density behind it.
func (c *checker) tilde(s *Tilde) {
	c.needTarget(s.At, "a distribution statement (~)")
	if sfx := suffix(s.Dist); isProbability(s.Dist) {
		c.fail(s.At, "after \"~\" a distribution is named without its suffix: write %q instead of %q",
			strings.TrimSuffix(s.Dist, sfx), s.Dist)
	}
	all := make([]Expr, 0, len(s.Args)+1)
	all = append(append(all, s.X), s.Args...)
	types := make([]Type, len(all))
	for i := range all {
		types[i] = c.argument(&all[i])
	}
	var best *resolution
	found := false
	for _, name := range []string{s.Dist + "_lpmf", s.Dist + "_lpdf"} {
		if len(c.users[name]) == 0 && len(c.lib.Signatures(name)) == 0 {
			continue
		}
		found = true
		if r := c.resolve(name, all, types); r != nil && (best == nil || r.cost < best.cost) {
			best, s.Func = r, name
		}
	}
	if !found {
		c.unknownDistribution(s.At, s.Dist)
	}
	if best == nil {
		c.noDistribution(s, types)
	}
	s.Decl, s.Lib = best.decl, best.lib
	c.useArguments(s.At, s.Func, all, best)
	s.X, s.Args = all[0], all[1:]
	if s.Trunc != nil {
		c.truncation(s)
	}
}

// noDistribution reports that a distribution does not take such arguments.
func (c *checker) noDistribution(s *Tilde, types []Type) {
	sigs := append(c.signaturesOf(s.Dist+"_lpmf"), c.signaturesOf(s.Dist+"_lpdf")...)
	c.fail(s.At, "the distribution %q cannot be used with a variate of type %s and parameters (%s); available, variate first:%s",
		clip(s.Dist), types[0], typeList(types[1:]), available(sigs, types))
}

// unknownDistribution reports a distribution that is not there.
func (c *checker) unknownDistribution(pos Pos, name string) {
	if isStanName(name+"_lpdf") || isStanName(name+"_lpmf") {
		c.fail(pos, "the distribution %q exists in Stan but is not supported by wgf", clip(name))
	}
	var names []string
	for _, n := range c.functionNames() {
		if stem, ok := strings.CutSuffix(n, "_lpdf"); ok {
			names = append(names, stem)
		} else if stem, ok := strings.CutSuffix(n, "_lpmf"); ok {
			names = append(names, stem)
		}
	}
	hint := ""
	if s := nearest(name, names); s != "" {
		hint = "; did you mean \"" + s + "\"?"
	}
	c.fail(pos, "unknown distribution %q: there is neither %s_lpdf nor %s_lpmf%s", clip(name), clip(name), clip(name), hint)
}

// truncation checks T[lower, upper] and finds the distribution functions that normalise.
func (c *checker) truncation(s *Tilde) {
	t := s.Trunc
	for _, slot := range []*Expr{&t.Lower, &t.Upper} {
		if *slot == nil {
			continue
		}
		if b := c.expr(slot); !b.Is(Int) && !b.Is(Real) {
			c.fail((*slot).Pos(), "the bounds of a truncation must be of type int or real, found %s", b)
		}
	}
	discrete := strings.HasSuffix(s.Func, "_lpmf")
	switch {
	case t.Lower != nil && t.Upper != nil:
		t.CDF = c.normaliser(s, "_lcdf", t.Upper, false)
		t.LowerCDF = c.normaliser(s, "_lcdf", t.Lower, discrete)
	case t.Upper != nil:
		t.CDF = c.normaliser(s, "_lcdf", t.Upper, false)
	case t.Lower != nil:
		t.CCDF = c.normaliser(s, "_lccdf", t.Lower, discrete)
	}
}

// normaliser is the call of a distribution function at a bound, or at the integer before it.
func (c *checker) normaliser(s *Tilde, sfx string, bound Expr, before bool) *Call {
	e := &Call{Name: s.Dist + sfx, Bar: true}
	e.pos = s.Trunc.At
	if before {
		one := &IntLit{Value: 1}
		one.pos, one.typ = bound.Pos(), TypeOf(Int)
		less := &Binary{Op: Sub, X: bound, Y: one, OpAt: bound.Pos()}
		less.pos, less.typ, less.level = bound.Pos(), bound.Type(), bound.Level()
		bound = less
	}
	e.Args = append([]Expr{bound}, s.Args...)
	types := make([]Type, len(e.Args))
	for i, a := range e.Args {
		types[i] = a.Type()
	}
	if len(c.users[e.Name]) == 0 && len(c.lib.Signatures(e.Name)) == 0 {
		if isStanName(e.Name) {
			c.fail(e.pos, "truncating %q needs %q, which exists in Stan but is not supported by wgf", clip(s.Dist), e.Name)
		}
		c.fail(e.pos, "%q cannot be truncated like this: there is no function %q", clip(s.Dist), clip(e.Name))
	}
	r := c.resolve(e.Name, e.Args, types)
	if r == nil {
		c.noMatch(e.pos, e.Name, e.Name, types)
	}
	e.Decl, e.Lib = r.decl, r.lib
	c.useArguments(e.pos, e.Name, e.Args, r)
	c.set(e, r.result, e.Args...)
	return e
}
