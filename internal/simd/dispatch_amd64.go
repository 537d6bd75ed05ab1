package simd

import "golang.org/x/sys/cpu"

// available lists the variants that processor and operating system support,
// widest first.
func available() []variant {
	x := &cpu.X86
	var have []variant
	if x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512VL && x.HasAVX512BW {
		have = append(have, avx512)
	}
	if x.HasAVX2 && x.HasFMA {
		have = append(have, avx2)
	}
	return append(have, goVariant)
}
