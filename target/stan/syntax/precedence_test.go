package syntax

import (
	"strings"
	"testing"
)

// parseExpr reads one expression.
func parseExpr(t *testing.T, text string) Expr {
	t.Helper()
	p, err := Parse("e.stan", []byte("model { target += "+text+"; }"), ParseOptions{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return p.Model.Body[0].(*TargetAdd).X
}

// grouped writes an expression with parentheses around every operation.
func grouped(e Expr) string {
	var b strings.Builder
	printer{b: &b, full: true}.expr(e, 0)
	return b.String()
}

// TestPrecedence holds the grouping of operators to the table of the Reference Manual, "Expressions: Precedence and
// associativity".
func TestPrecedence(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a + b * c", "(a + (b * c))"},
		{"a - b - c", "((a - b) - c)"},
		{"a * b / c % d", "(((a * b) / c) % d)"},
		{"a ./ b .* c", "((a ./ b) .* c)"},
		{"a + b * 2 / 3 \\ c", "(a + ((b * 2) / (3 \\ c)))"},
		{"a \\ b \\ c", "((a \\ b) \\ c)"},
		{"n * 2 %/% 3", "(n * (2 %/% 3))"},
		{"n %/% 2 * 3", "((n %/% 2) * 3)"},
		{"n % 2 %/% 3", "(n % (2 %/% 3))"},
		{"n \\ n %/% n", "((n \\ n) %/% n)"},
		{"-a ^ b", "(-(a ^ b))"},
		{"a ^ b ^ c", "(a ^ (b ^ c))"},
		{"a .^ b ^ c", "(a .^ (b ^ c))"},
		{"a ^ -b * c", "((a ^ (-b)) * c)"},
		{"a ^ -b ^ c", "(a ^ (-(b ^ c)))"},
		{"a * -b * c", "((a * (-b)) * c)"},
		{"-a * b", "((-a) * b)"},
		{"-a \\ b", "((-a) \\ b)"},
		{"!n == 2 < 3", "((!n) == (2 < 3))"},
		{"!n ^ 2", "(!(n ^ 2))"},
		{"- -a'", "(-(-(a')))"},
		{"-a' ^ 2", "(-((a') ^ 2))"},
		{"a ^ b'", "(a ^ (b'))"},
		{"a * b'", "(a * (b'))"},
		{"a''", "((a')')"},
		{"a[1]'", "(a[1]')"},
		{"a.1.2 + b", "(a.1.2 + b)"},
		{"a.1[2].3", "a.1[2].3"},
		{"1 < 2 < 3 == 4 < 5", "(((1 < 2) < 3) == (4 < 5))"},
		{"a == b != c", "((a == b) != c)"},
		{"a || b && c || d", "((a || (b && c)) || d)"},
		{"a && b == c", "(a && (b == c))"},
		{"a ? b : c ? d : e", "(a ? b : (c ? d : e))"},
		{"a ? b ? c : d : e", "(a ? (b ? c : d) : e)"},
		{"a || b ? c : d || e", "((a || b) ? c : (d || e))"},
		{"x[a ? b : c : d]", "x[(a ? b : c):d]"},
		{"2.*x", "(2. * x)"},
		{"2 .* x", "(2 .* x)"},
		{"(a + b) * c", "((a + b) * c)"},
		{"f(a | b, c) + g()", "(f(a | b, c) + g())"},
	} {
		if got := grouped(parseExpr(t, c.text)); got != c.want {
			t.Errorf("%s reads as %s, want %s", c.text, got, c.want)
		}
	}
}

// TestExprString checks that the text of a tree reads as the same tree, with no more parentheses than needed.
func TestExprString(t *testing.T) {
	for _, text := range []string{
		"(a + b) * c", "a + b * c", "a - (b - c)", "a - b - c", "(a ^ b) ^ c", "a ^ b ^ c", "-a ^ b", "(-a) ^ b",
		"a ^ (-b)", "(-a) * b", "-(a * b)", "(a')[1]", "a[1]'", "(a + b)'", "(a ? b : c) + d", "a ? b : c", "!(a == b)",
		"{1, 2.5}", "[1, 2i]", "(1, {2}).1", "x[1, 2:3, :, 4:, :5]", "x[(a ? b : c):2]", "normal_lpdf(y | 0, 1)",
		"target()", "(a \\ b) \\ c", "a \\ (b \\ c)", "1e-3 + .5", "(a < b) < c", "a < (b < c)",
	} {
		e := parseExpr(t, text)
		out := ExprString(e)
		if again := parseExpr(t, out); grouped(again) != grouped(e) {
			t.Errorf("%s is written as %s, which reads as %s", text, out, grouped(again))
		}
		if len(out) > len(text) {
			t.Errorf("%s is written longer: %s", text, out)
		}
	}
}
