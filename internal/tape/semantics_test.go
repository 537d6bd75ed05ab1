package tape

import (
	"errors"
	"math"
	"sync"
	"testing"

	"wgf/internal/simd"
)

func TestGuard(t *testing.T) {
	tr := New(1)
	x := tr.Input(0)
	tr.Guard(Const(1), "never")
	if tr.Guards() != 0 {
		t.Error("a constant condition costs something")
	}
	tr.Guard(tr.Op2(LT, Const(0), x), "x must be positive")
	p := compile(t, tr, tr.Op1(Square, x))
	if v, _ := at(p, -1); !math.IsNaN(v) {
		t.Errorf("violated guard gives %v", v)
	}
	if v, g := at(p, 3); v != 9 || g[0] != 6 {
		t.Errorf("kept guard gives %v %v", v, g)
	}
	if v, _ := at(p, math.NaN()); !math.IsNaN(v) {
		t.Errorf("NaN gives %v", v)
	}
	tr.Guard(Const(0), "never true")
	if v, _ := at(compile(t, tr, tr.Op1(Square, x)), 3); !math.IsNaN(v) {
		t.Errorf("constantly violated guard gives %v", v)
	}
}

func TestManyGuards(t *testing.T) {
	const n = 37
	tr := New(n)
	var xs []Num
	for k := range n {
		xs = append(xs, tr.Input(k))
		tr.Guard(tr.Op2(GE, tr.Op2(Mul, tr.Input(k), Const(float64(k+1))), Const(0)), "")
	}
	p := compile(t, tr, tr.Sum(xs))
	for bad := -1; bad < n; bad++ {
		x := make([]float64, n)
		for k := range x {
			x[k] = 1
		}
		if bad >= 0 {
			x[bad] = -1
		}
		if v, _ := at(p, x...); math.IsNaN(v) != (bad >= 0) {
			t.Errorf("violating guard %d gives %v", bad, v)
		}
	}
}

// TestMask: a branch that is not taken contributes nothing, whatever it computes; shared nodes included.
func TestMask(t *testing.T) {
	tr := New(2)
	x, y := tr.Input(0), tr.Input(1)
	log := tr.Op1(Log, x) // -Inf or NaN where the branch is not taken
	positive := tr.Op2(GT, x, Const(0))
	tr.PushMask(positive)
	inner := tr.Op2(Add, tr.Op2(Mul, log, tr.Op1(Sqrt, x)), tr.Op2(Div, y, x))
	tr.Guard(tr.Op2(LT, x, Const(5)), "only in the branch")
	tr.PushMask(tr.Op2(GT, y, Const(0)))
	nested := tr.Op1(Log, y)
	tr.PopMask()
	tr.PopMask()
	inner = tr.Op2(Add, inner, tr.Op3(Select, tr.Op2(GT, y, Const(0)), nested, Const(0)))
	out := tr.Op3(Select, positive, inner, tr.Op1(Square, y))
	p := compile(t, tr, tr.Op2(Mul, out, y))
	for _, x := range []float64{0, -1, -7} {
		for _, y := range []float64{-2, 0, 3} {
			v, g := at(p, x, y)
			if v != y*y*y || g[0] != 0 || g[1] != 3*y*y {
				t.Errorf("(%g, %g): %v %v", x, y, v, g)
			}
		}
	}
	for _, q := range [][2]float64{{2, 3}, {0.5, -1}} {
		x, y := q[0], q[1]
		f := func(x, y float64) float64 {
			l := 0.0
			if y > 0 {
				l = math.Log(y)
			}
			return y * (math.Log(x)*math.Sqrt(x) + y/x + l)
		}
		v, g := at(p, x, y)
		dx := slope(func(x float64) float64 { return f(x, y) }, x)
		dy := slope(func(y float64) float64 { return f(x, y) }, y)
		if !closeTo(v, f(x, y), 1e-13) || !closeTo(g[0], dx, 1e-7) || !closeTo(g[1], dy, 1e-7) {
			t.Errorf("(%g, %g): %v %v, want %v %v %v", x, y, v, g, f(x, y), dx, dy)
		}
	}
	if v, _ := at(p, 6, 1); !math.IsNaN(v) {
		t.Errorf("guard of a taken branch gives %v", v)
	}
	if v, _ := at(p, -6, 1); math.IsNaN(v) {
		t.Error("guard of a branch not taken counts")
	}
}

