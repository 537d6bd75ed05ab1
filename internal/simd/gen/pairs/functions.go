package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// function is the loop of a function of distances: over the rows of a tile and, within
// them, groups of vectors.
type function struct {
	*file
	w, offset reg.GPVirtual
	q         map[int]reg.GPVirtual
}

// function runs body for every group of vectors, u holding the squared distances.
func (f *file) function(results []int, body func(g *function, u []reg.VecVirtual)) {
	base, m := f.field("U"), f.field("M")
	g := &function{file: f, w: f.field("W"), offset: f.GP64(), q: map[int]reg.GPVirtual{}}
	for _, i := range results {
		g.q[i] = f.element("Q", i)
	}
	f.XORQ(g.offset, g.offset)
	loop := f.unique("group")
	f.Label(loop)
	u := f.vectors(f.isa.width())
	for v, z := range u {
		f.VMOVUPD(atIndex(base, g.offset, v*f.isa.bytes()), z)
	}
	body(g, u)
	size := f.isa.width() * f.isa.bytes()
	f.ADDQ(operand.I32(int32(size)), g.offset)
	if size < row {
		f.TESTQ(operand.I32(row-1), g.offset)
		f.JNE(operand.LabelRef(loop))
	}
	f.ADDQ(operand.I32(8), g.w)
	f.DECQ(m)
	f.JNE(operand.LabelRef(loop))
}

// write stores result i, W F_i times the value, unless it is not wanted.
func (g *function) write(i int, value func(v int) reg.VecVirtual) {
	skip := g.unique("skip")
	g.TESTQ(g.q[i], g.q[i])
	g.JEQ(operand.LabelRef(skip))
	factor, w := g.broadcast("F", i), g.isa.vector(g.Context)
	g.VBROADCASTSD(at(g.w, 0), w)
	g.VMULPD(w, factor, factor)
	for v := range g.isa.width() {
		z := g.isa.vector(g.Context)
		g.VMULPD(value(v), factor, z)
		g.VMOVUPD(z, atIndex(g.q[i], g.offset, v*g.isa.bytes()))
	}
	g.Label(skip)
}

func (f *file) gaussian() {
	f.begin("pairGaussian")
	f.isa.constants(f)
	c := f.broadcast("P", 0)
	factor := f.broadcast("F", 0)
	f.function([]int{0}, func(g *function, u []reg.VecVirtual) {
		w := f.isa.vector(f.Context)
		f.VBROADCASTSD(at(g.w, 0), w)
		f.VMULPD(factor, w, w)
		for v, z := range u {
			f.VMULPD(c, z, z)
			e := f.isa.exp2(f, z)
			f.VMULPD(w, e, e)
			f.VMOVUPD(e, atIndex(g.q[0], g.offset, v*f.isa.bytes()))
		}
	})
	f.end()
}

// mul and add make a new register of two.
func (f *file) mul(a, b reg.VecVirtual) reg.VecVirtual {
	d := f.isa.vector(f.Context)
	f.VMULPD(a, b, d)
	return d
}

func (f *file) add(a, b reg.VecVirtual) reg.VecVirtual {
	d := f.isa.vector(f.Context)
	f.VADDPD(a, b, d)
	return d
}

// mulAdd is a b + c, c a constant in memory.
func (f *file) mulAdd(a, b reg.VecVirtual, c operand.Mem) reg.VecVirtual {
	d := f.isa.vector(f.Context)
	f.VMOVUPD(c, d)
	f.VFMADD231PD(a, b, d)
	return d
}

