package main

import (
	"math"

	"github.com/mmcloughlin/avo/reg"
)

// exponent holds the constants of the exponential with an eighth-of-an-octave
// table: exp(x) = 2^k (1 + p(r)) with k = round(8 x/log 2)/8 and
// |r| <= log(2)/16. Adding the shift 1.5 2^49 rounds to a multiple of 1/8 and
// leaves the three fractional bits, the index into the table, at the low end.
type exponent struct {
	lanes
	invLn2, shift, ln2Hi, ln2Lo val
	q                           []val
	hi, lo                      [2]reg.VecVirtual
	odd                         val
}

const eighths = 3 << 48 // 1.5 2^49

func (l lanes) exponent() *exponent {
	e := &exponent{lanes: l}
	e.invLn2 = l.keep(num(invLn2))
	e.shift = l.keep(num(eighths))
	e.ln2Hi = l.keep(num(ln2Hi))
	e.ln2Lo = l.keep(num(ln2Lo))
	e.q = series(expShort)
	for i := range e.q {
		e.q[i] = l.keep(e.q[i])
	}
	hi, lo := floats("expTableHi", expTableHi), floats("expTableLo", expTableLo)
	if l.wide {
		e.hi[0], e.lo[0] = l.reg(), l.reg()
		ctx.VMOVUPD(hi, e.hi[0])
		ctx.VMOVUPD(lo, e.lo[0])
	} else {
		for i := range 2 {
			e.hi[i], e.lo[i] = l.reg(), l.reg()
			ctx.VMOVUPD(hi.Offset(32*i), e.hi[i])
			ctx.VMOVUPD(lo.Offset(32*i), e.lo[i])
		}
		e.odd = val{at: table("oddHalves", []uint64{1 << 32, 1 << 32, 1 << 32, 1 << 32})}
	}
	return e
}

// eval returns the table entry T = 2^j/8, the correction w and k such that
// exp(x) = 2^floor(k) (T + w). |x| must stay below 2^40.
func (e *exponent) eval(x reg.VecVirtual) (t, w, k reg.VecVirtual) {
	n := e.fma(x, e.invLn2, e.shift)
	k = e.sub(n, e.shift)
	r := e.fnma(k, e.ln2Hi, inReg(x))
	r = e.fnma(k, e.ln2Lo, inReg(r))
	q := e.poly(e.q, r)
	p := e.fma(e.mul(r, inReg(r)), inReg(q), inReg(r))
	t, low := e.lookup(n)
	w = e.fma(t, inReg(p), inReg(low))
	return t, w, k
}

// lookup reads both tables at the low three bits of n. Four doubles is all
// that AVX2 can permute, as eight halves, so it looks up twice and blends.
func (e *exponent) lookup(n reg.VecVirtual) (hi, lo reg.VecVirtual) {
	hi, lo = e.reg(), e.reg()
	if e.wide {
		ctx.VPERMPD(e.hi[0], n, hi)
		ctx.VPERMPD(e.lo[0], n, lo)
		return hi, lo
	}
	index := e.reg()
	ctx.VMOVSLDUP(n, index)
	ctx.VPADDD(index, index, index)
	ctx.VPADDD(e.odd.at, index, index)
	upper := e.shiftLeft(n, 61)
	a, b := e.reg(), e.reg()
	ctx.VPERMPS(e.hi[0], index, a)
	ctx.VPERMPS(e.hi[1], index, b)
	ctx.VBLENDVPD(upper, b, a, hi)
	c, d := e.reg(), e.reg()
	ctx.VPERMPS(e.lo[0], index, c)
	ctx.VPERMPS(e.lo[1], index, d)
	ctx.VBLENDVPD(upper, d, c, lo)
	return hi, lo
}

// scaler multiplies by powers of two.
type scaler struct {
	lanes
	half, bias val
}

func (l lanes) scaler() scaler {
	return scaler{l, num(0.5), num(1<<52 + 1023)}
}

// scale returns v 2^floor(k), correctly rounded if denormal, |k| <= 2000.
func (s scaler) scale(v, k reg.VecVirtual) reg.VecVirtual {
	if s.wide {
		d := s.reg()
		ctx.VSCALEFPD(k, v, d)
		return d
	}
	// In two steps, whose exponents both are those of normal numbers.
	n := s.floor(k)
	h := s.floor(s.mul(n, s.half))
	g := s.sub(n, inReg(h))
	return s.mul(s.mul(v, inReg(s.power(h))), inReg(s.power(g)))
}

// power returns 2^k for an integer -1022 <= k <= 1023.
func (s scaler) power(k reg.VecVirtual) reg.VecVirtual {
	return s.shiftLeft(s.add(k, s.bias), 52)
}

// expKernel: T + w scaled.
func expKernel(l lanes) kernel {
	e, s := l.exponent(), l.scaler()
	low, high := l.keep(num(-760)), l.keep(num(720))
	return func(x reg.VecVirtual) reg.VecVirtual {
		x = l.min(high, l.max(low, x))
		t, w, k := e.eval(x)
		return s.scale(l.add(t, inReg(w)), k)
	}
}

