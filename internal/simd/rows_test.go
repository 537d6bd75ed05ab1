package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// rowReference is one element of an elementwise operation, written independently
// of the kernels.
func rowReference(op RowOp, a, b, c float64) float64 {
	one := func(ok bool) float64 {
		if ok {
			return 1
		}
		return 0
	}
	switch op {
	case RowAdd:
		return a + b
	case RowSub:
		return a - b
	case RowMul:
		return a * b
	case RowDiv:
		return a / b
	case RowMax:
		if math.IsNaN(a) || math.IsNaN(b) {
			return math.NaN()
		}
		return math.Max(a, b)
	case RowMin:
		if math.IsNaN(a) || math.IsNaN(b) {
			return math.NaN()
		}
		return math.Min(a, b)
	case RowLT:
		return one(a < b)
	case RowLE:
		return one(a <= b)
	case RowEQ:
		return one(a == b)
	case RowMulZ:
		if a == 0 {
			return 0
		}
		return a * b
	case RowFMA:
		return math.FMA(a, b, c)
	case RowNegFMA:
		return math.FMA(-a, b, c)
	case RowSelect:
		if a != 0 {
			return b
		}
		return c
	case RowNeg:
		return -a
	case RowAbs:
		return math.Abs(a)
	case RowCopy:
		return a
	}
	panic("not elementwise")
}

// rowSpecials holds the values whose treatment differs between instructions.
var rowSpecials = []float64{0, math.Copysign(0, -1), 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324, math.MaxFloat64, 0.1}

func fillRandom(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		if rng.IntN(4) == 0 {
			x[i] = rowSpecials[rng.IntN(len(rowSpecials))]
		} else {
			x[i] = rng.NormFloat64()
		}
	}
	return x
}

// sameNumber reports equality of bits, any NaN being equal to any other and +0 to -0.
func sameNumber(a, b float64) bool { return a == b || a != a && b != b }

// nearReference allows the portable fused operations their second rounding.
func nearReference(op RowOp, got, want, a, b float64) bool {
	if sameNumber(got, want) {
		return true
	}
	if (op == RowFMA || op == RowNegFMA) && current() == goVariant {
		product := math.Abs(a * b)
		return math.Abs(got-want) <= 0x1p-52*(product+math.Abs(want)) || math.IsInf(product, 0)
	}
	return false
}

// rowVariants runs a test under every implementation that the machine has.
func rowVariants(t *testing.T, f func(t *testing.T)) {
	for _, name := range Variants() {
		t.Run(name, func(t *testing.T) {
			defer Use(name)()
			f(t)
		})
	}
}

// rowOperand makes one operand of a block with the stride wanted: full, or 0.
func rowOperand(rng *rand.Rand, k Kind, rows, cols int, shared bool) (x []float64, stride int) {
	count, stride := 1, 0
	if k == V {
		count = cols
	}
	if !shared {
		stride, count = count, count*max(rows, 1)
	}
	return fillRandom(rng, count), stride
}

func TestElementwise(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		for op := RowOp(0); op < numRowOps; op++ {
			if op == RowSum || op == RowDot || op == RowGather || op == RowScatterAdd {
				continue
			}
			for mix := range 8 {
				ks := [3]Kind{Kind(mix >> 2), Kind(mix >> 1 & 1), Kind(mix & 1)}
				if !Supported(op, ks[0], ks[1], ks[2]) {
					continue
				}
				kernel := RowKernel(op, ks[0], ks[1], ks[2])
				for _, cols := range []int{8, 16, 24, 32, 40, 56, 64, 72, 128, 136} {
					for _, rows := range []int{0, 1, 2, 5} {
						for shared := range 8 {
							checkElementwise(t, rng, op, kernel, ks, rows, cols, shared)
						}
					}
				}
			}
		}
	})
}

func checkElementwise(t *testing.T, rng *rand.Rand, op RowOp, kernel func(*RowArgs), ks [3]Kind, rows, cols, shared int) {
	t.Helper()
	var x [3][]float64
	var s [3]int
	for i := range x {
		x[i], s[i] = rowOperand(rng, ks[i], rows, cols, shared>>i&1 != 0)
	}
	const guard = 12345.5
	dst := make([]float64, rows*cols+8)
	for i := range dst {
		dst[i] = guard
	}
	kernel(&RowArgs{Dst: &dst[0], A: &x[0][0], B: &x[1][0], C: &x[2][0], Rows: rows, Cols: cols, SA: s[0], SB: s[1], SC: s[2]})
	at := func(i, r, j int) float64 {
		if ks[i] == C {
			j = 0
		}
		return x[i][r*s[i]+j]
	}
	for r := range rows {
		for j := range cols {
			a, b, c := at(0, r, j), at(1, r, j), at(2, r, j)
			if got, want := dst[r*cols+j], rowReference(op, a, b, c); !nearReference(op, got, want, a, b) {
				t.Fatalf("op %d kinds %v shared %03b, %d x %d, element (%d, %d): f(%v, %v, %v) = %v, want %v", op, ks, shared, rows, cols, r, j, a, b, c, got, want)
			}
		}
	}
	for _, v := range dst[rows*cols:] {
		if v != guard {
			t.Fatalf("op %d kinds %v, %d x %d: written beyond the block", op, ks, rows, cols)
		}
	}
}

// The operations and kinds that the interpreter relies on.
func TestSupported(t *testing.T) {
	var missing []string
	for _, op := range []RowOp{RowAdd, RowSub, RowMul, RowDiv, RowMax, RowMin, RowLT, RowLE, RowEQ, RowMulZ} {
		for _, k := range [][2]Kind{{V, V}, {V, C}, {C, V}} {
			if !Supported(op, k[0], k[1], C) || RowKernel(op, k[0], k[1], V) == nil {
				missing = append(missing, fmt.Sprint(op, k))
			}
		}
	}
	for mix := range 7 {
		for _, op := range []RowOp{RowFMA, RowNegFMA, RowSelect} {
			a, b, c := Kind(mix>>2), Kind(mix>>1&1), Kind(mix&1)
			if op == RowSelect && a == C {
				continue
			}
			if !Supported(op, a, b, c) {
				missing = append(missing, fmt.Sprint(op, a, b, c))
			}
		}
	}
	if missing != nil {
		t.Errorf("no kernel for %v", missing)
	}
	if Supported(RowAdd, C, C, V) || Supported(numRowOps, V, V, V) || RowKernel(RowFMA, C, C, C) != nil {
		t.Error("a kernel is offered that does not exist")
	}
}

// In place: Dst may be any one of the operands.
func TestElementwiseInPlace(t *testing.T) {
	rowVariants(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 4))
		const rows, cols = 3, 40
		for _, op := range []RowOp{RowSub, RowDiv, RowFMA, RowNegFMA, RowSelect, RowMax, RowMulZ} {
			kernel := RowKernel(op, V, V, V)
			for target := range 3 {
				var x [3][]float64
				for i := range x {
					x[i] = fillRandom(rng, rows*cols)
				}
				dst := make([]float64, rows*cols)
				args := RowArgs{Dst: &dst[0], A: &x[0][0], B: &x[1][0], C: &x[2][0], Rows: rows, Cols: cols, SA: cols, SB: cols, SC: cols}
				kernel(&args)
				args.Dst = &x[target][0]
				kernel(&args)
				for i := range dst {
					if !sameNumber(dst[i], x[target][i]) {
						t.Fatalf("op %d into operand %d, element %d: %v, want %v", op, target, i, x[target][i], dst[i])
					}
				}
			}
		}
	})
}
