package stan

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

// generated runs the generated quantities of a program without parameters.
func generated(t *testing.T, decls, body, data string) map[string]float64 {
	t.Helper()
	m := bound(t, decls+"\ngenerated quantities {\n"+body+"\n}", data)
	dst := make([]float64, m.NumGenerated())
	if err := m.Generate(dst, nil, 0); err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for i, name := range m.VariableNames() {
		out[name] = dst[i]
	}
	return out
}

// TestStatements runs small programs over constants and holds what they compute against values worked out by hand.
func TestStatements(t *testing.T) {
	for _, c := range []struct {
		name, functions, body string
		want                  map[string]float64
	}{
		{"division", "", "int a = 7 / 2; int b = -7 / 2; int c = -7 % 3; real d = 7 / 2.0; int e = 7 %/% 2;",
			map[string]float64{"a": 3, "b": -3, "c": -1, "d": 3.5, "e": 3}},
		{"wrap", "", "int a = 2147483647; a += 1;", map[string]float64{"a": -2147483648}},
		{"power", "", "real a = 2 ^ 3 ^ 2; real b = -2 ^ 2;", map[string]float64{"a": 512, "b": -4}},
		{"logic", "", "int a = 1 && 0 || !0; int b = 2 && 3; int c = 1 < 2; int d = 1 != 1; int e = 0 || 5;",
			map[string]float64{"a": 1, "b": 1, "c": 1, "d": 0, "e": 1}},
		{"short circuit", "int bad() { reject(\"called\"); return 1; }",
			"int a = 0 && bad(); int b = 1 || bad(); int c = 1 ? 2 : bad();", map[string]float64{"a": 0, "b": 1, "c": 2}},
		{"loops", "", `int s = 0; int w = 0; int e = 0;
			for (i in 1:10) { if (i == 3) continue; if (i > 5) break; s += i; }
			for (i in 5:4) s = -1;
			while (w < 7) { w += 2; if (w == 6) break; }
			for (x in {3, 4, 5}) { for (y in {1, 2}) { if (y == 2) break; e += x * y; } }`,
			map[string]float64{"s": 12, "w": 6, "e": 12}},
		{"foreach", "", `real r = 0; vector[2] c; matrix[2, 2] m = [[1, 2], [3, 4]]; c = [0, 0]'; int k = 0;
			for (x in m) { k += 1; r += k * x; }
			for (v in {[1, 2]', [3, 4]'}) c += v;`,
			map[string]float64{"r": 1 + 2*3 + 3*2 + 4*4, "c[1]": 4, "c[2]": 6, "k": 4}},
		{"indices", "", `matrix[2, 3] m = [[1, 2, 3], [4, 5, 6]]; row_vector[3] r = m[2]; vector[2] c = m[ : , 2];
			matrix[2, 2] s = m[ : , {3, 1}]; real x = m[2][3]; vector[1] u = m[2 : 2, 1]; matrix[1, 2] q = m[2 : , : 2];
			array[2, 2] int a = {{1, 2}, {3, 4}}; array[2] int b = a[ : , 2]; int z = a[2, 1]; int e = size(r[3 : 2]);
			real y = m[ : , 2 : 3][2, 1];`,
			map[string]float64{"r[1]": 4, "r[3]": 6, "c[1]": 2, "c[2]": 5, "s[1,1]": 3, "s[2,2]": 4, "x": 6, "u[1]": 4,
				"q[1,1]": 4, "q[1,2]": 5, "b[1]": 2, "b[2]": 4, "z": 3, "e": 0, "y": 5}},
		{"indexed assignment", "", `matrix[2, 3] m = rep_matrix(0, 2, 3); vector[4] v = [1, 2, 3, 4]'; array[2] vector[2] a;
			m[1] = [1, 2, 3]; m[2, 2 : 3] = [5, 6]; m[ : , 1] += [10, 20]'; v[{4, 1}] = v[{1, 4}]; v[2 : 3] *= 10;
			a[1] = [1, 2]'; a[2] = a[1]; a[2][1] = 7; m[{2, 1}, 3] = [8, 9]';`,
			map[string]float64{"m[1,1]": 11, "m[2,1]": 20, "m[1,2]": 2, "m[2,2]": 5, "m[2,3]": 8, "m[1,3]": 9, "v[1]": 4,
				"v[4]": 1, "v[2]": 20, "v[3]": 30, "a[1,1]": 1, "a[2,1]": 7, "a[2,2]": 2}},
		{"aliasing", "", "vector[3] v = [1, 2, 3]'; vector[3] w = v; v[{3, 2, 1}] = v; w[1] = 9; vector[3] u = v;",
			map[string]float64{"v[1]": 3, "v[3]": 1, "w[1]": 9, "w[2]": 2, "u[1]": 3}},
		{"recursion", "int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }", "int a = fib(15);", map[string]float64{"a": 610}},
		{"overloads", "real f(int x) { return x; } real f(real x) { return -x; } vector f(vector x) { return 2 * x; }",
			"real a = f(2); real b = f(2.0); vector[1] c = f([3]');", map[string]float64{"a": 2, "b": -2, "c[1]": 6}},
		{"mutual recursion", "int odd(int n); int even(int n) { if (n == 0) return 1; return odd(n - 1); } int odd(int n) { if (n == 0) return 0; return even(n - 1); }",
			"int a = even(10);", map[string]float64{"a": 1}},
		{"void", "void check(int n) { if (n < 0) reject(\"negative\"); }", "check(3); int a = 1;", map[string]float64{"a": 1}},
		{"scopes", "", "int a = 1; { int b = 2; { int c = 3; a += c; } a += b; } profile(\"p\") { a += 10; }", map[string]float64{"a": 16}},
		{"blank", "", "real x; array[2] int k; vector[2] v;", map[string]float64{"k[1]": -2147483648}},
		{"literals", "", "array[2, 2] real a = {{1, 2}, {3, 4.5}}; matrix[2, 2] m = [[1, 2], [3, 4]]; row_vector[2] r = [1, 2];",
			map[string]float64{"a[2,2]": 4.5, "m[2,1]": 3, "r[2]": 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := generated(t, "functions { "+c.functions+" }", c.body, "{}")
			for name, want := range c.want {
				if v, ok := got[name]; !ok || v != want {
					t.Errorf("%s = %v, want %v", name, v, want)
				}
			}
		})
	}
}

