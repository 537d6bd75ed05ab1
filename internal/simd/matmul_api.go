package simd

// MatMul multiplies a matrix with a block of column vectors:
//
//	dst[r*cols+j] = sum_l m[r*mRow+l*mInner] * x[l*cols+j]     (+ dst[r*cols+j] if acc)
//
// for r < rows, l < inner, j < cols. The matrix is given by its two strides:
// (k, 1) for a row-major matrix with k columns, (1, k) for its transpose. cols
// must be a multiple of 8. dst must not overlap m or x.
//
// Every element is one chain in the order of l, begun at 0 or, with acc, at its
// old value; it does not depend on cols or on the column. The cost is
// 2 rows inner cols floating-point operations.
//
// MatMul panics if a slice is too short for the shape.
func MatMul(dst, m, x []float64, rows, inner, cols, mRow, mInner int, acc bool) {
	if rows <= 0 || cols <= 0 {
		return
	}
	if cols%8 != 0 {
		panic("simd: MatMul: the number of columns is not a multiple of 8")
	}
	if mRow < 0 || mInner < 0 {
		panic("simd: MatMul: negative stride")
	}
	dst = dst[:rows*cols]
	if inner <= 0 {
		if !acc {
			clear(dst)
		}
		return
	}
	m = m[:(rows-1)*mRow+(inner-1)*mInner+1]
	x = x[:inner*cols]
	for from := 0; from < inner; from += innerBlock {
		matMul(&dst[0], &m[from*mInner], &x[from*cols], rows, min(innerBlock, inner-from), cols, mRow, mInner, acc || from > 0)
	}
}

// innerBlock is the length of the inner dimension that the kernels are given at
// a time, so that a long product M^T a finds x and m in the near caches for every
// tile. The chains continue from dst: the blocks leave no trace in the result.
const innerBlock = 256
