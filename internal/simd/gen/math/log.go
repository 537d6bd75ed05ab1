package main

import (
	"math"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// logarithm holds the constants of log: x = 2^k (1+f) with 3/4 <= 1+f < 3/2,
// s = f/(2+f) and log(1+f) = f - (f^2/2 - s (f^2/2 + R(s^2))), in which f is
// exact and the rest is small.
type logarithm struct {
	lanes
	ln2Hi, ln2Lo, one, two, half val
	r                            []val
}

func (l lanes) logarithm() *logarithm {
	return &logarithm{l, l.keep(num(ln2Hi)), l.keep(num(ln2Lo)),
		l.keep(num(1)), l.keep(num(2)), l.keep(num(0.5)), series(logOdd)}
}

// split returns f and k of a finite positive x, which for AVX2 must be normal.
func (g *logarithm) split(x reg.VecVirtual) (f, k reg.VecVirtual) {
	if g.wide {
		m := g.reg()
		ctx.VGETMANTPD(Imm(3), x, m) // 3/4 <= m < 3/2
		k = g.reg()
		ctx.VGETEXPPD(x, k)
		k = g.addWhere(g.compare(isLT, m, g.one), k, g.one)
		return g.sub(m, g.one), k
	}
	// Adding half an octave carries the numbers from 3/2 on into the next.
	b := g.addInt(x, bits(1<<51))
	k = g.or(g.shiftRight(b, 52), num(1<<52))
	k = g.sub(k, num(1<<52+1023))
	m := g.addInt(g.and(b, bits(1<<52-1)), num(0.75))
	return g.sub(m, g.one), k
}

// eval returns log(1+f+fLow) + k log 2 for |fLow| at most a few ulp of 1+f;
// fLow may be nil.
func (g *logarithm) eval(f, fLow, k reg.VecVirtual) reg.VecVirtual {
	s := g.div(f, g.add(f, g.two))
	z := g.mul(s, inReg(s))
	r := g.mul(g.poly(g.r, z), inReg(z))
	h := g.mul(f, g.half)
	low := g.mul(k, g.ln2Lo)
	if fLow != nil {
		// The derivative 1/(1+f) of the logarithm, to first order in f.
		low = g.add(low, inReg(g.fnma(f, inReg(fLow), inReg(fLow))))
	}
	b := g.fma(s, inReg(g.fma(h, inReg(f), inReg(r))), inReg(low))
	y := g.sub(f, inReg(g.fms(h, inReg(f), inReg(b))))
	return g.fma(k, g.ln2Hi, inReg(y))
}

// Responses of VFIXUPIMMPD for the classes quiet NaN, signalling NaN, zero,
// one, -Inf, +Inf, negative, positive: keep the result for the last and for
// one, -Inf for zero, +Inf for +Inf, NaN elsewhere.
const logSpecial = 0x0<<28 | 0x3<<24 | 0x5<<20 | 0x3<<16 | 0x0<<12 | 0x4<<8 | 0x2<<4 | 0x2

// log returns the logarithm of any x.
func (g *logarithm) log(x reg.VecVirtual) reg.VecVirtual {
	if g.wide {
		f, k := g.split(x)
		y := g.eval(f, nil, k)
		ctx.VFIXUPIMMPD_BCST(Imm(0), bits(logSpecial).at, x, y)
		return y
	}
	v, shift := g.load(inReg(x)), g.load(num(0))
	tiny := g.compare(isLT, x, num(0x1p-1022))
	g.ifAny(tiny, func() {
		g.assign(v, tiny, inReg(g.mul(x, num(0x1p54))))
		g.assign(shift, tiny, num(-54))
	})
	f, k := g.split(v)
	y := g.eval(f, nil, g.add(k, inReg(shift)))
	g.special(y, x)
	return y
}

// special overwrites y where x has no ordinary logarithm.
func (g *logarithm) special(y, x reg.VecVirtual) {
	if g.wide {
		ctx.VFIXUPIMMPD_BCST(Imm(0), bits(logSpecial).at, x, y)
		return
	}
	zero, inf := num(0), num(math.Inf(1))
	nonPositive := g.compare(isLE, x, zero)
	notFinite := g.compare(isNotLess, x, inf)
	any := g.reg()
	ctx.VORPD(nonPositive.v, notFinite.v, any)
	g.ifAny(mask{v: any}, func() {
		g.assign(y, notFinite, inReg(x))
		g.assign(y, g.compare(isLT, x, zero), num(math.NaN()))
		g.assign(y, g.compare(isEQ, x, zero), num(math.Inf(-1)))
	})
}

func logKernel(l lanes) kernel {
	return l.logarithm().log
}

// log1pKernel: u = 1+x rounded and the rounding error c; log(1+x) is the
// logarithm of the pair.
func log1pKernel(l lanes) kernel {
	g, s := l.logarithm(), l.scaler()
	one := l.load(num(1))
	return func(x reg.VecVirtual) reg.VecVirtual {
		u, c := l.twoSum(one, x)
		f, k := g.split(u)
		var low reg.VecVirtual
		if l.wide {
			low = l.reg()
			ctx.VSCALEFPD(l.sub(l.load(num(0)), inReg(k)), c, low)
		} else {
			// Beyond 2^1023 the error does not matter.
			low = l.mul(c, inReg(s.power(l.sub(l.load(num(0)), inReg(l.min(num(1023), k))))))
		}
		y := g.eval(f, low, k)
		g.special(y, u)
		return l.or(y, inReg(l.and(x, signBit)))
	}
}

// log1pExpKernel: max(x, 0) + log(1+t) with t = exp(-|x|) as a pair.
func log1pExpKernel(l lanes) kernel {
	l.lean = true
	e, s, g := l.exponent(), l.scaler(), l.logarithm()
	low := l.keep(num(-760))
	zero := num(0)
	return func(x reg.VecVirtual) reg.VecVirtual {
		minus := l.max(low, l.or(x, signBit))
		t, w, k := e.eval(minus)
		t, w = l.fastTwoSum(t, w)
		t, w = s.scale(t, k), s.scale(w, k)
		one := g.one.r
		if one == nil {
			one = l.load(g.one)
		}
		u, c := l.fastTwoSum(one, t)
		c = l.add(c, inReg(w))
		// One octave up from 3/2 on.
		upper := l.compare(isGE, u, num(1.5))
		k = l.load(zero)
		l.assign(k, upper, g.one)
		l.assign(u, upper, inReg(l.mul(u, g.half)))
		l.assign(c, upper, inReg(l.mul(c, g.half)))
		y := g.eval(l.sub(u, g.one), c, k)
		return l.add(y, inReg(l.max(zero, x)))
	}
}

func sqrtKernel(l lanes) kernel {
	return func(x reg.VecVirtual) reg.VecVirtual {
		d := l.reg()
		ctx.VSQRTPD(x, d)
		return d
	}
}
