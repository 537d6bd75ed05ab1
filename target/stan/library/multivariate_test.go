package library

import (
	"math"
	"math/rand/v2"
	"testing"

	"wgf/target/stan/syntax"
)

var testTable = All()

func mustCall(t *testing.T, c *Context, f string, args ...Value) Value {
	t.Helper()
	v, err := testTable.Call(c, f, args...)
	if err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	return v
}

// Generalised linear models are the plain distributions at the linear predictor.
func TestGLMs(t *testing.T) {
	c := &Context{}
	x, alpha, beta, sigma := matrix(3, 2, 1, 2, -1, 0.5, 0.3, 4), vector(0.1, -0.2, 0.3), vector(0.7, -0.4), vector(0.5, 1, 2)
	theta := mustCall(t, c, "add", mustCall(t, c, "multiply", x, beta), alpha)
	y := Ints(1, 0, 1)
	for _, test := range []struct{ got, want Value }{
		{mustCall(t, c, "bernoulli_logit_glm_lpmf", y, x, alpha, beta), mustCall(t, c, "bernoulli_logit_lpmf", y, theta)},
		{mustCall(t, c, "poisson_log_glm_lpmf", y, x, alpha, beta), mustCall(t, c, "poisson_log_lpmf", y, theta)},
		{mustCall(t, c, "normal_id_glm_lpdf", vector(1, 2, 3), x, alpha, beta, sigma), mustCall(t, c, "normal_lpdf", vector(1, 2, 3), theta, sigma)},
	} {
		if !closeTo(test.got.Data[0], test.want.Data[0], 1e-14) {
			t.Errorf("GLM %g, plain %g", test.got.Data[0], test.want.Data[0])
		}
	}
}

func TestMultivariateSpecialCases(t *testing.T) {
	c := &Context{}
	for _, p := range []float64{0.2, 0.7} {
		dirichlet := mustCall(t, c, "dirichlet_lpdf", vector(p, 1-p), vector(2, 3.5))
		if beta := mustCall(t, c, "beta_lpdf", Real(p), Real(2), Real(3.5)); !closeTo(dirichlet.Data[0], beta.Data[0], 1e-13) {
			t.Errorf("dirichlet of two is %g, beta %g", dirichlet.Data[0], beta.Data[0])
		}
	}
	sigma := matrix(2, 2, 4, 0, 0, 0.25)
	joint := mustCall(t, c, "multi_normal_lpdf", vector(1, 2), vector(0, 1), sigma)
	if want := mustCall(t, c, "normal_lpdf", vector(1, 2), vector(0, 1), vector(2, 0.5)); !closeTo(joint.Data[0], want.Data[0], 1e-13) {
		t.Errorf("diagonal covariance: %g, independent %g", joint.Data[0], want.Data[0])
	}
	theta := vector(0.2, 0.3, 0.5)
	logits := vector(math.Log(0.2)+1, math.Log(0.3)+1, math.Log(0.5)+1)
	for k := 1; k <= 3; k++ {
		a, b := mustCall(t, c, "categorical_lpmf", Int(k), theta), mustCall(t, c, "categorical_logit_lpmf", Int(k), logits)
		if want := math.Log(theta.Data[k-1]); !closeTo(a.Data[0], want, 1e-14) || !closeTo(b.Data[0], want, 1e-14) {
			t.Errorf("category %d: %g, %g, want %g", k, a.Data[0], b.Data[0], want)
		}
	}
	total := 0.0
	for i := 0; i <= 4; i++ {
		for j := 0; i+j <= 4; j++ {
			total += math.Exp(mustCall(t, c, "multinomial_lpmf", Ints(i, j, 4-i-j), theta).Data[0])
		}
	}
	if !closeTo(total, 1, 1e-13) {
		t.Errorf("multinomial probabilities add up to %g", total)
	}
}

