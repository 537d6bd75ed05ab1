// Command math writes the assembly of the elementary and gamma functions of
// package simd: zz_math_amd64.s and its stubs. Run it with go generate in
// internal/simd.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// kernel computes a function of the lanes of x.
type kernel func(x reg.VecVirtual) reg.VecVirtual

var kernels = []struct {
	name         string
	setup        func(lanes) kernel
	nonNegatives bool // the kernel stops at a vector with a negative number
}{
	{"exp", expKernel, false},
	{"log", logKernel, false},
	{"log1p", log1pKernel, false},
	{"expm1", expm1Kernel, false},
	{"log1pExp", log1pExpKernel, false},
	{"invLogit", invLogitKernel, false},
	{"tanh", tanhKernel, false},
	{"lgamma", lgammaKernel, true},
	{"digamma", digammaKernel, true},
	{"sqrt", sqrtKernel, false},
}

func main() {
	ConstraintExpr("amd64")
	for _, k := range kernels {
		frame(k.name+"AVX512", lanes{wide: true}, k.setup, k.nonNegatives)
		frame(k.name+"AVX2", lanes{wide: false}, k.setup, k.nonNegatives)
	}
	Generate()
}

// frame emits the loop over a slice. The remainder runs through the same
// instructions with the missing lanes read as zero and not written.
func frame(name string, l lanes, setup func(lanes) kernel, nonNegatives bool) {
	if nonNegatives {
		TEXT(name, NOSPLIT, "func(dst, x *float64, n int) int")
		Doc(name+" computes dst[i] from x[i], i < n, up to the first vector that holds",
			"a negative number, and returns how many it has done.")
	} else {
		TEXT(name, NOSPLIT, "func(dst, x *float64, n int)")
		Doc(name + " computes dst[i] from x[i], i < n.")
	}
	Pragma("noescape")
	labels = 0
	dst := Load(Param("dst"), GP64())
	src := Load(Param("x"), GP64())
	left := Load(Param("n"), GP64())
	f := setup(l)
	step := func(x reg.VecVirtual) reg.VecVirtual {
		if nonNegatives {
			l.jumpIfAny(l.compare(isLT, x, num(0)), "done")
		}
		return f(x)
	}
	w := l.count()

	Label("loop")
	CMPQ(left, Imm(uint64(w)))
	JLT(LabelRef("tail"))
	x := l.reg()
	VMOVUPD(Mem{Base: src}, x)
	VMOVUPD(step(x), Mem{Base: dst})
	ADDQ(Imm(uint64(8*w)), src)
	ADDQ(Imm(uint64(8*w)), dst)
	SUBQ(Imm(uint64(w)), left)
	JMP(LabelRef("loop"))

	Label("tail")
	TESTQ(left, left)
	JZ(LabelRef("done"))
	if l.wide {
		window, ones := GP64(), GP32()
		k := K()
		LEAQ(table("tailBits", []uint64{0x7f3f1f0f07030100}), window)
		MOVBLZX(Mem{Base: window, Index: left, Scale: 1}, ones)
		KMOVB(ones, k)
		t := l.reg()
		VMOVUPD_Z(Mem{Base: src}, k, t)
		VMOVUPD(step(t), k, Mem{Base: dst})
	} else {
		m := l.reg()
		window := GP64()
		all := ^uint64(0)
		LEAQ(table("tailMask", []uint64{0, all, all, all, 0, 0, 0, 0}), window)
		// The last lanes of the window that begins with left words of ones.
		skip := GP64()
		MOVQ(U32(4), skip)
		SUBQ(left, skip)
		VMOVUPD(Mem{Base: window, Index: skip, Scale: 8}, m)
		t := l.reg()
		VMASKMOVPD(Mem{Base: src}, m, t)
		VMASKMOVPD(step(t), m, Mem{Base: dst})
	}
	if nonNegatives {
		XORQ(left, left)
	}
	Label("done")
	VZEROUPPER()
	if nonNegatives {
		n := Load(Param("n"), GP64())
		SUBQ(left, n)
		Store(n, ReturnIndex(0))
	}
	RET()
}
