package stan

import (
	"math"
	"os"
	"strings"
	"testing"
)

// TestProgramCurvature: constraints of every kind, branches, and a program with much of the library.
func TestProgramCurvature(t *testing.T) {
	for _, c := range []struct{ name, data string }{{"constraints", "{}"}, {"branches", branchesData}, {"varied", ""}} {
		t.Run(c.name, func(t *testing.T) {
			src, err := os.ReadFile("testdata/" + c.name + ".stan")
			if err != nil {
				t.Fatal(err)
			}
			if c.data == "" {
				raw, err := os.ReadFile("testdata/varied.data.json")
				if err != nil {
					t.Fatal(err)
				}
				c.data = string(raw)
			}
			m := bound(t, string(src), c.data)
			var points [][]float64
			for _, p := range readReference(t, "testdata/"+c.name+".json").Points {
				if p.Error == "" {
					points = append(points, p.X)
				}
			}
			t.Logf("error %.1e at %d points", agreeCurvature(t, m, points, 1e-6), len(points))
		})
	}
}

// TestStatementCurvature: statements over the real parameters a, b, the positive p, q and the share s.
func TestStatementCurvature(t *testing.T) {
	for _, statement := range []string{
		"a ~ normal(b, p);", "p ~ lognormal(a, q);", "a ~ cauchy(b, p);", "a ~ student_t(p, b, q);", "a ~ double_exponential(b, p);",
		"a ~ gumbel(b, p);", "a ~ logistic(b, p);", "p ~ gamma(q, exp(a));", "p ~ inv_gamma(q, exp(a));", "p ~ weibull(q, exp(a));",
		"p ~ exponential(q);", "p ~ chi_square(q);", "p ~ inv_chi_square(q);", "p ~ scaled_inv_chi_square(q, exp(a));",
		"p ~ rayleigh(q);", "p + 1 ~ pareto(0.5, q);", "s ~ beta(p, q);", "s ~ beta_proportion(inv_logit(a), q);", "s ~ uniform(-p, 1 + q);",
		"3 ~ poisson(p);", "3 ~ poisson_log(a);", "[3, 0, 40] ~ neg_binomial_2(p, q);", "4 ~ neg_binomial(p, q);",
		"2 ~ neg_binomial_2_log(a, p);", "3 ~ binomial(7, s);", "3 ~ binomial_logit(7, a);", "3 ~ beta_binomial(7, p, q);",
		"1 ~ bernoulli(s);", "0 ~ bernoulli_logit(a * b);", "2 ~ ordered_logistic(a, [-p, q]');", "2 ~ categorical_logit([a, b, p]');",
		"[p, q]' / (p + q) ~ dirichlet([p + 1, q]');", "[a, b]' ~ multi_normal([p, q]', [[1 + p, a / 9], [a / 9, 2 + q]]);",
		"[2, 3] ~ multinomial([s, 1 - s]');",
		"a ~ normal(b, p) T[-0.5 + 0 * a, ];", "a ~ normal(0, 1) T[, 3];", "p ~ exponential(q) T[, 9];",
		"target += normal_lcdf(a | b, p) + normal_lccdf(b | a, q);", "target += normal_lcdf(a - 25 | 0, 1);",
		"target += student_t_lcdf(a | 4, b, p) + student_t_lcdf(8 * b - 6 | 3, 0, 1);",
		"target += gamma_lcdf(p | 2.5, q) + gamma_lccdf(p | 1.5, q);", "target += poisson_lcdf(3 | p);",
		"target += beta_lcdf(s | 2, 3.5);", "target += binomial_lcdf(3 | 7, s);", "target += gamma_p(2, p) * gamma_q(3, q);",
		"target += inc_beta(2, 3, s) * a;", "target += tgamma(p) / tgamma(1 + q);", "target += lbeta(p, q) * lgamma(s);",
		"target += log_sum_exp(a, b) * log_diff_exp(1 + p, s);", "target += log_mix(s, a, b * p);", "target += pow(p, a) + hypot(a, b) * atan2(a, p);",
		"target += sin(a) * cosh(b) * erf(p) * Phi(q) * inv_Phi(s);", "target += logit(s) * log1m_exp(-p) + log1m(s) * cbrt(p);",
		"target += fmin(a, b) * fmax(p, q) + abs(a) * p;", "target += log_determinant([[1 + p, a], [b, 2 + q * q]]);",
		"target += dot_self(cholesky_decompose([[1 + p, s], [s, 2 + q]])[2]) * a;", "target += lmgamma(3, 1.2 + p) * digamma(q);",
		"target += log(softmax([a, b, p * q]')[2]) * variance([a, b, p, q]');", "target += inv_cloglog(a) * expm1(b) * log1p_exp(a * b);",
		"if (a > 0) target += log(a) * b; else target += sqrt(-a) * b;",
	} {
		statement = strings.ReplaceAll(statement, "[3, 0, 40] ~", "{3, 0, 40} ~")
		statement = strings.ReplaceAll(statement, "[2, 3] ~", "{2, 3} ~")
		src := "parameters { real a; real b; real<lower=0> p; real<lower=0> q; real<lower=0, upper=1> s; } model { " + statement + " }"
		d, err := ReadData("none", []byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		prog, err := Parse("test.stan", []byte(src), ParseOptions{})
		if err != nil {
			t.Errorf("%s: %v", statement, err)
			continue
		}
		m, err := prog.Bind(d, Options{})
		if err != nil {
			t.Errorf("%s: %v", statement, err)
			continue
		}
		if err := m.Curvature(); err != nil {
			t.Errorf("%s: %v", statement, err)
			continue
		}
		before := t.Failed()
		agreeCurvature(t, m, [][]float64{{0.4, -0.3, 0.2, 0.5, 0.3}, {-0.35, 0.8, -0.6, 0.9, -0.7}}, 1e-6)
		if t.Failed() && !before {
			t.Fatal(statement)
		}
	}
}

// TestNoCurvature: what has no second derivatives says so before a run.
func TestNoCurvature(t *testing.T) {
	m := bound(t, "parameters { real<lower=0> a; } model { target += gamma_lcdf(2 | a, 1); }", "{}")
	err := m.Curvature()
	if err == nil || !strings.Contains(err.Error(), "log_gamma_p has no second derivative by argument 1") {
		t.Errorf("error %v", err)
	}
	dst := []float64{1}
	if m.HessianVector(dst, []float64{0.3}, []float64{1}); !math.IsNaN(dst[0]) {
		t.Errorf("product %v", dst)
	}
	if err := bound(t, "parameters { real a; } model { reject(\"no\"); }", "{}").Curvature(); err == nil {
		t.Error("a program that rejects everything has second derivatives")
	}
}

// A product does not depend, in any bit, on which others are in the batch.
func TestCurvatureOfBatches(t *testing.T) {
	m := bindReference(t, "eight_schools-eight_schools_noncentered")
	const n = 300
	d := m.Dim()
	x, u, dst := make([]float64, n*d), make([]float64, n*d), make([]float64, n*d)
	for i := range x {
		x[i], u[i] = math.Sin(float64(i)), math.Cos(float64(3*i))
	}
	m.HessianVector(dst, x, u)
	for i := 0; i < n; i += 7 {
		p, v, h := make([]float64, d), make([]float64, d), make([]float64, d)
		for k := range d {
			p[k], v[k] = x[k*n+i], u[k*n+i]
		}
		m.HessianVector(h, p, v)
		for k := range d {
			if h[k] != dst[k*n+i] {
				t.Fatalf("point %d alone has another product than in a batch", i)
			}
		}
	}
}