func TestLogSumExp(t *testing.T) {
	inf := math.Inf(1)
	for _, n := range []int{2, 3, 5, 8, 9, 17, 40} {
		tr := New(n)
		var xs []Num
		for k := range n {
			xs = append(xs, tr.Input(k))
		}
		p := compile(t, tr, tr.LogSumExp(xs))
		x := noise(n, 3)
		x[0] = 800 // beyond the range of exp
		x[n-1] = -inf
		v, g := at(p, x...)
		sum := 0.0
		for _, y := range x {
			sum += math.Exp(y - 800)
		}
		if !closeTo(v, 800+math.Log(sum), 1e-14) {
			t.Errorf("%d: %v", n, v)
		}
		for k, y := range x {
			if want := math.Exp(y-800) / sum; !closeTo(g[k], want, 1e-14) {
				t.Errorf("%d: derivative %d is %v, want %v", n, k, g[k], want)
			}
		}
		for k := range x {
			x[k] = -inf
		}
		v, g = at(p, x...)
		if v != -inf {
			t.Errorf("%d: all -Inf give %v", n, v)
		}
		for k := range g {
			if g[k] != 0 {
				t.Errorf("%d: all -Inf have derivative %v", n, g[k])
			}
		}
	}
	tr := New(1)
	if v := tr.LogSumExp([]Num{Const(1), Const(1)}); v.Ref != 0 || !closeTo(v.V, 1+math.Ln2, 1e-15) {
		t.Errorf("constants: %v", v)
	}
	p := compile(t, tr, tr.LogSumExp([]Num{Const(0), tr.Input(0), Const(-inf)}))
	if v, g := at(p, 0); !closeTo(v, math.Ln2, 1e-15) || g[0] != 0.5 {
		t.Errorf("with a constant: %v %v", v, g)
	}
}

func TestCall(t *testing.T) {
	f := &Func{Name: "f",
		Value:    func(x []float64) float64 { return x[0]*x[0]*x[1] + x[2] },
		Partials: func(x, dx []float64) { dx[0], dx[1], dx[2] = 2*x[0]*x[1], x[0]*x[0], 1 }}
	tr := New(2)
	if v := tr.Call(f, Const(2), Const(3), Const(1)); v != Const(13) {
		t.Errorf("constants: %v", v)
	}
	p := compile(t, tr, tr.Op1(Square, tr.Call(f, tr.Input(0), tr.Input(1), Const(1))))
	if v, g := at(p, 2, 3); v != 169 || g[0] != 2*13*12 || g[1] != 2*13*4 {
		t.Errorf("%v %v", v, g)
	}
}

// TestBlocks: the result of a particle has the same bits whatever the number of particles and its place.
func TestBlocks(t *testing.T) {
	for _, variant := range simd.Variants() {
		restore := simd.Use(variant)
		for _, m := range models[:6] {
			if testing.Short() && m.name == "regression 5000x24" {
				continue
			}
			tr, out := m.record()
			p := compile(t, tr, out)
			d := tr.Inputs()
			const most = 300
			all := noise(d*most, 5)
			for i := range all {
				all[i] *= m.scale
			}
			value, grad := make([]float64, most), make([]float64, d*most)
			p.Run(value, grad, all, most)
			for _, n := range []int{1, 7, 8, 64, 128} {
				for _, first := range []int{0, 1, 170} {
					x := make([]float64, d*n)
					for k := range d {
						copy(x[k*n:(k+1)*n], all[k*most+first:])
					}
					v, g := make([]float64, n), make([]float64, d*n)
					p.Run(v, g, x, n)
					for i := range n {
						same := v[i] == value[first+i]
						for k := range d {
							same = same && g[k*n+i] == grad[k*most+first+i]
						}
						if !same {
							t.Fatalf("%s, %s: particle %d of %d differs from itself among %d", variant, m.name, i, n, most)
						}
					}
				}
			}
		}
		restore()
	}
}

// TestNeighbours: a particle without density does not disturb the others.
func TestNeighbours(t *testing.T) {
	tr, out := eightSchools()
	p := compile(t, tr, out)
	const n, d = 24, 10
	x := noise(d*n, 1)
	v, g := make([]float64, n), make([]float64, d*n)
	p.Run(v, g, x, n)
	y := append([]float64(nil), x...)
	for k := range d {
		y[k*n+3], y[k*n+4] = math.NaN(), math.Inf(1)
	}
	w, h := make([]float64, n), make([]float64, d*n)
	p.Run(w, h, y, n)
	for i := range n {
		if i != 3 && i != 4 && (v[i] != w[i] || g[5*n+i] != h[5*n+i]) {
			t.Errorf("particle %d changed", i)
		}
	}
	if !math.IsNaN(w[3]) {
		t.Errorf("NaN gives %v", w[3])
	}
}

