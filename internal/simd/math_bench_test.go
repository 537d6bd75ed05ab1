package simd

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkMath times every function over 1024 numbers, which stay in the
// first-level cache, in every variant.
func BenchmarkMath(b *testing.B) {
	for _, f := range mathFunctions {
		for _, v := range Variants() {
			b.Run(f.name+"/"+v, func(b *testing.B) {
				defer Use(v)()
				r := rand.New(rand.NewPCG(1, 2))
				x, dst := make([]float64, 1024), make([]float64, 1024)
				for i := range x {
					x[i] = f.low + (f.high-f.low)*r.Float64()
				}
				b.ResetTimer()
				for b.Loop() {
					f.run(dst, x)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(x)), "ns/element")
			})
		}
	}
}

// mathFunctions lists the functions with the interval that the benchmark draws
// its arguments from.
var mathFunctions = []struct {
	name      string
	run       func(dst, x []float64)
	low, high float64
}{
	{"Exp", Exp, -20, 20},
	{"Log", Log, 0, 100},
	{"Log1p", Log1p, -1, 10},
	{"Expm1", Expm1, -5, 5},
	{"Log1pExp", Log1pExp, -20, 20},
	{"InvLogit", InvLogit, -20, 20},
	{"Tanh", Tanh, -5, 5},
	{"Lgamma", Lgamma, 0, 20},
	{"Digamma", Digamma, 0, 20},
	{"Sqrt", Sqrt, 0, 100},
}