// Means and covariances of 4000 draws; the tolerances are 4.5 standard errors or more, so that each of the 23 numbers
// fails with probability below 1e-5. Seeds are fixed.
func TestMultivariateRandomNumbers(t *testing.T) {
	const n = 4000
	draw := func(f string, args ...Value) (mean, second []float64) {
		c := &Context{RNG: rand.New(rand.NewPCG(3, 9))}
		for range n {
			v := mustCall(t, c, f, args...)
			if mean == nil {
				mean, second = make([]float64, v.Len()), make([]float64, v.Len()*v.Len())
			}
			for i, x := range v.Data {
				mean[i] += x / n
				for j, y := range v.Data {
					second[i*v.Len()+j] += x * y / n
				}
			}
		}
		for i := range mean {
			for j := range mean {
				second[i*len(mean)+j] -= mean[i] * mean[j]
			}
		}
		return mean, second
	}
	check := func(what string, got, want []float64, tolerance float64) {
		for i := range got {
			if math.Abs(got[i]-want[i]) > tolerance {
				t.Errorf("%s: element %d is %.4f, want %.4f", what, i, got[i], want[i])
			}
		}
	}
	s := matrix(2, 2, 2, 0.6, 0.6, 1)
	mean, cov := draw("multi_normal_rng", vector(1, -1), s)
	check("multi_normal_rng mean", mean, []float64{1, -1}, 4.5*math.Sqrt(2.0/n))
	check("multi_normal_rng covariance", cov, s.Data, 4.5*math.Sqrt(8.0/n))
	mean, _ = draw("multi_normal_cholesky_rng", vector(1, -1), matrix(2, 2, 2, 0, 1, 0.5))
	check("multi_normal_cholesky_rng mean", mean, []float64{1, -1}, 4.5*2/math.Sqrt(n))
	mean, cov = draw("dirichlet_rng", vector(0.5, 1.5, 2))
	check("dirichlet_rng mean", mean, []float64{0.125, 0.375, 0.5}, 4.5*0.23/math.Sqrt(n))
	check("dirichlet_rng variance", []float64{cov[0], cov[8]}, []float64{0.125 * 0.875 / 5, 0.25 / 5}, 4.5*0.07/math.Sqrt(n))
	mean, cov = draw("multinomial_rng", vector(0.2, 0.3, 0.5), Int(10))
	check("multinomial_rng mean", mean, []float64{2, 3, 5}, 4.5*1.6/math.Sqrt(n))
	check("multinomial_rng covariance", []float64{cov[0], cov[1]}, []float64{1.6, -0.6}, 4.5*2.5/math.Sqrt(n))
	mean, _ = draw("categorical_rng", vector(0.2, 0.3, 0.5))
	check("categorical_rng mean", mean, []float64{2.3}, 4.5*0.79/math.Sqrt(n))
	mean, _ = draw("categorical_logit_rng", vector(math.Log(2), math.Log(3), math.Log(5)))
	check("categorical_logit_rng mean", mean, []float64{2.3}, 4.5*0.79/math.Sqrt(n))
	mean, _ = draw("bernoulli_logit_glm_rng", matrix(2, 1, 1, -1), vector(0.5, 0.5), vector(2))
	check("bernoulli_logit_glm_rng mean", mean, []float64{0.9241, 0.1824}, 4.5*0.39/math.Sqrt(n))
	mean, _ = draw("poisson_rng", vector(2.5, 40))
	check("poisson_rng mean", mean, []float64{2.5, 40}, 4.5*math.Sqrt(40.0/n))
}

// Vectorised random numbers are arrays, ints where the distribution is over the ints.
func TestRandomNumberTypes(t *testing.T) {
	c := &Context{RNG: rand.New(rand.NewPCG(1, 2))}
	if v := mustCall(t, c, "normal_rng", vector(1, 2), Real(1)); !v.Type.Equal(syntax.ArrayOf(RealType, 1)) || v.Len() != 2 {
		t.Errorf("normal_rng of a vector is %v", v)
	}
	if v := mustCall(t, c, "binomial_rng", Int(3), Real(0.2)); !v.Type.Equal(IntType) {
		t.Errorf("binomial_rng of scalars is %v", v.Type)
	}
	if _, err := All().Call(&Context{}, "normal_rng", Real(0), Real(1)); err == nil {
		t.Error("a random number without a source")
	}
}
