package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

var (
	inf     = math.Inf(1)
	nan     = math.NaN()
	negZero = math.Copysign(0, -1)
	tiny    = math.SmallestNonzeroFloat64
)

// sameBits holds for equal bits and for two NaN.
func sameBits(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b
}

// TestMathSpecialValues holds the functions to exact results: at infinities,
// NaN, zeros of both signs, poles, denormals, and beyond overflow.
func TestMathSpecialValues(t *testing.T) {
	cases := []struct {
		name  string
		run   func(dst, x []float64)
		pairs []float64 // argument, result, ...
	}{
		{"Exp", Exp, []float64{nan, nan, inf, inf, -inf, 0, 0, 1, negZero, 1, tiny, 1, -tiny, 1,
			709.782712893385, inf, 1e308, inf, -745.14, 0, -1e308, 0, 0x1p-60, 1}},
		{"Log", Log, []float64{nan, nan, inf, inf, -inf, nan, 0, -inf, negZero, -inf, -1, nan, -tiny, nan, 1, 0}},
		{"Log1p", Log1p, []float64{nan, nan, inf, inf, -inf, nan, 0, 0, negZero, negZero, -1, -inf,
			-1.0000000000000002, nan, -1e300, nan, tiny, tiny, -tiny, -tiny, 0x1p-1022, 0x1p-1022}},
		{"Expm1", Expm1, []float64{nan, nan, inf, inf, -inf, -1, 0, 0, negZero, negZero, tiny, tiny, -tiny, -tiny,
			709.782712893385, inf, 1e308, inf, -60, -1, -1e308, -1}},
		{"Log1pExp", Log1pExp, []float64{nan, nan, inf, inf, -inf, 0, 0, math.Ln2, negZero, math.Ln2, 1e308, 1e308,
			-1e308, 0, -745.14, 0, 50, 50, 1000, 1000}},
		{"InvLogit", InvLogit, []float64{nan, nan, inf, 1, -inf, 0, 0, 0.5, negZero, 0.5, 40, 1, 1e308, 1, -1e308, 0, -745.14, 0}},
		{"Tanh", Tanh, []float64{nan, nan, inf, 1, -inf, -1, 0, 0, negZero, negZero, tiny, tiny, -tiny, -tiny, 1e308, 1, -1e308, -1,
			0x1p-1022, 0x1p-1022}},
		{"Lgamma", Lgamma, []float64{nan, nan, inf, inf, -inf, -inf, 0, inf, negZero, inf, 1, 0, 2, 0,
			-1, inf, -2, inf, -1e15, inf, -1e300, inf, 3e305, inf, math.MaxFloat64, inf}},
		{"Digamma", Digamma, []float64{nan, nan, inf, inf, -inf, nan, 0, -inf, negZero, inf, -1, nan, -2, nan, -1e300, nan,
			tiny, -inf, -tiny, inf}},
		{"Sqrt", Sqrt, []float64{nan, nan, inf, inf, -inf, nan, 0, 0, negZero, negZero, -1, nan, 4, 2}},
	}
	for _, c := range cases {
		for _, v := range Variants() {
			t.Run(c.name+"/"+v, func(t *testing.T) {
				defer Use(v)()
				n := len(c.pairs) / 2
				x, got := make([]float64, n), make([]float64, n)
				for i := range x {
					x[i] = c.pairs[2*i]
				}
				c.run(got, x)
				for i, g := range got {
					if want := c.pairs[2*i+1]; !sameBits(g, want) {
						t.Errorf("%s(%v) = %v, want %v", c.name, x[i], g, want)
					}
				}
			})
		}
	}
}

// mixedArguments draws arguments of which some are negative, special or huge.
func mixedArguments(r *rand.Rand, n int) []float64 {
	special := []float64{nan, inf, -inf, 0, negZero, tiny, -tiny, 1, 2, -1, 0x1p-1030, 1e308, -1e308, 8, 710, -745}
	x := make([]float64, n)
	for i := range x {
		switch u := r.Float64(); {
		case u < 0.1:
			x[i] = special[r.IntN(len(special))]
		case u < 0.2:
			x[i] = -10 * r.Float64()
		default:
			x[i] = 12 * r.Float64()
		}
	}
	return x
}

