package tape

import (
	"math"
	"testing"
)

// points at which the one-operand operations are differentiable, inside their domains.
var unaryPoints = map[Op][]float64{
	Log: {0.01, 0.7, 30}, Log1p: {-0.9, 0, 3}, Log1m: {-3, 0, 0.9}, Sqrt: {0.2, 4}, Inv: {-2, 0.3}, Log1mExp: {-5, -0.7, -0.1},
	Logit: {0.1, 0.8}, Asin: {-0.5, 0.7}, Acos: {-0.5, 0.7}, Acosh: {1.5, 4}, Atanh: {-0.5, 0.6}, InvPhi: {0.02, 0.4, 0.9},
	Lgamma: {0.3, 2.5, 40, -1.4}, Digamma: {0.3, 2.5, 40, -1.4}, Trigamma: {0.3, 2.5, 40, -1.4}, Cbrt: {-2, 5},
	Abs: {-2, 1}, Floor: {0.5}, Ceil: {-1.5}, Round: {0.2}, Trunc: {1.7}, Tan: {-1, 0.4}, Not: {0.5},
}

func TestUnaryDerivatives(t *testing.T) {
	for op := Neg; op <= Not; op++ {
		points := unaryPoints[op]
		if points == nil {
			points = []float64{-2.3, -0.4, 0.1, 1.9}
		}
		for _, x := range points {
			tr := New(1)
			p := compile(t, tr, tr.Op1(op, tr.Input(0)))
			v, g := at(p, x)
			f := func(x float64) float64 { return Eval1(op, x) }
			if !closeTo(v, f(x), 1e-13) {
				t.Errorf("%v(%g) = %v, want %v", op, x, v, f(x))
			}
			if want := slope(f, x); !closeTo(g[0], want, 1e-7) {
				t.Errorf("%v'(%g) = %v, want %v", op, x, g[0], want)
			}
		}
	}
}

func TestBinaryDerivatives(t *testing.T) {
	points := [][2]float64{{1.3, 0.6}, {2.2, 1.7}, {0.4, -0.8}}
	for op := Add; op <= Or; op++ {
		for _, q := range points {
			if (op == LogDiffExp || op == Polygamma) && q[1] < 0 {
				continue
			}
			if op == Polygamma {
				q[0] = 2
			}
			f := func(x, y float64) float64 { return Eval2(op, x, y) }
			wantX := slope(func(x float64) float64 { return f(x, q[1]) }, q[0])
			wantY := slope(func(y float64) float64 { return f(q[0], y) }, q[1])
			for form := range 3 {
				tr := New(2)
				x, y := tr.Input(0), tr.Input(1)
				if form == 1 || op == Polygamma {
					x, wantX = Const(q[0]), 0
				} else if form == 2 {
					wantX = slope(func(x float64) float64 { return f(x, q[1]) }, q[0])
					y = Const(q[1])
				}
				p := compile(t, tr, tr.Op2(op, x, y))
				v, g := at(p, q[0], q[1])
				wy := wantY
				if y.Ref == 0 {
					wy = 0
				}
				if !closeTo(v, f(q[0], q[1]), 1e-13) || !closeTo(g[0], wantX, 1e-7) || !closeTo(g[1], wy, 1e-7) {
					t.Errorf("%v(%g, %g) form %d = %v, gradient %v, want %v, %v %v", op, q[0], q[1], form, v, g,
						f(q[0], q[1]), wantX, wy)
				}
			}
		}
	}
}

func TestTernaryDerivatives(t *testing.T) {
	tr := New(3)
	a, b, c := tr.Input(0), tr.Input(1), tr.Input(2)
	p := compile(t, tr, tr.Op3(FMA, a, b, c))
	if v, g := at(p, 2, 3, 4); v != 10 || g[0] != 3 || g[1] != 2 || g[2] != 1 {
		t.Errorf("FMA: %v %v", v, g)
	}
	tr = New(3)
	p = compile(t, tr, tr.Op3(Select, tr.Op2(LT, tr.Input(0), Const(0)), tr.Op1(Square, tr.Input(1)), tr.Input(2)))
	if v, g := at(p, -1, 3, 4); v != 9 || g[0] != 0 || g[1] != 6 || g[2] != 0 {
		t.Errorf("Select, first: %v %v", v, g)
	}
	if v, g := at(p, 1, 3, 4); v != 4 || g[0] != 0 || g[1] != 0 || g[2] != 1 {
		t.Errorf("Select, second: %v %v", v, g)
	}
}

func TestPowers(t *testing.T) {
	for _, e := range []float64{-8, -3, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9, 2.7} {
		for _, x := range []float64{0.3, 1.7} {
			tr := New(1)
			p := compile(t, tr, tr.Op2(Pow, tr.Input(0), Const(e)))
			v, g := at(p, x)
			if !closeTo(v, math.Pow(x, e), 1e-13) || !closeTo(g[0], e*math.Pow(x, e-1), 1e-12) {
				t.Errorf("%g^%g = %v, %v", x, e, v, g)
			}
		}
	}
}

func TestPolygamma(t *testing.T) {
	pi2 := math.Pi * math.Pi
	zeta3 := 1.2020569031595942854
	for _, c := range []struct{ m, x, want float64 }{
		{1, 1, pi2 / 6}, {1, 0.5, pi2 / 2}, {2, 1, -2 * zeta3}, {2, 0.5, -14 * zeta3}, {3, 1, pi2 * pi2 / 15},
		{1, -0.5, pi2/2 + 4}, {1, 100, 0.010050166663333571}, {3, 0.5, pi2 * pi2},
	} {
		if got := polygamma(c.m, c.x); !closeTo(got, c.want, 1e-14) {
			t.Errorf("polygamma(%g, %g) = %v, want %v", c.m, c.x, got, c.want)
		}
	}
}