// TestRunErrors holds what goes wrong at run time: sentence, line and column.
func TestRunErrors(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"vector[3] v = [1, 2, 3]'; real x = v[N];", "2:38: index 4 is out of range: v has indices from 1 to 3"},
		{"matrix[2, 3] m = rep_matrix(0, 2, 3); m[1, N] = 1;", "index 4 is out of range: dimension 2 of m has indices from 1 to 3"},
		{"array[0] int a; int b = a[1];", "index 1 is out of range: a is empty"},
		{"vector[3] v = [1, 2, 3]'; vector[2] w = v[N - 1 : N];", "index 4 is out of range"},
		{"vector[3] v = [1, 2, 3]'; vector[2] w = v[{1, 0}];", "index 0 is out of range"},
		{"vector[2] v = rep_vector(1, N);", "sizes do not match in the assignment: v has size [2], the value has size [4]"},
		{"vector[2] v; v = rep_vector(1, N);", "v has size [2], the value has size [4]"},
		{"matrix[2, 2] m; m[1] = rep_row_vector(1, N);", "m has size [2], the value has size [4]"},
		{"{ vector[-N] v; }", "the size -N is -4, but must not be negative"},
		{"int a = 1 / (N - 4);", "an integer is divided by zero"},
		{"matrix[2, 2] m = [[1, 2], [3, 4]]; vector[3] v = [1, 2, 3]'; vector[2] w = m * v;", "must match in size"},
		{"reject(\"N is \", N, \" and \", [1.5, 2], {{1}, {2}});", "2:1: N is 4 and [1.5,2][[1],[2]]"},
		{"fatal_error(\"stop\");", "2:1: stop"},
		{"real<lower=0> x = -1;", "x is -1, but must be greater than or equal to 0"},
		{"simplex[2] p = [0.5, 0.6]';", "p is not a valid simplex: its sum is 1.1, but should be 1"},
		{"int n = loop(1);", "loop calls itself deeper than 5000 levels"},
		{"real z = normal_rng(0, -1);", "normal_rng"},
	} {
		src := "functions { int loop(int n) { return loop(n + 1); } } data { int N; } generated quantities {\n" + c.body + "\n}"
		m := bound(t, src, `{"N": 4}`)
		dst := make([]float64, m.NumGenerated()+1)[:m.NumGenerated()]
		if len(dst) == 0 {
			m = bound(t, strings.Replace(src, "quantities {\n", "quantities { real dummy;\n", 1), `{"N": 4}`)
			dst = make([]float64, 1)
		}
		err := m.Generate(dst, nil, 0)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error\n%v\nwant %s", c.body, err, c.want)
			continue
		}
		if !strings.HasPrefix(err.Error(), "test.stan:") || !strings.Contains(err.Error(), "^") {
			t.Errorf("%s: the error has no place: %v", c.body, err)
		}
		if !math.IsNaN(dst[0]) {
			t.Errorf("%s: generated quantities are %v after an error", c.body, dst)
		}
	}
}

