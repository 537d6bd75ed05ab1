// Command math writes the assembly of the elementary and gamma functions of
// package simd: zz_math_amd64.s and its stubs. Run it with go generate in
// internal/simd.
package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// kernel computes a function of the lanes of x.
type kernel func(x reg.VecVirtual) reg.VecVirtual

var kernels = []struct {
	name         string
	setup        func(lanes) kernel
	pairs        bool // the AVX-512 loop takes two vectors at a time
	nonNegatives bool // the kernel stops at a vector with a negative number
}{
	{"exp", expKernel, true, false},
	{"log", logKernel, true, false},
	{"log1p", log1pKernel, true, false},
	{"expm1", expm1Kernel, true, false},
	{"log1pExp", log1pExpKernel, true, false},
	{"invLogit", invLogitKernel, true, false},
	{"tanh", tanhKernel, true, false},
	{"lgamma", lgammaKernel, false, true},
	{"digamma", digammaKernel, false, true},
	{"sqrt", sqrtKernel, false, false},
}

func main() {
	ctx.ConstraintExpr("amd64")
	for _, k := range kernels {
		frame(k.name+"AVX512", lanes{wide: true}, k.setup, k.pairs, k.nonNegatives)
		frame(k.name+"AVX2", lanes{wide: false}, k.setup, false, k.nonNegatives)
	}
	write()
}

// frame emits the loop over a slice. The remainder runs through the same
// instructions with the missing lanes read as zero and not written.
func frame(name string, l lanes, setup func(lanes) kernel, pairs, nonNegatives bool) {
	ctx.Function(name)
	ctx.Attributes(attr.NOSPLIT)
	if nonNegatives {
		ctx.SignatureExpr("func(dst, x *float64, n int) int")
		ctx.Doc(name+" computes dst[i] from x[i], i < n, up to the first vector that holds",
			"a negative number, and returns how many it has done.")
	} else {
		ctx.SignatureExpr("func(dst, x *float64, n int)")
		ctx.Doc(name + " computes dst[i] from x[i], i < n.")
	}
	ctx.Pragma("noescape")
	labels = 0
	dst := ctx.Load(ctx.Param("dst"), ctx.GP64())
	src := ctx.Load(ctx.Param("x"), ctx.GP64())
	left := ctx.Load(ctx.Param("n"), ctx.GP64())
	f := setup(l)
	step := func(x reg.VecVirtual) reg.VecVirtual {
		if nonNegatives {
			l.jumpIfAny(l.compare(isLT, x, num(0)), "done")
		}
		return f(x)
	}
	w := l.count()

	if pairs {
		ctx.Label("pair")
		ctx.CMPQ(left, Imm(uint64(2*w)))
		ctx.JLT(LabelRef("loop"))
		for i, half := range []string{firstHalf, secondHalf} {
			ctx.Comment(half)
			x := l.reg()
			ctx.VMOVUPD(Mem{Base: src, Disp: 8 * w * i}, x)
			ctx.VMOVUPD(f(x), Mem{Base: dst, Disp: 8 * w * i})
		}
		ctx.Comment(joined)
		ctx.ADDQ(Imm(uint64(16*w)), src)
		ctx.ADDQ(Imm(uint64(16*w)), dst)
		ctx.SUBQ(Imm(uint64(2*w)), left)
		ctx.JMP(LabelRef("pair"))
	}

	ctx.Label("loop")
	ctx.CMPQ(left, Imm(uint64(w)))
	ctx.JLT(LabelRef("tail"))
	x := l.reg()
	ctx.VMOVUPD(Mem{Base: src}, x)
	ctx.VMOVUPD(step(x), Mem{Base: dst})
	ctx.ADDQ(Imm(uint64(8*w)), src)
	ctx.ADDQ(Imm(uint64(8*w)), dst)
	ctx.SUBQ(Imm(uint64(w)), left)
	ctx.JMP(LabelRef("loop"))

	ctx.Label("tail")
	ctx.TESTQ(left, left)
	ctx.JZ(LabelRef("done"))
	if l.wide {
		window, ones := ctx.GP64(), ctx.GP32()
		k := ctx.K()
		ctx.LEAQ(table("tailBits", []uint64{0x7f3f1f0f07030100}), window)
		ctx.MOVBLZX(Mem{Base: window, Index: left, Scale: 1}, ones)
		ctx.KMOVB(ones, k)
		t := l.reg()
		ctx.VMOVUPD_Z(Mem{Base: src}, k, t)
		ctx.VMOVUPD(step(t), k, Mem{Base: dst})
	} else {
		m := l.reg()
		window := ctx.GP64()
		all := ^uint64(0)
		ctx.LEAQ(table("tailMask", []uint64{0, all, all, all, 0, 0, 0, 0}), window)
		// The last lanes of the window that begins with left words of ones.
		skip := ctx.GP64()
		ctx.MOVQ(U32(4), skip)
		ctx.SUBQ(left, skip)
		ctx.VMOVUPD(Mem{Base: window, Index: skip, Scale: 8}, m)
		t := l.reg()
		ctx.VMASKMOVPD(Mem{Base: src}, m, t)
		ctx.VMASKMOVPD(step(t), m, Mem{Base: dst})
	}
	if nonNegatives {
		ctx.XORQ(left, left)
	}
	ctx.Label("done")
	ctx.VZEROUPPER()
	if nonNegatives {
		n := ctx.Load(ctx.Param("n"), ctx.GP64())
		ctx.SUBQ(left, n)
		ctx.Store(n, ctx.ReturnIndex(0))
	}
	ctx.RET()
}
