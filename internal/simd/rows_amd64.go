package simd

// rowTables holds the kernels of each variant.
var rowTables = [numVariants]*rowTable{goVariant: &rowsGo, avx2: &rowsAVX2, avx512: &rowsAVX512}

func rowTableInUse() *rowTable { return rowTables[current()] }

func matMul(dst, m, x *float64, rows, inner, cols, mRow, mInner int, acc bool) {
	switch current() {
	case avx512:
		matMulAVX512(dst, m, x, rows, inner, cols, mRow, mInner, acc)
	case avx2:
		matMulAVX2(dst, m, x, rows, inner, cols, mRow, mInner, acc)
	default:
		matMulGo(dst, m, x, rows, inner, cols, mRow, mInner, acc)
	}
}

// flatRun runs a kernel of the flat helpers by a direct call, as flatRunGo does.
func flatRun(op RowOp, kb Kind, p *RowArgs) {
	switch current() {
	case avx512:
		flatRunAVX512(op, kb, p)
	case avx2:
		flatRunAVX2(op, kb, p)
	default:
		flatRunGo(op, kb, p)
	}
}

func flatRunAVX512(op RowOp, kb Kind, p *RowArgs) {
	switch {
	case op == RowAdd:
		rowAddVVAVX512(p)
	case op == RowSub:
		rowSubVVAVX512(p)
	case op == RowDiv:
		rowDivVVAVX512(p)
	case op == RowMul && kb == V:
		rowMulVVAVX512(p)
	case op == RowMul:
		rowMulVCAVX512(p)
	case op == RowFMA:
		rowFMAVCVAVX512(p)
	case op == RowSum:
		rowSumVAVX512(p)
	case op == RowDot:
		rowDotVVAVX512(p)
	default:
		panic("simd: no flat kernel")
	}
}

func flatRunAVX2(op RowOp, kb Kind, p *RowArgs) {
	switch {
	case op == RowAdd:
		rowAddVVAVX2(p)
	case op == RowSub:
		rowSubVVAVX2(p)
	case op == RowDiv:
		rowDivVVAVX2(p)
	case op == RowMul && kb == V:
		rowMulVVAVX2(p)
	case op == RowMul:
		rowMulVCAVX2(p)
	case op == RowFMA:
		rowFMAVCVAVX2(p)
	case op == RowSum:
		rowSumVAVX2(p)
	case op == RowDot:
		rowDotVVAVX2(p)
	default:
		panic("simd: no flat kernel")
	}
}
