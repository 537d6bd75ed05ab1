package main

import (
	"log"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"go/types"
)

// kernel writes the functions of one instruction set: AVX-512 if wide, else AVX2.
type kernel struct {
	*build.Context
	pkg       *types.Package
	wide      bool
	constants map[uint64]operand.Mem
}

func (k *kernel) suffix() string {
	if k.wide {
		return "AVX512"
	}
	return "AVX2"
}

func (k *kernel) bytes() int {
	if k.wide {
		return 64
	}
	return 32
}

func (k *kernel) vector() reg.VecVirtual {
	if k.wide {
		return k.ZMM()
	}
	return k.YMM()
}

// sets is the number of vectors of particles that are worked on side by side, so
// that the one fills the waiting times of the other. Together they are the eight
// particles that the package counts in.
func (k *kernel) sets() int { return 64 / k.bytes() }

// constant is a pattern of 64 bits in memory, four times in a row: AVX2 reads
// the four, AVX-512 broadcasts the first.
func (k *kernel) constant(pattern uint64) operand.Mem {
	if m, ok := k.constants[pattern]; ok {
		return m
	}
	m := k.table("rng"+k.suffix()+hex(pattern), []uint64{pattern, pattern, pattern, pattern})
	if k.constants == nil {
		k.constants = map[uint64]operand.Mem{}
	}
	k.constants[pattern] = m
	return m
}

func (k *kernel) float(v float64) operand.Mem { return k.constant(math.Float64bits(v)) }

// with is z = x op constant, in the form that the instruction set has.
func (k *kernel) with(narrow, wide any, m operand.Mem, x, z reg.Register) {
	f := narrow
	if k.wide {
		f = wide
	}
	switch f := f.(type) {
	case func(m, x, z operand.Op):
		f(m, x, z)
	case func(...operand.Op):
		f(m, x, z)
	default:
		log.Fatalf("not an instruction of three operands: %T", f)
	}
}

// fill writes a kernel that makes uniform or normal numbers.
func (k *kernel) fill(name string, normal bool) {
	signature, err := gotypes.ParseSignatureInPackage(k.pkg, "func(t *task)")
	if err != nil {
		log.Fatal(err)
	}
	k.Function(name)
	k.Attributes(attr.NOSPLIT)
	k.Signature(signature)
	// lanes are the numbers of the particles of one vector.
	lanes := k.table(name+"lanes", []uint64{0, 1, 2, 3, 4, 5, 6, 7}[:k.bytes()/8])

	t := k.Dereference(k.Param("t"))
	field := func(name string) reg.GPVirtual {
		r := k.GP64()
		k.Load(t.Field(name), r)
		return r
	}
	dst, stride, count, width := field("dst"), field("stride"), field("count"), field("width")
	k.SHLQ(operand.U8(3), stride)
	stride3 := k.GP64()
	k.LEAQ(operand.Mem{Base: stride, Index: stride, Scale: 2}, stride3)
	// word is a word of the counter or the schedule.
	word := func(c gotypes.Component) operand.Mem {
		b, err := c.Resolve()
		if err != nil {
			log.Fatal(err)
		}
		return b.Addr
	}
	particle := k.vector()
	k.VPBROADCASTQ(word(t.Field("counter").Index(0)), particle)
	k.VPADDQ(lanes, particle, particle)
	perVector := k.bytes() / 8
	advance := k.constant(uint64(perVector))

	k.Label("block")
	w := k.threefry(k.sets(), particle, advance, func(n, i int) operand.Mem {
		if n < 0 {
			return word(t.Field("counter").Index(i))
		}
		return word(t.Field("schedule").Index(n).Index(i))
	})
	next := "next"
	out := func(v reg.Register, c, set int) {
		m := operand.Mem{Base: dst, Disp: set * k.bytes()}
		switch c {
		case 1, 2:
			m.Index, m.Scale = stride, uint8(c)
		case 3:
			m.Index, m.Scale = stride3, 1
		}
		k.VMOVUPD(v, m)
	}
	enough := func(c int) {
		k.CMPQ(width, operand.I32(int32(c)))
		k.JLE(operand.LabelRef(next))
	}
	for c := 0; c < 4; c += 2 {
		if c > 0 {
			enough(c)
		}
		second := make([]reg.Register, len(w))
		for set, v := range w {
			var x reg.Register
			if normal {
				x, second[set] = k.normalPair(v[c], v[c+1])
			} else {
				x, second[set] = k.uniform(v[c]), k.uniform(v[c+1])
			}
			out(x, c, set)
		}
		enough(c + 1)
		for set, y := range second {
			out(y, c+1, set)
		}
	}
	k.Label(next)
	k.addInt(advance, particle, particle)
	k.ADDQ(operand.I32(int32(k.sets()*k.bytes())), dst)
	k.SUBQ(operand.I32(int32(k.sets()*perVector)), count)
	k.JNE(operand.LabelRef("block"))
	k.VZEROUPPER()
	k.RET()
}

// table puts words into memory that is only read.
func (k *kernel) table(name string, words []uint64) operand.Mem {
	m := k.StaticGlobal(name)
	k.DataAttributes(attr.RODATA | attr.NOPTR)
	for i, w := range words {
		k.AddDatum(8*i, operand.U64(w))
	}
	return m
}

func hex(v uint64) string {
	const digits = "0123456789abcdef"
	s := make([]byte, 16)
	for i := range s {
		s[i] = digits[v>>(60-4*i)&15]
	}
	return string(s)
}
