package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"wgf/internal/simd"
)

// dotsCase is a problem for matrix products: y shares a point with x, weights have
// both signs.
func dotsCase(n, m, d int) (x, y Points) {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(d)))
	normals := func(count int, shift float64) []float64 {
		out := make([]float64, count)
		for i := range out {
			out[i] = shift + rng.NormFloat64()
		}
		return out
	}
	x = Points{N: n, D: d, X: normals(n*d, 100)}
	y = Points{N: m, D: d, X: normals(m*d, 100), W: normals(m, 0)}
	for c := range d {
		y.X[c*m] = x.X[c*n]
	}
	return x, y
}

func dotsVariants(t *testing.T, f func(t *testing.T)) {
	for _, name := range simd.Variants() {
		t.Run(name, func(t *testing.T) {
			defer simd.Use(name)()
			f(t)
		})
	}
}

func dotsError(a, b []float64) float64 {
	scale, worst := 0.0, 0.0
	for i := range a {
		scale = math.Max(scale, math.Abs(b[i]))
		worst = math.Max(worst, math.Abs(a[i]-b[i]))
		if a[i] != a[i] {
			return math.NaN()
		}
	}
	return worst / scale
}

// Sums by matrix products are those of the plain double loop, in every variant, and
// the same to the bit for every number of threads.
func TestDotsAgainstLoops(t *testing.T) {
	dotsVariants(t, func(t *testing.T) {
		for _, shape := range [][3]int{{1, 1, 5}, {33, 1, 5}, {70, 129, 10}, {31, 1200, 7}, {40, 65, 50}, {9, 20, 784}} {
			n, m, d := shape[0], shape[1], shape[2]
			x, y := dotsCase(n, m, d)
			for _, family := range []Family{Gaussian, IMQ} {
				k := Kernel{Family: family, Bandwidth: 0.7 * math.Sqrt(float64(d))}
				name := fmt.Sprintf("%v, %d, %d, %d", family, n, m, d)
				var sum, grad, apply [2][]float64
				for threads := 1; threads <= 3; threads += 2 {
					s, g, a := make([]float64, n), make([]float64, n*d), make([]float64, n*d)
					if !k.sumGradientDots(s, g, x, y, threads) || !k.applyDots(a, x, y, y.X, d, threads) {
						t.Fatalf("%s: not taken", name)
					}
					sum[threads/2], grad[threads/2], apply[threads/2] = s, g, a
				}
				for i := range grad[0] {
					if grad[0][i] != grad[1][i] || apply[0][i] != apply[1][i] || sum[0][i%n] != sum[1][i%n] {
						t.Fatalf("%s: threads change the result", name)
					}
				}
				s, g, a := make([]float64, n), make([]float64, n*d), make([]float64, n*d)
				dotsLoops(k, x, y, func(i, j int, w float64, p [4]float64, diff []float64) {
					s[i] += w * p[0]
					for c, v := range diff {
						g[c*n+i] += 2 * w * p[1] * v
						a[c*n+i] += w * p[0] * y.X[c*m+j]
					}
				})
				for what, pair := range map[string][2][]float64{"sum": {sum[0], s}, "gradient": {grad[0], g}, "apply": {apply[0], a}} {
					if m == 1 && what == "gradient" && n == 1 {
						continue // exactly 0 or rounding of it
					}
					if e := dotsError(pair[0], pair[1]); !(e < 2e-13) {
						t.Errorf("%s: %s differs by %v", name, what, e)
					}
				}
			}
		}
	})
}

// dotsLoops calls term for every pair.
func dotsLoops(k Kernel, x, y Points, term func(i, j int, w float64, p [4]float64, diff []float64)) {
	diff := make([]float64, x.D)
	for i := range x.N {
		for j := range y.N {
			u := 0.0
			for c := range diff {
				diff[c] = x.X[c*x.N+i] - y.X[c*y.N+j]
				u += diff[c] * diff[c]
			}
			term(i, j, y.weight(j), k.Radial(u), diff)
		}
	}
}

func TestVelocityDots(t *testing.T) {
	x, y := dotsCase(150, 150, 6)
	x.W = y.W
	for _, family := range []Family{Gaussian, IMQ} {
		k := Kernel{Family: family, Bandwidth: 2}
		got, want := make([]float64, len(x.X)), make([]float64, len(x.X))
		if !k.velocityDots(got, x, y.X, 0) {
			t.Fatal("not taken")
		}
		dotsLoops(k, x, x, func(i, j int, w float64, p [4]float64, diff []float64) {
			for c, v := range diff {
				want[c*x.N+i] += w * (p[0]*y.X[c*x.N+j] - 2*p[1]*v)
			}
		})
		if e := dotsError(got, want); !(e < 1e-13) {
			t.Errorf("%v: velocity differs by %v", family, e)
		}
	}
}

// Points spread over many bandwidths, and points that are not numbers, are left to
// differences.
func TestDotsDeclines(t *testing.T) {
	x, y := dotsCase(10, 10, 6)
	k := Kernel{Family: Gaussian, Bandwidth: 0.01}
	if k.newDots(x, y) != nil {
		t.Error("taken for a small bandwidth")
	}
	k.Bandwidth = 1
	x.X[3] = math.NaN()
	if k.newDots(x, y) != nil {
		t.Error("taken for points that are not numbers")
	}
}

func BenchmarkDots(b *testing.B) {
	for _, name := range simd.Variants() {
		for _, d := range []int{1, 2, 3, 4, 5, 10, 50} {
			const n = 4096
			x, y := dotsCase(n, n, d)
			dst := make([]float64, n*d)
			k := Kernel{Family: Gaussian, Bandwidth: math.Sqrt(float64(d))}
			b.Run(fmt.Sprintf("%s/%d", name, d), func(b *testing.B) {
				defer simd.Use(name)()
				for b.Loop() {
					k.sumGradientDots(nil, dst, x, y, 0)
				}
				b.ReportMetric(2*n*n*float64(2*d+1)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
	}
}

func TestSteinDots(t *testing.T) {
	dotsVariants(t, func(t *testing.T) {
		for _, d := range []int{1, 2, 11} {
			x, y := dotsCase(40, 150, d)
			sx, sy := make([]float64, len(x.X)), make([]float64, len(y.X))
			for i, v := range x.X {
				sx[i] = 100 - v + math.Sin(v)
			}
			for i, v := range y.X {
				sy[i] = 100 - v + math.Sin(v)
			}
			for _, family := range []Family{Gaussian, IMQ} {
				k := Kernel{Family: family, Bandwidth: 1.5}
				got, want := make([]float64, x.N), make([]float64, x.N)
				if !k.steinDots(got, x, sx, y, sy, 0) {
					t.Fatal("not taken")
				}
				dotsLoops(k, x, y, func(i, j int, w float64, p [4]float64, diff []float64) {
					inner, cross, u := 0.0, float64(d), 0.0
					for c, v := range diff {
						a, b := sx[c*x.N+i], sy[c*y.N+j]
						inner, cross, u = inner+a*b, cross+(a-b)*v, u+v*v
					}
					want[i] += w * (p[0]*inner - 2*p[1]*cross - 4*u*p[2])
				})
				if e := dotsError(got, want); !(e < 1e-12) {
					t.Errorf("%v, d = %d: Stein sums differ by %v", family, d, e)
				}
			}
		}
	})
}
