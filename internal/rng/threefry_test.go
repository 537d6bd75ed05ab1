package rng

import "testing"

// The known answers of threefry4x64, 20 rounds, distributed with Random123.
func TestThreefryKnownAnswers(t *testing.T) {
	const f = 0xffffffffffffffff
	for _, c := range []struct{ counter, key, want [4]uint64 }{
		{
			want: [4]uint64{0x09218ebde6c85537, 0x55941f5266d86105, 0x4bd25e16282434dc, 0xee29ec846bd2e40b},
		},
		{
			counter: [4]uint64{f, f, f, f}, key: [4]uint64{f, f, f, f},
			want: [4]uint64{0x29c24097942bba1b, 0x0371bbfb0f6f4e11, 0x3c231ffa33f83a1c, 0xcd29113fde32d168},
		},
		{
			counter: [4]uint64{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
			key:     [4]uint64{0x452821e638d01377, 0xbe5466cf34e90c6c, 0xbe5466cf34e90c6c, 0xc0ac29b7c97c50dd},
			want:    [4]uint64{0xa7e8fde591651bd9, 0xbaafd0c30138319b, 0x84a5c1a729e685b9, 0x901d406ccebc1ba4},
		},
	} {
		s := newSchedule(c.key)
		if got := s.encrypt(c.counter); got != c.want {
			t.Errorf("threefry(%x, %x) = %x, want %x", c.counter, c.key, got, c.want)
		}
	}
}
