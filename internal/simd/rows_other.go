//go:build !amd64

package simd

func rowTableInUse() *rowTable { return &rowsGo }

func flatRun(op RowOp, kb Kind, p *RowArgs) { flatRunGo(op, kb, p) }

func matMul(dst, m, x *float64, rows, inner, cols, mRow, mInner int, acc bool) {
	matMulGo(dst, m, x, rows, inner, cols, mRow, mInner, acc)
}
