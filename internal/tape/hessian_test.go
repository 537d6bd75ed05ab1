package tape

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// secondOfF are the second derivatives of exp(x y).
var secondOfF = Second{"f": {
	func(x, dx []float64) { e := math.Exp(x[0] * x[1]); dx[0], dx[1] = x[1]*x[1]*e, (1+x[0]*x[1])*e },
	func(x, dx []float64) { e := math.Exp(x[0] * x[1]); dx[0], dx[1] = (1+x[0]*x[1])*e, x[0]*x[0]*e },
}}

// curved holds the product of second derivatives and a direction against differences of the gradient.
func curved(t testing.TB, label string, tr *Trace, out Num, x []float64, tol float64) {
	t.Helper()
	h, err := tr.CompileCurvature(out, secondOfF)
	if err != nil {
		t.Fatalf("%s: %v", label, err)
	}
	p, err := tr.Compile([]Num{out}, Options{Gradient: true})
	if err != nil {
		t.Fatal(err)
	}
	d := len(x)
	u := make([]float64, d)
	for k := range u {
		u[k] = math.Cos(2.3*float64(k) + 0.4)
	}
	got := make([]float64, d)
	h.Run(got, nil, append(append([]float64(nil), x...), u...), 1)
	largest := 1.0
	for _, v := range got {
		largest = math.Max(largest, math.Abs(v))
	}
	for k := range d {
		want := slope(func(s float64) float64 {
			q := make([]float64, d)
			for l := range q {
				q[l] = x[l] + s*u[l]
			}
			_, g := at(p, q...)
			return g[k]
		}, 0)
		if !(math.Abs(got[k]-want) <= tol*largest) && !(math.IsNaN(want) && math.IsNaN(got[k])) {
			t.Errorf("%s at %v: component %d is %.12g, differences give %.12g", label, x, k, got[k], want)
		}
	}
}

func TestUnaryCurvature(t *testing.T) {
	for op := Neg; op <= Not; op++ {
		points := unaryPoints[op]
		if points == nil {
			points = []float64{-2.3, -0.4, 0.1, 1.9}
		}
		for _, x := range points {
			tr := New(1)
			curved(t, op.String(), tr, tr.Op1(op, tr.Input(0)), []float64{x}, 1e-6)
		}
	}
}

func TestBinaryCurvature(t *testing.T) {
	for op := Add; op <= Or; op++ {
		for _, q := range [][]float64{{1.3, 0.6}, {2.2, 1.7}, {0.4, -0.8}} {
			if (op == LogDiffExp || op == Polygamma) && q[1] < 0 {
				continue
			}
			for form := range 3 {
				tr := New(2)
				x, y := tr.Input(0), tr.Input(1)
				switch {
				case op == Polygamma:
					x = Const(2)
				case form == 1:
					x = Const(q[0])
				case form == 2:
					y = Const(q[1])
				}
				curved(t, op.String(), tr, tr.Op2(op, x, y), q, 1e-6)
			}
		}
	}
}

func TestTernaryCurvature(t *testing.T) {
	tr := New(3)
	a, b, c := tr.Input(0), tr.Input(1), tr.Input(2)
	curved(t, "FMA", tr, tr.Op1(Exp, tr.Op3(FMA, a, b, c)), []float64{0.3, -0.4, 0.7}, 1e-7)
	f := tr.Op3(Select, tr.Op2(LT, a, Const(0)), tr.Op2(Mul, b, tr.Op1(Exp, c)), tr.Op2(Mul, a, tr.Op1(Sin, b)))
	curved(t, "Select", tr, f, []float64{-0.5, 0.4, 0.7}, 1e-7)
	curved(t, "Select", tr, f, []float64{0.5, 0.4, 0.7}, 1e-7)
}