func TestConcurrent(t *testing.T) {
	tr, out := hierarchical()
	p := compile(t, tr, out)
	d := tr.Inputs()
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for round := range 5 {
				n := 8 + 30*w + round
				x := noise(d*n, uint64(round))
				v, g := make([]float64, n), make([]float64, d*n)
				p.Run(v, g, x, n)
				v2, g2 := make([]float64, n), make([]float64, d*n)
				p.Run(v2, g2, x, n)
				for i := range v {
					if v[i] != v2[i] {
						t.Error("concurrent runs differ")
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestRunDoesNotAllocate(t *testing.T) {
	tr, out := eightSchools()
	p := compile(t, tr, out)
	const n = 64
	x, v, g := noise(10*n, 1), make([]float64, n), make([]float64, 10*n)
	p.Run(v, g, x, n)
	if a := testing.AllocsPerRun(20, func() { p.Run(v, g, x, n) }); a > 0 {
		t.Errorf("%v allocations", a)
	}
}

func TestLimit(t *testing.T) {
	tr := New(1)
	tr.Limit = 100
	x := tr.Input(0)
	for i := range 1000 {
		x = tr.Op1(Sin, tr.Op2(Add, x, Const(float64(i))))
	}
	if tr.Err() == nil || tr.Len() > 110 {
		t.Fatalf("no error after %d nodes", tr.Len())
	}
	if _, err := tr.Compile([]Num{x}, Options{Gradient: true}); !errors.Is(err, tr.Err()) {
		t.Errorf("Compile gives %v", err)
	}
}

func TestSigns(t *testing.T) {
	tr := New(2)
	x := tr.Input(0)
	s := tr.Op1(Exp, x)
	q := tr.Op1(Square, x)
	for i, c := range []struct {
		v                     Num
		positive, nonNegative bool
	}{
		{x, false, false}, {s, true, true}, {q, false, true}, {tr.Op2(Add, s, q), true, true}, {tr.Op2(Mul, s, q), false, true},
		{tr.Op1(Inv, s), true, true}, {tr.Op2(Sub, s, q), false, false}, {tr.Sum([]Num{q, s, Const(1), q}), true, true},
		{tr.Op1(Sqrt, s), true, true}, {tr.Op1(Log, s), false, false}, {Const(1), true, true}, {Const(0), false, true},
		{tr.Op2(Div, s, tr.Op1(InvLogit, x)), true, true}, {tr.Op2(Sub, s, Const(-1)), true, true},
	} {
		if tr.Positive(c.v) != c.positive || tr.NonNegative(c.v) != c.nonNegative {
			t.Errorf("case %d: %v %v", i, tr.Positive(c.v), tr.NonNegative(c.v))
		}
	}
}

// TestOutputs: several outputs, constants and inputs among them.
func TestOutputs(t *testing.T) {
	tr := New(2)
	x, y := tr.Input(0), tr.Input(1)
	p, err := tr.Compile([]Num{tr.Op1(Exp, x), Const(7), y, tr.Op2(Mul, x, y), x}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := make([]float64, 10)
	p.Run(out, nil, []float64{0, 1, 2, 3}, 2)
	want := []float64{1, math.E, 7, 7, 2, 3, 0, 3, 0, 1}
	for i := range want {
		if !closeTo(out[i], want[i], 1e-15) {
			t.Errorf("output %d: %v, want %v", i, out[i], want[i])
		}
	}
	// A density without parameters, and one that is constant.
	empty := New(0)
	if v, _ := at(compile(t, empty, Const(3))); v != 3 {
		t.Errorf("no parameters: %v", v)
	}
	if v, g := at(compile(t, New(1), Const(3)), 1); v != 3 || g[0] != 0 {
		t.Errorf("constant: %v %v", v, g)
	}
}

func TestHashConsing(t *testing.T) {
	tr := New(2)
	x, y := tr.Input(0), tr.Input(1)
	a := tr.Op1(Exp, tr.Op2(Add, x, y))
	n := tr.Len()
	if b := tr.Op1(Exp, tr.Op2(Add, y, x)); a != b || tr.Len() != n {
		t.Error("equal operations are stored twice")
	}
	if tr.Sum([]Num{x, y, a}) != tr.Sum([]Num{x, y, a}) {
		t.Error("equal sums are stored twice")
	}
	for _, c := range []struct{ got, want Num }{
		{tr.Op2(Mul, x, Const(1)), x}, {tr.Op2(Add, x, Const(0)), x}, {tr.Op1(Neg, tr.Op1(Neg, x)), x},
		{tr.Op1(Log, tr.Op1(Exp, x)), x}, {tr.Op2(Pow, x, Const(1)), x}, {tr.Op2(Div, x, Const(1)), x},
		{tr.Op1(Square, tr.Op1(Sqrt, a)), a}, {tr.Op3(Select, Const(1), x, y), x}, {tr.Op2(Mul, Const(2), Const(3)), Const(6)},
	} {
		if c.got != c.want {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
}

// TestZeroRegions: IEEE special values come through.
func TestSpecialValues(t *testing.T) {
	tr := New(1)
	x := tr.Input(0)
	p := compile(t, tr, tr.Op2(Add, tr.Op1(Log, x), tr.Op2(Mul, Const(0), tr.Op1(Inv, x))))
	if v, _ := at(p, 0); !math.IsNaN(v) {
		t.Errorf("-Inf + 0*Inf = %v", v)
	}
	p = compile(t, tr, tr.Op1(Log, tr.Op1(Square, x)))
	if v, _ := at(p, 0); !math.IsInf(v, -1) {
		t.Errorf("log 0 = %v", v)
	}
}
