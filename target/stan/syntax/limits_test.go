package syntax_test

import (
	"strings"
	"testing"
)

// TestNesting checks that programs nested beyond measure are refused with a sentence, and that long chains, which
// programs that write programs produce, are accepted.
func TestNesting(t *testing.T) {
	const n = 25_000
	for _, open := range []string{"(", "[", "{", "-", "!", "sum(", "1 ? ", "1 ^ ", "x[", "{ ", "if (1) ", "while (1) {", "for (i in 1:2) "} {
		_, err := check("model { vector[2] x; print(" + strings.Repeat(open, n) + "1); }")
		if err == nil {
			t.Errorf("accepted: %q, %d times", open, n)
		}
		_, err = check("model { " + strings.Repeat(open, n))
		if err == nil || !strings.Contains(err.Error(), "nested too deeply") && !strings.Contains(err.Error(), "expected") {
			t.Errorf("%q: %v", open, err)
		}
	}
	for _, src := range []string{
		"model { real x = 1" + strings.Repeat(" + 1", 15_000) + "; }",
		"model { int x = 1" + strings.Repeat(" && 1", 15_000) + "; }",
		"model { " + strings.Repeat("target += 1; ", 20_000) + "}",
		"model { if (1) {} " + strings.Repeat("else if (1) {} ", 400) + "}",
		"functions { real f(" + strings.Repeat("real x", 1) + ") { return " + strings.Repeat("f(", 400) + "x" + strings.Repeat(")", 400) + "; } }",
	} {
		if _, err := check(src); err != nil {
			t.Errorf("%.60s...: %.200v", src, err)
		}
	}
	_, err := check("model { real x = 1" + strings.Repeat(" + 1", n) + "; }")
	if err == nil || !strings.Contains(err.Error(), "the expression is too long") {
		t.Errorf("%.200v", err)
	}
	_, err = check("model { matrix[2, 2] x = x" + strings.Repeat("'", n) + "; }")
	if err == nil || !strings.Contains(err.Error(), "the expression is too long") {
		t.Errorf("%.200v", err)
	}
	_, err = check("functions { void f(" + strings.Repeat("tuple(int, ", n))
	if err == nil || !strings.Contains(err.Error(), "nested too deeply") {
		t.Errorf("%.200v", err)
	}
}
