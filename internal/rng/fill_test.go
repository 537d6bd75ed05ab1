package rng

import (
	"math"
	"testing"

	"wgf/internal/simd"
)

// eachVariant runs a test under every implementation that the machine has.
func eachVariant(t *testing.T, f func(t *testing.T)) {
	for _, name := range simd.Variants() {
		t.Run(name, func(t *testing.T) {
			defer simd.Use(name)()
			f(t)
		})
	}
}

type filler func(k Key, dst []float64, d, n, first int, step uint64)

var fillers = map[string]filler{"Uniforms": Key.Uniforms, "Normals": Key.Normals}

// A number depends on seed, purpose, particle, step and coordinate, and not on
// how the particles are cut into blocks or how many coordinates are asked for.
func TestBlocking(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		for name, fill := range fillers {
			const d, n, first, step = 7, 45, 1000, 9
			k := New(42, Sample)
			whole := make([]float64, d*n)
			fill(k, whole, d, n, first, step)
			for _, size := range []int{1, 2, 3, 4, 5, 8, 13, 16, 44} {
				for _, dims := range []int{1, 2, 3, 4, 5, 6, 7} {
					for from := 0; from < n; from += size {
						m := min(size, n-from)
						const guard = -77
						part := make([]float64, dims*m+3)
						for i := range part {
							part[i] = guard
						}
						fill(k, part[:dims*m], dims, m, first+from, step)
						for c := range dims {
							for i := range m {
								if part[c*m+i] != whole[c*n+from+i] {
									t.Fatalf("%s: blocks of %d, %d coordinates: coordinate %d of particle %d is %v, want %v", name, size, dims, c, from+i, part[c*m+i], whole[c*n+from+i])
								}
							}
						}
						for _, v := range part[dims*m:] {
							if v != guard {
								t.Fatalf("%s: blocks of %d, %d coordinates: written beyond the block", name, size, dims)
							}
						}
					}
				}
			}
		}
	})
}

// A change of any part of the key or the counter changes the numbers.
func TestEveryPartCounts(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		for name, fill := range fillers {
			seen := map[float64]string{}
			record := func(label string, k Key, first int, step uint64) {
				x := make([]float64, 5*3)
				fill(k, x, 5, 3, first, step)
				for _, v := range x {
					if other, ok := seen[v]; ok {
						t.Errorf("%s: %v occurs in %s and in %s", name, v, label, other)
					}
					seen[v] = label
				}
			}
			record("base", New(1, Sample), 0, 0)
			record("seed", New(2, Sample), 0, 0)
			record("high seed", New(1<<63+1, Sample), 0, 0)
			record("purpose", New(1, Burn), 0, 0)
			record("user purpose", New(1, FirstUser), 0, 0)
			record("particle", New(1, Sample), 3, 0)
			record("high particle", New(1, Sample), 1<<40, 0)
			record("step", New(1, Sample), 0, 1)
			record("high step", New(1, Sample), 0, 1<<63)
		}
	})
}

// Uniforms are the same bits in every variant, Normals the same to a few units
// in the last place.
func TestVariantsAgree(t *testing.T) {
	const d, n = 6, 4001
	k := New(7, Test)
	var uniforms, normals []float64
	restore := simd.Use("go")
	uniforms, normals = make([]float64, d*n), make([]float64, d*n)
	k.Uniforms(uniforms, d, n, 5, 3)
	k.Normals(normals, d, n, 5, 3)
	restore()
	eachVariant(t, func(t *testing.T) {
		x := make([]float64, d*n)
		k.Uniforms(x, d, n, 5, 3)
		for i, v := range x {
			if v != uniforms[i] || v <= 0 || v >= 1 {
				t.Fatalf("uniform %d is %v, want %v", i, v, uniforms[i])
			}
		}
		k.Normals(x, d, n, 5, 3)
		for i, v := range x {
			if math.Abs(v-normals[i]) > 1.5e-15*math.Abs(v) {
				t.Fatalf("normal %d is %v, want %v", i, v, normals[i])
			}
		}
	})
}

