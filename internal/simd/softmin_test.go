package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// The assembly reads SoftminArgs by these offsets; after a change of the struct
// the generator in gen/softmin must be run again.
func TestSoftminArgsLayout(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 8 {
		t.Skip("no assembly kernels on a 32-bit machine")
	}
	var p SoftminArgs
	got := [12]uintptr{
		unsafe.Offsetof(p.X), unsafe.Offsetof(p.Y), unsafe.Offsetof(p.C), unsafe.Offsetof(p.H),
		unsafe.Offsetof(p.Ref), unsafe.Offsetof(p.Sum), unsafe.Offsetof(p.Max),
		unsafe.Offsetof(p.E), unsafe.Offsetof(p.Moment),
		unsafe.Offsetof(p.D), unsafe.Offsetof(p.M), unsafe.Offsetof(p.Scale),
	}
	if want := [12]uintptr{0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88}; got != want {
		t.Errorf("offsets of SoftminArgs are %v, want %v", got, want)
	}
}

// softminBlock is the memory behind one call.
type softminBlock struct {
	x, y, c, h, ref, sum, top, e, moment []float64
	SoftminArgs
}

func newSoftminBlock(rng *rand.Rand, d, m int) *softminBlock {
	normals := func(n int) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = 2 * rng.NormFloat64()
		}
		return out
	}
	b := &softminBlock{
		x: normals(d * SoftminLanes), y: normals(d * m), c: normals(m * SoftminLanes),
		h: normals(m), ref: normals(SoftminLanes),
		sum: make([]float64, SoftminLanes), top: make([]float64, SoftminLanes),
		e: make([]float64, m*SoftminLanes), moment: make([]float64, SoftminLanes),
	}
	for i := range b.top {
		b.top[i] = math.Inf(-1)
	}
	b.SoftminArgs = SoftminArgs{
		X: &b.x[0], Y: &b.y[0], C: &b.c[0], H: &b.h[0], Ref: &b.ref[0], Sum: &b.sum[0], Max: &b.top[0],
		D: d, M: m, Scale: 1.7,
	}
	return b
}

// The kernels against sums of math.Exp2, over dimensions and lengths, with and
// without weights: 1e-14 relative to the sum, 1e-13 for the scores' own rounding.
func TestSoftminKernels(t *testing.T) {
	kernels := map[string]struct {
		run   func(*SoftminArgs)
		score func(b *softminBlock, i, j int) float64
	}{
		"dot": {SoftminDot, func(b *softminBlock, i, j int) float64 {
			s := 0.0
			for k := range b.D {
				s += b.x[k*SoftminLanes+i] * b.y[j*b.D+k]
			}
			return s
		}},
		"distance": {SoftminDistance, func(b *softminBlock, i, j int) float64 {
			s := 0.0
			for k := range b.D {
				s += math.Pow(b.x[k*SoftminLanes+i]-b.y[j*b.D+k], 2)
			}
			return -b.Scale * math.Sqrt(s)
		}},
		"costs": {SoftminCosts, func(b *softminBlock, i, j int) float64 {
			return -b.Scale * b.c[j*SoftminLanes+i]
		}},
	}
	rowVariants(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(4, 5))
		for name, kernel := range kernels {
			for _, d := range []int{1, 2, 3, 7, 16} {
				for _, m := range []int{4, 6, 34} {
					for _, weighted := range []bool{false, true} {
						b := newSoftminBlock(rng, d, m)
						b.h[m-1] = -1e300
						if weighted {
							b.E, b.Moment = &b.e[0], &b.moment[0]
						}
						kernel.run(&b.SoftminArgs)
						checkSoftmin(t, fmt.Sprintf("%s, d = %d, m = %d", name, d, m), b, kernel.score)
					}
				}
			}
		}
	})
}

func checkSoftmin(t *testing.T, name string, b *softminBlock, score func(b *softminBlock, i, j int) float64) {
	t.Helper()
	for i := range SoftminLanes {
		sum, moment, top := 0.0, 0.0, math.Inf(-1)
		for j := range b.M {
			s := b.h[j] - b.ref[i] + score(b, i, j)
			e := math.Exp2(s)
			sum, moment, top = sum+e, moment+e*math.Max(s, -1e4), math.Max(top, s)
			if b.E != nil && math.Abs(b.e[j*SoftminLanes+i]-e) > 1e-13*e+1e-300 {
				t.Fatalf("%s: weight (%d, %d) is %v, want %v", name, i, j, b.e[j*SoftminLanes+i], e)
			}
		}
		if math.Abs(b.sum[i]-sum) > 1e-13*sum || math.Abs(b.top[i]-top) > 1e-13*(1+math.Abs(top)) {
			t.Fatalf("%s: sum and maximum %d are %v and %v, want %v and %v", name, i, b.sum[i], b.top[i], sum, top)
		}
		if b.E != nil && math.Abs(b.moment[i]-moment) > 1e-12*sum {
			t.Fatalf("%s: moment %d is %v, want %v", name, i, b.moment[i], moment)
		}
	}
}

// Terms within the limit are right to 1 ULP and a half in every variant, terms
// far below vanish, whatever their size.
func TestSoftminExponential(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(6, 7))
		worst := 0.0
		for range 200 {
			b := newSoftminBlock(rng, 1, 2)
			clear(b.c)
			clear(b.ref)
			b.E, b.Moment = &b.e[0], &b.moment[0]
			b.h[0] = 2 * SoftminLimit * (rng.Float64() - 0.5)
			b.h[1] = -1020 * math.Exp(700*rng.Float64())
			SoftminCosts(&b.SoftminArgs)
			want := math.Exp2(b.h[0])
			worst = math.Max(worst, math.Abs(b.e[0]-want)/want)
			if low := b.e[SoftminLanes]; !(low >= 0 && low <= 0x1p-1019) {
				t.Fatalf("2^%v is %v", b.h[1], low)
			}
		}
		if worst > 4e-16 {
			t.Errorf("largest relative error of 2^s is %v", worst)
		}
	})
}

func TestSoftminSquares(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(8, 9))
		for _, d := range []int{1, 2, 5} {
			b := newSoftminBlock(rng, d, 10)
			SoftminSquares(&b.SoftminArgs)
			for j := range b.M {
				for i := range SoftminLanes {
					want := 0.0
					for k := range d {
						want += math.Pow(b.x[k*SoftminLanes+i]-b.y[j*d+k], 2)
					}
					if got := b.c[j*SoftminLanes+i]; math.Abs(got-want) > 1e-14*want {
						t.Fatalf("d = %d: (%d, %d) is %v, want %v", d, i, j, got, want)
					}
				}
			}
		}
	})
}

func BenchmarkSoftmin(b *testing.B) {
	for _, name := range Variants() {
		for kernel, run := range map[string]func(*SoftminArgs){"dot": SoftminDot, "distance": SoftminDistance, "costs": SoftminCosts} {
			for _, d := range []int{1, 3, 10, 50} {
				b.Run(fmt.Sprintf("%s/%s/%d", name, kernel, d), func(b *testing.B) {
					defer Use(name)()
					s := newSoftminBlock(rand.New(rand.NewPCG(1, 2)), d, 512)
					for b.Loop() {
						clear(s.sum)
						run(&s.SoftminArgs)
					}
					b.ReportMetric(float64(b.N)*512*SoftminLanes/float64(b.Elapsed().Nanoseconds()), "pairs/ns")
				})
			}
		}
	}
}
