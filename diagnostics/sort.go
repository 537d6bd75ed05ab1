package diagnostics

import (
	"cmp"
	"math"
	"slices"
)

// sorter orders float64 values with a least-significant-digit radix sort over keys
// whose unsigned order is that of the numbers: linear time, no comparison calls.
type sorter struct {
	keys, keys2 []uint64
	order2      []int32
}

const (
	radixBits   = 11
	radixPasses = 6 // 6 * 11 >= 64
)

// sortDraws fills order and sorted. The draws must hold no NaN.
func (w *workspace) sortDraws() {
	n := len(w.x)
	w.order = resize(w.order, n)
	w.sorted = resize(w.sorted, n)
	for i := range w.order {
		w.order[i] = int32(i)
	}
	if n < 512 {
		slices.SortFunc(w.order, func(a, b int32) int {
			if c := cmp.Compare(w.x[a], w.x[b]); c != 0 {
				return c
			}
			return cmp.Compare(a, b)
		})
	} else {
		w.sorter.radix(w.order, w.x)
	}
	for k, i := range w.order {
		w.sorted[k] = w.x[i]
	}
}

// radix sorts order, which holds 0..n-1, by x.
func (s *sorter) radix(order []int32, x []float64) {
	n := len(x)
	s.keys, s.keys2 = resize(s.keys, n), resize(s.keys2, n)
	s.order2 = resize(s.order2, n)
	var count [radixPasses][1 << radixBits]int32
	for i, v := range x {
		b := math.Float64bits(v)
		if b>>63 != 0 {
			b = ^b
		} else {
			b |= 1 << 63
		}
		s.keys[i] = b
		for p := range count {
			count[p][b>>(p*radixBits)&(1<<radixBits-1)]++
		}
	}
	src, dst := s.keys, s.keys2
	from, to := order, s.order2
	for p := range count {
		shift := p * radixBits
		c := &count[p]
		if int(c[src[0]>>shift&(1<<radixBits-1)]) == n {
			continue // all keys share this digit
		}
		total := int32(0)
		for d, k := range c {
			c[d] = total
			total += k
		}
		for i, b := range src {
			d := b >> shift & (1<<radixBits - 1)
			dst[c[d]], to[c[d]] = b, from[i]
			c[d]++
		}
		src, dst = dst, src
		from, to = to, from
	}
	if &from[0] != &order[0] {
		copy(order, from)
	}
}
