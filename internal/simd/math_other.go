//go:build !amd64

package simd

var mathTables = [numVariants]mathTable{goVariant: portableMath}
