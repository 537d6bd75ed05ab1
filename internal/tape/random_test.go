package tape

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// safeUnary are operations that map any moderate number to a moderate one.
var safeUnary = []Op{Neg, InvLogit, Log1pExp, Tanh, Sin, Cos, Atan, Phi, Asinh, Square, Erf}

// randomTrace records a random density of several inputs: scalars, loops of one shape over data, a recurrence, sums,
// matrix products and log-sum-exps.
func randomTrace(t *rapid.T) (*Trace, Num) {
	inputs := rapid.IntRange(1, 6).Draw(t, "inputs")
	tr := New(inputs)
	var pool []Num
	for k := range inputs {
		pool = append(pool, tr.Input(k))
	}
	number := rapid.Float64Range(-2, 2)
	pick := func() Num {
		i := rapid.IntRange(-1, len(pool)-1).Draw(t, "pick")
		if i < 0 {
			return Const(number.Draw(t, "constant"))
		}
		return pool[i]
	}
	combine := func(a, b Num) Num {
		switch rapid.IntRange(0, 9).Draw(t, "combine") {
		case 0:
			return tr.Op2(Add, a, b)
		case 1:
			return tr.Op2(Sub, a, b)
		case 2:
			return tr.Op2(Mul, tr.Op1(Tanh, a), b)
		case 3:
			return tr.Op2(Div, a, tr.Op2(Add, Const(1), tr.Op1(Square, b)))
		case 4:
			return tr.Op3(FMA, tr.Op1(Tanh, a), tr.Op1(Tanh, b), a)
		case 5:
			return tr.Op2(Hypot, a, tr.Op2(Add, Const(3), tr.Op1(Tanh, b)))
		case 6:
			return tr.LogSumExp([]Num{a, b})
		case 7:
			return tr.Op1(Log, tr.Op2(Add, Const(2), tr.Op1(Square, tr.Op2(Sub, a, b))))
		}
		return tr.Op1(rapid.SampledFrom(safeUnary).Draw(t, "unary"), a)
	}
	for range rapid.IntRange(1, 8).Draw(t, "statements") {
		switch rapid.IntRange(0, 5).Draw(t, "statement") {
		case 0: // a loop over data, with the body drawn once
			n := rapid.IntRange(2, 40).Draw(t, "rows")
			a, b, c := pick(), pick(), pick()
			shape := rapid.IntRange(0, 3).Draw(t, "shape")
			terms := make([]Num, n)
			for i := range terms {
				y, x := Const(math.Sin(float64(3*i))), Const(math.Cos(float64(5*i)))
				mu := tr.Op2(Add, a, tr.Op2(Mul, b, x))
				switch shape {
				case 0:
					terms[i] = tr.Op1(Square, tr.Op2(Sub, y, mu))
				case 1:
					terms[i] = tr.Op2(Mul, y, tr.Op1(Log1pExp, mu))
				case 2:
					terms[i] = tr.Op1(Square, tr.Op2(Mul, tr.Op1(InvLogit, c), tr.Op2(Sub, mu, pool[i%len(pool)])))
				case 3:
					terms[i] = tr.LogSumExp([]Num{tr.Op2(Add, y, mu), tr.Op2(Sub, c, x), pool[(i*i)%len(pool)]})
				}
			}
			pool = append(pool, tr.Op2(Mul, Const(1/float64(n)), tr.Sum(terms)))
		case 1: // a recurrence
			s, a, b := pick(), pick(), pick()
			var all []Num
			for i := range rapid.IntRange(2, 30).Draw(t, "steps") {
				s = tr.Op1(Tanh, tr.Op2(Add, tr.Op2(Mul, Const(0.5), tr.Op2(Add, s, a)), tr.Op2(Mul, b, Const(math.Sin(float64(i))))))
				all = append(all, tr.Op1(Square, s))
			}
			pool = append(pool, s, tr.Sum(all))
		case 2: // a matrix product
			rows := rapid.IntRange(1, 12).Draw(t, "rows")
			m := make([]float64, rows*len(pool))
			for i := range m {
				m[i] = math.Sin(float64(i * i))
			}
			y := tr.MatVec(m, rows, len(pool), pool)
			for i := range y {
				y[i] = tr.Op1(Tanh, y[i])
			}
			pool = append(pool, tr.Dot(y, y), y[0])
		case 3:
			xs := append([]Num(nil), pool...)
			pool = append(pool, tr.LogSumExp(append(xs, pick())))
		default:
			pool = append(pool, combine(pick(), pick()))
		}
		last := len(pool) - 1
		pool[last] = tr.Op2(Mul, Const(3), tr.Op1(Tanh, pool[last]))
	}
	return tr, tr.Sum(pool)
}

func TestRandomTraces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tr, out := randomTrace(t)
		d := tr.Inputs()
		p, err := tr.Compile([]Num{out}, Options{Gradient: true})
		if err != nil {
			t.Fatal(err)
		}
		const n = 3
		x := make([]float64, d*n)
		for i := range x {
			x[i] = rapid.Float64Range(-1.5, 1.5).Draw(t, "x")
		}
		v, grad := make([]float64, n), make([]float64, d*n)
		p.Run(v, grad, x, n)
		for i := range n {
			point := make([]float64, d)
			for k := range point {
				point[k] = x[k*n+i]
			}
			f := func(q []float64) float64 { return reference(tr, []Num{out}, q)[0] }
			if want := f(point); !closeTo(v[i], want, 1e-11) {
				t.Fatalf("value %v, want %v\n%s", v[i], want, dump(p))
			}
			for k := range point {
				q := append([]float64(nil), point...)
				want := slope(func(s float64) float64 { q[k] = s; return f(q) }, point[k])
				if !closeTo(grad[k*n+i], want, 1e-6) {
					t.Fatalf("derivative %d: %v, want %v", k, grad[k*n+i], want)
				}
			}
		}
	})
}
