package tape

import (
	"math"
	"testing"
)

// closeTo compares with a relative tolerance, absolute below 1.
func closeTo(a, b, tol float64) bool {
	if math.IsNaN(a) || math.IsNaN(b) {
		return math.IsNaN(a) == math.IsNaN(b)
	}
	if a == b {
		return true
	}
	return math.Abs(a-b) <= tol*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}

func compile(t testing.TB, tr *Trace, out ...Num) *Program {
	t.Helper()
	p, err := tr.Compile(out, Options{Gradient: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// at evaluates a program at one point.
func at(p *Program, x ...float64) (v float64, grad []float64) {
	out := make([]float64, 1)
	grad = make([]float64, len(x))
	p.Run(out, grad, x, 1)
	return out[0], grad
}

func TestNormalDensity(t *testing.T) {
	tr := New(2)
	mu, u := tr.Input(0), tr.Input(1)
	sigma := tr.Op1(Exp, u)
	var terms []Num
	data := []float64{1, 2, 4, -3, 0.5}
	for _, y := range data {
		z := tr.Op2(Div, tr.Op2(Sub, Const(y), mu), sigma)
		terms = append(terms, tr.Op2(Mul, Const(-0.5), tr.Op1(Square, z)), tr.Op1(Neg, tr.Op1(Log, sigma)))
	}
	p := compile(t, tr, tr.Sum(terms))
	m, s := 0.3, math.Exp(0.2)
	want, dm, du := 0.0, 0.0, 0.0
	for _, y := range data {
		z := (y - m) / s
		want += -0.5*z*z - math.Log(s)
		dm += z / s
		du += z*z - 1
	}
	v, g := at(p, 0.3, 0.2)
	if !closeTo(v, want, 1e-13) || !closeTo(g[0], dm, 1e-13) || !closeTo(g[1], du, 1e-13) {
		t.Errorf("got %v %v, want %v %v %v", v, g, want, dm, du)
	}
}
