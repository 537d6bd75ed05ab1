package simd

// Add sets dst[i] = a[i] + b[i]. All lengths must be equal; dst may be a or b.
func Add(dst, a, b []float64) {
	checkFlat(dst, a, b)
	flat(RowAdd, V, dst, a, b, nil)
	for i := len(dst) &^ 7; i < len(dst); i++ {
		dst[i] = a[i] + b[i]
	}
}

// Sub sets dst[i] = a[i] - b[i]. All lengths must be equal; dst may be a or b.
func Sub(dst, a, b []float64) {
	checkFlat(dst, a, b)
	flat(RowSub, V, dst, a, b, nil)
	for i := len(dst) &^ 7; i < len(dst); i++ {
		dst[i] = a[i] - b[i]
	}
}

// Mul sets dst[i] = a[i] * b[i]. All lengths must be equal; dst may be a or b.
func Mul(dst, a, b []float64) {
	checkFlat(dst, a, b)
	flat(RowMul, V, dst, a, b, nil)
	for i := len(dst) &^ 7; i < len(dst); i++ {
		dst[i] = a[i] * b[i]
	}
}

// Div sets dst[i] = a[i] / b[i]. All lengths must be equal; dst may be a or b.
func Div(dst, a, b []float64) {
	checkFlat(dst, a, b)
	flat(RowDiv, V, dst, a, b, nil)
	for i := len(dst) &^ 7; i < len(dst); i++ {
		dst[i] = a[i] / b[i]
	}
}

// Scale sets dst[i] = a * x[i]. The lengths must be equal; dst may be x.
func Scale(dst []float64, a float64, x []float64) {
	checkFlat(dst, x, x)
	flat(RowMul, C, dst, x, []float64{a}, nil)
	for i := len(dst) &^ 7; i < len(dst); i++ {
		dst[i] = a * x[i]
	}
}

// AddScaled sets dst[i] += a * x[i], with one rounding where the variant in use
// has a fused multiply-add. The lengths must be equal.
func AddScaled(dst []float64, a float64, x []float64) {
	checkFlat(dst, x, x)
	flat(RowFMA, C, dst, x, []float64{a}, dst)
	for i := len(dst) &^ 7; i < len(dst); i++ {
		dst[i] = mulAdd(a, x[i], dst[i])
	}
}

// Sum is the sum of x. Element i goes to partial sum i mod 32; the partial sums
// are added in a fixed tree and the last len(x) mod 8 elements one by one.
func Sum(x []float64) float64 {
	if len(x) < 8 {
		return sumTail(0, x)
	}
	n := len(x) / 8
	var s [8]float64
	flatRun(RowSum, V, &RowArgs{Dst: &s[0], A: &x[0], Rows: n, Cols: 8, SA: 8})
	return sumTail(tree(&s), x[8*n:])
}

// Dot is the inner product of a and b, which must have the same length. It adds
// in the order of Sum, with fused multiply-adds where the variant in use has them.
func Dot(a, b []float64) float64 {
	checkFlat(a, b, b)
	if len(a) < 8 {
		return dotTail(0, a, b)
	}
	n := len(a) / 8
	var s [8]float64
	flatRun(RowDot, V, &RowArgs{Dst: &s[0], A: &a[0], B: &b[0], Rows: n, Cols: 8, SA: 8, SB: 8})
	return dotTail(tree(&s), a[8*n:], b[8*n:])
}

func sumTail(s float64, x []float64) float64 {
	for _, v := range x {
		s += v
	}
	return s
}

func dotTail(s float64, a, b []float64) float64 {
	for i, v := range a {
		s = mulAdd(v, b[i], s)
	}
	return s
}

// tree adds eight numbers pairwise.
func tree(s *[8]float64) float64 {
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}

func checkFlat(dst, a, b []float64) {
	if len(a) != len(dst) || len(b) != len(dst) {
		panic("simd: operands differ in length")
	}
}

// flat runs a row kernel over the part of dst that is a multiple of 8 long. The
// operand b is of kind kb; c, where given, is a vector.
func flat(op RowOp, kb Kind, dst, a, b, c []float64) {
	n := len(dst) &^ 7
	if n == 0 {
		return
	}
	args := RowArgs{Dst: &dst[0], A: &a[0], B: &b[0], Rows: 1, Cols: n, SA: n, SB: n, SC: n}
	if kb == C {
		args.SB = 0
	}
	if c != nil {
		args.C = &c[0]
	}
	flatRun(op, kb, &args)
}
