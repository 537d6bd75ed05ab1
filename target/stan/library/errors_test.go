package library

import (
	"math"
	"testing"

	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

func vector(x ...float64) Value    { return Constants(VectorType, []int{len(x)}, x) }
func rowVector(x ...float64) Value { return Constants(RowVectorType, []int{len(x)}, x) }
func realArray(x ...float64) Value {
	return Constants(syntax.ArrayOf(RealType, 1), []int{len(x)}, x)
}
func matrix(rows, cols int, x ...float64) Value { return Constants(MatrixType, []int{rows, cols}, x) }

// Errors have Stan's wording.
func TestErrors(t *testing.T) {
	table := All()
	for _, test := range []struct {
		f    string
		args []Value
		want string
	}{
		{"normal_lpdf", []Value{Real(0), Real(0), Real(-1)}, "normal_lpdf: Scale parameter is -1, but must be positive!"},
		{"normal_lpdf", []Value{Real(0), Real(0), vector(1, 2, -0.5)}, "normal_lpdf: Scale parameter[3] is -0.5, but must be positive!"},
		{"normal_lpdf", []Value{Real(math.NaN()), Real(0), Real(1)}, "normal_lpdf: Random variable is nan, but must be not nan!"},
		{"normal_lpdf", []Value{Real(0), Real(math.Inf(1)), Real(1)}, "normal_lpdf: Location parameter is inf, but must be finite!"},
		{"normal_lupdf", []Value{Real(0), Real(0), Real(0)}, "normal_lpdf: Scale parameter is 0, but must be positive!"},
		{"normal_lpdf", []Value{vector(1, 2, 3), vector(1, 2), Real(1)},
			"normal_lpdf: Random variable has size = 3, but Location parameter has size 2; and they must be the same size."},
		{"gamma_lpdf", []Value{Real(1), Real(1), Real(math.Inf(1))}, "gamma_lpdf: Inverse scale parameter is inf, but must be positive finite!"},
		{"exponential_lpdf", []Value{Real(-1), Real(1)}, "exponential_lpdf: Random variable is -1, but must be nonnegative!"},
		{"bernoulli_lpmf", []Value{Int(1), Real(1.5)}, "bernoulli_lpmf: Probability parameter is 1.5, but must be in the interval [0, 1]"},
		{"bernoulli_lpmf", []Value{Ints(0, 2), Real(0.5)}, "bernoulli_lpmf: n[2] is 2, but must be in the interval [0, 1]"},
		{"binomial_lpmf", []Value{Int(5), Int(4), Real(0.5)}, "binomial_lpmf: Successes variable is 5, but must be in the interval [0, 4]"},
		{"dirichlet_lpdf", []Value{vector(0.5, 0.6), vector(1, 1)},
			"dirichlet_lpdf: probabilities is not a valid simplex. sum(probabilities) = 1.1, but should be 1"},
		{"uniform_lpdf", []Value{Real(0), Real(1), Real(1)}, "uniform_lpdf: Upper bound parameter is 1, but must be greater than 1.000000"},
		{"dot_product", []Value{vector(1, 2), vector(1)}, "dot_product: size of v1 (2) and size of v2 (1) must match in size"},
		{"inverse", []Value{matrix(2, 1, 1, 2)}, "inverse: Expecting a square matrix; rows of m (2) and columns of m (1) must match in size"},
		{"cholesky_decompose", []Value{matrix(2, 2, 1, 2, 2, 1)}, "cholesky_decompose: Matrix m is not positive definite"},
		{"normal_rng", []Value{Real(0), Real(-1)}, "normal_rng: Scale parameter is -1, but must be positive!"},
	} {
		_, err := table.Call(&Context{Propto: true}, test.f, test.args...)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: error %q, want %q", test.f, err, test.want)
		}
	}
}

