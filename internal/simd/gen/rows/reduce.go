package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// reduction writes RowSum (kinds "V") and RowDot ("VV", "VC"). The columns are
// taken in panels whose partial sums, four a column, stay in registers.
func (f *file) reduction(kinds string) {
	name := "Sum"
	if len(kinds) > 1 {
		name = "Dot"
	}
	f.begin(kernelName(name, kinds, f.isa.suffix()), "(p *RowArgs)")
	args := f.Dereference(f.Param("p"))
	cols := f.field(args, "Cols")
	r := &reduction{file: f, kinds: kinds, dst: f.field(args, "Dst"), c: f.field(args, "C"), rows: f.field(args, "Rows")}
	for i := range kinds {
		r.base[i] = f.field(args, "ABC"[i:i+1])
		r.stride[i] = f.field(args, "S"+"ABC"[i:i+1])
		f.SHLQ(operand.U8(3), r.stride[i])
	}
	f.SHLQ(operand.U8(3), cols)
	done := f.unique("done")
	widths := []int{4, 1}
	if f.isa.bytes() == 32 {
		widths = []int{2}
	}
	for _, w := range widths {
		next, panel := f.unique("next"), f.unique("panel")
		size := w * f.isa.bytes()
		f.Label(panel)
		f.CMPQ(cols, operand.I32(int32(size)))
		f.JLT(operand.LabelRef(next))
		r.panel(w)
		f.SUBQ(operand.I32(int32(size)), cols)
		f.ADDQ(operand.I32(int32(size)), r.dst)
		f.ADDQ(operand.I32(int32(size)), r.base[0])
		if kinds == "VV" {
			f.ADDQ(operand.I32(int32(size)), r.base[1])
		}
		f.JMP(operand.LabelRef(panel))
		f.Label(next)
	}
	f.Label(done)
	f.VZEROUPPER()
	f.RET()
}

type reduction struct {
	*file
	kinds        string
	dst, c, rows reg.GPVirtual
	base, stride [3]reg.GPVirtual
}

// panel reduces w vectors of columns.
func (f *reduction) panel(w int) {
	var s [4][]reg.VecVirtual
	for k := range s {
		for range w {
			v := f.isa.vector(f.Context)
			f.VXORPD(v, v, v)
			s[k] = append(s[k], v)
		}
	}
	fresh := f.unique("fresh")
	f.TESTQ(f.c, f.c)
	f.JEQ(operand.LabelRef(fresh))
	for i, v := range s[0] {
		f.isa.load(f.Context, at(f.c, i*f.isa.bytes()), v)
	}
	f.ADDQ(operand.I32(int32(w*f.isa.bytes())), f.c)
	f.Label(fresh)

	var p, triple [3]reg.GPVirtual
	for i := range f.kinds {
		p[i], triple[i] = f.GP64(), f.GP64()
		f.MOVQ(f.base[i], p[i])
		f.LEAQ(atIndex(f.stride[i], f.stride[i], 2, 0), triple[i])
	}
	// operandAt is operand i in row k of the four that p points to.
	operandAt := func(i, k, offset int) operand.Mem {
		switch k {
		case 0:
			return at(p[i], offset)
		case 3:
			return atIndex(p[i], triple[i], 1, offset)
		}
		return atIndex(p[i], f.stride[i], uint8(k), offset)
	}
	add := func(k int) {
		var number reg.VecVirtual
		if f.kinds == "VC" {
			number = f.isa.vector(f.Context)
			f.VBROADCASTSD(operandAt(1, k, 0), number)
		}
		for i, v := range s[k] {
			offset := i * f.isa.bytes()
			switch f.kinds {
			case "V":
				f.VADDPD(operandAt(0, k, offset), v, v)
			case "VC":
				f.VFMADD231PD(operandAt(0, k, offset), number, v)
			case "VV":
				x := f.isa.vector(f.Context)
				f.isa.load(f.Context, operandAt(0, k, offset), x)
				f.VFMADD231PD(operandAt(1, k, offset), x, v)
			}
		}
	}
	left := f.GP64()
	four, rest, over := f.unique("four"), f.unique("rest"), f.unique("sums")
	f.MOVQ(f.rows, left)
	f.SUBQ(operand.I32(4), left)
	f.JLT(operand.LabelRef(rest))
	f.Label(four)
	for k := range 4 {
		add(k)
	}
	for i := range f.kinds {
		f.LEAQ(atIndex(p[i], f.stride[i], 4, 0), p[i])
	}
	f.SUBQ(operand.I32(4), left)
	f.JGE(operand.LabelRef(four))
	f.Label(rest)
	for k := range 3 {
		f.CMPQ(left, operand.I32(int32(k-3))) // left is the rest minus 4
		f.JLT(operand.LabelRef(over))
		add(k)
	}
	f.Label(over)
	for i := range w {
		f.VADDPD(s[1][i], s[0][i], s[0][i])
		f.VADDPD(s[3][i], s[2][i], s[2][i])
		f.VADDPD(s[2][i], s[0][i], s[0][i])
		f.isa.store(f.Context, s[0][i], at(f.dst, i*f.isa.bytes()))
	}
}
