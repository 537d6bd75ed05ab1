package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is a vector instruction set with its way to compute 2^s.
type isa interface {
	suffix() string // of the names of the kernels
	bytes() int     // of one vector
	registers() int // of vectors
	width() int     // vectors of targets that are worked on at a time
	vector(c *build.Context) reg.VecVirtual
	// constants loads or defines what exp2 needs; once a file, then once a function.
	define(f *file)
	constants(f *file)
	// exp2 replaces s by a number of at least -1020, where the set needs it, and
	// returns 2^s.
	exp2(f *file, s reg.VecVirtual) reg.VecVirtual
}

// avx512 takes 2^s = 2^n T(f) (1 + r q(r)): adding 1.5 2^48 rounds s to a
// multiple of 1/16, whose four fractional bits at the low end of the sum select
// T from two registers; the scaling saturates at both ends.
type avx512 struct {
	shiftAt, tableAt operand.Mem
	qAt              []operand.Mem
	shift            reg.VecVirtual
	table            [2]reg.VecVirtual
	q                []reg.VecVirtual
}

func (*avx512) suffix() string                         { return "AVX512" }
func (*avx512) bytes() int                             { return 64 }
func (*avx512) registers() int                         { return 32 }
func (*avx512) width() int                             { return 4 }
func (*avx512) vector(c *build.Context) reg.VecVirtual { return c.ZMM() }

func (a *avx512) define(f *file) {
	a.shiftAt = f.number("softminShift", 3<<47)
	bits := make([]uint64, 16)
	for i, v := range exp2Table {
		bits[i] = math.Float64bits(v)
	}
	a.tableAt = f.table("softminTable", bits)
	for i, v := range exp2Short {
		a.qAt = append(a.qAt, f.number("softminQ"+string(rune('0'+i)), v))
	}
}

func (a *avx512) constants(f *file) {
	a.shift = f.ZMM()
	f.VMOVUPD(a.shiftAt, a.shift)
	for i := range a.table {
		a.table[i] = f.ZMM()
		f.VMOVUPD(a.tableAt.Offset(64*i), a.table[i])
	}
	a.q = nil
	for _, m := range a.qAt {
		v := f.ZMM()
		f.VMOVUPD(m, v)
		a.q = append(a.q, v)
	}
}

func (a *avx512) exp2(f *file, s reg.VecVirtual) reg.VecVirtual {
	t, n, r, q := f.ZMM(), f.ZMM(), f.ZMM(), f.ZMM()
	f.VADDPD(a.shift, s, t)
	f.VSUBPD(a.shift, t, n)
	f.VSUBPD(n, s, r)
	f.VPERMI2PD(a.table[1], a.table[0], t)
	f.VMOVAPD(a.q[5], q)
	for i := 4; i >= 0; i-- {
		f.VFMADD213PD(a.q[i], r, q)
	}
	f.VMULPD(t, r, r)
	f.VFMADD213PD(t, r, q)
	f.VSCALEFPD(n, q, q)
	return q
}

// avx2 takes 2^s = 2^n (1 + r q(r)) with n the nearest integer, which the sum
// with 1.5 2^52 leaves at its low end, ready to be added to the exponent.
type avx2 struct {
	shift, low, one operand.Mem
	q               []operand.Mem
}

func (*avx2) suffix() string                         { return "AVX2" }
func (*avx2) bytes() int                             { return 32 }
func (*avx2) registers() int                         { return 16 }
func (*avx2) width() int                             { return 4 }
func (*avx2) vector(c *build.Context) reg.VecVirtual { return c.YMM() }
func (*avx2) constants(*file)                        {}

func (a *avx2) define(f *file) {
	a.shift = f.number("softminShift", 3<<51)
	a.low = f.number("softminLow", -1020)
	a.one = f.number("softminOne", 1)
	for i, v := range exp2Long {
		a.q = append(a.q, f.number("softminQ"+string(rune('a'+i)), v))
	}
}

func (a *avx2) exp2(f *file, s reg.VecVirtual) reg.VecVirtual {
	n, r, q := f.YMM(), f.YMM(), f.YMM()
	f.VMAXPD(a.low, s, s)
	f.VADDPD(a.shift, s, n)
	f.VSUBPD(a.shift, n, r)
	f.VSUBPD(r, s, r)
	last := len(a.q) - 1
	f.VMOVUPD(a.q[last], q)
	for i := last - 1; i >= 0; i-- {
		f.VFMADD213PD(a.q[i], r, q)
	}
	f.VFMADD213PD(a.one, r, q)
	f.VPSLLQ(operand.U8(52), n, n)
	f.VPADDQ(n, q, q)
	return q
}
