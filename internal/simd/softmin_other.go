//go:build !amd64

package simd

var softminTables = [numVariants]*softminTable{goVariant: &softminGo}