func TestUniformEnds(t *testing.T) {
	for _, c := range []struct {
		w    uint64
		want float64
	}{{0, 0x1p-53}, {math.MaxUint64, 1 - 0x1p-53}, {1 << 63, 0.5 + 0x1p-53}} {
		if got := uniform(c.w); got != c.want {
			t.Errorf("uniform(%x) = %v, want %v", c.w, got, c.want)
		}
	}
}

// The transform against the functions of the standard library, over both words'
// ranges; the ends of the first word are the largest radius and none.
func TestNormalPair(t *testing.T) {
	s := New(3, Test).Source(0, 0)
	for i := range 20000 {
		w0, w1 := s.Uint64(), s.Uint64()
		switch i % 4 {
		case 1:
			w0 >>= s.Uint64() % 64 // small u: the tail
		case 2:
			w0 |= ^uint64(0) << (s.Uint64() % 64) // u close to 1
		}
		u := float64(w0|1) * 0x1p-64
		angle := math.Pi / 2 * (float64(w1>>12)*0x1p-52 - 0.5)
		sin, cos := math.Sincos(angle)
		if w1&1 != 0 {
			sin, cos = cos, sin
		}
		r := math.Sqrt(-2 * math.Log(u))
		if w1&2 != 0 {
			r = -r
		}
		x, y := normalPair(w0, w1)
		if math.Abs(x-r*cos) > 1.5e-15*math.Abs(x) || math.Abs(y-r*sin) > 1.5e-15*math.Abs(y) {
			t.Fatalf("normalPair(%x, %x) = %v, %v, want %v, %v", w0, w1, x, y, r*cos, r*sin)
		}
	}
	// In the middle of a quarter the angle is 0: x is the radius, y is 0.
	if x, y := normalPair(0, 1<<63); math.Abs(x-math.Sqrt(128*math.Ln2)) > 2e-15 || y != 0 {
		t.Errorf("largest radius: %v, %v", x, y)
	}
	if x, y := normalPair(math.MaxUint64, 1<<63); x != 0 || y != 0 {
		t.Errorf("no radius: %v, %v", x, y)
	}
}

func TestSource(t *testing.T) {
	k := New(11, Generated)
	s := k.Source(4, 5)
	schedule := k.schedule()
	for block := range uint64(3) {
		for i, want := range schedule.encrypt([4]uint64{4, 5, block, kindSource}) {
			if got := s.Uint64(); got != want {
				t.Errorf("word %d of block %d is %x, want %x", i, block, got, want)
			}
		}
	}
}

func TestEmpty(t *testing.T) {
	k := New(1, Test)
	k.Normals(nil, 0, 10, 0, 0)
	k.Uniforms(nil, 10, 0, 0, 0)
}

func TestNoAllocation(t *testing.T) {
	k, dst := New(1, Test), make([]float64, 5*100)
	if n := testing.AllocsPerRun(20, func() { k.Normals(dst, 5, 100, 0, 0) }); n != 0 {
		t.Errorf("Normals allocates %v times", n)
	}
}

func BenchmarkFill(b *testing.B) {
	for _, name := range simd.Variants() {
		for _, s := range []struct {
			label string
			fill  filler
			d, n  int
		}{
			{"Normals/10x64", Key.Normals, 10, 64}, {"Normals/8x1024", Key.Normals, 8, 1024}, {"Normals/2x64", Key.Normals, 2, 64},
			{"Normals/10x1", Key.Normals, 10, 1}, {"Uniforms/8x1024", Key.Uniforms, 8, 1024},
		} {
			b.Run(name+"/"+s.label, func(b *testing.B) {
				defer simd.Use(name)()
				k, dst := New(1, Test), make([]float64, s.d*s.n)
				b.ResetTimer()
				for i := range b.N {
					s.fill(k, dst, s.d, s.n, 0, uint64(i))
				}
				b.ReportMetric(float64(len(dst))*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "numbers/ns")
			})
		}
	}
}
