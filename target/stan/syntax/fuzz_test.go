package syntax_test

import (
	"strings"
	"testing"

	. "wgf/target/stan/syntax"
)

// FuzzProgram feeds texts to parser and checker: neither may panic or hang, errors must render, and a declaration of
// an accepted program must be printable.
func FuzzProgram(f *testing.F) {
	for _, src := range lines(f, "testdata/valid.txt") {
		f.Add(src)
	}
	for _, line := range lines(f, "testdata/invalid.txt") {
		src, _, _ := strings.Cut(line, " //! ")
		f.Add(src)
	}
	f.Add("functions {\n#include f.stan\n}\n")
	f.Add("model { x \x00\xff\xfe; }")
	lib := testLibrary()
	f.Fuzz(func(t *testing.T, src string) {
		p, err := Parse("m.stan", []byte(src), files(map[string]string{"f.stan": "real f(real x) { return x; }"}))
		if err == nil {
			err = Check(p, lib)
		}
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without text")
			}
			return
		}
		for _, b := range p.Blocks() {
			for _, d := range b.Decls {
				if d.Sym == nil || d.Sym.Type.Kind == Invalid {
					t.Errorf("%s has no type", d.Name)
				}
				_ = d.String()
			}
		}
	})
}
