package rng

import (
	"testing"
	"unsafe"
)

// The assembly reads task by these offsets; after a change of the struct the
// generator in gen must be run again.
func TestTaskLayout(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 8 {
		t.Skip("no assembly kernels on a 32-bit machine")
	}
	var p task
	got := [6]uintptr{
		unsafe.Offsetof(p.dst), unsafe.Offsetof(p.stride), unsafe.Offsetof(p.count),
		unsafe.Offsetof(p.width), unsafe.Offsetof(p.counter), unsafe.Offsetof(p.schedule),
	}
	if want := [6]uintptr{0, 8, 16, 24, 32, 64}; got != want {
		t.Errorf("offsets of task are %v, want %v", got, want)
	}
}