// TestBindErrors holds programs whose density cannot be recorded.
func TestBindErrors(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"for (i in 1:x > 0 ? 2 : 3) { }", "test.stan:2:13: this bound of a loop depends on parameters"},
		{"int i = x > 0; while (i) { }", "test.stan:2:23: the condition of this while loop depends on parameters"},
		{"vector[2] v = [1, 2]'; target += v[1 + (x > 0)];", "test.stan:2:36: this index depends on parameters"},
		{"vector[-1] v;", "test.stan:2:8: the size -1 is -1, but must not be negative"},
		{"vector[1 + (x > 0)] v;", "this size depends on parameters"},
		{"vector[2] v; v[3] = x;", "test.stan:2:16: index 3 is out of range: v has indices from 1 to 2"},
		{"fatal_error(\"never\");", "test.stan:2:1: never"},
		{"[1, 2]' ~ normal([x, x, x]', 1);", "test.stan:2:11: normal_lpdf: Random variable has size = 2, but Location parameter has size 3"},
		{"real s = 0; for (i in 1:30000) s = sin(s + x * i);  target += s;", "test.stan:2:13: the density needs more than 20000 operations"},
	} {
		p, err := Parse("test.stan", []byte("parameters { real x; } model {\n"+c.body+"\n}"), ParseOptions{})
		if err == nil {
			_, err = p.Bind(nil, Options{Limit: 20000})
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error\n%v\nwant %s", c.body, err, c.want)
		}
	}
}

// TestRejectEverywhere: a density that rejects whatever the parameters binds, and says why no point has a density.
func TestRejectEverywhere(t *testing.T) {
	for _, body := range []string{`reject("never");`, `target += normal_lpdf(x | 0, -1);`} {
		m := bound(t, "parameters { real x; } model {\n"+body+"\n}", "{}")
		lp := []float64{0}
		m.LogDensity(lp, nil, []float64{1})
		if !math.IsNaN(lp[0]) {
			t.Errorf("%s: density %v", body, lp[0])
		}
		if err := m.Explain([]float64{1}); err == nil || !strings.HasPrefix(err.Error(), "test.stan:2:1") {
			t.Errorf("%s: %v", body, err)
		}
		if m.Rejected() == nil {
			t.Errorf("%s: no reason", body)
		}
	}
}

// TestRejectWhere: reject in a branch that depends on parameters leaves the other points alone.
func TestRejectWhere(t *testing.T) {
	m := bound(t, `parameters { real x; } transformed parameters { real<upper=3> y = x; } model {
		if (x < 0) reject("x is ", x);
		if (x > 1) { if (x > 2) reject("beyond 2"); target += -x; }
		target += -square(x);
	}`, "{}")
	x := []float64{-1, 0.5, 1.5, 2.5, 4}
	lp, grad := make([]float64, 5), make([]float64, 5)
	m.LogDensity(lp, grad, x)
	if !math.IsNaN(lp[0]) || lp[1] != -0.25 || lp[2] != -1.5-2.25 || !math.IsNaN(lp[3]) || !math.IsNaN(lp[4]) {
		t.Errorf("lp %v", lp)
	}
	if grad[1] != -1 || grad[2] != -4 {
		t.Errorf("grad %v", grad)
	}
	for i, want := range []string{"test.stan:2:14: x is -1", "", "", "test.stan:3:27: beyond 2", "y is 4, but must be less than or equal to 3"} {
		err := m.Explain(x[i : i+1])
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("point %v: %v, want %q", x[i], err, want)
		}
	}
}