// The branch that is not taken is singular, and nothing of it arrives.
func TestMaskedCurvature(t *testing.T) {
	tr := New(2)
	x, y := tr.Input(0), tr.Input(1)
	cond := tr.Op2(LT, Const(0), x)
	tr.PushMask(cond)
	a := tr.Op2(Mul, tr.Op1(Log, x), tr.Op1(Sqrt, x))
	a = tr.Op2(Mul, a, y)
	tr.PopMask()
	f := tr.Op2(Mul, y, tr.Op3(Select, cond, a, tr.Op1(Square, tr.Op2(Mul, x, y))))
	for _, at := range []float64{0.8, -0.7} {
		curved(t, "mask", tr, f, []float64{at, 0.6}, 1e-7)
	}
	h, err := tr.CompileCurvature(f, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float64, 2)
	h.Run(got, nil, []float64{0, 1, 1, 1}, 1)
	if got[0] != 2 || got[1] != 0 {
		t.Errorf("x^2 y^3 along (1, 1) at (0, 1): %v", got)
	}
}

func TestLogSumExpCurvature(t *testing.T) {
	for _, n := range []int{2, 3, 7, 12} {
		tr := New(n)
		xs := make([]Num, n)
		x := make([]float64, n)
		for k := range xs {
			xs[k] = tr.Op2(Mul, tr.Input(k), tr.Input((k+1)%n))
			x[k] = 2 * math.Sin(float64(3*k+1))
		}
		curved(t, "LogSumExp", tr, tr.LogSumExp(xs), x, 1e-7)
		curved(t, "LogSumExp with a constant", tr, tr.Op1(Square, tr.LogSumExp(append(xs, Const(1)))), x, 1e-7)
	}
}

func TestCallCurvature(t *testing.T) {
	product := func(x []float64) float64 { return math.Exp(x[0] * x[1]) }
	f := &Func{Name: "f", Value: product, Partials: func(x, dx []float64) { dx[0], dx[1] = x[1]*product(x), x[0]*product(x) }}
	tr := New(2)
	curved(t, "call", tr, tr.Op1(Square, tr.Call(f, tr.Input(0), tr.Op1(Sin, tr.Input(1)))), []float64{0.4, 0.9}, 1e-7)
	curved(t, "call", tr, tr.Call(f, Const(0.3), tr.Op1(Sin, tr.Input(1))), []float64{0.4, 0.9}, 1e-7)
	bare := &Func{Name: "bare", Value: f.Value, Partials: f.Partials}
	if _, err := tr.CompileCurvature(tr.Call(bare, tr.Input(0), tr.Input(1)), nil); err == nil ||
		err.Error() != "the function bare has no second derivative by argument 2" && err.Error() != "the function bare has no second derivative by argument 1" {
		t.Errorf("error %v", err)
	}
	if _, err := tr.CompileCurvature(Const(3), nil); err != nil {
		t.Error(err)
	}
}

func TestModelCurvature(t *testing.T) {
	for _, m := range models {
		tr, out := m.record()
		x := noise(tr.Inputs(), 9)
		for k := range x {
			x[k] *= 0.2
		}
		curved(t, m.name, tr, out, x, 1e-6)
	}
}

func TestRandomCurvature(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr, out := randomTrace(t)
		x := make([]float64, tr.Inputs())
		for i := range x {
			x[i] = rapid.Float64Range(-1.5, 1.5).Draw(t, "x")
		}
		h, err := tr.CompileCurvature(out, secondOfF)
		if err != nil {
			t.Fatal(err)
		}
		p, err := tr.Compile([]Num{out}, Options{Gradient: true})
		if err != nil {
			t.Fatal(err)
		}
		d := len(x)
		got := make([]float64, d)
		for l := range d {
			u := make([]float64, d)
			u[l] = 1
			h.Run(got, nil, append(append([]float64(nil), x...), u...), 1)
			for k := range d {
				want := slope(func(s float64) float64 {
					q := append([]float64(nil), x...)
					q[l] += s
					_, g := at(p, q...)
					return g[k]
				}, 0)
				if !closeTo(got[k], want, 1e-5) {
					t.Fatalf("second derivative %d %d: %v, want %v", k, l, got[k], want)
				}
			}
		}
	})
}
