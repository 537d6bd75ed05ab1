package simd

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Every element is one chain of multiply-adds in the order of the inner index,
// bit for bit, whatever the shape, the strides and the column.
func TestMatMul(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(9, 10))
		for _, cols := range []int{8, 16, 24, 32, 40, 56, 64, 128, 136} {
			for rows := 1; rows <= 17; rows++ {
				for _, inner := range []int{0, 1, 2, 3, 8, 25} {
					checkMatMul(t, rng, rows, inner, cols)
				}
			}
		}
		checkMatMul(t, rng, 101, 7, 8)
		checkMatMul(t, rng, 3, 1001, 24)
	})
}

func checkMatMul(t *testing.T, rng *rand.Rand, rows, inner, cols int) {
	t.Helper()
	for _, transposed := range []bool{false, true} {
		mRow, mInner := inner+1, 1
		if transposed {
			mRow, mInner = 1, rows+2
		}
		m := fillRandom(rng, (rows+2)*(inner+2))
		x := fillRandom(rng, inner*cols)
		for _, acc := range []bool{false, true} {
			dst := fillRandom(rng, rows*cols+8)
			old := append([]float64(nil), dst...)
			MatMul(dst, m, x, rows, inner, cols, mRow, mInner, acc)
			for r := range rows {
				for j := range cols {
					want := 0.0
					if acc {
						want = old[r*cols+j]
					}
					for l := range inner {
						want = multiplyAdd(m[r*mRow+l*mInner], x[l*cols+j], want)
					}
					if got := dst[r*cols+j]; !sameNumber(got, want) {
						t.Fatalf("%d x %d x %d, transposed %v, acc %v: element (%d, %d) is %v, want %v", rows, inner, cols, transposed, acc, r, j, got, want)
					}
				}
			}
			for i := rows * cols; i < len(dst); i++ {
				if !sameNumber(dst[i], old[i]) {
					t.Fatalf("%d x %d x %d: written beyond the product", rows, inner, cols)
				}
			}
		}
	}
}

func TestMatMulPanics(t *testing.T) {
	x := make([]float64, 64)
	for name, f := range map[string]func(){
		"columns":        func() { MatMul(x, x, x, 2, 2, 7, 2, 1, false) },
		"short product":  func() { MatMul(x[:8:8], x, x, 2, 2, 8, 2, 1, false) },
		"short matrix":   func() { MatMul(x, x[:3:3], x, 2, 2, 8, 2, 1, false) },
		"short operand":  func() { MatMul(x, x, x[:8:8], 2, 2, 8, 2, 1, false) },
		"negative jumps": func() { MatMul(x, x, x, 2, 2, 8, -2, 1, false) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

func BenchmarkMatMul(b *testing.B) {
	for _, name := range Variants() {
		for _, s := range []struct{ rows, inner, cols int }{
			{3, 3, 64}, {8, 8, 64}, {25, 25, 64},
			{1000, 25, 8}, {1000, 25, 16}, {1000, 25, 64}, {5000, 24, 16},
			{25, 1000, 8}, {25, 1000, 16}, {25, 1000, 64}, {24, 5000, 16}, {100, 100, 64}, {200, 5, 128},
		} {
			for _, transposed := range []bool{false, true} {
				mRow, mInner, label := s.inner, 1, ""
				if transposed {
					mRow, mInner, label = 1, s.rows, "T"
				}
				b.Run(fmt.Sprintf("%s/%dx%dx%d%s", name, s.rows, s.inner, s.cols, label), func(b *testing.B) {
					defer Use(name)()
					m := make([]float64, s.rows*s.inner)
					x := make([]float64, s.inner*s.cols)
					dst := make([]float64, s.rows*s.cols)
					b.ResetTimer()
					for range b.N {
						MatMul(dst, m, x, s.rows, s.inner, s.cols, mRow, mInner, false)
					}
					b.ReportMetric(2*float64(s.rows*s.inner*s.cols)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
				})
			}
		}
	}
}