// expm1er computes exp(x)-1 in two pieces. With k = round(x/log 2), r = x - k log 2
// as r + rest and a polynomial for exp(r)-1, it is (2^k - 1) + 2^k (r + ...),
// in which only the leading sum is large; it is taken exactly.
type expm1er struct {
	lanes
	scaler
	invLn2, shift, ln2Hi, ln2Lo, half val
	c                                 []val
}

const halves = 3 << 51 // 1.5 2^52

func (l lanes) expm1er() *expm1er {
	return &expm1er{lanes: l, scaler: l.scaler(),
		invLn2: l.keep(num(invLn2)), shift: l.keep(num(halves)),
		ln2Hi: l.keep(num(ln2Hi)), ln2Lo: l.keep(num(ln2Lo)), half: l.keep(num(0.5)),
		c: series(expLong)}
}

// eval returns s and e with (exp(x)-1) unit = s + e, |e| small against s, for
// x between -60 and 710. The unit is 1/2 where the largest results are wanted.
func (m *expm1er) eval(x reg.VecVirtual, unit float64) (s, e reg.VecVirtual) {
	l := m.lanes
	k := l.sub(l.fma(x, m.invLn2, m.shift), m.shift)
	high := l.fnma(k, m.ln2Hi, inReg(x))
	r := l.fnma(k, m.ln2Lo, inReg(high))
	rest := l.fnma(k, m.ln2Lo, inReg(l.sub(high, inReg(r))))
	r2 := l.mul(r, inReg(r))
	q := l.poly(m.c, r)
	l.horner(q, r, m.half)               // 1/2 + r q
	q = l.fma(q, inReg(r2), inReg(rest)) // exp(r) - 1 - r
	if unit != 1 {
		k = l.add(k, num(math.Log2(unit)))
	}
	c := m.power(k)
	a := l.sub(c, num(unit))
	lost := l.sub(l.sub(c, inReg(a)), num(unit))
	s, e = l.fastTwoSum(a, l.mul(c, inReg(r)))
	e = l.add(e, inReg(lost))
	return s, l.fma(c, inReg(q), inReg(e))
}

// expm1Kernel works in halves, so that 2^k stays finite up to the overflow.
func expm1Kernel(l lanes) kernel {
	m := l.expm1er()
	low, high, tiny := l.keep(num(-50)), l.keep(num(710)), l.keep(num(0x1p-54))
	return func(x reg.VecVirtual) reg.VecVirtual {
		s, e := m.eval(l.min(high, l.max(low, x)), 0.5)
		y := l.add(s, inReg(e))
		y = l.add(y, inReg(y))
		l.assign(y, l.compare(isLT, l.abs(x), tiny), inReg(x))
		return y
	}
}

// tanhKernel: with E = exp(2|x|)-1, tanh |x| = E/(E+2). The quotient is
// corrected once with the lower parts of E and E+2.
func tanhKernel(l lanes) kernel {
	m := l.expm1er()
	high, one, two := l.keep(num(20)), l.load(num(1)), l.load(num(2))
	return func(x reg.VecVirtual) reg.VecVirtual {
		a := l.min(high, l.abs(x))
		s, e := m.eval(l.add(a, inReg(a)), 1)
		s, e = l.fastTwoSum(s, e)
		d, dLow := l.twoSum(s, two)
		dLow = l.add(dLow, inReg(e))
		y := l.quotient(s, e, d, dLow, one)
		return l.or(y, inReg(l.and(x, signBit)))
	}
}

// quotient returns (a + aLow)/(d + dLow), nearly correctly rounded.
func (l lanes) quotient(a, aLow, d, dLow, one reg.VecVirtual) reg.VecVirtual {
	inv := l.div(one, d)
	q := l.mul(a, inReg(inv))
	rest := l.fnma(q, inReg(d), inReg(a))
	rest = l.add(rest, inReg(l.fnma(q, inReg(dLow), inReg(aLow))))
	return l.fma(rest, inReg(inv), inReg(q))
}

// invLogitKernel: with t = exp(-|x|), 1/(1+t) for x >= 0 and t/(1+t) for
// x < 0. The power of two in t's numerator is applied last, so that denormal
// results are rounded once more only.
func invLogitKernel(l lanes) kernel {
	e, s := l.exponent(), l.scaler()
	low, one := l.keep(num(-760)), l.load(num(1))
	zero := num(0)
	return func(x reg.VecVirtual) reg.VecVirtual {
		minus := l.max(low, l.or(x, signBit))
		t, w, k := e.eval(minus)
		t, w = l.fastTwoSum(t, w)
		st, sw := s.scale(t, k), s.scale(w, k)
		d, dLow := l.fastTwoSum(one, st)
		dLow = l.add(dLow, inReg(sw))
		positive := l.compare(isGE, x, zero)
		l.assign(t, positive, inReg(one))
		l.assign(w, positive, zero)
		l.assign(k, positive, zero)
		return s.scale(l.quotient(t, w, d, dLow, one), k)
	}
}
