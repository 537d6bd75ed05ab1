// Package simd holds the vector kernels that the rest of the module spends its
// time in: elementary and gamma functions over slices, arithmetic over rows of
// particles, and small matrix products.
//
// Every kernel exists in up to three variants: AVX-512, AVX2 with FMA, both as
// generated assembly, and portable Go. The widest one that the machine has is
// detected when the program starts; the environment variable WGF_SIMD (avx512,
// avx2 or go) forces one.
//
// Within a variant the result for an element depends on that element alone,
// never on its position, on the length of the slice or on its neighbours, so
// that work may be cut into blocks freely. Variants agree with each other to
// the error bounds stated at each function, not to the bit.
//
// The assembly is written by the programs in the nested modules below gen; its
// output (zz_*) is kept beside the code, so that a plain go build needs no
// generator.
package simd
