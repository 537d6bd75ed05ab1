package simd

import (
	"flag"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

var mathDraws = flag.Int("math.draws", 300, "random arguments of each kind in the accuracy tests")

// accuracy says for a function which arguments it is tested at, and the bound
// in ULP that its comment states. near is the absolute error that is granted
// besides, where the function has zeros that it does not resolve relatively.
var accuracy = []struct {
	name     string
	run      func(dst, x []float64)
	exact    func(*big.Float) *big.Float
	bound    float64
	near     float64
	ranges   [][2]float64 // uniform draws
	points   []float64    // and their neighbours
	positive bool         // otherwise both signs
	limit    float64      // no larger arguments
}{
	{name: "Exp", run: Exp, exact: refExp, bound: 1, limit: 1e4,
		ranges: [][2]float64{{-1, 1}, {-20, 20}, {-745.2, -705}, {-750, 710}, {709.7, 709.8}},
		points: []float64{0, math.Ln2 / 16, 709.782712893384, -708.3964185322641, -745.1332191019411}},
	{name: "Log", run: Log, exact: refLog, bound: 1, positive: true, limit: math.MaxFloat64,
		ranges: [][2]float64{{0.7, 1.6}, {0, 100}, {0.999, 1.001}, {0, 0x1p-1021}},
		points: []float64{1, 0.75, 1.5, 0x1p-1022, math.MaxFloat64}},
	{name: "Log1p", run: Log1p, exact: refLog1p, bound: 1.5, limit: math.MaxFloat64,
		ranges: [][2]float64{{-1, 1}, {0, 100}, {-1e-3, 1e-3}, {-1, -0.999}, {-0.3, 0.6}},
		points: []float64{0, -0.25, 0.5, 1, 3, 0x1p53, 0x1p-53}},
	{name: "Expm1", run: Expm1, exact: refExpm1, bound: 1.5, limit: 1e4,
		ranges: [][2]float64{{-1, 1}, {-0.4, 0.4}, {-40, 40}, {30, 45}, {-50, 710}, {709.4, 709.8}},
		points: []float64{0, math.Ln2 / 2, -math.Ln2 / 2, 1.5 * math.Ln2, 709.782712893384, 0x1p-54}},
	{name: "Log1pExp", run: Log1pExp, exact: refLog1pExp, bound: 1.5, limit: 1e4,
		ranges: [][2]float64{{-1, 1}, {-5, 5}, {-40, 40}, {-745.2, -700}},
		points: []float64{0, -math.Ln2, -745.1332191019411}},
	{name: "InvLogit", run: InvLogit, exact: refInvLogit, bound: 1.5, limit: 1e4,
		ranges: [][2]float64{{-1, 1}, {-5, 5}, {-40, 40}, {-745.2, -700}},
		points: []float64{0, -745.1332191019411}},
	{name: "Tanh", run: Tanh, exact: refTanh, bound: 1.5, limit: 1e4,
		ranges: [][2]float64{{-1, 1}, {-0.4, 0.4}, {-25, 25}},
		points: []float64{0, math.Ln2 / 4, 20}},
	{name: "Lgamma", run: Lgamma, exact: refLgamma, bound: 5, positive: true, limit: 1e306,
		ranges: [][2]float64{{0, 3}, {0, 9}, {0.999, 1.001}, {1.999, 2.001}, {7, 200}},
		points: []float64{1, 2, 0.2578125, 1.2578125, 2.2578125, 3.2578125, 7.2578125, 8, 2.5563481638716906e305}},
	{name: "Lgamma, negative", run: Lgamma, exact: refLgamma, bound: 5, near: 4e-15,
		ranges: [][2]float64{{-6, 0}, {-20, 0}, {-2.8, -2.4}}, positive: true, limit: 1e-3},
	{name: "Digamma", run: Digamma, exact: refDigamma, bound: 5, positive: true, limit: math.MaxFloat64,
		ranges: [][2]float64{{0, 3}, {0, 9}, {1.46, 1.4633}, {7, 200}},
		points: []float64{1, 1.4616321449683623, 2, 3, 7, 8}},
	{name: "Digamma, negative", run: Digamma, exact: refDigamma, bound: 5, near: 4e-15,
		ranges: [][2]float64{{-6, 0}, {-20, 0}}, positive: true, limit: 1e-3},
	{name: "Sqrt", run: Sqrt, bound: 0.5, positive: true, limit: math.MaxFloat64,
		exact:  func(x *big.Float) *big.Float { return bigNew().Sqrt(x) },
		ranges: [][2]float64{{0, 10}, {0, 0x1p-1021}}},
}

// arguments draws the test arguments: uniform in the ranges, of every
// magnitude (random bits), and the numbers around each special point.
func arguments(r *rand.Rand, ranges [][2]float64, points []float64, positive bool, limit float64) []float64 {
	var x []float64
	for _, p := range ranges {
		for range *mathDraws {
			x = append(x, p[0]+(p[1]-p[0])*r.Float64())
		}
	}
	for range *mathDraws {
		v := math.Float64frombits(r.Uint64())
		if positive {
			v = math.Abs(v)
		}
		if math.Abs(v) <= limit {
			x = append(x, v)
		}
	}
	for _, p := range points {
		up, down := p, p
		for range 1 + *mathDraws/30 {
			x = append(x, up, down)
			up, down = math.Nextafter(up, math.Inf(1)), math.Nextafter(down, math.Inf(-1))
		}
	}
	return x
}

// TestMathAccuracy holds every variant to the stated bound.
func TestMathAccuracy(t *testing.T) {
	for _, f := range accuracy {
		r := rand.New(rand.NewPCG(3, 4))
		var x []float64
		var exact []*big.Float
		for _, v := range arguments(r, f.ranges, f.points, f.positive, f.limit) {
			switch {
			case f.name == "Log1p" && v <= -1, v == 0, math.IsInf(v, 0), v < 0 && f.positive && len(f.points) > 0:
				continue
			}
			x = append(x, v)
			exact = append(exact, f.exact(bigF(v)))
		}
		for _, variant := range Variants() {
			t.Run(f.name+"/"+variant, func(t *testing.T) {
				defer Use(variant)()
				got := make([]float64, len(x))
				f.run(got, x)
				worst, at := 0.0, 0
				for i, g := range got {
					w, _ := exact[i].Float64()
					if math.Abs(g-w) <= f.near {
						continue
					}
					if u := ulps(g, exact[i]); u > worst {
						worst, at = u, i
					}
				}
				t.Logf("largest error %.3f ULP at %v", worst, x[at])
				if worst > f.bound {
					w, _ := exact[at].Float64()
					t.Errorf("%.3f ULP at %v: got %v, exact %v; stated bound %v", worst, x[at], got[at], w, f.bound)
				}
			})
		}
	}
}
