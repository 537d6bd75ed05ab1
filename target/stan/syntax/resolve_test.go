package syntax_test

import (
	"testing"

	. "wgf/target/stan/syntax"
)

// mustCheck parses and checks a program that is valid.
func mustCheck(t *testing.T, src string) *Program {
	t.Helper()
	p, err := check(src)
	if err != nil {
		t.Fatalf("%s\n%v", src, err)
	}
	return p
}

// TestSymbols checks slots and levels of variables.
func TestSymbols(t *testing.T) {
	p := mustCheck(t, `functions { real f(int a, data real b, real c) { real d; for (i in 1:a) { real e; } { real g; } return d; } }
		data { int N; real x; } transformed data { real y; { real l; } } parameters { real a, b; }
		transformed parameters { real c; { real m; for (i in 1:2) { real n; } } } model { real q; } generated quantities { real r = a; }`)
	names := ""
	for i, s := range p.Globals {
		names += s.Name + " "
		if s.Slot != i || !s.Global {
			t.Errorf("%s has slot %d, want %d", s.Name, s.Slot, i)
		}
	}
	if names != "N x y a b c r " {
		t.Errorf("globals are %s", names)
	}
	f := p.Functions[0]
	if f.Locals != 7 || f.Params[2].Sym.Slot != 2 || f.Def != f {
		t.Errorf("the frame of f has %d slots, want 7", f.Locals)
	}
	for i, want := range []Level{DataLevel, DataLevel, ParamLevel} {
		if f.Params[i].Sym.Level != want {
			t.Errorf("parameter %d of f has level %d", i, f.Params[i].Sym.Level)
		}
	}
	if p.TransData.Locals != 1 || p.TransParams.Locals != 3 || p.Model.Locals != 1 || p.Generated.Locals != 0 {
		t.Errorf("locals: %d %d %d %d", p.TransData.Locals, p.TransParams.Locals, p.Model.Locals, p.Generated.Locals)
	}
	if d := p.Model.Decls[0]; d.Sym.Global || d.Sym.Block != ModelBlock || d.Sym.Decl != d {
		t.Error("a variable of the model block must be local")
	}
	if v := p.Generated.Decls[0].Init.(*Var); v.Sym != p.Globals[3] || v.Level() != DataLevel || v.Sym.Level != ParamLevel {
		t.Error("a parameter used in generated quantities counts as data there")
	}
}

// TestExprTypes checks the types of expressions, in Stan's spelling.
func TestExprTypes(t *testing.T) {
	const decls = `int i; real r; complex z; vector[2] v; row_vector[2] w; matrix[2, 2] m; array[2] int ai; array[2, 2] real aar;
		array[2] vector[2] av; tuple(int, array[2] real) t; `
	for _, c := range []struct{ expr, want string }{
		{"1", "int"}, {"1.0", "real"}, {"2i", "complex"}, {"i / 2", "int"}, {"i ^ 2", "real"}, {"i + r", "real"}, {"i + z", "complex"},
		{"r * v", "vector"}, {"v * w", "matrix"}, {"w * v", "real"}, {"w * m", "row_vector"}, {"m * v", "vector"}, {"m \\ v", "vector"},
		{"w / m", "row_vector"}, {"v'", "row_vector"}, {"m'", "matrix"}, {"v .* v", "vector"}, {"v ^ 2", "vector"}, {"aar ^ 2", "array[,] real"},
		{"ai ^ 2", "array[] real"}, {"-ai", "array[] int"}, {"v < 1 ? 1 : 2", ""}, {"r < 1 ? i : r", "real"}, {"!i", "int"}, {"v * z", "complex_vector"},
		{"v[1]", "real"}, {"v[ai]", "vector"}, {"m[1]", "row_vector"}, {"m[:, 1]", "vector"}, {"m[1, 1:2]", "row_vector"}, {"m[1:2]", "matrix"},
		{"av[1]", "vector"}, {"av[, 1]", "array[] real"}, {"av[1:2, 1:2]", "array[] vector"}, {"av[1, 2]", "real"}, {"aar[ai, 1]", "array[] real"},
		{"t.1", "int"}, {"t.2[1]", "real"}, {"t", "tuple(int, array[] real)"}, {"{1, 2.0}", "array[] real"}, {"{{1}}", "array[,] int"},
		{"{v, v}", "array[] vector"}, {"[1, 2]", "row_vector"}, {"[w, w]", "matrix"}, {"[1, 2i]", "complex_row_vector"}, {"(1, v)", "tuple(int, vector)"},
		{"sum(ai)", "int"}, {"sum(v)", "real"}, {"exp(1)", "real"}, {"exp(m)", "matrix"}, {"exp(ai)", "array[] real"}, {"exp(av)", "array[] vector"},
		{"fmax(v, 1)", "vector"}, {"fmax(1, aar)", "array[,] real"}, {"fmax(v, w)", ""}, {"num_elements(av)", "int"}, {"reverse(av)", "array[] vector"},
		{"reverse(v)", ""}, {"normal_lpdf(v | 0, w)", "real"}, {"poisson_lpmf(ai | v)", "real"}, {"poisson_lpmf(v | 1)", ""},
		{"multi_normal_lpdf(av | v, m)", "real"}, {"multi_normal_lpdf(r | v, m)", ""},
	} {
		p, err := check("model { " + decls + "print(" + c.expr + "); }")
		if c.want == "" {
			if err == nil {
				t.Errorf("%s is accepted", c.expr)
			}
			continue
		}
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		body := p.Model.Body
		if got := body[len(body)-1].(*Print).Args[0].Type().String(); got != c.want {
			t.Errorf("%s is of type %s, want %s", c.expr, got, c.want)
		}
	}
	p := mustCheck(t, "generated quantities { array[2] real a = normal_rng({1., 2.}, 1); real b = normal_rng(0, 1); array[2] int c = poisson_rng({1, 2}); }")
	if _, ok := p.Generated.Decls[0].Init.(*Call); !ok {
		t.Error("normal_rng of an array should give array[] real")
	}
}

