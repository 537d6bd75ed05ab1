package syntax

import "strings"

// removed fails with advice where the token at hand belongs to syntax that Stan has dropped.
func (p *parser) removed() {
	t := p.cur()
	if t.is("<-") {
		p.fail(t.pos, "the assignment \"<-\" was removed from Stan; write \"=\" instead")
	}
}

// callRemoved fails with advice on statements that look like calls and that Stan has dropped.
func (p *parser) callRemoved(c *Call) {
	if c.Name == "increment_log_prob" && len(c.Args) == 1 {
		p.fail(c.pos, "increment_log_prob was removed from Stan; write \"target += %s;\" instead", clip(ExprString(c.Args[0])))
	}
}

// replacement is what a function that Stan has dropped is written as today; "" for all others.
func replacement(name string) string {
	switch name {
	case "get_lp":
		return "target()"
	case "increment_log_prob":
		return "target += ..."
	case "if_else":
		return "the conditional operator: condition ? a : b"
	case "multiply_log":
		return "lmultiply"
	case "binomial_coefficient_log":
		return "lchoose"
	case "cov_exp_quad":
		return "gp_exp_quad_cov"
	case "fabs":
		return "abs"
	case "cholesky_decompose_log", "log_determinant_log":
		return ""
	}
	return ""
}

// oldSuffix is the name by which a function with one of the suffixes of old (_log, _cdf_log, _ccdf_log) goes today,
// as far as exists says so; "" where there is none.
func oldSuffix(name string, exists func(string) bool) string {
	for _, s := range []struct{ old, new string }{
		{"_ccdf_log", "_lccdf"}, {"_cdf_log", "_lcdf"}, {"_log", "_lpdf"}, {"_log", "_lpmf"},
	} {
		if base, ok := strings.CutSuffix(name, s.old); ok && exists(base+s.new) {
			return base + s.new
		}
	}
	return ""
}
