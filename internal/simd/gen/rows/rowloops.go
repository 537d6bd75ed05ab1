package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// unroll is the number of vectors in one turn of the long loop.
const unroll = 4

// rowLoop writes the kernel of an elementwise operation. If no operand needs
// its rows told apart, the block is one long row; otherwise the rows are taken
// one by one, the numbers of kind C broadcast at the beginning of each.
func (f *file) rowLoop(o op, kinds string) {
	f.begin(kernelName(o.name, kinds, f.isa.suffix()), "(p *RowArgs)")
	args := f.Dereference(f.Param("p"))
	rows := f.field(args, "Rows")
	done, byRow := f.unique("done"), f.unique("rows")
	f.TESTQ(rows, rows)
	f.JLE(operand.LabelRef(done))
	cols := f.field(args, "Cols")
	dst := f.field(args, "Dst")
	var base, stride [3]reg.GPVirtual
	for i := range kinds {
		base[i] = f.field(args, "ABC"[i:i+1])
		stride[i] = f.field(args, "S"+"ABC"[i:i+1])
	}
	consts := f.consts(o.name)
	for i, k := range kinds {
		if k == 'V' {
			f.CMPQ(stride[i], cols)
		} else {
			f.TESTQ(stride[i], stride[i])
		}
		f.JNE(operand.LabelRef(byRow))
	}
	f.IMULQ(rows, cols)
	f.MOVQ(operand.U32(1), rows)
	f.Label(byRow)
	f.SHLQ(operand.U8(3), cols) // bytes of a row from here on
	for i := range kinds {
		f.SHLQ(operand.U8(3), stride[i])
	}
	turn := unroll * f.isa.bytes()
	long := f.GP64()
	f.MOVQ(cols, long)
	f.ANDQ(operand.I32(-turn), long)

	row := f.unique("row")
	f.Label(row)
	var broadcast [3]reg.Register
	for i, k := range kinds {
		if k == 'C' {
			v := f.isa.vector(f.Context)
			f.VBROADCASTSD(at(base[i], 0), v)
			broadcast[i] = v
		}
	}
	j := f.GP64()
	f.XORQ(j, j)
	body := func(count int) {
		for u := range count {
			var x [3]reg.Register
			var own [3]bool
			offset := u * f.isa.bytes()
			for i, k := range kinds {
				if k == 'C' {
					x[i] = broadcast[i]
					continue
				}
				v := f.isa.vector(f.Context)
				f.isa.load(f.Context, atIndex(base[i], j, 1, offset), v)
				x[i], own[i] = v, true
			}
			z := f.isa.element(f.Context, o.name, x, own, consts)
			f.isa.store(f.Context, z, atIndex(dst, j, 1, offset))
		}
	}
	f.countedLoop(j, long, turn, func() { body(unroll) })
	f.countedLoop(j, cols, f.isa.bytes(), func() { body(1) })
	f.ADDQ(cols, dst)
	for i := range kinds {
		f.ADDQ(stride[i], base[i])
	}
	f.DECQ(rows)
	f.JNE(operand.LabelRef(row))
	f.VZEROUPPER()
	f.Label(done)
	f.RET()
}

// countedLoop repeats body, with j advancing by step, while j < end.
func (f *file) countedLoop(j, end reg.Register, step int, body func()) {
	loop, over := f.unique("loop"), f.unique("over")
	f.CMPQ(j, end)
	f.JGE(operand.LabelRef(over))
	f.Label(loop)
	body()
	f.ADDQ(operand.I32(int32(step)), j)
	f.CMPQ(j, end)
	f.JLT(operand.LabelRef(loop))
	f.Label(over)
}

// consts puts the constant of an operation, if it has one, into a register.
func (f *file) consts(name string) []reg.Register {
	pattern, ok := constants[name]
	if !ok {
		return nil
	}
	v := f.isa.vector(f.Context)
	if pattern == 0 {
		f.VXORPD(v, v, v)
		return []reg.Register{v}
	}
	g, x := f.GP64(), f.XMM()
	f.MOVQ(operand.U64(pattern), g)
	f.VMOVQ(g, x)
	f.VPBROADCASTQ(x, v)
	return []reg.Register{v}
}

// gather writes RowGather, and RowScatterAdd where scatter is set.
func (f *file) gather(scatter bool) {
	name := "Gather"
	if scatter {
		name = "ScatterAdd"
	}
	f.begin(kernelName(name, "V", f.isa.suffix()), "(p *RowArgs)")
	args := f.Dereference(f.Param("p"))
	rows := f.field(args, "Rows")
	done := f.unique("done")
	f.TESTQ(rows, rows)
	f.JLE(operand.LabelRef(done))
	cols, dst, a := f.field(args, "Cols"), f.field(args, "Dst"), f.field(args, "A")
	stride, index := f.field(args, "SA"), f.field(args, "Idx")
	f.SHLQ(operand.U8(3), cols)
	f.SHLQ(operand.U8(3), stride)
	moving, moved, fixed, step := a, stride, dst, cols
	if scatter {
		moving, moved, fixed, step = dst, cols, a, stride
	}
	row := f.unique("row")
	f.Label(row)
	p := f.GP64()
	f.MOVLQSX(at(index, 0), p)
	f.IMULQ(moved, p)
	f.ADDQ(moving, p)
	from, to := p, fixed
	if scatter {
		from, to = fixed, p
	}
	j := f.GP64()
	f.XORQ(j, j)
	f.countedLoop(j, cols, 64, func() {
		for offset := 0; offset < 64; offset += f.isa.bytes() {
			v := f.isa.vector(f.Context)
			f.isa.load(f.Context, atIndex(from, j, 1, offset), v)
			if scatter {
				f.VADDPD(atIndex(to, j, 1, offset), v, v)
			}
			f.isa.store(f.Context, v, atIndex(to, j, 1, offset))
		}
	})
	f.ADDQ(step, fixed)
	f.ADDQ(operand.I32(4), index)
	f.DECQ(rows)
	f.JNE(operand.LabelRef(row))
	f.VZEROUPPER()
	f.Label(done)
	f.RET()
}