// TestMathPosition: an element's result is the same alone, anywhere in a slice
// of any length, and written over the argument; nothing beyond the slice is
// touched.
func TestMathPosition(t *testing.T) {
	lengths := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 16, 17, 23, 24, 25, 31, 32, 33, 37, 40, 9000}
	for _, f := range mathFunctions {
		for _, v := range Variants() {
			t.Run(f.name+"/"+v, func(t *testing.T) {
				defer Use(v)()
				r := rand.New(rand.NewPCG(5, 6))
				for _, n := range lengths {
					if err := checkPosition(f.run, mixedArguments(r, n+1)[1:]); err != nil {
						t.Fatalf("length %d: %v", n, err)
					}
				}
			})
		}
	}
}

func checkPosition(run func(dst, x []float64), x []float64) error {
	n := len(x)
	want := make([]float64, n)
	for i := range x {
		run(want[i:i+1], x[i:i+1])
	}
	const guard = 12345.5
	buf := make([]float64, n+16)
	for i := range buf {
		buf[i] = guard
	}
	run(buf[8:8+n], x)
	inPlace := append([]float64{}, x...)
	run(inPlace, inPlace)
	for i := range x {
		if !sameBits(buf[8+i], want[i]) {
			return fmt.Errorf("element %d, f(%v) = %v, alone %v", i, x[i], buf[8+i], want[i])
		}
		if !sameBits(inPlace[i], want[i]) {
			return fmt.Errorf("in place, element %d, f(%v) = %v, alone %v", i, x[i], inPlace[i], want[i])
		}
	}
	for i := range 8 {
		if buf[i] != guard || buf[8+n+i] != guard {
			return fmt.Errorf("wrote outside the slice")
		}
	}
	return nil
}

// TestMathShape: slices of different lengths are a mistake of the caller.
func TestMathShape(t *testing.T) {
	for _, f := range mathFunctions {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s accepted slices of lengths 2 and 3", f.name)
				}
			}()
			f.run(make([]float64, 2), make([]float64, 3))
		}()
	}
}

// TestMathIdentities checks values known in closed form, independently of the
// reference evaluation of the accuracy test.
func TestMathIdentities(t *testing.T) {
	const euler = 0.57721566490153286060651209008240243
	cases := []struct {
		name    string
		run     func(dst, x []float64)
		x, want float64
	}{
		{"Exp", Exp, 1, math.E},
		{"Log", Log, 10, math.Ln10},
		{"Log1p", Log1p, 1, math.Ln2},
		{"Expm1", Expm1, math.Ln2, 1},
		{"Log1pExp", Log1pExp, 0, math.Ln2},
		{"InvLogit", InvLogit, 0, 0.5},
		{"Tanh", Tanh, math.Ln2, 0.6},
		{"Lgamma", Lgamma, 0.5, 0.57236494292470008707171367567652936}, // log(pi)/2
		{"Lgamma", Lgamma, -0.5, 1.2655121234846454},                   // log(2 sqrt(pi))
		{"Lgamma", Lgamma, 11, 15.104412573075515295225709329251070},   // log 10!
		{"Lgamma", Lgamma, 5, 3.1780538303479458},                      // log 24
		{"Digamma", Digamma, 1, -euler},                                //
		{"Digamma", Digamma, 0.5, -euler - 2*math.Ln2},                 //
		{"Digamma", Digamma, -0.5, 2 - euler - 2*math.Ln2},             //
		{"Digamma", Digamma, 10, 7129./2520 - euler},                   // harmonic number
		{"Sqrt", Sqrt, 2, math.Sqrt2},
	}
	for _, c := range cases {
		for _, v := range Variants() {
			restore := Use(v)
			got := []float64{c.x}
			c.run(got, got)
			restore()
			if math.Abs(got[0]-c.want) > 1e-15*max(1, math.Abs(c.want)) {
				t.Errorf("%s: %s(%v) = %.17g, want %.17g", v, c.name, c.x, got[0], c.want)
			}
		}
	}
}
