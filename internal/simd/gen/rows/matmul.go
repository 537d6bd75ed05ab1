package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// shape is a panel of w vectors of columns and the heights of the tiles that
// its rows are cut into, falling to 1.
type shape struct {
	w       int
	heights []int
}

// matMul writes the matrix product. The columns are cut into panels, the rows of
// a panel into tiles whose sums stay in registers over the inner dimension.
func (f *file) matMul(shapes []shape) {
	f.begin("matMul"+f.isa.suffix(), "(dst, m, x *float64, rows, inner, cols, mRow, mInner int, acc bool)")
	load := func(name string) reg.GPVirtual {
		r := f.GP64()
		f.Load(f.Param(name), r)
		return r
	}
	t := &tiles{
		file: f, dst: load("dst"), x: load("x"),
		cols: load("cols"), mRow: load("mRow"), mInner: load("mInner"), mRow3: f.GP64(),
	}
	f.SHLQ(operand.U8(3), t.cols)
	f.SHLQ(operand.U8(3), t.mRow)
	f.SHLQ(operand.U8(3), t.mInner)
	f.LEAQ(atIndex(t.mRow, t.mRow, 2, 0), t.mRow3)
	left := f.GP64() // bytes of a row that are not yet done
	f.MOVQ(t.cols, left)
	for _, s := range shapes {
		size := s.w * f.isa.bytes()
		panel, next := f.unique("panel"), f.unique("next")
		f.Label(panel)
		f.CMPQ(left, operand.I32(int32(size)))
		f.JLT(operand.LabelRef(next))
		t.panel(s)
		f.ADDQ(operand.I32(int32(size)), t.dst)
		f.ADDQ(operand.I32(int32(size)), t.x)
		f.SUBQ(operand.I32(int32(size)), left)
		f.JMP(operand.LabelRef(panel))
		f.Label(next)
	}
	f.VZEROUPPER()
	f.RET()
}

type tiles struct {
	*file
	dst, x                    reg.GPVirtual // of the panel
	cols, mRow, mRow3, mInner reg.GPVirtual // strides in bytes
}

func (f *tiles) panel(s shape) {
	rows, m, d := f.GP64(), f.GP64(), f.GP64()
	f.Load(f.Param("rows"), rows)
	f.Load(f.Param("m"), m)
	f.MOVQ(f.dst, d)
	for _, h := range s.heights {
		tile, next := f.unique("tile"), f.unique("lower")
		f.Label(tile)
		f.CMPQ(rows, operand.I32(int32(h)))
		f.JLT(operand.LabelRef(next))
		f.tile(h, s.w, m, d)
		f.SUBQ(operand.I32(int32(h)), rows)
		f.JMP(operand.LabelRef(tile))
		f.Label(next)
	}
}

// tile computes h rows by w vectors and advances m and d by h rows.
func (f *tiles) tile(h, w int, m, d reg.GPVirtual) {
	sums := make([][]reg.VecVirtual, h)
	for r := range sums {
		for range w {
			v := f.isa.vector(f.Context)
			f.VXORPD(v, v, v)
			sums[r] = append(sums[r], v)
		}
	}
	flag, p := f.GP8(), f.GP64()
	fresh := f.unique("fresh")
	f.Load(f.Param("acc"), flag)
	f.TESTB(flag, flag)
	f.JEQ(operand.LabelRef(fresh))
	f.MOVQ(d, p)
	for _, row := range sums {
		for i, v := range row {
			f.isa.load(f.Context, at(p, i*f.isa.bytes()), v)
		}
		f.ADDQ(f.cols, p)
	}
	f.Label(fresh)

	// Rows 0-3 of the matrix are reached from one pointer, rows 4-7 from another.
	var q [2]reg.GPVirtual
	q[0] = f.GP64()
	f.MOVQ(m, q[0])
	if h > 4 {
		q[1] = f.GP64()
		f.LEAQ(atIndex(m, f.mRow, 4, 0), q[1])
	}
	number := func(r int) operand.Mem {
		switch b := q[r/4]; r % 4 {
		case 0:
			return at(b, 0)
		case 3:
			return atIndex(b, f.mRow3, 1, 0)
		default:
			return atIndex(b, f.mRow, uint8(r%4), 0)
		}
	}
	xp, inner := f.GP64(), f.GP64()
	f.MOVQ(f.x, xp)
	f.Load(f.Param("inner"), inner)
	loop := f.unique("inner")
	f.Label(loop)
	var x []reg.VecVirtual
	for i := range w {
		v := f.isa.vector(f.Context)
		f.isa.load(f.Context, at(xp, i*f.isa.bytes()), v)
		x = append(x, v)
	}
	for r, row := range sums {
		if w == 1 && f.isa.bytes() == 64 {
			f.VFMADD231PD_BCST(number(r), x[0], row[0])
			continue
		}
		b := f.isa.vector(f.Context)
		f.VBROADCASTSD(number(r), b)
		for i, v := range row {
			f.VFMADD231PD(x[i], b, v)
		}
	}
	f.ADDQ(f.cols, xp)
	f.ADDQ(f.mInner, q[0])
	if h > 4 {
		f.ADDQ(f.mInner, q[1])
	}
	f.DECQ(inner)
	f.JNE(operand.LabelRef(loop))

	for _, row := range sums {
		for i, v := range row {
			f.isa.store(f.Context, v, at(d, i*f.isa.bytes()))
		}
		f.ADDQ(f.cols, d)
	}
	switch h {
	case 1, 2, 4, 8:
		f.LEAQ(atIndex(m, f.mRow, uint8(h), 0), m)
	case 6:
		f.LEAQ(atIndex(m, f.mRow3, 2, 0), m)
	default:
		panic("tile height")
	}
}
