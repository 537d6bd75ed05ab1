package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// The assembly reads PairArgs by these offsets; after a change of the struct the
// generator in gen/pairs must be run again.
func TestPairArgsLayout(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 8 {
		t.Skip("no assembly kernels on a 32-bit machine")
	}
	var p PairArgs
	got := [14]uintptr{
		unsafe.Offsetof(p.X), unsafe.Offsetof(p.Y), unsafe.Offsetof(p.S), unsafe.Offsetof(p.T),
		unsafe.Offsetof(p.U), unsafe.Offsetof(p.A), unsafe.Offsetof(p.B), unsafe.Offsetof(p.W),
		unsafe.Offsetof(p.G), unsafe.Offsetof(p.Q), unsafe.Offsetof(p.F), unsafe.Offsetof(p.P),
		unsafe.Offsetof(p.D), unsafe.Offsetof(p.M),
	}
	if want := [14]uintptr{0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 120, 168, 184, 192}; got != want {
		t.Errorf("offsets of PairArgs are %v, want %v", got, want)
	}
}

// pairBlock is the memory behind one call.
type pairBlock struct {
	x, y, s, t, u, a, b, w, g []float64
	q                         [6][]float64
	PairArgs
}

func newPairBlock(rng *rand.Rand, d, m int) *pairBlock {
	normals := func(n int) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = rng.NormFloat64()
		}
		return out
	}
	n := m * PairLanes
	p := &pairBlock{
		x: normals(d * PairLanes), y: normals(d * m), s: normals(d * PairLanes), t: normals(d * m),
		u: normals(n), a: normals(n), b: normals(n), w: normals(m), g: normals(d * PairLanes),
	}
	for i, v := range p.u {
		p.u[i] = v * v
	}
	p.PairArgs = PairArgs{
		X: &p.x[0], Y: &p.y[0], S: &p.s[0], T: &p.t[0], U: &p.u[0], A: &p.a[0], B: &p.b[0], W: &p.w[0], G: &p.g[0],
		D: d, M: m,
	}
	for i := range p.q {
		p.q[i] = normals(n)
		p.Q[i], p.F[i] = &p.q[i][0], rng.NormFloat64()
	}
	return p
}

// near fails the test unless got is want, NaN and infinities included, to a relative
// error.
func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if got == want || math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if !(math.Abs(got-want) <= tolerance) {
		t.Fatalf("%s: %v, want %v (%v off, %v allowed)", name, got, want, got-want, tolerance)
	}
}

var pairShapes = [][2]int{{1, 1}, {2, 3}, {3, 4}, {4, 5}, {5, 2}, {6, 7}, {7, 8}, {13, 9}, {50, 6}, {784, 5}}

func TestPairTiles(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		for _, shape := range pairShapes {
			p := newPairBlock(rng, shape[0], shape[1])
			weights, g := append([]float64(nil), p.u...), append([]float64(nil), p.g...)
			PairDifferences(&p.PairArgs)
			sums := make([]float64, PairLanes)
			p.G = &sums[0]
			PairSums(&p.PairArgs)
			for i := range PairLanes {
				total, size := 0.0, 0.0
				for j := range p.M {
					total += weights[j*PairLanes+i]
				}
				near(t, fmt.Sprintf("%v: sum %d", shape, i), sums[i], total, 1e-14*total)
				for k := range p.D {
					want := g[k*PairLanes+i]
					size = math.Abs(want)
					for j := range p.M {
						v := weights[j*PairLanes+i] * (p.x[k*PairLanes+i] - p.y[j*p.D+k])
						want += v
						size += math.Abs(v)
					}
					near(t, fmt.Sprintf("%v: difference (%d, %d)", shape, k, i), p.g[k*PairLanes+i], want, 1e-15*size)
				}
			}
			PairSquares(&p.PairArgs)
			squares := append([]float64(nil), p.u...)
			PairProducts(&p.PairArgs)
			for at := range p.u {
				i, j := at%PairLanes, at/PairLanes
				u, a, b, aSize, bSize := 0.0, 0.0, 0.0, 0.0, 0.0
				for k := range p.D {
					d := p.x[k*PairLanes+i] - p.y[j*p.D+k]
					s, t := p.s[k*PairLanes+i], p.t[j*p.D+k]
					u += d * d
					a += s * t
					b += (s - t) * d
					aSize += math.Abs(s * t)
					bSize += math.Abs((s - t) * d)
				}
				name := fmt.Sprintf("%v: (%d, %d)", shape, i, j)
				near(t, name+" squares", squares[at], u, 4e-15*u)
				near(t, name+" products u", p.u[at], u, 4e-15*u)
				near(t, name+" products a", p.a[at], a, 4e-15*aSize)
				near(t, name+" products b", p.b[at], b, 4e-15*bSize)
			}
		}
	})
}

// pairFunctions are the functions of distances, written independently of the kernels,
// the magnitude of the exponent in ULP added to the error that is allowed.
var pairFunctions = map[string]struct {
	run     func(*PairArgs)
	p       [2]float64
	results int
	want    func(u float64, p [2]float64) [6]float64
}{
	"gaussian": {PairGaussian, [2]float64{-0.7, 0}, 1, func(u float64, p [2]float64) [6]float64 {
		return [6]float64{math.Exp2(p[0] * u)}
	}},
	"exponential": {PairExponential, [2]float64{-1.3 / math.Ln2, 1.3}, 6, func(u float64, p [2]float64) [6]float64 {
		r, a := math.Sqrt(u), p[1]
		e := math.Exp2(p[0] * r)
		if u == 0 {
			return [6]float64{1, 1, 1}
		}
		if e == 0 {
			return [6]float64{}
		}
		return [6]float64{(1 + a*r + a*r*a*r/3) * e, (1 + a*r) * e, e, e / r, (a + 1/r) / u * e, (a*a + 3*a/r + 3/u) / u / r * e}
	}},
	"root":         {PairRoot, [2]float64{1, 0}, 5, powers},
	"multiquadric": {PairRoot, [2]float64{0.3, 1}, 5, powers},
}

