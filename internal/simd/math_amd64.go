package simd

//go:generate sh -c "cd gen/math && go run . -out ../../zz_math_amd64.s -stubs ../../zz_math_stub_amd64.go -pkg simd"

var mathTables = [numVariants]mathTable{
	goVariant: portableMath,
	avx2: {
		exp:      blocks(expAVX2),
		log:      blocks(logAVX2),
		log1p:    blocks(log1pAVX2),
		expm1:    blocks(expm1AVX2),
		log1pExp: blocks(log1pExpAVX2),
		invLogit: blocks(invLogitAVX2),
		tanh:     blocks(tanhAVX2),
		lgamma:   nonNegatives(lgammaAVX2, 4, lgamma),
		digamma:  nonNegatives(digammaAVX2, 4, digamma),
		sqrt:     blocks(sqrtAVX2),
	},
	avx512: {
		exp:      blocks(expAVX512),
		log:      blocks(logAVX512),
		log1p:    blocks(log1pAVX512),
		expm1:    blocks(expm1AVX512),
		log1pExp: blocks(log1pExpAVX512),
		invLogit: blocks(invLogitAVX512),
		tanh:     blocks(tanhAVX512),
		lgamma:   nonNegatives(lgammaAVX512, 8, lgamma),
		digamma:  nonNegatives(digammaAVX512, 8, digamma),
		sqrt:     blocks(sqrtAVX512),
	},
}

// mathBlock bounds the length of one call of a kernel: the scheduler and the
// garbage collector cannot interrupt assembly.
const mathBlock = 1 << 13

// blocks makes a kernel for short slices one for slices of any length.
func blocks(kernel func(dst, x *float64, n int)) func(dst, x []float64) {
	return func(dst, x []float64) {
		for len(x) > 0 {
			n := min(len(x), mathBlock)
			kernel(&dst[0], &x[0], n)
			dst, x = dst[n:], x[n:]
		}
	}
}

// nonNegatives completes a kernel that stops before the first vector with a
// negative number: in such a vector of the given width, scalar serves the
// negative numbers, and the kernel, one by one, the others.
func nonNegatives(kernel func(dst, x *float64, n int) int, width int, scalar func(float64) float64) func(dst, x []float64) {
	return func(dst, x []float64) {
		for len(x) > 0 {
			n := kernel(&dst[0], &x[0], min(len(x), mathBlock))
			dst, x = dst[n:], x[n:]
			if n > 0 {
				continue
			}
			n = min(len(x), width)
			for i, v := range x[:n] {
				if v < 0 {
					dst[i] = scalar(v)
				} else {
					kernel(&dst[i], &x[i], 1)
				}
			}
			dst, x = dst[n:], x[n:]
		}
	}
}
