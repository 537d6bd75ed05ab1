package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lanes emits instructions for one vector width, so that every algorithm is
// written once. wide means eight doubles (AVX-512), otherwise four (AVX2 and
// FMA). lean leaves all constants in memory, for want of registers. Operations
// return a new register unless their name says otherwise.
type lanes struct{ wide, lean bool }

// val is an operand: a register, or a constant read from memory.
type val struct {
	r  reg.VecVirtual
	at Mem
}

func inReg(r reg.VecVirtual) val { return val{r: r} }

// mask is one truth value a lane: a K register, or a vector of all-ones lanes.
type mask struct {
	k reg.OpmaskVirtual
	v reg.VecVirtual
}

// Comparison predicates of VCMPPD. Those that hold for NaN say so.
const (
	isEQ      = 0x00
	isLT      = 0x11
	isLE      = 0x12
	isGE      = 0x1d
	isGT      = 0x1e
	isNotLess = 0x15 // NaN: true
	isNotMore = 0x1a // NaN: true
	isNaN     = 0x03
)

func (l lanes) count() int {
	if l.wide {
		return 8
	}
	return 4
}

func (l lanes) reg() reg.VecVirtual {
	if l.wide {
		return ctx.ZMM()
	}
	return ctx.YMM()
}

var emitted = map[uint64]Mem{}

// bits is the constant with the given bit pattern. Each is stored once in the
// file, four times over: 256-bit instructions read all four, 512-bit ones
// broadcast the first.
func bits(b uint64) val {
	at, ok := emitted[b]
	if !ok {
		at = table(fmt.Sprintf("k%016x", b), []uint64{b, b, b, b})
		emitted[b] = at
	}
	return val{at: at}
}

func num(f float64) val { return bits(math.Float64bits(f)) }

var tables = map[string]Mem{}

func table(name string, words []uint64) Mem {
	if at, ok := tables[name]; ok {
		return at
	}
	at := ctx.StaticGlobal(name)
	ctx.DataAttributes(attr.RODATA | attr.NOPTR)
	for i, w := range words {
		ctx.AddDatum(8*i, U64(w))
	}
	tables[name] = at
	return at
}

func floats(name string, f []float64) Mem {
	words := make([]uint64, len(f))
	for i, v := range f {
		words[i] = math.Float64bits(v)
	}
	return table(name, words)
}

// load puts a value in a register of its own.
func (l lanes) load(a val) reg.VecVirtual {
	d := l.reg()
	switch {
	case a.r != nil:
		ctx.VMOVAPD(a.r, d)
	case l.wide:
		ctx.VBROADCASTSD(a.at, d)
	default:
		ctx.VMOVUPD(a.at, d)
	}
	return d
}

// keep loads a constant into a register outside the loop where registers
// abound, and leaves it in memory elsewhere.
func (l lanes) keep(a val) val {
	if l.wide && !l.lean {
		return inReg(l.load(a))
	}
	return a
}

type instruction func(...Op)

// do emits d = op(b, a) in Intel's reading "a op b"; b may be a constant.
func (l lanes) do(plain, broadcast instruction, a reg.VecVirtual, b val, d reg.VecVirtual) {
	switch {
	case b.r != nil:
		plain(b.r, a, d)
	case l.wide:
		broadcast(b.at, a, d)
	default:
		plain(b.at, a, d)
	}
}

func (l lanes) add(a reg.VecVirtual, b val) reg.VecVirtual {
	d := l.reg()
	l.do(ctx.VADDPD, ctx.VADDPD_BCST, a, b, d)
	return d
}

// sub returns a - b.
func (l lanes) sub(a reg.VecVirtual, b val) reg.VecVirtual {
	d := l.reg()
	l.do(ctx.VSUBPD, ctx.VSUBPD_BCST, a, b, d)
	return d
}

func (l lanes) mul(a reg.VecVirtual, b val) reg.VecVirtual {
	d := l.reg()
	l.do(ctx.VMULPD, ctx.VMULPD_BCST, a, b, d)
	return d
}

func (l lanes) div(a, b reg.VecVirtual) reg.VecVirtual {
	d := l.reg()
	ctx.VDIVPD(b, a, d)
	return d
}

// min and max return x where it is NaN.
func (l lanes) min(c val, x reg.VecVirtual) reg.VecVirtual {
	d := l.reg()
	r := c.r
	if r == nil {
		r = l.load(c)
	}
	ctx.VMINPD(x, r, d)
	return d
}

func (l lanes) max(c val, x reg.VecVirtual) reg.VecVirtual {
	d := l.reg()
	r := c.r
	if r == nil {
		r = l.load(c)
	}
	ctx.VMAXPD(x, r, d)
	return d
}

// fma returns a b + c, fms a b - c, fnma c - a b, each rounded once.
func (l lanes) fma(a reg.VecVirtual, b, c val) reg.VecVirtual {
	d := l.load(c)
	l.do(ctx.VFMADD231PD, ctx.VFMADD231PD_BCST, a, b, d)
	return d
}

func (l lanes) fms(a reg.VecVirtual, b, c val) reg.VecVirtual {
	d := l.load(c)
	l.do(ctx.VFMSUB231PD, ctx.VFMSUB231PD_BCST, a, b, d)
	return d
}

func (l lanes) fnma(a reg.VecVirtual, b, c val) reg.VecVirtual {
	d := l.load(c)
	l.do(ctx.VFNMADD231PD, ctx.VFNMADD231PD_BCST, a, b, d)
	return d
}

// horner sets h to h x + c.
func (l lanes) horner(h, x reg.VecVirtual, c val) {
	l.do(ctx.VFMADD213PD, ctx.VFMADD213PD_BCST, x, c, h)
}

// poly evaluates the polynomial with coefficients c (constant term first) at
// x: two interleaved Horner chains in x^2, to halve the latency, where it is
// long.
func (l lanes) poly(c []val, x reg.VecVirtual) reg.VecVirtual {
	if len(c) <= 4 {
		h := l.load(c[len(c)-1])
		for i := len(c) - 2; i >= 0; i-- {
			l.horner(h, x, c[i])
		}
		return h
	}
	x2 := l.mul(x, inReg(x))
	top := len(c) - 1
	a, b := l.load(c[top]), l.load(c[top-1])
	for i := top - 2; i >= 0; i-- {
		if (top-i)%2 == 0 {
			l.horner(a, x2, c[i])
		} else {
			l.horner(b, x2, c[i])
		}
	}
	even, odd := a, b
	if top%2 == 1 {
		even, odd = b, a
	}
	l.horner(odd, x, inReg(even))
	return odd
}

// series turns coefficients into operands.
func series(c []float64) []val {
	v := make([]val, len(c))
	for i, f := range c {
		v[i] = num(f)
	}
	return v
}

// twoSum returns s = a + b rounded and the error of that sum, for any a, b.
func (l lanes) twoSum(a, b reg.VecVirtual) (s, e reg.VecVirtual) {
	s = l.add(a, inReg(b))
	bb := l.sub(s, inReg(a))
	e = l.add(l.sub(a, inReg(l.sub(s, inReg(bb)))), inReg(l.sub(b, inReg(bb))))
	return s, e
}

// fastTwoSum is twoSum for |a| >= |b| or a = 0.
func (l lanes) fastTwoSum(a, b reg.VecVirtual) (s, e reg.VecVirtual) {
	s = l.add(a, inReg(b))
	return s, l.sub(b, inReg(l.sub(s, inReg(a))))
}