func TestPrint(t *testing.T) {
	var out bytes.Buffer
	p := program(t, `data { int N; } transformed data { print("N = ", N, "; ", [1, 2.5]', {1.0, 1e10, 1234567.0}); }
		parameters { real x; } model { print("x = ", x); x ~ normal(0, 1); } generated quantities { real y = 1; print("y"); }`)
	d, _ := ReadData("d", []byte(`{"N": 3}`))
	m, err := p.Bind(d, Options{Print: &out})
	if err != nil {
		t.Fatal(err)
	}
	if want := "N = 3; [1,2.5][1,1e+10,1.23457e+06]\nx = (varies)\n"; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
	out.Reset()
	m.LogDensityFull([]float64{0}, []float64{1})
	m.Constrain([]float64{0}, []float64{1}, 1)
	m.Explain([]float64{0.5})
	m.Generate([]float64{0}, []float64{1}, 0)
	if want := "x = 0.5\ny\n"; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
}

// TestTarget: target() reads what has been added so far, under constant and parameter-dependent conditions.
func TestTarget(t *testing.T) {
	m := bound(t, `parameters { real x; } model { target += x; real a = target(); if (x > 0) target += 2 * target(); target += a; }`, "{}")
	lp := []float64{0, 0}
	m.LogDensity(lp, nil, []float64{2, -2})
	if lp[0] != 2+2*2+2 || lp[1] != -4 {
		t.Errorf("lp %v", lp)
	}
}

// TestNoParameters: a program without parameters has dimension 0, a density and generated quantities.
func TestNoParameters(t *testing.T) {
	m := bound(t, `transformed data { real u = uniform_rng(0, 1); } model { target += 3; } generated quantities { real z = normal_rng(u, 1); }`, "{}")
	if m.Dim() != 0 || len(m.Names()) != 0 {
		t.Fatal(m.Dim(), m.Names())
	}
	lp := []float64{0, 0, 0}
	m.LogDensity(lp, []float64{}, nil)
	if lp[0] != 3 || lp[2] != 3 {
		t.Errorf("lp %v", lp)
	}
	a, b, c := []float64{0}, []float64{0}, []float64{0}
	m.Generate(a, nil, 1)
	m.Generate(b, nil, 1)
	m.Generate(c, nil, 2)
	if a[0] != b[0] || a[0] == c[0] {
		t.Errorf("random numbers %v %v %v: equal for equal draws, different otherwise", a, b, c)
	}
}

// TestUnconstrain holds the errors of initial values, and that absent parameters are told apart.
func TestUnconstrain(t *testing.T) {
	m := bound(t, `parameters { real<lower=0> a; real<lower=a> b; simplex[3] p; vector[2] v; } transformed parameters { real c = a; } model { }`, "{}")
	read := func(src string) *Data {
		d, err := ReadData("init.json", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	x, given, err := m.Unconstrain(read(`{"b": 1.5, "v": [1, 2], "c": 7}`))
	if err != nil {
		t.Fatal(err)
	}
	if given[0] || !given[1] || given[2] || !given[4] || x[0] != 0 || math.Abs(x[1]-math.Log(0.5)) > 1e-15 || x[5] != 2 {
		t.Errorf("%v %v", x, given)
	}
	for src, want := range map[string]string{
		`{"mu": 1}`:              `init.json:1: "mu" is not a parameter of the program; its parameters are a, b, p, v`,
		`{"a": -1}`:              "a is -1, but must be greater than or equal to 0; the program declares real<lower=0> a",
		`{"a": 2, "b": 1}`:       "b is 1, but must be greater than or equal to 2",
		`{"a": 0}`:               "a lies on the boundary of its support or is not finite",
		`{"v": [1]}`:             "variable v: found an array of 1 number, expected an array of 2 numbers",
		`{"v": [1, "Inf"]}`:      "is not finite",
		`{"p": [0.2, 0.2, 0.2]}`: "p is not a valid simplex",
		`{"p": [1, 0, 0]}`:       "on the boundary",
		`{"a": "x"}`:             `"x" is a text, not a number`,
	} {
		if _, _, err := m.Unconstrain(read(src)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", src, err, want)
		}
	}
}

// TestUnsupported holds types that are valid Stan and refused with their place.
func TestUnsupported(t *testing.T) {
	for src, want := range map[string]string{
		"data { complex z; }":                           "complex",
		"data { tuple(int, real) t; }":                  "tuple",
		"model { complex z = 1; }":                      "complex",
		"parameters { real x; } model { x ~ nope(1); }": "nope",
	} {
		_, err := Parse("test.stan", []byte(src), ParseOptions{})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "test.stan:1:") {
			t.Errorf("%s: %v", src, err)
		}
	}
}
