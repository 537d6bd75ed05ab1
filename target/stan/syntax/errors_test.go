package syntax_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	. "wgf/target/stan/syntax"
)

func TestErrorText(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"caret", "model {\n  real x = y;\n}", "m.stan:2:12: unknown variable \"y\"\n    real x = y;\n             ^"},
		{"tabs", "model {\n\t\treal\tx = y;\n}", "m.stan:2:12: unknown variable \"y\"\n  \t\treal\tx = y;\n  \t\t    \t    ^"},
		{"wide characters", "model { /* äöü */ y ~ normal(0, 1); }",
			"m.stan:1:19: unknown variable \"y\"\n  model { /* äöü */ y ~ normal(0, 1); }\n                    ^"},
		{"carriage returns", "model {\r\n  real x = 1.5 +;\r\n}", "m.stan:2:17: expected an expression, found \";\"\n    real x = 1.5 +;\n                  ^"},
		{"forgotten semicolon", "model {\n  real x = 1 // one\n  x ~ normal(0, 1);\n}",
			"m.stan:2:13: expected \";\" or \"= value\" after the declaration of \"x\", found \"x\" in line 3\n    real x = 1 // one\n              ^"},
		{"forgotten semicolon after a statement", "model {\n  target += 1\n}",
			"m.stan:2:14: expected \";\" after the term added to target, found \"}\" in line 3\n    target += 1\n               ^"},
		{"further lines", "model { real x = sum(1, 2); }", strings.Join([]string{
			`m.stan:1:18: "sum" cannot be called with (int, int); available:`,
			`  model { real x = sum(1, 2); }`,
			`                   ^`,
			`  (array[] int) => int`,
			`    expected 1 argument, found 2`,
			`  (array[] real) => real`,
			`    expected 1 argument, found 2`,
			`  (vector) => real`,
			`    expected 1 argument, found 2`,
			`  (row_vector) => real`,
			`    expected 1 argument, found 2`,
			`  (matrix) => real`,
			`    expected 1 argument, found 2`,
			`(Stan may have further signatures that wgf does not support)`}, "\n")},
	} {
		_, err := check(c.src)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got\n%v\nwant\n%s", c.name, err, c.want)
		}
	}
}

func TestLongLine(t *testing.T) {
	_, err := check("model { real x = " + strings.Repeat("1 + ", 1000) + "y" + strings.Repeat(" + 1", 1000) + "; }")
	if err == nil {
		t.Fatal("accepted")
	}
	l := strings.Split(err.Error(), "\n")
	if len(l) != 3 || len(l[1]) > 130 || l[1][len(l[2])-1] != 'y' {
		t.Errorf("the caret is not under the name:\n%v", err)
	}
}

// TestSeveralErrors checks that one wrong statement does not hide the next, nor causes errors where a variable that it
// declares is used, and that the number of errors is bounded.
func TestSeveralErrors(t *testing.T) {
	_, err := check("model {\n real x = 1 + [2]';\n real y = x + 1;\n int z = y;\n if (y) z = w;\n}")
	var list Errors
	if !errors.As(err, &list) || len(list) != 4 {
		t.Fatalf("want 4 errors, got\n%v", err)
	}
	for i, line := range []int{2, 4, 5, 5} {
		if list[i].Line != line {
			t.Errorf("error %d is in line %d, want %d", i, list[i].Line, line)
		}
	}
	_, err = check("model {" + strings.Repeat("x = 1;", 100) + "}")
	if !errors.As(err, &list) || len(list) != 10 {
		t.Errorf("found %d errors, want the first 10", len(list))
	}
}

func files(m map[string]string) ParseOptions {
	return ParseOptions{Include: func(name string) ([]byte, error) {
		text, ok := m[name]
		if !ok {
			return nil, fmt.Errorf("no such file")
		}
		return []byte(text), nil
	}}
}

func TestInclude(t *testing.T) {
	lib := map[string]string{"f.stan": "real f(real x) { return x; }\n", "all.stan": "#include \"f.stan\"\nreal g(real x) { return f(x); }",
		"bad.stan": "real h(real x)\n{ return y; }", "a.stan": "\n#include b.stan", "b.stan": "#include <a.stan>"}
	for _, head := range []string{"#include f.stan", "#include \"f.stan\"", "  #include <f.stan>", "#include all.stan // more"} {
		p, err := Parse("m.stan", []byte("functions {\n"+head+"\n}\nmodel { target += f(1); }"), files(lib))
		if err == nil {
			err = Check(p, testLibrary())
		}
		if err != nil {
			t.Errorf("%s: %v", head, err)
		}
	}
	for _, c := range []struct{ name, want string }{
		{"bad.stan", "bad.stan:2:10: unknown variable \"y\"\n  { return y; }\n           ^"},
		{"none.stan", "m.stan:2:1: cannot include \"none.stan\": no such file\n  #include none.stan\n  ^"},
		{"a.stan", "b.stan:1:1: \"a.stan\" includes itself: m.stan -> a.stan -> b.stan -> a.stan\n  #include <a.stan>\n  ^"},
		{"m.stan", "m.stan:2:1: \"m.stan\" includes itself: m.stan -> m.stan\n  #include m.stan\n  ^"},
	} {
		p, err := Parse("m.stan", []byte("functions {\n#include "+c.name+"\n}\n"), files(lib))
		if err == nil {
			err = Check(p, testLibrary())
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got\n%v\nwant\n%s", c.name, err, c.want)
		}
	}
}

// TestIncludeBomb checks that files that include each other many times over end in an error.
func TestIncludeBomb(t *testing.T) {
	lib := map[string]string{}
	for i := range 30 {
		next := fmt.Sprintf("#include f%d\n", i+1)
		lib[fmt.Sprintf("f%d", i)] = next + next
	}
	lib["f30"] = ";"
	_, err := Parse("m.stan", []byte("model {\n#include f0\n}"), files(lib))
	if err == nil || !strings.Contains(err.Error(), "more than 1000 files are included") {
		t.Error(err)
	}
}
