// Package radix sorts floating-point numbers by their bits, in time of order n.
package radix

import (
	"math"
	"slices"
)

// Sorter sorts float64 numbers by radix and keeps its scratch memory between
// calls. Its zero value is ready; one goroutine uses it at a time. Numbers must
// not be NaN.
//
// Three passes order the numbers by the upper half of their bits (sign,
// exponent, 20 bits of the fraction), an insertion sort does the rest. Where
// the numbers agree in more bits than that, so that insertion would be slow,
// three more passes take the lower half first. The cost is of order n.
type Sorter struct {
	a, b []uint64
	p, q []pair
}

type pair struct {
	key uint64
	at  int32
}

const (
	radixBits = 11
	radixSize = 1 << radixBits
	radixMask = radixSize - 1
	radixMin  = 160 // below, comparison sorts are as fast
)

// orderedBits maps numbers to integers of the same order; -0 counts as 0.
func orderedBits(x float64) uint64 {
	b := math.Float64bits(x + 0)
	return b ^ (uint64(int64(b)>>63) | 1<<63)
}

func fromOrderedBits(b uint64) float64 {
	return math.Float64frombits(b ^ (uint64(int64(^b)>>63) | 1<<63))
}

// Sort sorts x in place.
func (s *Sorter) Sort(x []float64) {
	if len(x) < radixMin {
		slices.Sort(x)
		return
	}
	s.a, s.b = grow(s.a, len(x)), grow(s.b, len(x))
	a, b := s.a, s.b
	for i, v := range x {
		a[i] = orderedBits(v)
	}
	a, b = radixPasses(a, b, 32, 3)
	if !insertion(a) {
		a, b = radixPasses(a, b, 0, 3)
		a, _ = radixPasses(a, b, 32, 3)
	}
	for i, v := range a {
		x[i] = fromOrderedBits(v)
	}
}

// Argsort sets idx to the permutation that sorts x; equal numbers keep their
// order. idx and x have the same length, below 2^31.
func (s *Sorter) Argsort(idx []int32, x []float64) {
	n := len(x)
	if n < radixMin {
		for i := range idx {
			idx[i] = int32(i)
		}
		slices.SortStableFunc(idx, func(i, j int32) int {
			switch {
			case x[i] < x[j]:
				return -1
			case x[i] > x[j]:
				return 1
			}
			return 0
		})
		return
	}
	// The upper half of the key and the index share a word.
	s.a, s.b = grow(s.a, n), grow(s.b, n)
	a, b := s.a, s.b
	for i, v := range x {
		a[i] = orderedBits(v)&^(1<<32-1) | uint64(i)
	}
	a, _ = radixPasses(a, b, 32, 3)
	for k, v := range a {
		idx[k] = int32(uint32(v))
	}
	if insertionIndex(idx, x) {
		return
	}
	s.p, s.q = grow(s.p, n), grow(s.q, n)
	p, q := s.p, s.q
	for i, v := range x {
		p[i] = pair{orderedBits(v), int32(i)}
	}
	for shift := uint(0); shift < 64; shift += radixBits {
		var count [radixSize]int32
		for i := range p {
			count[p[i].key>>shift&radixMask]++
		}
		if start(&count, n) {
			continue
		}
		for _, v := range p {
			d := v.key >> shift & radixMask
			q[count[d]] = v
			count[d]++
		}
		p, q = q, p
	}
	for k := range p {
		idx[k] = p[k].at
	}
}

// radixPasses sorts a stably by `passes` digits from bit `from` on, with b as
// the other buffer. It returns the sorted buffer first.
func radixPasses(a, b []uint64, from uint, passes int) (sorted, other []uint64) {
	var counts [3][radixSize]int32
	for _, v := range a {
		v >>= from
		counts[0][v&radixMask]++
		counts[1][v>>radixBits&radixMask]++
		counts[2][v>>(2*radixBits)&(radixMask>>1)]++
	}
	for pass := range passes {
		count, shift, mask := &counts[pass], from+uint(pass)*radixBits, uint64(radixMask)
		if pass == 2 {
			mask >>= 1 // 11 + 11 + 10 bits
		}
		if start(count, len(a)) {
			continue
		}
		for _, v := range a {
			d := v >> shift & mask
			b[count[d]] = v
			count[d]++
		}
		a, b = b, a
	}
	return a, b
}

// start turns counts into first positions; it reports whether all n keys share
// one digit, so that there is nothing to do.
func start(count *[radixSize]int32, n int) bool {
	at := int32(0)
	for d, c := range count {
		if int(c) == n {
			return true
		}
		count[d] = at
		at += c
	}
	return false
}

// insertion finishes a nearly sorted slice. It gives up, leaving a permutation
// of the keys, when there is too much to move.
func insertion(a []uint64) bool {
	budget := 8 * len(a)
	for i := 1; i < len(a); i++ {
		v := a[i]
		if a[i-1] <= v {
			continue
		}
		j := i
		for ; j > 0 && a[j-1] > v; j-- {
			a[j] = a[j-1]
		}
		a[j] = v
		if budget -= i - j; budget < 0 {
			return false
		}
	}
	return true
}

// insertionIndex is insertion for a permutation that orders x.
func insertionIndex(idx []int32, x []float64) bool {
	budget := 8 * len(idx)
	last := x[idx[0]]
	for i := 1; i < len(idx); i++ {
		at := idx[i]
		v := x[at]
		if last <= v {
			last = v
			continue
		}
		j := i
		for ; j > 0 && x[idx[j-1]] > v; j-- {
			idx[j] = idx[j-1]
		}
		idx[j] = at
		if budget -= i - j; budget < 0 {
			return false
		}
	}
	return true
}

// grow returns a slice of n elements, x itself where it is long enough.
func grow[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n)
	}
	return x[:n]
}
