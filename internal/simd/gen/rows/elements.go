package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Predicates of the comparison instructions.
const (
	cmpEQ  = operand.U8(0x00) // equal, ordered, quiet
	cmpUNO = operand.U8(0x03) // unordered
	cmpNE  = operand.U8(0x04) // not equal or unordered
	cmpLT  = operand.U8(0x11) // less than, ordered, quiet
	cmpLE  = operand.U8(0x12) // less than or equal, ordered, quiet
)

// constants are the bit patterns that an operation keeps in registers.
var constants = map[string]uint64{
	"LT": 0x3ff0000000000000, "LE": 0x3ff0000000000000, "EQ": 0x3ff0000000000000,
	"MulZ": 0, "Select": 0,
	"Neg": 1 << 63, "Abs": 1<<63 - 1,
}

var predicates = map[string]operand.U8{"LT": cmpLT, "LE": cmpLE, "EQ": cmpEQ}

type avx512 struct{}

func (avx512) suffix() string                         { return "AVX512" }
func (avx512) bytes() int                             { return 64 }
func (avx512) vector(c *build.Context) reg.VecVirtual { return c.ZMM() }
func (avx512) load(c *build.Context, m operand.Mem, v reg.Register) {
	c.VMOVUPD(m, v)
}
func (avx512) store(c *build.Context, v reg.Register, m operand.Mem) { c.VMOVUPD(v, m) }

func (avx512) element(c *build.Context, name string, x [3]reg.Register, own [3]bool, consts []reg.Register) reg.Register {
	z := c.ZMM()
	switch name {
	case "Max", "Min":
		k, m := c.K(), c.ZMM()
		if name == "Max" {
			c.VMAXPD(x[1], x[0], m)
		} else {
			c.VMINPD(x[1], x[0], m)
		}
		c.VCMPPD(cmpUNO, x[0], x[0], k)
		c.VBLENDMPD(x[0], m, k, z)
	case "LT", "LE", "EQ":
		k := c.K()
		c.VCMPPD(predicates[name], x[1], x[0], k)
		c.VMOVAPD_Z(consts[0], k, z)
	case "MulZ":
		k := c.K()
		c.VCMPPD(cmpNE, consts[0], x[0], k)
		c.VMULPD_Z(x[1], x[0], k, z)
	case "Select":
		k := c.K()
		c.VCMPPD(cmpNE, consts[0], x[0], k)
		c.VBLENDMPD(x[1], x[2], k, z)
	default:
		return common(c, z, name, x, own, consts)
	}
	return z
}

type avx2 struct{}

func (avx2) suffix() string                         { return "AVX2" }
func (avx2) bytes() int                             { return 32 }
func (avx2) vector(c *build.Context) reg.VecVirtual { return c.YMM() }
func (avx2) load(c *build.Context, m operand.Mem, v reg.Register) {
	c.VMOVUPD(m, v)
}
func (avx2) store(c *build.Context, v reg.Register, m operand.Mem) { c.VMOVUPD(v, m) }

func (avx2) element(c *build.Context, name string, x [3]reg.Register, own [3]bool, consts []reg.Register) reg.Register {
	z := c.YMM()
	switch name {
	case "Max", "Min":
		k, m := c.YMM(), c.YMM()
		if name == "Max" {
			c.VMAXPD(x[1], x[0], m)
		} else {
			c.VMINPD(x[1], x[0], m)
		}
		c.VCMPPD(cmpUNO, x[0], x[0], k)
		c.VBLENDVPD(k, x[0], m, z)
	case "LT", "LE", "EQ":
		k := c.YMM()
		c.VCMPPD(predicates[name], x[1], x[0], k)
		c.VANDPD(consts[0], k, z)
	case "MulZ":
		k, m := c.YMM(), c.YMM()
		c.VCMPPD(cmpNE, consts[0], x[0], k)
		c.VMULPD(x[1], x[0], m)
		c.VANDPD(m, k, z)
	case "Select":
		k := c.YMM()
		c.VCMPPD(cmpNE, consts[0], x[0], k)
		c.VBLENDVPD(k, x[1], x[2], z)
	default:
		return common(c, z, name, x, own, consts)
	}
	return z
}

// common writes the operations whose instructions have the same form in both
// sets, with the result in z or in an operand that may be overwritten.
func common(c *build.Context, z reg.Register, name string, x [3]reg.Register, own [3]bool, consts []reg.Register) reg.Register {
	switch name {
	case "Add":
		c.VADDPD(x[1], x[0], z)
	case "Sub":
		c.VSUBPD(x[1], x[0], z)
	case "Mul":
		c.VMULPD(x[1], x[0], z)
	case "Div":
		c.VDIVPD(x[1], x[0], z)
	case "Neg":
		c.VXORPD(consts[0], x[0], z)
	case "Abs":
		c.VANDPD(consts[0], x[0], z)
	case "Copy":
		return x[0]
	case "FMA", "NegFMA":
		in231, in213 := c.VFMADD231PD, c.VFMADD213PD
		if name == "NegFMA" {
			in231, in213 = c.VFNMADD231PD, c.VFNMADD213PD
		}
		switch {
		case own[2]:
			in231(x[1], x[0], x[2])
			return x[2]
		case own[0]:
			in213(x[2], x[1], x[0])
			return x[0]
		default:
			in213(x[2], x[0], x[1])
			return x[1]
		}
	default:
		panic("no instruction for " + name)
	}
	return z
}
