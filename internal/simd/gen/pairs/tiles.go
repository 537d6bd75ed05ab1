package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const row = 8 * 32 // bytes of a row of a tile: a number for each target

// groups runs body over groups of w vectors of targets, at byte offset of a row.
func (f *file) groups(w int, body func(offset reg.GPVirtual)) {
	offset := f.GP64()
	f.XORQ(offset, offset)
	next, size := f.unique("group"), w*f.isa.bytes()
	f.Label(next)
	body(offset)
	if size < row {
		f.ADDQ(operand.I32(int32(size)), offset)
		f.CMPQ(offset, operand.I32(row))
		f.JLT(operand.LabelRef(next))
	}
}

// cut runs body for pieces of the given heights, falling to 1, until left is 0. body
// must keep left.
func (f *file) cut(left reg.GPVirtual, heights []int, body func(h int)) {
	for _, h := range heights {
		piece, lower := f.unique("piece"), f.unique("lower")
		f.Label(piece)
		f.CMPQ(left, operand.I32(int32(h)))
		f.JLT(operand.LabelRef(lower))
		body(h)
		f.SUBQ(operand.I32(int32(h)), left)
		f.JMP(operand.LabelRef(piece))
		f.Label(lower)
	}
}

// stride is 8 D, the bytes between sources.
func (f *file) stride() reg.GPVirtual {
	r := f.field("D")
	f.SHLQ(operand.U8(3), r)
	return r
}

func (f *file) moved(base, by reg.Register) reg.GPVirtual {
	r := f.GP64()
	f.LEAQ(operand.Mem{Base: base, Index: by, Scale: 1}, r)
	return r
}

// perSource addresses the coordinate at base of up to four sources.
func perSource(base, step, step3 reg.Register, j int) operand.Mem {
	switch j {
	case 0:
		return at(base, 0)
	case 3:
		return operand.Mem{Base: base, Index: step3, Scale: 1}
	}
	return operand.Mem{Base: base, Index: step, Scale: uint8(j)}
}

// squares: a block of targets x sources stays in registers over the coordinates.
func (f *file) squares() {
	f.begin("pairSquares")
	w := 4
	if f.isa.registers() == 16 {
		w = 2
	}
	left, y, u, step := f.field("M"), f.field("Y"), f.field("U"), f.stride()
	step3 := f.GP64()
	f.LEAQ(operand.Mem{Base: step, Index: step, Scale: 2}, step3)
	xBase := f.field("X")
	f.cut(left, []int{4, 1}, func(h int) {
		f.groups(w, func(offset reg.GPVirtual) {
			sums := make([][]reg.VecVirtual, h)
			for j := range sums {
				sums[j] = f.zeros(w)
			}
			x, k, at0 := f.moved(xBase, offset), f.field("D"), f.GP64()
			f.MOVQ(y, at0)
			loop := f.unique("coordinates")
			f.Label(loop)
			xs := f.vectors(w)
			for v, z := range xs {
				f.VMOVUPD(at(x, v*f.isa.bytes()), z)
			}
			for j := range sums {
				b := f.isa.vector(f.Context)
				f.VBROADCASTSD(perSource(at0, step, step3, j), b)
				for v, z := range xs {
					d := f.isa.vector(f.Context)
					f.VSUBPD(b, z, d)
					f.VFMADD231PD(d, d, sums[j][v])
				}
			}
			f.ADDQ(operand.I32(row), x)
			f.ADDQ(operand.I32(8), at0)
			f.DECQ(k)
			f.JNE(operand.LabelRef(loop))
			for j := range sums {
				for v, z := range sums[j] {
					f.VMOVUPD(z, atIndex(u, offset, j*row+v*f.isa.bytes()))
				}
			}
		})
		f.LEAQ(operand.Mem{Base: y, Index: step, Scale: uint8(h)}, y)
		f.ADDQ(operand.I32(int32(h*row)), u)
	})
	f.end()
}

// expand: |x|^2 + |y|^2 - 2 <x, y>.
func (f *file) expand() {
	two := f.number("pairTwo", 2)
	f.begin("pairExpand")
	n := row / f.isa.bytes()
	u, m, a, b := f.field("U"), f.field("M"), f.field("A"), f.field("B")
	zero, factor, y := f.zeros(1)[0], f.isa.vector(f.Context), f.isa.vector(f.Context)
	f.VMOVUPD(two, factor)
	loop := f.unique("sources")
	f.Label(loop)
	f.VBROADCASTSD(at(b, 0), y)
	for v := range n {
		z := f.isa.vector(f.Context)
		f.VADDPD(at(a, v*f.isa.bytes()), y, z)
		f.VFNMADD231PD(at(u, v*f.isa.bytes()), factor, z)
		f.VMAXPD(z, zero, z) // NaN if z is
		f.VMOVUPD(z, at(u, v*f.isa.bytes()))
	}
	f.ADDQ(operand.I32(row), u)
	f.ADDQ(operand.I32(8), b)
	f.DECQ(m)
	f.JNE(operand.LabelRef(loop))
	f.end()
}

