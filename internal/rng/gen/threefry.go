package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rotations of Threefry4x64, two for each round, repeating after eight rounds.
var rotations = [8][2]uint8{{14, 16}, {52, 57}, {23, 40}, {5, 37}, {25, 33}, {46, 12}, {58, 22}, {32, 32}}

// threefry encrypts the counters of a vector of particles. word(n, i) is word i
// of row n of the key schedule, word(-1, i) that of the counter.
func (k *kernel) threefry(particle reg.Register, word func(n, i int) operand.Mem) [4]reg.VecVirtual {
	var x [4]reg.VecVirtual
	for i := range x {
		x[i] = k.vector()
		if i == 0 {
			k.addKey(particle, word(0, 0), x[0])
			continue
		}
		k.VPBROADCASTQ(word(-1, i), x[i])
		k.addKey(x[i], word(0, i), x[i])
	}
	for round := range 20 {
		r := rotations[round%8]
		first, second := x[1], x[3]
		if round%2 == 1 {
			first, second = second, first
		}
		k.VPADDQ(first, x[0], x[0])
		k.VPADDQ(second, x[2], x[2])
		k.rotate(first, r[0], x[0])
		k.rotate(second, r[1], x[2])
		if round%4 == 3 {
			for i := range x {
				k.addKey(x[i], word(round/4+1, i), x[i])
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
