package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The coefficients of the portable transform, which documents them.
var (
	logPoly = [7]float64{0.666666666666667, 0.39999999999899505, 0.28571428625975726, 0.22222211134766842, 0.1818288912686165, 0.1533172155704884, 0.14616450140035353}
	sinPoly = [7]float64{1.5707963267948966, -0.6459640975062443, 0.07969262624604301, -0.004681754132340976, 0.0001604411507421909, -3.59864335298231e-06, 5.633933781537854e-08}
	cosPoly = [7]float64{1.0, -1.2337005501361513, 0.25366950789986475, -0.02086348073494657, 0.000919259950041661, -2.520013526428479e-05, 4.6552961874867623e-07}
)

const (
	rootHalfBits = 0x3fe6a09e667f3bcd
	oneBits      = 0x3ff0000000000000
	mantissaBits = 0x000fffffffffffff
	signBit      = 1 << 63
)

func (k *kernel) and(m operand.Mem, x, z reg.Register) { k.with(k.VPAND, k.VPANDQ_BCST, m, x, z) }
func (k *kernel) or(m operand.Mem, x, z reg.Register)  { k.with(k.VPOR, k.VPORQ_BCST, m, x, z) }
func (k *kernel) addInt(m operand.Mem, x, z reg.Register) {
	k.with(k.VPADDQ, k.VPADDQ_BCST, m, x, z)
}
func (k *kernel) add(m operand.Mem, x, z reg.Register) { k.with(k.VADDPD, k.VADDPD_BCST, m, x, z) }
func (k *kernel) sub(m operand.Mem, x, z reg.Register) { k.with(k.VSUBPD, k.VSUBPD_BCST, m, x, z) }
func (k *kernel) mul(m operand.Mem, x, z reg.Register) { k.with(k.VMULPD, k.VMULPD_BCST, m, x, z) }

// fraction is the number 1 + j 2^-52, where j is made of the upper 52 bits of w.
func (k *kernel) fraction(w reg.Register) reg.VecVirtual {
	v := k.vector()
	k.VPSRLQ(operand.U8(12), w, v)
	k.or(k.constant(oneBits), v, v)
	return v
}

// uniform is (j + 1/2) 2^-52.
func (k *kernel) uniform(w reg.Register) reg.Register {
	v := k.fraction(w)
	k.sub(k.float(1-0x1p-53), v, v)
	return v
}

// toFloat rounds words to floating-point numbers, once.
func (k *kernel) toFloat(w reg.Register) reg.VecVirtual {
	v := k.vector()
	if k.wide {
		k.VCVTUQQ2PD(w, v)
		return v
	}
	// The upper half as a multiple of 2^32 above 2^84, the lower one above 2^52.
	high := k.YMM()
	k.VPSRLQ(operand.U8(32), w, high)
	k.or(k.float(0x1p84), high, high)
	k.sub(k.float(0x1p84+0x1p52), high, high)
	k.VPBLENDD(operand.U8(0xaa), k.float(0x1p52), w, v)
	k.VADDPD(high, v, v)
	return v
}

// horner evaluates a polynomial in z.
func (k *kernel) horner(p [7]float64, z reg.Register) reg.VecVirtual {
	r := k.vector()
	if k.wide {
		k.VBROADCASTSD(k.float(p[6]), r)
	} else {
		k.VMOVUPD(k.float(p[6]), r)
	}
	for i := 5; i >= 0; i-- {
		k.with(k.VFMADD213PD, k.VFMADD213PD_BCST, k.float(p[i]), z, r)
	}
	return r
}

// normalPair is the function of this name in the portable code.
func (k *kernel) normalPair(w0, w1 reg.Register) (x, y reg.Register) {
	odd, u, e := k.vector(), k.vector(), k.vector()
	k.or(k.constant(1), w0, odd)
	k.addInt(k.constant(oneBits-rootHalfBits), k.toFloat(odd), u)
	k.VPSRLQ(operand.U8(52), u, e)
	k.or(k.float(0x1p52), e, e)
	k.sub(k.float(0x1p52+1023+64), e, e)
	k.and(k.constant(mantissaBits), u, u)
	k.addInt(k.constant(rootHalfBits), u, u)

	s, z := k.vector(), k.vector()
	k.sub(k.float(1), u, u)
	k.add(k.float(2), u, s)
	k.VDIVPD(s, u, s)
	k.VMULPD(s, s, z)
	p := k.horner(logPoly, z)
	k.VMULPD(s, z, z)
	k.VADDPD(s, s, s)
	k.VFMADD213PD(s, z, p)
	k.with(k.VFMADD231PD, k.VFMADD231PD_BCST, k.float(math.Ln2), e, p)
	k.mul(k.float(-2), p, p)
	radius := k.vector()
	k.VSQRTPD(p, radius)

	flip := k.vector()
	k.VPSLLQ(operand.U8(62), w1, flip)
	k.and(k.constant(signBit), flip, flip)
	if k.wide {
		k.VPXORQ(flip, radius, radius)
	} else {
		k.VPXOR(flip, radius, radius)
	}

	g, q := k.fraction(w1), k.vector()
	k.sub(k.float(1.5), g, g)
	k.VMULPD(g, g, q)
	sin, cos := k.horner(sinPoly, q), k.horner(cosPoly, q)
	k.VMULPD(g, sin, sin)

	first, second := k.vector(), k.vector()
	if k.wide {
		swap := k.K()
		k.VPTESTMQ_BCST(k.constant(1), w1, swap)
		k.VBLENDMPD(sin, cos, swap, first)
		k.VBLENDMPD(cos, sin, swap, second)
	} else {
		swap := k.YMM()
		k.VPSLLQ(operand.U8(63), w1, swap)
		k.VBLENDVPD(swap, sin, cos, first)
		k.VBLENDVPD(swap, cos, sin, second)
	}
	k.VMULPD(radius, first, first)
	k.VMULPD(radius, second, second)
	return first, second
}