// products: as squares, with two more sums.
func (f *file) products() {
	f.begin("pairProducts")
	w := 2
	if f.isa.registers() == 16 {
		w = 1
	}
	left, y, t, step := f.field("M"), f.field("Y"), f.field("T"), f.stride()
	out := [3]reg.GPVirtual{f.field("U"), f.field("A"), f.field("B")}
	f.cut(left, []int{2, 1}, func(h int) {
		f.groups(w, func(offset reg.GPVirtual) {
			var sums [3][]reg.VecVirtual
			for q := range sums {
				sums[q] = f.zeros(h * w)
			}
			x, s := f.field("X"), f.field("S")
			f.ADDQ(offset, x)
			f.ADDQ(offset, s)
			k := f.GP64()
			f.XORQ(k, k)
			yk, tk := f.GP64(), f.GP64()
			f.MOVQ(y, yk)
			f.MOVQ(t, tk)
			loop := f.unique("coordinates")
			f.Label(loop)
			xs, ss := f.vectors(w), f.vectors(w)
			for v := range w {
				f.VMOVUPD(at(x, v*f.isa.bytes()), xs[v])
				f.VMOVUPD(at(s, v*f.isa.bytes()), ss[v])
			}
			for j := range h {
				by, bt := f.isa.vector(f.Context), f.isa.vector(f.Context)
				f.VBROADCASTSD(perSource(yk, step, step, j), by)
				f.VBROADCASTSD(perSource(tk, step, step, j), bt)
				for v := range w {
					d, e, i := f.isa.vector(f.Context), f.isa.vector(f.Context), j*w+v
					f.VSUBPD(by, xs[v], d)
					f.VSUBPD(bt, ss[v], e)
					f.VFMADD231PD(d, d, sums[0][i])
					f.VFMADD231PD(ss[v], bt, sums[1][i])
					f.VFMADD231PD(d, e, sums[2][i])
				}
			}
			f.ADDQ(operand.I32(row), x)
			f.ADDQ(operand.I32(row), s)
			f.ADDQ(operand.I32(8), yk)
			f.ADDQ(operand.I32(8), tk)
			f.ADDQ(operand.I32(8), k)
			f.CMPQ(k, step)
			f.JLT(operand.LabelRef(loop))
			for q, base := range out {
				for i, z := range sums[q] {
					f.VMOVUPD(z, atIndex(base, offset, i/w*row+i%w*f.isa.bytes()))
				}
			}
		})
		f.LEAQ(operand.Mem{Base: y, Index: step, Scale: uint8(h)}, y)
		f.LEAQ(operand.Mem{Base: t, Index: step, Scale: uint8(h)}, t)
		for _, base := range out {
			f.ADDQ(operand.I32(int32(h*row)), base)
		}
	})
	f.end()
}

// differences: a block of coordinates x targets stays in registers over the sources.
func (f *file) differences() {
	f.begin("pairDifferences")
	widths := map[int]int{1: 4, 2: 4, 4: 2, 6: 2} // vectors of targets for a number of coordinates
	heights := []int{6, 4, 2, 1}
	if f.isa.registers() == 16 {
		widths = map[int]int{1: 4, 2: 2}
		heights = []int{2, 1}
	}
	left, x, g, y, step := f.field("D"), f.field("X"), f.field("G"), f.field("Y"), f.stride()
	f.cut(left, heights, func(h int) {
		w := widths[h]
		f.groups(w, func(offset reg.GPVirtual) {
			var xs, sums [][]reg.VecVirtual
			for k := range h {
				xs = append(xs, f.vectors(w))
				sums = append(sums, f.zeros(w))
				for v, z := range xs[k] {
					f.VMOVUPD(atIndex(x, offset, k*row+v*f.isa.bytes()), z)
				}
			}
			u, yj, m := f.field("U"), f.GP64(), f.field("M")
			f.ADDQ(offset, u)
			f.MOVQ(y, yj)
			loop := f.unique("sources")
			f.Label(loop)
			var c []reg.VecVirtual
			if f.isa.registers() == 32 || h > 1 {
				c = f.vectors(w)
				for v, z := range c {
					f.VMOVUPD(at(u, v*f.isa.bytes()), z)
				}
			}
			for k := range h {
				b := f.isa.vector(f.Context)
				f.VBROADCASTSD(at(yj, 8*k), b)
				for v := range w {
					d := f.isa.vector(f.Context)
					f.VSUBPD(b, xs[k][v], d)
					if c == nil {
						f.VFMADD231PD(at(u, v*f.isa.bytes()), d, sums[k][v])
					} else {
						f.VFMADD231PD(c[v], d, sums[k][v])
					}
				}
			}
			f.ADDQ(operand.I32(row), u)
			f.ADDQ(step, yj)
			f.DECQ(m)
			f.JNE(operand.LabelRef(loop))
			for k := range h {
				for v, z := range sums[k] {
					total := atIndex(g, offset, k*row+v*f.isa.bytes())
					f.VADDPD(total, z, z)
					f.VMOVUPD(z, total)
				}
			}
		})
		f.ADDQ(operand.I32(int32(h*row)), x)
		f.ADDQ(operand.I32(int32(h*row)), g)
		f.ADDQ(operand.I32(int32(8*h)), y)
	})
	f.end()
}

// sums: all targets stay in registers.
func (f *file) sums() {
	f.begin("pairSums")
	n := row / f.isa.bytes()
	u, m, g := f.field("U"), f.field("M"), f.field("G")
	sums := f.zeros(n)
	loop := f.unique("sources")
	f.Label(loop)
	for v, z := range sums {
		f.VADDPD(at(u, v*f.isa.bytes()), z, z)
	}
	f.ADDQ(operand.I32(row), u)
	f.DECQ(m)
	f.JNE(operand.LabelRef(loop))
	for v, z := range sums {
		total := at(g, v*f.isa.bytes())
		f.VADDPD(total, z, z)
		f.VMOVUPD(z, total)
	}
	f.end()
}
