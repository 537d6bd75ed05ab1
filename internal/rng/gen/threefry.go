package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rotations of Threefry4x64, two for each round, repeating after eight rounds.
var rotations = [8][2]uint8{{14, 16}, {52, 57}, {23, 40}, {5, 37}, {25, 33}, {46, 12}, {58, 22}, {32, 32}}

// threefry encrypts the counters of several vectors of particles, the first of
// which is given and is left at the last. word(n, i) is word i of row n of the
// key schedule, word(-1, i) that of the counter.
func (k *kernel) threefry(sets int, particle reg.Register, advance operand.Mem, word func(n, i int) operand.Mem) [][4]reg.VecVirtual {
	x := make([][4]reg.VecVirtual, sets)
	for set := range x {
		if set > 0 {
			k.addInt(advance, particle, particle)
		}
		for i := range x[set] {
			v := k.vector()
			x[set][i] = v
			if i == 0 {
				k.addKey(particle, word(0, 0), v)
				continue
			}
			k.VPBROADCASTQ(word(-1, i), v)
			k.addKey(v, word(0, i), v)
		}
	}
	for round := range 20 {
		r := rotations[round%8]
		first, second := 1, 3
		if round%2 == 1 {
			first, second = second, first
		}
		for _, v := range x {
			k.VPADDQ(v[first], v[0], v[0])
			k.VPADDQ(v[second], v[2], v[2])
		}
		for _, v := range x {
			k.rotate(v[first], r[0], v[0])
			k.rotate(v[second], r[1], v[2])
		}
		if round%4 == 3 {
			for i := range 4 {
				for _, v := range x {
					k.addKey(v[i], word(round/4+1, i), v[i])
				}
			}
		}
	}
	return x
}

// addKey is z = x + a broadcast word of the schedule.
func (k *kernel) addKey(x reg.Register, word operand.Mem, z reg.Register) {
	if k.wide {
		k.VPADDQ_BCST(word, x, z)
		return
	}
	b := k.YMM()
	k.VPBROADCASTQ(word, b)
	k.VPADDQ(b, x, z)
}

// rotate is v = (v rotated left by r bits) xor sum.
func (k *kernel) rotate(v reg.Register, r uint8, sum reg.Register) {
	switch {
	case k.wide:
		k.VPROLQ(operand.U8(r), v, v)
		k.VPXORQ(sum, v, v)
	case r == 32:
		k.VPSHUFD(operand.U8(0xb1), v, v)
		k.VPXOR(sum, v, v)
	default:
		low := k.YMM()
		k.VPSRLQ(operand.U8(64-r), v, low)
		k.VPSLLQ(operand.U8(r), v, v)
		k.VPXOR(sum, low, low)
		k.VPXOR(low, v, v)
	}
}