func powers(u float64, p [2]float64) [6]float64 {
	v := p[0]*u + p[1]
	if v == 0 {
		return [6]float64{}
	}
	r := math.Sqrt(v)
	return [6]float64{r, 1 / r, 1 / (r * v), 1 / (r * v * v), 1 / (r * v * v * v)}
}

func TestPairFunctions(t *testing.T) {
	special := []float64{0, math.Copysign(0, -1), 5e-324, 1e-310, 1e-200, 1e-40, 1e-20, 1e-8, 1, 400, 1e6, 1e100, math.MaxFloat64, math.Inf(1), math.NaN()}
	rowVariants(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 4))
		for name, f := range pairFunctions {
			for _, m := range []int{1, 2, 9} {
				p := newPairBlock(rng, 1, m)
				p.P = f.p
				copy(p.u, special)
				f.run(&p.PairArgs)
				for at, u := range p.u {
					want := f.want(u, f.p)
					for q := range f.results {
						w := p.w[at/PairLanes] * p.F[q] * want[q]
						if math.IsNaN(u) {
							w = math.NaN()
						}
						exponent := 0.0
						if name == "gaussian" {
							exponent = -f.p[0] * u
						} else if name == "exponential" {
							exponent = -f.p[0] * math.Sqrt(u)
						}
						tolerance := math.Abs(w) * (20 + exponent) * 0x1p-53
						if !(tolerance >= 1e-290) {
							tolerance = 1e-290 // AVX2 stops at 2^-1020
						}
						if math.IsInf(w, 0) || math.Abs(w) > 1e300 {
							continue // powers of denormal distances overflow in their own ways
						}
						near(t, fmt.Sprintf("%s %d, u = %v", name, q, u), p.q[q][at], w, tolerance)
					}
				}
			}
		}
	})
}

// Results that are not wanted are not written, and a result may take the place of u.
func TestPairFunctionsInPlace(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		for name, f := range pairFunctions {
			for q := range f.results {
				p, all := newPairBlock(rand.New(rand.NewPCG(5, 6)), 2, 5), newPairBlock(rand.New(rand.NewPCG(5, 6)), 2, 5)
				p.P, all.P = f.p, f.p
				f.run(&all.PairArgs)
				p.Q = [6]*float64{}
				p.Q[q] = p.U
				f.run(&p.PairArgs)
				for at, v := range p.u {
					if v != all.q[q][at] {
						t.Fatalf("%s %d: %v in place, %v elsewhere", name, q, v, all.q[q][at])
					}
				}
			}
		}
	})
}

func TestPairStein(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		for _, m := range []int{1, 4, 7} {
			p := newPairBlock(rand.New(rand.NewPCG(7, 8)), 2, m)
			p.P = [2]float64{-3.5, 1.25}
			u := append([]float64(nil), p.u...)
			PairStein(&p.PairArgs)
			for i, got := range p.u {
				terms := [4]float64{p.q[0][i] * p.a[i], p.q[1][i] * p.P[0], p.q[1][i] * p.P[1] * p.b[i], -4 * p.q[2][i] * u[i]}
				want, size := 0.0, 0.0
				for _, v := range terms {
					want += v
					size += math.Abs(v)
				}
				near(t, fmt.Sprintf("m = %d, %d", m, i), got, want, 1e-15*size)
			}
		}
	})
}

func BenchmarkPair(b *testing.B) {
	const m = 64
	run := func(kernel string, d int, f func(*PairArgs)) {
		for _, name := range Variants() {
			b.Run(fmt.Sprintf("%s/%d/%s", kernel, d, name), func(b *testing.B) {
				defer Use(name)()
				p := newPairBlock(rand.New(rand.NewPCG(1, 2)), d, m)
				p.P = [2]float64{-0.1, 0.1 * math.Ln2}
				p.Q = [6]*float64{nil, &p.q[1][0]}
				if kernel == "gaussian" {
					p.Q = [6]*float64{&p.q[0][0]}
				}
				if kernel == "exponential" {
					p.Q = [6]*float64{nil, nil, nil, &p.q[3][0]}
				}
				for b.Loop() {
					f(&p.PairArgs)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*m*PairLanes), "ns/pair")
			})
		}
	}
	for _, d := range []int{1, 2, 3, 10, 50, 784} {
		run("squares", d, PairSquares)
		run("products", d, PairProducts)
		run("differences", d, PairDifferences)
	}
	run("gaussian", 1, PairGaussian)
	run("exponential", 1, PairExponential)
	run("root", 1, PairRoot)
}

func TestPairExpand(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		for _, m := range []int{1, 4, 7} {
			p := newPairBlock(rand.New(rand.NewPCG(9, 10)), 2, m)
			p.u[3] = math.NaN()
			u := append([]float64(nil), p.u...)
			PairExpand(&p.PairArgs)
			for at, got := range p.u {
				want := math.Max(0, p.a[at%PairLanes]+p.b[at/PairLanes]-2*u[at])
				near(t, fmt.Sprintf("m = %d, %d", m, at), got, want, 1e-14)
			}
		}
	})
}