// TestPromotions checks that conversions are explicit in the tree.
func TestPromotions(t *testing.T) {
	p := mustCheck(t, "functions { real f(real x, array[] real y) { return 1; } } model { real a = 1; a = f(2, {1, 2}); array[2] real b = {1, 2.5}; complex z = a; 1 ~ normal(0, 1); }")
	body := p.Model.Body
	real := func(what string, e Expr, want string) {
		t.Helper()
		if pr, ok := e.(*Promote); !ok || pr.Type().String() != want {
			t.Errorf("%s is not promoted to %s", what, want)
		}
	}
	real("a definition", body[0].(*VarDecl).Init, "real")
	call := body[1].(*Assign).RHS.(*Call)
	real("an argument", call.Args[0], "real")
	real("an array argument", call.Args[1], "array[] real")
	if call.Decl != p.Functions[0] || call.Lib != nil {
		t.Error("the call is not resolved")
	}
	real("an array element", body[2].(*VarDecl).Init.(*ArrayLit).Elems[0], "real")
	real("a real", body[3].(*VarDecl).Init, "complex")
	s := body[4].(*Tilde)
	real("a variate", s.X, "real")
	if s.Func != "normal_lpdf" || s.Lib == nil || s.Lib.Name != "normal_lpdf" || s.Decl != nil {
		t.Error("the distribution is not resolved")
	}
	real("a returned value", p.Functions[0].Body.Body[0].(*Return).X, "real")
}

// TestOverloads checks which of several functions a call reaches.
func TestOverloads(t *testing.T) {
	p := mustCheck(t, `functions { real f(real x); real f(int x) { return 1; } real f(real x) { return 2; } real f(vector x) { return 3; }
		real g(data real x) { return 1; } real g(complex x) { return 2; }
		real d_lpdf(real x) { return 1; } real d_lpmf(int x) { return 1; } vector o(real t, vector y, real k) { return y; } vector o(real t) { return [t]'; } }
		parameters { real p; }
		model { print(f(1), f(1.5), f([1]'), g(1), g(p)); 1 ~ d(); 1.5 ~ d(); target += d_lupdf(1 | ); print(ode_rk45(o, [1]', 0, {1}, 2)); 2 ~ poisson(1) T[1, ]; }`)
	body := p.Model.Body
	args := body[0].(*Print).Args
	for i, want := range []int{1, 2, 3, 4, 5} {
		if got := args[i].(*Call).Decl; got != p.Functions[want] {
			t.Errorf("argument %d calls %v", i, got)
		}
	}
	if p.Functions[0].Def != p.Functions[2] {
		t.Error("the forward declaration does not know its definition")
	}
	if a, b := body[1].(*Tilde).Func, body[2].(*Tilde).Func; a != "d_lpmf" || b != "d_lpdf" {
		t.Errorf("~ calls %s and %s", a, b)
	}
	if c := body[3].(*TargetAdd).X.(*Call); !c.Unnormalized || c.Decl != p.Functions[6] {
		t.Error("_lupdf does not reach the density")
	}
	if ref := body[4].(*Print).Args[0].(*Call).Args[0].(*FuncRef); ref.Decl != p.Functions[8] {
		t.Error("the wrong overload is passed to the solver")
	}
	tr := body[5].(*Tilde).Trunc
	if tr.CCDF == nil || tr.CDF != nil || tr.CCDF.Lib.Name != "poisson_lccdf" || ExprString(tr.CCDF.Args[0]) != "1 - 1" {
		t.Error("the truncation is not resolved")
	}
}

// TestDeclarationText checks how declarations are written out.
func TestDeclarationText(t *testing.T) {
	for _, text := range []string{"real x", "int<lower=0> x", "real<lower=0, upper=N - 1> x", "vector<offset=1, multiplier=2>[N] x", "simplex[K] x",
		"array[N, 2] real<upper=3> x", "cholesky_factor_cov[N, K] x", "array[2] tuple(int<lower=0>, simplex[K]) x", "complex_matrix[2, 3] x",
		"real<lower=(N < 2)> x", "sum_to_zero_matrix[N, K] x"} {
		p := mustCheck(t, "data { int N; int K; "+text+"; }")
		if got := p.Data.Decls[2].String(); got != text {
			t.Errorf("%s is written %s", text, got)
		}
	}
	p := mustCheck(t, "functions { array[,] real f(data vector x, tuple(int, array[] real) y) { return {{1}}; } }")
	if got := p.Functions[0].String(); got != "array[,] real f(data vector x, tuple(int, array[] real) y)" {
		t.Error(got)
	}
}
