package rng

import "math/bits"

// parity closes the key schedule of Threefry: the constant C240 of Skein 1.3.
const parity = 0x1BD11BDAA9FC1A22

// rotations of Threefry4x64, two for each round, repeating after eight rounds.
var rotations = [8][2]int{{14, 16}, {52, 57}, {23, 40}, {5, 37}, {25, 33}, {46, 12}, {58, 22}, {32, 32}}

// threefry is Threefry4x64 with 20 rounds: a bijection of the counter for every
// key. After every fourth round the key is added, rotated by one word and with
// the number of the addition on the last word.
func threefry(counter, key [4]uint64) [4]uint64 {
	var ks [5]uint64
	ks[4] = parity
	for i, k := range key {
		ks[i] = k
		ks[4] ^= k
	}
	a, b, c, d := counter[0]+ks[0], counter[1]+ks[1], counter[2]+ks[2], counter[3]+ks[3]
	for quad := uint64(0); quad < 5; quad++ {
		rot := rotations[4*(quad&1) : 4*(quad&1)+4]
		for i, r := range rot {
			if i&1 == 0 {
				a += b
				c += d
				b = bits.RotateLeft64(b, r[0]) ^ a
				d = bits.RotateLeft64(d, r[1]) ^ c
			} else {
				a += d
				c += b
				d = bits.RotateLeft64(d, r[0]) ^ a
				b = bits.RotateLeft64(b, r[1]) ^ c
			}
		}
		s := quad + 1
		a += ks[s%5]
		b += ks[(s+1)%5]
		c += ks[(s+2)%5]
		d += ks[(s+3)%5] + s
	}
	return [4]uint64{a, b, c, d}
}
