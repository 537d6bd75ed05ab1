package simd

import (
	"testing"
	"unsafe"
)

// The assembly reads RowArgs by these offsets; after a change of the struct the
// generator in gen/rows must be run again.
func TestRowArgsLayout(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 8 {
		t.Skip("no assembly kernels on a 32-bit machine")
	}
	var p RowArgs
	got := [10]uintptr{
		unsafe.Offsetof(p.Dst), unsafe.Offsetof(p.A), unsafe.Offsetof(p.B), unsafe.Offsetof(p.C),
		unsafe.Offsetof(p.Rows), unsafe.Offsetof(p.Cols),
		unsafe.Offsetof(p.SA), unsafe.Offsetof(p.SB), unsafe.Offsetof(p.SC), unsafe.Offsetof(p.Idx),
	}
	if want := [10]uintptr{0, 8, 16, 24, 32, 40, 48, 56, 64, 72}; got != want {
		t.Errorf("offsets of RowArgs are %v, want %v", got, want)
	}
}
