package rng

import "wgf/internal/simd"

// kernelInUse is the kernel that goes with the variant of package simd.
func kernelInUse() int {
	switch simd.Active() {
	case "avx512":
		return wideAVX512
	case "avx2":
		return wideAVX2
	}
	return portable
}

func run(kernel int, kind uint64, t *task) {
	switch {
	case kernel == wideAVX512 && kind == kindNormal:
		normalsAVX512(t)
	case kernel == wideAVX512:
		uniformsAVX512(t)
	case kernel == wideAVX2 && kind == kindNormal:
		normalsAVX2(t)
	case kernel == wideAVX2:
		uniformsAVX2(t)
	default:
		runPortable(kind, t)
	}
}
