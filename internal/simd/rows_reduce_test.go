package simd

import (
	"math"
	"math/rand/v2"
	"testing"
)

// multiplyAdd has the rounding of the variant in use.
func multiplyAdd(a, b, c float64) float64 {
	if current() == goVariant {
		return float64(a*b) + c
	}
	return math.FMA(a, b, c)
}

// Reductions are bit for bit the four partial sums that the contract states.
func TestReductions(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(5, 6))
		for _, cols := range []int{8, 16, 24, 32, 48, 72, 136} {
			for _, rows := range []int{0, 1, 2, 3, 4, 5, 7, 8, 33} {
				for shared := range 4 {
					for _, kindB := range []Kind{V, C} {
						for _, start := range []bool{false, true} {
							checkReduction(t, rng, RowSum, kindB, rows, cols, shared, start)
							checkReduction(t, rng, RowDot, kindB, rows, cols, shared, start)
						}
					}
				}
			}
		}
	})
}

func checkReduction(t *testing.T, rng *rand.Rand, op RowOp, kindB Kind, rows, cols, shared int, start bool) {
	t.Helper()
	a, sa := rowOperand(rng, V, rows, cols, shared&1 != 0)
	b, sb := rowOperand(rng, kindB, rows, cols, shared&2 != 0)
	dst := fillRandom(rng, cols)
	first := make([]float64, cols)
	args := RowArgs{Dst: &dst[0], A: &a[0], B: &b[0], Rows: rows, Cols: cols, SA: sa, SB: sb}
	if start {
		copy(first, dst)
		args.C = &dst[0]
	}
	RowKernel(op, V, kindB, V)(&args)
	for j := range cols {
		s := [4]float64{first[j]}
		for r := range rows {
			x, y := a[r*sa+j], 1.0
			if op == RowDot && kindB == V {
				y = b[r*sb+j]
			} else if op == RowDot {
				y = b[r*sb]
			}
			s[r%4] = multiplyAdd(x, y, s[r%4])
		}
		if want := (s[0] + s[1]) + (s[2] + s[3]); !sameNumber(dst[j], want) {
			t.Fatalf("op %d kind of B %d, %d x %d, start %v: column %d is %v, want %v", op, kindB, rows, cols, start, j, dst[j], want)
		}
	}
}

func TestGatherScatter(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(7, 8))
		const groups = 5
		for _, cols := range []int{8, 24, 64, 136} {
			for _, rows := range []int{0, 1, 2, 9} {
				idx := make([]int32, rows+1)
				for i := range idx {
					idx[i] = int32(rng.IntN(groups))
				}
				table := fillRandom(rng, groups*cols)
				got := make([]float64, (rows+1)*cols)
				RowKernel(RowGather, V, V, V)(&RowArgs{Dst: &got[0], A: &table[0], Rows: rows, Cols: cols, SA: cols, Idx: &idx[0]})
				for i, v := range got[:rows*cols] {
					if want := table[int(idx[i/cols])*cols+i%cols]; !sameNumber(v, want) {
						t.Fatalf("gather %d x %d: element %d is %v, want %v", rows, cols, i, v, want)
					}
				}
				for _, v := range got[rows*cols:] {
					if v != 0 {
						t.Fatalf("gather %d x %d: written beyond the block", rows, cols)
					}
				}
				for _, stride := range []int{cols, 0} {
					a := fillRandom(rng, (rows+1)*cols)
					sums := fillRandom(rng, groups*cols)
					want := append([]float64(nil), sums...)
					for r := range rows {
						for j := range cols {
							want[int(idx[r])*cols+j] += a[r*stride+j]
						}
					}
					RowKernel(RowScatterAdd, V, V, V)(&RowArgs{Dst: &sums[0], A: &a[0], Rows: rows, Cols: cols, SA: stride, Idx: &idx[0]})
					for i := range want {
						if !sameNumber(sums[i], want[i]) {
							t.Fatalf("scatter %d x %d: element %d is %v, want %v", rows, cols, i, sums[i], want[i])
						}
					}
				}
			}
		}
	})
}

func benchmarkRow(b *testing.B, op RowOp, ka, kb, kc Kind, rows, cols int) {
	x := make([]float64, 4*rows*cols+rows+8)
	for i := range x {
		x[i] = 1 + float64(i%7)/8
	}
	idx := make([]int32, rows)
	for i := range idx {
		idx[i] = int32(i % 8)
	}
	stride := func(k Kind) int {
		if k == V {
			return cols
		}
		return 1
	}
	block := rows * cols
	args := RowArgs{Dst: &x[0], A: &x[block], B: &x[2*block], C: &x[3*block], Rows: rows, Cols: cols, SA: stride(ka), SB: stride(kb), SC: stride(kc), Idx: &idx[0]}
	if op == RowSum || op == RowDot {
		args.C = nil
	}
	kernel := RowKernel(op, ka, kb, kc)
	b.ResetTimer()
	for range b.N {
		kernel(&args)
	}
	b.ReportMetric(float64(block)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "elements/ns")
}

func BenchmarkRows(b *testing.B) {
	for _, name := range Variants() {
		for _, c := range []struct {
			name       string
			op         RowOp
			ka, kb, kc Kind
			rows, cols int
		}{
			{"AddVV/1x64", RowAdd, V, V, V, 1, 64},
			{"AddVV/1x128", RowAdd, V, V, V, 1, 128},
			{"AddVV/8x64", RowAdd, V, V, V, 8, 64},
			{"FMAVCV/8x64", RowFMA, V, C, V, 8, 64},
			{"MulZVV/8x64", RowMulZ, V, V, V, 8, 64},
			{"SelectVVV/4x64", RowSelect, V, V, V, 4, 64},
			{"DivVV/8x64", RowDiv, V, V, V, 8, 64},
			{"AddVV/25x64", RowAdd, V, V, V, 25, 64},
			{"FMAVCV/25x64", RowFMA, V, C, V, 25, 64},
			{"FMAVCV/200x8", RowFMA, V, C, V, 200, 8},
			{"SumV/25x64", RowSum, V, V, V, 25, 64},
			{"SumV/1000x8", RowSum, V, V, V, 1000, 8},
			{"DotVV/200x64", RowDot, V, V, V, 200, 64},
			{"DotVC/1000x16", RowDot, V, C, V, 1000, 16},
			{"Gather/200x64", RowGather, V, V, V, 200, 64},
			{"Scatter/200x64", RowScatterAdd, V, V, V, 200, 64},
		} {
			b.Run(name+"/"+c.name, func(b *testing.B) {
				defer Use(name)()
				benchmarkRow(b, c.op, c.ka, c.kb, c.kc, c.rows, c.cols)
			})
		}
	}
}
