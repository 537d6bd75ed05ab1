package simd

// RowArgs are the operands of a row kernel. A block holds Rows vectors of Cols
// numbers one after the other; the kernels work on the columns independently,
// so a result never depends on Cols or on the column that it stands in.
//
// Cols must be a multiple of 8; the kernels do not check it. Dst rows are
// always contiguous. Dst may be exactly one of the operands (same address, same
// stride); any other overlap is not allowed.
//
// An operand of kind V is a vector a row: its stride is Cols, or 0 when one
// vector serves all rows. An operand of kind C is one number a row: its stride
// is 1, or 0 when one number serves all rows.
//
// The assembly kernels read this struct by offset; rows_layout_test.go holds
// the offsets.
type RowArgs struct {
	Dst, A, B, C *float64
	Rows, Cols   int
	SA, SB, SC   int    // row strides of A, B, C in elements
	Idx          *int32 // row indices of RowGather and RowScatterAdd
}

// Kind says what an operand of a row kernel holds for one row.
type Kind uint8

// The kinds of operands.
const (
	V Kind = iota // a vector of Cols numbers
	C             // one number, broadcast over the columns
)

// RowOp names a row kernel.
type RowOp uint8

// The row operations. "Mixed" means any combination of V and C with at least
// one V among the operands that the operation reads.
const (
	RowAdd    RowOp = iota // A + B, mixed
	RowSub                 // A - B, mixed
	RowMul                 // A * B, mixed
	RowDiv                 // A / B, mixed
	RowMax                 // A if A > B or A is NaN, else B: NaN if either is; mixed
	RowMin                 // A if A < B or A is NaN, else B: NaN if either is; mixed
	RowLT                  // 1 if A < B, else 0; mixed
	RowLE                  // 1 if A <= B, else 0; mixed
	RowEQ                  // 1 if A == B, else 0; mixed
	RowMulZ                // 0 if A == 0, else A * B, whatever B is (also Inf and NaN); mixed
	RowFMA                 // A*B + C, mixed; one rounding where the machine has the instruction
	RowNegFMA              // C - A*B, mixed; as RowFMA
	RowSelect              // B if A != 0 (NaN counts as such), else C; A is V, B and C any
	RowNeg                 // -A, V
	RowAbs                 // |A|, V
	RowCopy                // A, V or C

	// RowSum and RowDot reduce over the rows into the one row Dst, beginning at
	// the row C, or at 0 where C is nil; Dst may be C. Row r goes to partial sum
	// r mod 4 and the four are added pairwise, in every variant.
	RowSum // C + sum_r A_r, A is V
	RowDot // C + sum_r A_r B_r, A is V, B any

	RowGather     // Dst row r = A row Idx[r], A is V with SA = Cols
	RowScatterAdd // Dst row Idx[r] += A row r in the order of r, A is V

	numRowOps
)

// kinds packs the kinds of three operands into a table index.
func kinds(a, b, c Kind) int { return int(a)<<2 | int(b)<<1 | int(c) }

// operands is the number of operands whose kind distinguishes the kernels of op.
func (op RowOp) operands() int {
	switch op {
	case RowFMA, RowNegFMA, RowSelect:
		return 3
	case RowNeg, RowAbs, RowCopy, RowSum, RowGather, RowScatterAdd:
		return 1
	}
	return 2
}

// rowTable holds the kernels of one variant, by operation and packed kinds.
type rowTable [numRowOps][8]func(*RowArgs)

// Supported reports whether op has a kernel for operands of the given kinds.
// Kinds of operands that op does not read (C for RowAdd and the start row C of
// a reduction included) are ignored.
func Supported(op RowOp, a, b, c Kind) bool { return rowLookup(&rowsGo, op, a, b, c) != nil }

// RowKernel returns the kernel of the variant in use, or nil where Supported
// says false. The pointer may be kept: it is valid for ever, and stays with the
// variant that was in use when it was asked for.
func RowKernel(op RowOp, a, b, c Kind) func(*RowArgs) {
	return rowLookup(rowTableInUse(), op, a, b, c)
}

func rowLookup(t *rowTable, op RowOp, a, b, c Kind) func(*RowArgs) {
	if op >= numRowOps {
		return nil
	}
	switch op.operands() {
	case 1:
		b, c = V, V
	case 2:
		c = V
	}
	return t[op][kinds(a, b, c)]
}
