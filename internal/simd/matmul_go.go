package simd

import "unsafe"

// matMulGo computes two rows by eight columns at a time: wide enough that the
// row of x is loaded once for two rows of the matrix, narrow enough that the
// sums of a row stay near the core.
func matMulGo(dst, m, x *float64, rows, inner, cols, mRow, mInner int, acc bool) {
	d := unsafe.Slice(dst, rows*cols)
	v := unsafe.Slice(x, inner*cols)
	w := unsafe.Slice(m, (rows-1)*mRow+(inner-1)*mInner+1)
	for r := 0; r < rows; r += 2 {
		second := min(r+1, rows-1)
		for from := 0; from < cols; from += 8 {
			var s, t [8]float64
			if acc {
				copy(s[:], d[r*cols+from:])
				copy(t[:], d[second*cols+from:])
			}
			for l := range inner {
				a, b := w[r*mRow+l*mInner], w[second*mRow+l*mInner]
				xs := (*[8]float64)(v[l*cols+from:])
				for j := range xs {
					s[j] += float64(a * xs[j])
					t[j] += float64(b * xs[j])
				}
			}
			copy(d[second*cols+from:], t[:])
			copy(d[r*cols+from:], s[:])
		}
	}
}
