//go:build !amd64

package simd

var pairTables = [numVariants]*pairTable{goVariant: &pairGo}