// A traced scale becomes a guard unless it is known to be positive; where it is violated there is no density.
func TestGuards(t *testing.T) {
	table := All()
	tr := tape.New(1)
	c := &Context{T: tr}
	x := tr.Input(0)
	if _, err := table.Call(c, "normal_lpdf", Real(0.3), Real(0), Scalar(tr.Op1(tape.Exp, x))); err != nil || tr.Guards() != 0 {
		t.Errorf("positive scale: %d guards, %v", tr.Guards(), err)
	}
	v, err := table.Call(c, "normal_lpdf", Real(0.3), Real(0), Scalar(x))
	if err != nil || tr.Guards() != 1 {
		t.Fatalf("scale of unknown sign: %d guards, %v", tr.Guards(), err)
	}
	p, err := tr.Compile([]tape.Num{v.Num()}, tape.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []float64{-1, 0} {
		out := make([]float64, 1)
		if p.Run(out, nil, []float64{s}, 1); !math.IsNaN(out[0]) {
			t.Errorf("scale %g: density %g", s, out[0])
		}
	}
}

// _lupdf leaves out what is constant only where the context asks for it; without parameters nothing is left.
func TestDroppedConstants(t *testing.T) {
	table := All()
	tr := tape.New(1)
	mu := Scalar(tr.Input(0))
	value := func(f string, propto bool, args ...Value) float64 {
		v, err := table.Call(&Context{T: tr, Propto: propto}, f, args...)
		if err != nil {
			t.Fatal(err)
		}
		p, err := tr.Compile([]tape.Num{v.Num()}, tape.Options{})
		if err != nil {
			t.Fatal(err)
		}
		out := make([]float64, 1)
		p.Run(out, nil, []float64{0.5}, 1)
		return out[0]
	}
	full := -0.5*math.Log(2*math.Pi) - math.Log(2) - 0.5/16
	for _, test := range []struct {
		f      string
		propto bool
		want   float64
	}{{"normal_lpdf", true, full}, {"normal_lupdf", false, full}, {"normal_lupdf", true, -0.5 / 16}} {
		if got := value(test.f, test.propto, Real(1), mu, Real(2)); !closeTo(got, test.want, 1e-15) {
			t.Errorf("%s, propto %v: %g, want %g", test.f, test.propto, got, test.want)
		}
	}
	if v, _ := table.Call(&Context{Propto: true}, "normal_lupdf", Real(1), Real(0), Real(2)); v.Data[0] != 0 {
		t.Errorf("normal_lupdf of constants is %g", v.Data[0])
	}
}

func TestOutsideTheSupport(t *testing.T) {
	table := All()
	for _, test := range []struct {
		f    string
		args []Value
		want float64
	}{
		{"uniform_lpdf", []Value{Real(3), Real(0), Real(1)}, math.Inf(-1)},
		{"pareto_lpdf", []Value{Real(0.5), Real(1), Real(1)}, math.Inf(-1)},
		{"inv_gamma_lpdf", []Value{Real(-1), Real(1), Real(1)}, math.Inf(-1)},
		{"lognormal_lpdf", []Value{Real(0), Real(1), Real(1)}, math.Inf(-1)},
		{"weibull_lpdf", []Value{Real(-1), Real(1), Real(1)}, math.Inf(-1)},
		{"discrete_range_lpmf", []Value{Int(9), Int(0), Int(3)}, math.Inf(-1)},
		{"poisson_lpmf", []Value{Int(1), Real(0)}, math.Inf(-1)},
		{"poisson_lpmf", []Value{Int(0), Real(0)}, 0},
		{"poisson_lpmf", []Value{Ints(0, 0), Real(0)}, 0},
		{"binomial_lpmf", []Value{Int(0), Int(4), Real(0)}, 0},
		{"binomial_lpmf", []Value{Int(4), Int(4), Real(1)}, 0},
		{"bernoulli_lpmf", []Value{Ints(1, 1), Real(1)}, 0},
		{"uniform_lcdf", []Value{Real(-3), Real(0), Real(1)}, math.Inf(-1)},
		{"uniform_lccdf", []Value{Real(-3), Real(0), Real(1)}, 0},
		{"poisson_lcdf", []Value{Int(-1), Real(2)}, math.Inf(-1)},
		{"binomial_lccdf", []Value{Int(4), Int(4), Real(0.2)}, math.Inf(-1)},
		{"gamma_lcdf", []Value{Real(0), Real(2), Real(0.2)}, math.Inf(-1)},
	} {
		v, err := table.Call(&Context{}, test.f, test.args...)
		if err != nil || v.Data[0] != test.want {
			t.Errorf("%s: %v (%v), want %g", test.f, v.Data, err, test.want)
		}
	}
}
