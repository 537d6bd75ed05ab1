package stan

import "wgf/target/stan/syntax"

// assignedIn lists the variables that statements assign to and do not declare themselves.
func assignedIn(list ...syntax.Stmt) []*syntax.Symbol {
	a := assignments{seen: map[*syntax.Symbol]bool{}, own: map[*syntax.Symbol]bool{}}
	for _, s := range list {
		a.stmt(s)
	}
	var out []*syntax.Symbol
	for _, s := range a.order {
		if !a.own[s] {
			out = append(out, s)
		}
	}
	return out
}

type assignments struct {
	seen, own map[*syntax.Symbol]bool
	order     []*syntax.Symbol
}

func (a *assignments) list(body []syntax.Stmt) {
	for _, s := range body {
		a.stmt(s)
	}
}

func (a *assignments) stmt(s syntax.Stmt) {
	switch s := s.(type) {
	case *syntax.VarDecl:
		a.own[s.Sym] = true
	case *syntax.Assign:
		if !a.seen[s.LHS.Sym] {
			a.seen[s.LHS.Sym] = true
			a.order = append(a.order, s.LHS.Sym)
		}
	case *syntax.If:
		a.stmt(s.Then)
		if s.Else != nil {
			a.stmt(s.Else)
		}
	case *syntax.For:
		a.stmt(s.Body)
	case *syntax.ForEach:
		a.stmt(s.Body)
	case *syntax.While:
		a.stmt(s.Body)
	case *syntax.Profile:
		a.list(s.Body)
	case *syntax.Block:
		a.list(s.Body)
	}
}
