package simd

import (
	"os"
	"sync/atomic"
)

// variant names one implementation of every kernel of the package. The
// per-kernel tables (mathTable and its neighbours) are arrays indexed by it.
type variant int32

const (
	goVariant variant = iota // portable Go, the only one outside amd64
	avx2                     // 256-bit vectors, AVX2 and FMA
	avx512                   // 512-bit vectors, AVX-512 F, DQ, VL and BW
	numVariants
)

// String gives the name that WGF_SIMD and Use understand.
func (v variant) String() string {
	switch v {
	case avx512:
		return "avx512"
	case avx2:
		return "avx2"
	}
	return "go"
}

// active is the variant that the kernels use. It is set once when the program
// starts; only Use, which exists for tests and benchmarks, changes it later.
var active = newActive(os.Getenv("WGF_SIMD"))

func newActive(forced string) *atomic.Int32 {
	a := new(atomic.Int32)
	a.Store(int32(choose(forced)))
	return a
}

// current returns the variant in use.
func current() variant { return variant(active.Load()) }

// choose returns the variant called name. An empty name means the widest one
// that the machine has; a name that the machine lacks, or that does not exist,
// means the portable one.
func choose(name string) variant {
	have := available()
	if name == "" {
		return have[0]
	}
	for _, v := range have {
		if v.String() == name {
			return v
		}
	}
	return goVariant
}

// Variants lists the implementations that this machine can run, widest first:
// a subset of "avx512", "avx2" and "go". The first is the default; the
// environment variable WGF_SIMD chooses another one when the program starts,
// and the portable "go" if the machine lacks what it names.
func Variants() []string {
	have := available()
	names := make([]string, len(have))
	for i, v := range have {
		names[i] = v.String()
	}
	return names
}

// Active returns the name of the implementation in use.
func Active() string { return current().String() }

// Use switches every kernel of the package to the named implementation and
// returns a function that switches back. A name that the machine lacks means
// "go", as for WGF_SIMD. It is meant for tests and benchmarks that compare the
// implementations: results of kernels that run at the same time come from
// either of the two.
func Use(name string) (restore func()) {
	before := active.Swap(int32(choose(name)))
	return func() { active.Store(before) }
}
