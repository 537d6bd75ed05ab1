package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// and, or and shifts work on the bit patterns.
func (l lanes) and(a reg.VecVirtual, b val) reg.VecVirtual {
	d := l.reg()
	l.do(ctx.VANDPD, ctx.VANDPD_BCST, a, b, d)
	return d
}

func (l lanes) or(a reg.VecVirtual, b val) reg.VecVirtual {
	d := l.reg()
	l.do(ctx.VORPD, ctx.VORPD_BCST, a, b, d)
	return d
}

func (l lanes) addInt(a reg.VecVirtual, b val) reg.VecVirtual {
	d := l.reg()
	l.do(ctx.VPADDQ, ctx.VPADDQ_BCST, a, b, d)
	return d
}

func (l lanes) shiftLeft(a reg.VecVirtual, n int) reg.VecVirtual {
	d := l.reg()
	ctx.VPSLLQ(Imm(uint64(n)), a, d)
	return d
}

func (l lanes) shiftRight(a reg.VecVirtual, n int) reg.VecVirtual {
	d := l.reg()
	ctx.VPSRLQ(Imm(uint64(n)), a, d)
	return d
}

var (
	signBit = bits(1 << 63)
	notSign = bits(1<<63 - 1)
)

func (l lanes) abs(a reg.VecVirtual) reg.VecVirtual { return l.and(a, notSign) }

// floor rounds down to an integer.
func (l lanes) floor(a reg.VecVirtual) reg.VecVirtual {
	d := l.reg()
	if l.wide {
		ctx.VRNDSCALEPD(Imm(9), a, d)
	} else {
		ctx.VROUNDPD(Imm(9), a, d)
	}
	return d
}

// compare returns "a predicate b".
func (l lanes) compare(predicate int, a reg.VecVirtual, b val) mask {
	p := Imm(uint64(predicate))
	if !l.wide {
		d := l.reg()
		if b.r != nil {
			ctx.VCMPPD(p, b.r, a, d)
		} else {
			ctx.VCMPPD(p, b.at, a, d)
		}
		return mask{v: d}
	}
	k := ctx.K()
	if b.r != nil {
		ctx.VCMPPD(p, b.r, a, k)
	} else {
		ctx.VCMPPD_BCST(p, b.at, a, k)
	}
	return mask{k: k}
}

// assign sets d to b in the lanes of m.
func (l lanes) assign(d reg.VecVirtual, m mask, b val) {
	switch {
	case !l.wide:
		r := b.r
		if r == nil {
			r = l.load(b)
		}
		ctx.VBLENDVPD(m.v, r, d, d)
	case b.r != nil:
		ctx.VMOVAPD(b.r, m.k, d)
	default:
		ctx.VBROADCASTSD(b.at, m.k, d)
	}
}

// choose returns a in the lanes of m and b elsewhere.
func (l lanes) choose(m mask, a val, b val) reg.VecVirtual {
	d := l.load(b)
	l.assign(d, m, a)
	return d
}

// addWhere returns a + b in the lanes of m and a elsewhere, mulWhere a b and a.
func (l lanes) addWhere(m mask, a reg.VecVirtual, b val) reg.VecVirtual {
	if !l.wide {
		r := l.load(b)
		ctx.VANDPD(r, m.v, r)
		return l.add(a, inReg(r))
	}
	d := l.load(inReg(a))
	if b.r != nil {
		ctx.VADDPD(b.r, a, m.k, d)
	} else {
		ctx.VADDPD_BCST(b.at, a, m.k, d)
	}
	return d
}

func (l lanes) mulWhere(m mask, a reg.VecVirtual, b val) reg.VecVirtual {
	d := l.load(inReg(a))
	if l.wide {
		ctx.VMULPD(b.r, a, m.k, d)
		return d
	}
	l.assign(d, m, inReg(l.mul(a, b)))
	return d
}

var labels int

// ifAny emits body so that it runs only if some lane of m is set. The body may
// change registers only in the lanes of m (assign), so that the branch is a
// matter of speed alone.
func (l lanes) ifAny(m mask, body func()) {
	labels++
	skip := fmt.Sprintf("skip%d", labels)
	l.jumpIfNone(m, skip)
	body()
	ctx.Label(skip)
}

func (l lanes) jumpIfNone(m mask, label string) {
	l.test(m)
	ctx.JZ(LabelRef(label))
}

func (l lanes) jumpIfAny(m mask, label string) {
	l.test(m)
	ctx.JNZ(LabelRef(label))
}

func (l lanes) test(m mask) {
	if l.wide {
		ctx.KTESTB(m.k, m.k)
		return
	}
	r := ctx.GP32()
	ctx.VMOVMSKPD(m.v, r)
	ctx.TESTL(r, r)
}
