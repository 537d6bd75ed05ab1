package library

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// A stanCase is a function with arguments, its value and gradient as compiled Stan gives them
// (testdata/make_fixtures.py).
type stanCase struct {
	F    string
	Args []struct {
		Type   string
		Dims   []int
		Param  bool
		Values []float64
	}
	Value float64
	Grad  []float64
}

func (s stanCase) String() string {
	text := s.F + "("
	for i, a := range s.Args {
		if i > 0 {
			text += ", "
		}
		if !a.Param {
			text += "data "
		}
		text += a.Type
	}
	return text + ")"
}

var stanTypes = map[string]syntax.Type{
	"int": IntType, "ints": syntax.ArrayOf(IntType, 1), "real": RealType, "vector": VectorType, "row_vector": RowVectorType,
	"array": syntax.ArrayOf(RealType, 1), "matrix": MatrixType, "spd": MatrixType, "vectors": syntax.ArrayOf(VectorType, 1),
}

func readStanCases(t *testing.T) []stanCase {
	text, err := os.ReadFile("testdata/stan_values.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []stanCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// arguments builds the arguments of a case on a trace, or as constants where it is nil. values are those of the inputs.
func (s stanCase) arguments(tr *tape.Trace, values []float64) []Value {
	var args []Value
	input := 0
	for _, a := range s.Args {
		v := New(stanTypes[a.Type], a.Dims...)
		copy(v.Data, a.Values)
		if a.Param {
			for i := range v.Data {
				if tr != nil {
					v.Set(i, tr.Input(input))
				} else {
					v.Data[i] = values[input]
				}
				input++
			}
		}
		if a.Type == "spd" {
			n := a.Dims[0]
			for i := range n {
				for j := range i {
					v.Set(j*n+i, v.At(i*n+j))
				}
			}
		}
		args = append(args, v)
	}
	return args
}

func (s stanCase) inputs() []float64 {
	var x []float64
	for _, a := range s.Args {
		if a.Param {
			x = append(x, a.Values...)
		}
	}
	return x
}

// weigh is sum_i r_i/(i+1) over the numbers of v, column-major.
func weigh(c *Context, v Value) tape.Num {
	out := num(0)
	for i, x := range columnMajor(v).Nums() {
		out = c.add(out, c.mul(x, num(1/float64(i+1))))
	}
	return out
}

// gradient evaluates a case on a trace.
func (s stanCase) gradient(t *testing.T, table *Table) (float64, []float64) {
	x := s.inputs()
	tr := tape.New(len(x))
	c := &Context{T: tr, Propto: true}
	v, err := table.Call(c, s.F, s.arguments(tr, nil)...)
	if err != nil {
		t.Errorf("%v: %v", s, err)
		return math.NaN(), make([]float64, len(x))
	}
	out := weigh(c, v)
	grad := make([]float64, len(x))
	if out.Ref == 0 {
		return out.V, grad
	}
	p, err := tr.Compile([]tape.Num{out}, tape.Options{Gradient: true})
	if err != nil {
		t.Fatalf("%v: %v", s, err)
	}
	value := make([]float64, 1)
	p.Run(value, grad, x, 1)
	return value[0], grad
}

// closeTo compares to a relative tolerance, absolute below 1.
func closeTo(a, b, tol float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= tol*math.Max(1, math.Abs(b))
}

// looser are the functions whose values or derivatives Stan itself approximates (series cut short, rational
// approximations), with the tolerance that this leaves. The derivatives here are held to finite differences by
// TestDerivativesOfDistributions.
var looser = map[string]float64{
	"normal_lcdf": 1e-5, "std_normal_lcdf": 1e-6, "digamma": 1e-8, "trigamma": 1e-8, "gamma_q": 1e-5,
	"gamma_cdf": 1e-5, "gamma_lcdf": 1e-5, "gamma_lccdf": 1e-3,
	"inv_gamma_cdf": 1e-5, "inv_gamma_lcdf": 1e-4, "inv_gamma_lccdf": 1e-4,
	"chi_square_cdf": 1e-6, "chi_square_lcdf": 1e-5, "chi_square_lccdf": 1e-5,
	"inv_chi_square_cdf": 1e-6, "inv_chi_square_lcdf": 1e-5, "inv_chi_square_lccdf": 1e-5,
	"scaled_inv_chi_square_cdf": 1e-5, "scaled_inv_chi_square_lcdf": 1e-5, "scaled_inv_chi_square_lccdf": 1e-4,
	"beta_cdf": 1e-8, "neg_binomial_2_cdf": 1e-8,
}

func (s stanCase) tolerance(usual float64) float64 { return math.Max(usual, looser[s.F]) }

// Values and gradients agree with compiled Stan; without dropped constants the value, too.
func TestAgreesWithStan(t *testing.T) {
	table := All()
	for _, s := range readStanCases(t) {
		value, grad := s.gradient(t, table)
		if !isUnnormalised(s.F) && !closeTo(value, s.Value, s.tolerance(1e-11)) {
			t.Errorf("%v: value %.17g, Stan %.17g", s, value, s.Value)
		}
		for i, g := range grad {
			if strings.HasPrefix(s.F, "multi_normal_cholesky") && s.aboveDiagonal(i) {
				continue // only the lower triangle counts; Stan leaves something else there
			}
			if !closeTo(g, s.Grad[i], s.tolerance(1e-10)) {
				t.Errorf("%v: derivative %d is %.17g, Stan %.17g", s, i, g, s.Grad[i])
			}
		}
	}
}

// aboveDiagonal tells whether input i is above the diagonal of a last argument that is a matrix.
func (s stanCase) aboveDiagonal(i int) bool {
	last := s.Args[len(s.Args)-1]
	if len(last.Dims) != 2 || !last.Param {
		return false
	}
	at := i - (len(s.inputs()) - len(last.Values))
	return at >= 0 && at%last.Dims[1] > at/last.Dims[1]
}

// The same code on constants gives the same values, and leaves no trace behind.
func TestConstantsAgreeWithTrace(t *testing.T) {
	table := All()
	for _, s := range readStanCases(t) {
		c := &Context{}
		v, err := table.Call(c, s.F, s.arguments(nil, s.inputs())...)
		if err != nil {
			t.Errorf("%v: %v", s, err)
			continue
		}
		if isUnnormalised(s.F) {
			continue
		}
		if got := weigh(c, v).V; !closeTo(got, s.Value, s.tolerance(1e-11)) {
			t.Errorf("%v on constants: %.17g, Stan %.17g", s, got, s.Value)
		}
	}
}

func isUnnormalised(f string) bool {
	return strings.HasSuffix(f, "_lupdf") || strings.HasSuffix(f, "_lupmf")
}
