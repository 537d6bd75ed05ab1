package rng

import "math/rand/v2"

// Source returns a source of sequential random bits for one particle and step,
// for use with math/rand/v2. It is independent of the Uniforms and Normals of
// the key. A source must not be used by two goroutines at a time.
func (k Key) Source(particle, step uint64) rand.Source {
	return &source{schedule: k.schedule(), counter: [4]uint64{particle, step, 0, kindSource}, used: 4}
}

type source struct {
	schedule schedule
	counter  [4]uint64
	block    [4]uint64
	used     int // words of block that were handed out
}

// Uint64 returns the next 64 bits.
func (s *source) Uint64() uint64 {
	if s.used == len(s.block) {
		s.block = s.schedule.encrypt(s.counter)
		s.counter[2]++
		s.used = 0
	}
	s.used++
	return s.block[s.used-1]
}
