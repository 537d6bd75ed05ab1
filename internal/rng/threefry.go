package rng

import "math/bits"

// parity closes the key schedule of Threefry: the constant C240 of Skein 1.3.
const parity = 0x1BD11BDAA9FC1A22

// schedule holds what is added to the four words before the first round and
// after every fourth one: the key with its parity word, rotated by one place
// each time, and the number of the addition on the last word.
type schedule [6][4]uint64

func newSchedule(key [4]uint64) (s schedule) {
	words := [5]uint64{key[0], key[1], key[2], key[3], parity ^ key[0] ^ key[1] ^ key[2] ^ key[3]}
	for n := range s {
		for i := range 4 {
			s[n][i] = words[(n+i)%5]
		}
		s[n][3] += uint64(n)
	}
	return s
}

// encrypt is Threefry4x64 with 20 rounds: a bijection of the counter for every
// key. A round mixes two pairs of words: (x, y) -> (x+y, rot(y) ^ (x+y)); the
// second words of the pairs change places from round to round.
func (s *schedule) encrypt(counter [4]uint64) [4]uint64 {
	a, b, c, d := counter[0]+s[0][0], counter[1]+s[0][1], counter[2]+s[0][2], counter[3]+s[0][3]
	for n := 1; n < len(s); n++ {
		if n&1 == 1 {
			a, c = a+b, c+d
			b, d = bits.RotateLeft64(b, 14)^a, bits.RotateLeft64(d, 16)^c
			a, c = a+d, c+b
			d, b = bits.RotateLeft64(d, 52)^a, bits.RotateLeft64(b, 57)^c
			a, c = a+b, c+d
			b, d = bits.RotateLeft64(b, 23)^a, bits.RotateLeft64(d, 40)^c
			a, c = a+d, c+b
			d, b = bits.RotateLeft64(d, 5)^a, bits.RotateLeft64(b, 37)^c
		} else {
			a, c = a+b, c+d
			b, d = bits.RotateLeft64(b, 25)^a, bits.RotateLeft64(d, 33)^c
			a, c = a+d, c+b
			d, b = bits.RotateLeft64(d, 46)^a, bits.RotateLeft64(b, 12)^c
			a, c = a+b, c+d
			b, d = bits.RotateLeft64(b, 58)^a, bits.RotateLeft64(d, 22)^c
			a, c = a+d, c+b
			d, b = bits.RotateLeft64(d, 32)^a, bits.RotateLeft64(b, 32)^c
		}
		k := &s[n]
		a, b, c, d = a+k[0], b+k[1], c+k[2], d+k[3]
	}
	return [4]uint64{a, b, c, d}
}
