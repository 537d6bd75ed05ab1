package simd

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestFlat(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(11, 12))
		for _, n := range []int{0, 1, 2, 7, 8, 9, 31, 32, 33, 100, 1003} {
			a, b := fillRandom(rng, n), fillRandom(rng, n)
			dst := make([]float64, n)
			check := func(name string, want func(i int) float64) {
				t.Helper()
				for i, v := range dst {
					if !sameNumber(v, want(i)) {
						t.Fatalf("%s, n = %d, element %d: %v, want %v", name, n, i, v, want(i))
					}
				}
			}
			Add(dst, a, b)
			check("Add", func(i int) float64 { return a[i] + b[i] })
			Sub(dst, a, b)
			check("Sub", func(i int) float64 { return a[i] - b[i] })
			Mul(dst, a, b)
			check("Mul", func(i int) float64 { return a[i] * b[i] })
			Div(dst, a, b)
			check("Div", func(i int) float64 { return a[i] / b[i] })
			Scale(dst, 0.3, a)
			check("Scale", func(i int) float64 { return 0.3 * a[i] })
			copy(dst, b)
			AddScaled(dst, 0.3, a)
			check("AddScaled", func(i int) float64 { return multiplyAdd(a[i], 0.3, b[i]) })
		}
	})
}

// Sums of small whole numbers are exact in any order, so that a lost or doubled
// element shows; the order is held by a second sum written from the contract.
func TestSumAndDot(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(13, 14))
		for n := range 300 {
			a, b := make([]float64, n), make([]float64, n)
			sum, dot := 0.0, 0.0
			for i := range a {
				a[i], b[i] = float64(rng.IntN(1000)-500), float64(rng.IntN(1000))
				sum += a[i]
				dot += a[i] * b[i]
			}
			if got := Sum(a); got != sum {
				t.Fatalf("Sum of %d numbers is %v, want %v", n, got, sum)
			}
			if got := Dot(a, b); got != dot {
				t.Fatalf("Dot of %d numbers is %v, want %v", n, got, dot)
			}
			for i := range a {
				a[i] = rng.NormFloat64()
			}
			if got, want := Sum(a), sumByContract(a); got != want {
				t.Fatalf("Sum of %d numbers is %v, want %v", n, got, want)
			}
		}
	})
}

func sumByContract(x []float64) float64 {
	var s [32]float64
	whole := len(x) &^ 7
	for i, v := range x[:whole] {
		s[i%32] += v
	}
	var t [8]float64
	for j := range t {
		t[j] = (s[j] + s[8+j]) + (s[16+j] + s[24+j])
	}
	total := ((t[0] + t[4]) + (t[2] + t[6])) + ((t[1] + t[5]) + (t[3] + t[7]))
	for _, v := range x[whole:] {
		total += v
	}
	return total
}

// The error of a sum of n numbers by 32 partial sums stays below
// (n/32 + 6) 2^-53 sum |x|.
func TestSumAccuracy(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		x := make([]float64, 100_000)
		for i := range x {
			x[i] = 0.1
		}
		const exact = 10000 // to a third of a unit in the last place
		if bound := (100_000.0/32 + 6) * 0x1p-53 * 10000; math.Abs(Sum(x)-exact) > bound {
			t.Errorf("Sum = %v, further than %v from %v", Sum(x), bound, exact)
		}
	})
}

func TestFlatPanicsAndAllocations(t *testing.T) {
	func() {
		defer func() {
			if recover() == nil {
				t.Error("Add of different lengths does not panic")
			}
		}()
		Add(make([]float64, 3), make([]float64, 3), make([]float64, 4))
	}()
	x, y := make([]float64, 100), make([]float64, 100)
	if n := testing.AllocsPerRun(100, func() {
		AddScaled(x, 0.5, y)
		Scale(x, 0.5, y)
		Add(x, x, y)
		y[0] = Sum(x) + Dot(x, y)
		y[0] = 0
	}); n != 0 {
		t.Errorf("flat helpers allocate %v times", n)
	}
}

func BenchmarkFlat(b *testing.B) {
	x, y := make([]float64, 1000), make([]float64, 1000)
	for _, name := range Variants() {
		b.Run(name+"/Sum1000", func(b *testing.B) {
			defer Use(name)()
			for range b.N {
				y[0] = Sum(x)
			}
		})
		b.Run(name+"/Dot1000", func(b *testing.B) {
			defer Use(name)()
			for range b.N {
				y[0] = Dot(x, x)
			}
		})
		b.Run(name+"/AddScaled1000", func(b *testing.B) {
			defer Use(name)()
			for range b.N {
				AddScaled(y, 0, x)
			}
		})
	}
}