func (f *file) exponential() {
	one, third, three := f.number("pairUnit", 1), f.number("pairThird", 1./3), f.number("pairThree", 3)
	most := f.number("pairMost", 1e6)
	f.begin("pairExponential")
	f.isa.constants(f)
	f.function([]int{0, 1, 2, 3, 4, 5}, func(g *function, u []reg.VecVirtual) {
		r, i, e := make([]reg.VecVirtual, len(u)), make([]reg.VecVirtual, len(u)), make([]reg.VecVirtual, len(u))
		c := g.broadcast("P", 0)
		for v, z := range u {
			r[v], i[v] = f.isa.inverseRoot(f, z)
			e[v] = f.isa.exp2(f, f.mul(c, r[v]))
		}
		// a r, not infinite, so that its product with 0 is 0.
		ar := func(v int) reg.VecVirtual {
			a, limit := g.broadcast("P", 1), f.isa.vector(f.Context)
			f.VMULPD(r[v], a, a)
			f.VMOVUPD(most, limit)
			f.VMINPD(a, limit, limit) // NaN if a is
			return limit
		}
		g.write(0, func(v int) reg.VecVirtual {
			t := ar(v)
			p := f.isa.vector(f.Context)
			f.VMOVUPD(third, p)
			f.VFMADD213PD(one, t, p)
			f.VFMADD213PD(one, t, p)
			return f.mul(e[v], p)
		})
		g.write(1, func(v int) reg.VecVirtual {
			p := f.isa.vector(f.Context)
			f.VMOVUPD(one, p)
			return f.mul(e[v], f.add(ar(v), p))
		})
		g.write(2, func(v int) reg.VecVirtual { return e[v] })
		g.write(3, func(v int) reg.VecVirtual { return f.mul(i[v], e[v]) })
		g.write(4, func(v int) reg.VecVirtual {
			a := g.broadcast("P", 1)
			return f.mul(f.mul(f.mul(i[v], i[v]), f.add(a, i[v])), e[v])
		})
		g.write(5, func(v int) reg.VecVirtual {
			a, b := g.broadcast("P", 1), f.isa.vector(f.Context)
			f.VADDPD(a, i[v], b)
			f.VMULPD(i[v], b, b)
			f.VMULPD(three, b, b)
			f.VFMADD231PD(a, a, b)
			return f.mul(f.mul(f.mul(f.mul(i[v], i[v]), i[v]), b), e[v])
		})
	})
	f.end()
}

func (f *file) root() {
	f.begin("pairRoot")
	f.function([]int{0, 1, 2, 3, 4}, func(g *function, u []reg.VecVirtual) {
		r, i, i2 := make([]reg.VecVirtual, len(u)), make([]reg.VecVirtual, len(u)), make([]reg.VecVirtual, len(u))
		scale := g.broadcast("P", 0)
		for v, z := range u {
			t := g.broadcast("P", 1)
			f.VFMADD231PD(scale, z, t)
			r[v], i[v] = f.isa.inverseRoot(f, t)
			i2[v] = f.mul(i[v], i[v])
		}
		g.write(0, func(v int) reg.VecVirtual { return r[v] })
		g.write(1, func(v int) reg.VecVirtual { return i[v] })
		g.write(2, func(v int) reg.VecVirtual { return f.mul(i[v], i2[v]) })
		g.write(3, func(v int) reg.VecVirtual { return f.mul(f.mul(i[v], i2[v]), i2[v]) })
		g.write(4, func(v int) reg.VecVirtual { return f.mul(f.mul(f.mul(i[v], i2[v]), i2[v]), i2[v]) })
	})
	f.end()
}

func (f *file) stein() {
	four := f.number("pairFour", 4)
	f.begin("pairStein")
	c0, c1 := f.broadcast("P", 0), f.broadcast("P", 1)
	load := func(base, offset reg.GPVirtual) reg.VecVirtual {
		v := f.isa.vector(f.Context)
		f.VMOVUPD(atIndex(base, offset, 0), v)
		return v
	}
	u, a, b := f.field("U"), f.field("A"), f.field("B")
	q := [3]reg.GPVirtual{f.element("Q", 0), f.element("Q", 1), f.element("Q", 2)}
	left, offset := f.field("M"), f.GP64()
	f.XORQ(offset, offset)
	f.SHLQ(operand.U8(8), left) // bytes of the tile
	loop := f.unique("pairs")
	f.Label(loop)
	d := f.mul(load(q[0], offset), load(a, offset))
	t := f.isa.vector(f.Context)
	f.VMOVAPD(c0, t)
	f.VFMADD231PD(load(b, offset), c1, t)
	f.VFMADD231PD(t, load(q[1], offset), d)
	t = load(u, offset)
	f.VMULPD(four, t, t)
	f.VFNMADD231PD(t, load(q[2], offset), d)
	f.VMOVUPD(d, atIndex(u, offset, 0))
	f.ADDQ(operand.I32(int32(f.isa.bytes())), offset)
	f.CMPQ(offset, left)
	f.JLT(operand.LabelRef(loop))
	f.end()
}
