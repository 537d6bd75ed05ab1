package main

import (
	"log"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const tile = 32 // targets of a tile

// kernel writes one kernel: for all sources j of a block, two at a time, and the
// targets i of the tile
//
//	s_ij = h_j - ref_i + score_ij
//	max_i = max(max_i, s_ij), sum_i += 2^s_ij
//
// where score is an inner product, minus a distance, or read from memory. With
// weights, 2^s_ij is kept and sum_i 2^s_ij s_ij added up too.
func (f *file) kernel(score string, weights bool) {
	name := "softmin" + score
	if weights {
		name += "Weights"
	}
	f.begin(name + f.isa.suffix())
	f.isa.constants(f)
	group := f.isa.width() * f.isa.bytes()
	offset := f.GP64() // bytes of the tile done
	f.XORQ(offset, offset)
	next := f.unique("group")
	f.Label(next)
	f.group(score, weights, offset)
	if group < 8*tile {
		f.ADDQ(operand.I32(int32(group)), offset)
		f.CMPQ(offset, operand.I32(8*tile))
		f.JLT(operand.LabelRef(next))
	}
	f.VZEROUPPER()
	f.RET()
}

// vectors returns n new vector registers.
func (f *file) vectors(n int) []reg.VecVirtual {
	out := make([]reg.VecVirtual, n)
	for i := range out {
		out[i] = f.isa.vector(f.Context)
	}
	return out
}

// address is the field, a pointer, moved by offset.
func (f *file) address(field string, offset reg.Register) reg.GPVirtual {
	r := f.field(field)
	f.ADDQ(offset, r)
	return r
}

func (f *file) group(score string, weights bool, offset reg.GPVirtual) {
	w, bytes := f.isa.width(), f.isa.bytes()
	pRef := f.address("Ref", offset)
	sum, top := f.accumulate("Sum", offset), f.accumulate("Max", offset)
	h, m := f.field("H"), f.field("M")
	var y, c, weight, moment reg.GPVirtual
	if score == "Costs" {
		c = f.address("C", offset)
	} else {
		y = f.field("Y")
	}
	if weights {
		weight, moment = f.address("E", offset), f.address("Moment", offset)
	}
	loop := f.unique("sources")
	f.Label(loop)

	var s [2][]reg.VecVirtual
	switch score {
	case "Dot":
		s = f.base(h, pRef)
		y = f.dots(s, y, offset)
	case "Distance":
		s = f.distances(y, h, pRef, offset)
	case "Costs":
		s = f.base(h, pRef)
		scale := f.scale()
		for j := range s {
			for v := range w {
				f.VFNMADD231PD(at(c, j*8*tile+v*bytes), scale, s[j][v])
			}
		}
		f.ADDQ(operand.I32(2*8*tile), c)
	}
	for j := range s {
		for v := range w {
			top.update(v, func(z reg.VecVirtual) { f.VMAXPD(s[j][v], z, z) })
		}
	}
	for j := range s {
		for v := range w {
			e := f.isa.exp2(f, s[j][v])
			sum.update(v, func(z reg.VecVirtual) { f.VADDPD(e, z, z) })
			if weights {
				f.VMOVUPD(e, at(weight, j*8*tile+v*bytes))
				f.VFMADD213PD(at(moment, v*bytes), s[j][v], e)
				f.VMOVUPD(e, at(moment, v*bytes))
			}
		}
	}
	if weights {
		f.ADDQ(operand.I32(2*8*tile), weight)
	}
	f.ADDQ(operand.I32(16), h)
	f.SUBQ(operand.I32(2), m)
	f.JNE(operand.LabelRef(loop))
	sum.store()
	top.store()
}

// accumulators are numbers of the targets that all sources change: in registers
// where there are enough, else in memory.
type accumulators struct {
	*file
	at        reg.GPVirtual
	registers []reg.VecVirtual
}

func (f *file) accumulate(field string, offset reg.Register) accumulators {
	a := accumulators{file: f, at: f.address(field, offset)}
	if f.isa.registers() == 32 {
		a.registers = f.vectors(f.isa.width())
		for v, z := range a.registers {
			f.VMOVUPD(at(a.at, v*f.isa.bytes()), z)
		}
	}
	return a
}

func (a accumulators) update(v int, change func(z reg.VecVirtual)) {
	if a.registers != nil {
		change(a.registers[v])
		return
	}
	z, m := a.isa.vector(a.Context), at(a.at, v*a.isa.bytes())
	a.VMOVUPD(m, z)
	change(z)
	a.VMOVUPD(z, m)
}

func (a accumulators) store() {
	for v, z := range a.registers {
		a.VMOVUPD(z, at(a.at, v*a.isa.bytes()))
	}
}

// base is h_j - ref_i for two sources.
func (f *file) base(h, ref reg.GPVirtual) (s [2][]reg.VecVirtual) {
	b := f.vectors(2)
	for j := range s {
		f.VBROADCASTSD(at(h, 8*j), b[j])
		s[j] = f.vectors(f.isa.width())
		for v, z := range s[j] {
			f.VSUBPD(at(ref, v*f.isa.bytes()), b[j], z)
		}
	}
	return s
}

// scale is the field Scale in all lanes.
func (f *file) scale() reg.VecVirtual {
	field, err := f.args.Field("Scale").Resolve()
	if err != nil {
		log.Fatal(err)
	}
	v := f.isa.vector(f.Context)
	f.VBROADCASTSD(field.Addr, v)
	return v
}

// dots adds the inner products of two sources to s and returns the address of
// the next source.
func (f *file) dots(s [2][]reg.VecVirtual, y, offset reg.GPVirtual) reg.GPVirtual {
	f.coordinates(y, offset, func(x operand.Mem, y0, y1 reg.VecVirtual, v int) {
		z := f.isa.vector(f.Context)
		f.VMOVUPD(x, z)
		f.VFMADD231PD(z, y0, s[0][v])
		f.VFMADD231PD(z, y1, s[1][v])
	})
	return y
}

// coordinates runs over the coordinates of two sources, with the coordinates of
// the targets in memory, and leaves y at the next source.
func (f *file) coordinates(y, offset reg.GPVirtual, each func(x operand.Mem, y0, y1 reg.VecVirtual, v int)) {
	x, k, step := f.address("X", offset), f.field("D"), f.field("D")
	f.SHLQ(operand.U8(3), step)
	b := f.vectors(2)
	loop := f.unique("coordinates")
	f.Label(loop)
	f.VBROADCASTSD(at(y, 0), b[0])
	f.VBROADCASTSD(atIndex(y, step, 0), b[1])
	for v := range f.isa.width() {
		each(at(x, v*f.isa.bytes()), b[0], b[1], v)
	}
	f.ADDQ(operand.I32(8*tile), x)
	f.ADDQ(operand.I32(8), y)
	f.DECQ(k)
	f.JNE(operand.LabelRef(loop))
	f.ADDQ(step, y)
}

// distances is h_j - ref_i - scale |x_i - y_j|.
func (f *file) distances(y, h, ref, offset reg.GPVirtual) [2][]reg.VecVirtual {
	s := f.squares(y, offset)
	scale := f.scale()
	for j := range s {
		b := f.isa.vector(f.Context)
		f.VBROADCASTSD(at(h, 8*j), b)
		for v, z := range s[j] {
			t := f.isa.vector(f.Context)
			f.VSUBPD(at(ref, v*f.isa.bytes()), b, t)
			f.VSQRTPD(z, z)
			f.VFNMADD213PD(t, scale, z)
		}
	}
	return s
}

func (f *file) squares(y, offset reg.GPVirtual) (square [2][]reg.VecVirtual) {
	for j := range square {
		square[j] = f.vectors(f.isa.width())
		for _, z := range square[j] {
			f.VXORPD(z, z, z)
		}
	}
	f.coordinates(y, offset, func(x operand.Mem, y0, y1 reg.VecVirtual, v int) {
		for j, b := range []reg.VecVirtual{y0, y1} {
			d := f.isa.vector(f.Context)
			f.VSUBPD(x, b, d)
			f.VFMADD231PD(d, d, square[j][v])
		}
	})
	return square
}

// squaresKernel writes the squared distances of a tile of targets and a block of
// sources to C.
func (f *file) squaresKernel() {
	f.begin("softminSquares" + f.isa.suffix())
	group := f.isa.width() * f.isa.bytes()
	offset := f.GP64()
	f.XORQ(offset, offset)
	next, loop := f.unique("group"), f.unique("sources")
	f.Label(next)
	y, m, c := f.field("Y"), f.field("M"), f.address("C", offset)
	f.Label(loop)
	for j, row := range f.squares(y, offset) {
		for v, z := range row {
			f.VMOVUPD(z, at(c, j*8*tile+v*f.isa.bytes()))
		}
	}
	f.ADDQ(operand.I32(2*8*tile), c)
	f.SUBQ(operand.I32(2), m)
	f.JNE(operand.LabelRef(loop))
	if group < 8*tile {
		f.ADDQ(operand.I32(int32(group)), offset)
		f.CMPQ(offset, operand.I32(8*tile))
		f.JLT(operand.LabelRef(next))
	}
	f.VZEROUPPER()
	f.RET()
}
