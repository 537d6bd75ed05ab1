package main

import (
	"math"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is a vector instruction set with its ways to compute 2^s and 1/sqrt(v).
type isa interface {
	suffix() string // of the names of the kernels
	bytes() int     // of one vector
	registers() int // of vectors
	width() int     // vectors that the functions of distances work on at a time
	vector(c *build.Context) reg.VecVirtual
	define(f *file)    // the constants in memory, once a file
	constants(f *file) // those of exp2 that stay in registers, once a function
	// exp2 changes s and returns 2^s for s <= 0, at most 2^-1000 below -1000, and NaN
	// for NaN.
	exp2(f *file, s reg.VecVirtual) reg.VecVirtual
	// inverseRoot returns sqrt(v) and 1/sqrt(v), which is 0 where v is 0, for v >= 0.
	inverseRoot(f *file, v reg.VecVirtual) (root, inverse reg.VecVirtual)
}

// avx512 takes 2^s = 2^n T(f) (1 + r q(r)): adding 1.5 2^48 rounds s to a multiple of
// 1/16, whose four fractional bits at the low end of the sum select T from two
// registers; the scaling saturates at both ends. Numbers below -1100 are raised
// there, since infinity has no remainder.
type avx512 struct {
	shiftAt, lowAt, tableAt operand.Mem
	qAt, rootAt             []operand.Mem
	one                     operand.Mem
	shift, low              reg.VecVirtual
	table                   [2]reg.VecVirtual
	q                       []reg.VecVirtual
}

func (*avx512) suffix() string                         { return "AVX512" }
func (*avx512) bytes() int                             { return 64 }
func (*avx512) registers() int                         { return 32 }
func (*avx512) width() int                             { return 4 }
func (*avx512) vector(c *build.Context) reg.VecVirtual { return c.ZMM() }

// rootSeries are the coefficients of (1-e)^(-1/2) - 1 = e (1/2 + 3/8 e + 5/16 e^2 + ...).
var rootSeries = [3]float64{1. / 2, 3. / 8, 5. / 16}

func (a *avx512) define(f *file) {
	a.shiftAt = f.number("pairShift", 3<<47)
	a.lowAt = f.number("pairLow", -1100)
	a.one = f.number("pairOne", 1)
	bits := make([]uint64, 16)
	for i, v := range exp2Table {
		bits[i] = math.Float64bits(v)
	}
	a.tableAt = f.table("pairExp", bits)
	for i, v := range exp2Short {
		a.qAt = append(a.qAt, f.number("pairQ"+string(rune('0'+i)), v))
	}
	for i, v := range rootSeries {
		a.rootAt = append(a.rootAt, f.number("pairR"+string(rune('0'+i)), v))
	}
}

func (a *avx512) constants(f *file) {
	load := func(m operand.Mem) reg.VecVirtual {
		v := f.ZMM()
		f.VMOVUPD(m, v)
		return v
	}
	a.shift, a.low = load(a.shiftAt), load(a.lowAt)
	for i := range a.table {
		a.table[i] = load(a.tableAt.Offset(64 * i))
	}
	a.q = nil
	for _, m := range a.qAt {
		a.q = append(a.q, load(m))
	}
}

func (a *avx512) exp2(f *file, s reg.VecVirtual) reg.VecVirtual {
	t, n, r, q := f.ZMM(), f.ZMM(), f.ZMM(), f.ZMM()
	f.VMAXPD(s, a.low, s) // NaN if s is
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

// inverseRoot refines an approximation y of 14 bits: with e = 1 - v y^2, at most 2^-13,
// the result is y (1-e)^(-1/2), cut where e^4 falls below the last bit.
func (a *avx512) inverseRoot(f *file, v reg.VecVirtual) (root, inverse reg.VecVirtual) {
	y, t, e, p, k, not := f.ZMM(), f.ZMM(), f.ZMM(), f.ZMM(), f.K(), f.K()
	f.VRSQRT14PD(v, y)
	f.VMULPD(v, y, t)
	f.VMOVUPD(a.one, e)
	f.VFNMADD231PD(t, y, e)
	f.VMOVUPD(a.rootAt[2], p)
	f.VFMADD213PD(a.rootAt[1], e, p)
	f.VFMADD213PD(a.rootAt[0], e, p)
	f.VMULPD(e, p, p)
	f.VFMADD213PD(y, y, p)
	const zeroOrInfinite = 0x02 | 0x04 | 0x08
	f.VFPCLASSPDZ(operand.U8(zeroOrInfinite), v, k)
	f.KNOTB(k, not)
	inverse = f.ZMM()
	f.VMOVAPD_Z(p, not, inverse)
	root = f.ZMM()
	f.VMULPD(v, inverse, root)
	f.VMOVAPD(v, k, root)
	return root, inverse
}

// avx2 takes 2^s = 2^n (1 + r q(r)) with n the nearest integer, which the sum with
// 1.5 2^52 leaves at its low end, ready for an exponent.
type avx2 struct {
	shift, low, one operand.Mem
	q               []operand.Mem
}

func (*avx2) suffix() string                         { return "AVX2" }
func (*avx2) bytes() int                             { return 32 }
func (*avx2) registers() int                         { return 16 }
func (*avx2) width() int                             { return 2 }
func (*avx2) vector(c *build.Context) reg.VecVirtual { return c.YMM() }
func (*avx2) constants(*file)                        {}

func (a *avx2) define(f *file) {
	a.shift = f.number("pairShift", 3<<51)
	a.low = f.number("pairLow", -1020)
	a.one = f.number("pairOne", 1)
	for i, v := range exp2Long {
		a.q = append(a.q, f.number("pairQ"+string(rune('a'+i)), v))
	}
}

func (a *avx2) exp2(f *file, s reg.VecVirtual) reg.VecVirtual {
	n, r, q := f.YMM(), f.YMM(), f.YMM()
	f.VMOVUPD(a.low, n)
	f.VMAXPD(s, n, s) // NaN if s is
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
	f.VPADDQ(a.one, n, n)
	f.VMULPD(n, q, q) // and not a sum of exponents, which makes numbers of NaN
	return q
}

func (a *avx2) inverseRoot(f *file, v reg.VecVirtual) (root, inverse reg.VecVirtual) {
	root, inverse = f.YMM(), f.YMM()
	zero, some := f.YMM(), f.YMM()
	f.VSQRTPD(v, root)
	f.VMOVUPD(a.one, inverse)
	f.VDIVPD(root, inverse, inverse)
	f.VXORPD(zero, zero, zero)
	const notEqual = 4 // or unordered
	f.VCMPPD(operand.U8(notEqual), zero, v, some)
	f.VANDPD(some, inverse, inverse)
	return root, inverse
}
