package stan

import (
	"os"
	"strings"
	"testing"
)

// FuzzReadData: whatever the bytes, the reader returns values or one sentence, and Bind does as well.
func FuzzReadData(f *testing.F) {
	for _, s := range []string{
		`{"N":2,"k":[1,2],"s":[0,1],"m":[[1,2],[3,4]],"p":[0.5,0.5],"o":[0,1]}`, `{"N":0}`, `{"N":1e3}`, `[{}]`, "", "{",
		`{"N":2,"k":[[1],[2]]}`, `{"a":{"b":[1,"x",null]}}`, `{"N":"\u00e9"}`, `{"N":-1}`, `{"N":99999999999}`,
	} {
		f.Add([]byte(s))
	}
	prog := program(f, dataProgram)
	f.Fuzz(func(t *testing.T, src []byte) {
		if list, err := ReadDataList("f", src); err == nil && len(list) > 0 && list[0] == nil {
			t.Fatal("no data and no error")
		}
		d, err := ReadData("f", src)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("more than one line: %q", err)
			}
			return
		}
		prog.Bind(d, Options{})
	})
}

// FuzzBind: a program that the checker accepts is bound, evaluated and generated from without a panic.
func FuzzBind(f *testing.F) {
	for _, file := range []string{"testdata/branches.stan", "testdata/constraints.stan"} {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src), branchesData)
	}
	f.Add(dataProgram, `{"N":2,"k":[1,2],"s":[0,1],"m":[[1,2],[3,4]],"p":[0.5,0.5],"o":[0,1]}`)
	f.Add("parameters { real x; } model { for (i in 1:3) { if (x > i) break; target += x; } } generated quantities { real y = x > 0 ? 1 : normal_rng(0, 1); }", "{}")
	f.Add("functions { real f(real x) { return x > 0 ? x : f(-x); } } parameters { vector[2] x; } model { target += f(x[1]); }", "{}")
	f.Fuzz(func(t *testing.T, src, data string) {
		if strings.Contains(src, "while") || longNumber(src) || longNumber(data) || len(src) > 4000 {
			t.Skip("may run for long")
		}
		p, err := Parse("f.stan", []byte(src), ParseOptions{})
		if err != nil {
			return
		}
		d, err := ReadData("f.json", []byte(data))
		if err != nil {
			return
		}
		m, err := p.Bind(d, Options{Limit: 20000})
		if err != nil || m.Dim() > 1000 {
			return
		}
		const n = 3
		x := make([]float64, n*m.Dim())
		for i := range x {
			x[i] = float64(i%5) - 2
		}
		lp := make([]float64, n)
		m.LogDensity(lp, make([]float64, len(x)), x)
		m.LogDensityFull(lp, x)
		m.Constrain(make([]float64, n*m.NumConstrained()), x, n)
		point := make([]float64, m.Dim())
		m.Explain(point)
		m.Generate(make([]float64, m.NumGenerated()), point, 0)
	})
}

// longNumber tells whether a text has a number of more than three digits or an exponent, which could ask for much work.
func longNumber(s string) bool {
	digits := 0
	for i := range len(s) {
		c := s[i]
		if c < '0' || c > '9' {
			if digits > 0 && (c == 'e' || c == 'E') {
				return true
			}
			digits = 0
			continue
		}
		if digits++; digits > 3 {
			return true
		}
	}
	return false
}
