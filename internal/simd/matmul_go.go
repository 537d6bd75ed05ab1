package simd

import "unsafe"

// matMulGo computes tiles of two rows by four columns, whose eight sums stay in
// registers over the inner dimension.
func matMulGo(dst, m, x *float64, rows, inner, cols, mRow, mInner int, acc bool) {
	d := unsafe.Slice(dst, rows*cols)
	v := unsafe.Slice(x, inner*cols)
	w := unsafe.Slice(m, (rows-1)*mRow+(inner-1)*mInner+1)
	r := 0
	for ; r+2 <= rows; r += 2 {
		for from := 0; from < cols; from += 4 {
			upper, lower := (*[4]float64)(d[r*cols+from:]), (*[4]float64)(d[(r+1)*cols+from:])
			var s0, s1, s2, s3, t0, t1, t2, t3 float64
			if acc {
				s0, s1, s2, s3 = upper[0], upper[1], upper[2], upper[3]
				t0, t1, t2, t3 = lower[0], lower[1], lower[2], lower[3]
			}
			at, below, column := r*mRow, (r+1)*mRow, from
			for range inner {
				a, b, y := w[at], w[below], (*[4]float64)(v[column:])
				s0 += float64(a * y[0])
				t0 += float64(b * y[0])
				s1 += float64(a * y[1])
				t1 += float64(b * y[1])
				s2 += float64(a * y[2])
				t2 += float64(b * y[2])
				s3 += float64(a * y[3])
				t3 += float64(b * y[3])
				at, below, column = at+mInner, below+mInner, column+cols
			}
			*upper = [4]float64{s0, s1, s2, s3}
			*lower = [4]float64{t0, t1, t2, t3}
		}
	}
	if r == rows {
		return
	}
	for from := 0; from < cols; from += 4 {
		last := (*[4]float64)(d[r*cols+from:])
		var s [4]float64
		if acc {
			s = *last
		}
		at, column := r*mRow, from
		for range inner {
			a, y := w[at], (*[4]float64)(v[column:])
			s[0] += float64(a * y[0])
			s[1] += float64(a * y[1])
			s[2] += float64(a * y[2])
			s[3] += float64(a * y[3])
			at, column = at+mInner, column+cols
		}
		*last = s
	}
}
