package simd

import "math"

// flatRunGo runs the kernels that the flat helpers need, by direct calls, so
// that their arguments stay on the stack.
func flatRunGo(op RowOp, kb Kind, p *RowArgs) {
	switch {
	case op == RowAdd:
		rowAddVVGo(p)
	case op == RowSub:
		rowSubVVGo(p)
	case op == RowDiv:
		rowDivVVGo(p)
	case op == RowMul && kb == V:
		rowMulVVGo(p)
	case op == RowMul:
		rowMulVCGo(p)
	case op == RowFMA:
		rowFMAVCVGo(p)
	case op == RowSum:
		rowSumVGo(p)
	case op == RowDot:
		rowDotVVGo(p)
	default:
		panic("simd: no flat kernel")
	}
}

// mulAdd is a*b + c with the rounding of the variant in use.
func mulAdd(a, b, c float64) float64 {
	if current() == goVariant {
		return float64(a*b) + c
	}
	return math.FMA(a, b, c)
}
