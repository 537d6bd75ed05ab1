package transport

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"wgf/internal/simd"
	"wgf/measure"
)

// normalCloud is a cloud of normal points with the given scale.
func normalCloud(rng *rand.Rand, n, d int, scale float64) *measure.Cloud {
	c := measure.New(n, d)
	for i := range c.X {
		c.X[i] = scale * rng.NormFloat64()
	}
	return c
}

// Plain is the soft minimum as its formula says, with averages and cost.
func (s *softmin) plain(i int, g, logw []float64, eps float64) (low float64, p, c []float64) {
	c, p = make([]float64, s.y.N), make([]float64, s.y.N)
	s.row(c, i, make([]float64, s.x.D), make([]float64, s.y.D))
	top := math.Inf(-1)
	for j := range c {
		top = math.Max(top, (g[j]-c[j])/eps+logw[j])
	}
	sum := 0.0
	for j := range c {
		p[j] = math.Exp((g[j]-c[j])/eps + logw[j] - top)
		sum += p[j]
	}
	for j := range p {
		p[j] /= sum
	}
	return -eps * (top + math.Log(sum)), p, c
}

func testCosts(rng *rand.Rand, n, m int) map[string]Cost {
	c := make([]float64, n*m)
	for i := range c {
		c[i] = 3 * rng.Float64()
	}
	return map[string]Cost{
		"squared": SqEuclidean(), "distance": Euclidean(), "power 1.5": Power(1.5), "power 0.5": Power(0.5), "power 3": Power(3),
		"matrix": Matrix(c, n, m),
		"function": Func(func(x, y []float64) float64 {
			s := 0.0
			for k := range x {
				s += math.Abs(x[k] - 2*y[k])
			}
			return s
		}),
	}
}

func eachVariant(t *testing.T, f func(t *testing.T)) {
	for _, name := range simd.Variants() {
		t.Run(name, func(t *testing.T) {
			defer simd.Use(name)()
			f(t)
		})
	}
}

// Soft minima, averages, costs and gradients against their formulas, for all
// costs, both directions, sizes around the tile, and any guess.
func TestSoftmin(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 9))
		for _, shape := range [][3]int{{1, 1, 1}, {31, 2, 2}, {33, 129, 3}, {65, 300, 5}} {
			n, m, d := shape[0], shape[1], shape[2]
			a, b := normalCloud(rng, n, d, 1), normalCloud(rng, m, d, 1.5)
			for name, cost := range testCosts(rng, n, m) {
				for _, s := range []*softmin{{x: a, y: b, cost: cost}, {x: b, y: a, cost: cost, swapped: true}} {
					for _, eps := range []float64{1, 1e-2, 1e-4} {
						checkSoftmin(t, fmt.Sprintf("%s, %v, swapped %v, eps = %v", name, shape, s.swapped, eps), rng, s, eps)
					}
				}
			}
		}
	})
}

func checkSoftmin(t *testing.T, name string, rng *rand.Rand, s *softmin, eps float64) {
	t.Helper()
	n, m, d := s.x.N, s.y.N, s.x.D
	g, logw := make([]float64, m), make([]float64, m)
	for j := range g {
		g[j], logw[j] = rng.NormFloat64(), 5*rng.NormFloat64()
	}
	guess := make([]float64, n)
	for i := range guess {
		guess[i] = 100 * rng.NormFloat64()
	}
	out, low, mean, cost := slices.Clone(guess), slices.Clone(guess), make([]float64, n*d), make([]float64, n)
	s.apply(out, g, logw, eps)
	s.averages(low, mean, cost, s.y.X, d, g, logw, eps)
	var grad []float64
	if s.geometric() {
		grad = make([]float64, n*d)
		s.gradient(slices.Clone(guess), grad, g, logw, eps)
	}
	// The exponents, of order 100/eps with a bad guess, are rounded: so are weights and means.
	tolerance := 1e-14 * (100 + 10/eps)
	for i := range n {
		want, p, c := s.plain(i, g, logw, eps)
		if math.Abs(out[i]-want) > 1e-12 || math.Abs(low[i]-want) > 1e-12 {
			t.Fatalf("%s: soft minimum %d is %v and %v, want %v", name, i, out[i], low[i], want)
		}
		if want := simd.Dot(p, c); math.Abs(cost[i]-want) > tolerance*(1+want) {
			t.Fatalf("%s: average cost %d is %v, want %v", name, i, cost[i], want)
		}
		for k := range d {
			if want := simd.Dot(p, s.y.Coordinate(k)); math.Abs(mean[k*n+i]-want) > 10*tolerance {
				t.Fatalf("%s: average %d of %d is %v, want %v", name, k, i, mean[k*n+i], want)
			}
			if grad == nil {
				continue
			}
			want, xi := 0.0, s.x.X[k*n+i]
			for j, yj := range s.y.Coordinate(k) {
				e := s.cost.Exponent()
				want += p[j] * e * math.Pow(c[j], 1-2/e) * (xi - yj)
			}
			if math.Abs(grad[k*n+i]-want) > 100*tolerance*(1+math.Abs(want)) {
				t.Fatalf("%s: gradient %d of %d is %v, want %v", name, k, i, grad[k*n+i], want)
			}
		}
	}
}

// The same bits for any number of threads.
func TestSoftminThreads(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 9))
	a, b := normalCloud(rng, 700, 3, 1), normalCloud(rng, 1500, 3, 1.5)
	g, logw := make([]float64, 1500), make([]float64, 1500)
	var want, mean []float64
	for _, threads := range []int{1, 2, 7} {
		s := &softmin{x: a, y: b, threads: threads}
		out, avg, low := make([]float64, 700), make([]float64, 2100), make([]float64, 700)
		s.apply(out, g, logw, 0.1)
		s.averages(low, avg, nil, b.X, 3, g, logw, 0.1)
		if want == nil {
			want, mean = out, avg
		}
		if !slices.Equal(out, want) || !slices.Equal(avg, mean) {
			t.Errorf("%d threads change the result", threads)
		}
	}
}

// BenchmarkSinkhornIteration is one iteration: two soft minima of 4096 x 4096 points.
func BenchmarkSinkhornIteration(b *testing.B) {
	const n = 4096
	for _, name := range simd.Variants() {
		for _, cost := range []Cost{SqEuclidean(), Euclidean()} {
			for _, d := range []int{3, 10, 50} {
				b.Run(fmt.Sprintf("%s/p=%v/d=%d", name, cost.Exponent(), d), func(b *testing.B) {
					defer simd.Use(name)()
					rng := rand.New(rand.NewPCG(3, 9))
					p := Problem{A: normalCloud(rng, n, d, 1), B: normalCloud(rng, n, d, 1.5), Cost: cost}
					e, err := newEntropic(p, 0)
					if err != nil {
						b.Fatal(err)
					}
					eps := 0.05 * e.scale()
					f, g := make([]float64, n), make([]float64, n)
					e.forA.apply(f, g, e.lb, eps)
					e.forB.apply(g, f, e.la, eps)
					for b.Loop() {
						e.forA.apply(f, g, e.lb, eps)
						e.forB.apply(g, f, e.la, eps)
					}
				})
			}
		}
	}
}
