//go:build !amd64

package simd

// available lists the variants of this machine: the portable one only.
func available() []variant { return []variant{goVariant} }
