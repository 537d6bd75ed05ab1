package sampler

import (
	"math"
	"math/bits"
)

// maxSegments bounds the pieces of time whose sums are kept: when there are that
// many, neighbours are joined, so that memory does not grow with the run.
const maxSegments = 32

// monitor holds what the stop rule needs of all draws after the freeze: for
// each quantity f and particle n, sums over pieces of time. The quantities are
// the standardised coordinates y_i = (x_i - c_i)/s_i, their squares, and the
// log density, with c and s from the cloud at the freeze. Squares are taken
// about c and not about 0, so that they see the spread of a coordinate that is
// far from 0.
type monitor struct {
	d, n, f        int // f = 2d+1 quantities
	center, spread []float64
	lpCenter       float64
	lpSpread       float64

	length   int           // draws in a whole piece
	segments [][]float64   // sums, f*n each; the last one may be unfinished
	counts   []int         // draws in each
	squares  []float64     // sum of squares of every quantity and particle
	draws    int           // draws taken
	history  []uint32      // the last 20 judged outcomes of each particle, newest in bit 0
	judged   []int         // judged proposals of each particle
	accepted []int         // accepted proposals of each particle
	stuck    map[int]stuck // particles that were stuck, by index
}

// stuck marks a particle that was found stuck.
type stuck struct{}

// window of judged proposals over which acceptance below 0.1, that is at most
// one accepted, marks a particle as stuck.
const (
	window      = 20
	windowFloor = 2
)

func newMonitor(en *ensemble, d int) *monitor {
	m := &monitor{
		d: d, n: en.n, f: 2*d + 1, length: 1,
		center: make([]float64, d), spread: make([]float64, d),
		history: make([]uint32, en.n), judged: make([]int, en.n), accepted: make([]int, en.n),
		stuck: map[int]stuck{},
	}
	m.squares = make([]float64, m.f*m.n)
	c := chunkMean{mean: make([]float64, en.d), sd: make([]float64, en.d)}
	c.add(en)
	copy(m.center, c.mean)
	copy(m.spread, c.sd)
	m.lpCenter = c.lp
	en.particles(func(b *block, i int) {
		v := b.lp[i] - m.lpCenter
		m.lpSpread += float64(v * v)
	})
	m.lpSpread = math.Sqrt(m.lpSpread / float64(en.n))
	for k, s := range m.spread {
		if !(s > 0) {
			m.spread[k] = 1
		}
	}
	if !(m.lpSpread > 0) {
		m.lpSpread = 1
	}
	return m
}

// add takes one time of the particles lo <= n < lo+cols: x coordinate-major with
// the given stride, lp and the quantities' sums. seg and squares are of all particles.
func (m *monitor) add(seg []float64, x []float64, stride int, lp []float64, lo, cols int) {
	n := m.n
	for k := range m.d {
		row := x[k*stride+lo : k*stride+lo+cols]
		s1, s2 := seg[k*n+lo:k*n+lo+cols], seg[(m.d+k)*n+lo:(m.d+k)*n+lo+cols]
		q1, q2 := m.squares[k*n+lo:k*n+lo+cols], m.squares[(m.d+k)*n+lo:(m.d+k)*n+lo+cols]
		c, inv := m.center[k], 1/m.spread[k]
		for i, v := range row {
			y := (v - c) * inv
			yy := float64(y * y)
			s1[i] += y
			s2[i] += yy
			q1[i] += yy
			q2[i] += float64(yy * yy)
		}
	}
	last := 2 * m.d * n
	s, q := seg[last+lo:last+lo+cols], m.squares[last+lo:last+lo+cols]
	inv := 1 / m.lpSpread
	for i, v := range lp[lo : lo+cols] {
		y := (v - m.lpCenter) * inv
		s[i] += y
		q[i] += float64(y * y)
	}
}

// segment returns the sums that the next draw goes to, and counts the draw.
func (m *monitor) segment() []float64 {
	last := len(m.segments) - 1
	if last < 0 || m.counts[last] == m.length {
		if len(m.segments) == maxSegments {
			for i := range maxSegments / 2 {
				a, b := m.segments[2*i], m.segments[2*i+1]
				for j, v := range b {
					a[j] += v
				}
				m.segments[i], m.counts[i] = a, m.counts[2*i]+m.counts[2*i+1]
			}
			m.segments, m.counts = m.segments[:maxSegments/2], m.counts[:maxSegments/2]
			m.length *= 2
		}
		m.segments = append(m.segments, make([]float64, m.f*m.n))
		m.counts = append(m.counts, 0)
		last = len(m.segments) - 1
	}
	m.counts[last]++
	m.draws++
	return m.segments[last]
}

// outcome records whether particle n accepted. Proposals with small steps count
// for the acceptance but are not judged. It reports whether the particle has
// been stuck in the window that ends here.
func (m *monitor) outcome(n int, accepted, small bool) bool {
	bit := uint32(0)
	if accepted {
		m.accepted[n]++
		bit = 1
	}
	if small {
		return false
	}
	m.judged[n]++
	m.history[n] = (m.history[n]<<1 | bit) & (1<<window - 1)
	return m.judged[n] >= window && bits.OnesCount32(m.history[n]) < windowFloor
}

// Quantity is the verdict on one monitored quantity.
type Quantity struct {
	Name   string  // a coordinate, "spread of" a coordinate (its centred square), or "lp__"
	ESS    float64 // N Var(f)/Var_n(m_n)
	RHat   float64 // nested R-hat over superchains
	Halves float64 // |difference of the two halves| in standard errors
}

// verdict computes all quantities' diagnostics from the sums so far. Quantities
// that were constant over all draws are left out.
func (m *monitor) verdict(names []string) []Quantity {
	var out []Quantity
	n, total := m.n, float64(m.draws)
	mean, first, second := make([]float64, n), make([]float64, n), make([]float64, n)
	half := len(m.segments) / 2
	t1, t2 := 0, 0
	for s, c := range m.counts {
		if s < half {
			t1 += c
		} else {
			t2 += c
		}
	}
	for f := range m.f {
		clear(first)
		clear(second)
		for s, seg := range m.segments {
			dst := second
			if s < half {
				dst = first
			}
			for i, v := range seg[f*n : (f+1)*n] {
				dst[i] += v
			}
		}
		squares := 0.0
		within := make([]float64, n)
		for i := range mean {
			mean[i] = (first[i] + second[i]) / total
			squares += m.squares[f*n+i]
			within[i] = max(0, m.squares[f*n+i]-total*mean[i]*mean[i]) / max(total-1, 1)
		}
		grand, between := meanVariance(mean)
		variance := (squares - total*float64(n)*grand*grand) / (total*float64(n) - 1)
		if !(variance > 1e-20*(1+grand*grand)) && !math.IsNaN(variance) {
			continue
		}
		q := Quantity{Name: quantityName(names, f)}
		q.ESS = float64(n) * variance / between
		q.RHat = nestedRHat(mean, within)
		if t1 > 0 {
			for i := range first {
				first[i] = first[i]/float64(t1) - second[i]/float64(t2)
			}
			diff, v := meanVariance(first)
			q.Halves = math.Abs(diff) / math.Sqrt(v/float64(n))
		}
		out = append(out, q)
	}
	return out
}

func quantityName(names []string, f int) string {
	switch d := len(names); {
	case f < d:
		return names[f]
	case f < 2*d:
		return "spread of " + names[f-d]
	}
	return "lp__"
}

// meanVariance is the mean and the variance (divisor n-1) of v.
func meanVariance(v []float64) (mean, variance float64) {
	for _, a := range v {
		mean += a
	}
	mean /= float64(len(v))
	for _, a := range v {
		variance += float64((a - mean) * (a - mean))
	}
	return mean, variance / float64(len(v)-1)
}

// nestedRHat is sqrt(1 + B/W) of Margossian et al. (arXiv 2110.13017): B the
// variance of the superchains' means, W the mean over superchains of the
// variance of particle means plus the mean variance within a particle.
func nestedRHat(mean, within []float64) float64 {
	m := len(mean) / superchains
	means := make([]float64, superchains)
	w := 0.0
	for s := range means {
		var between float64
		means[s], between = meanVariance(mean[s*m : (s+1)*m])
		inner := 0.0
		for _, v := range within[s*m : (s+1)*m] {
			inner += v
		}
		w += between + inner/float64(m)
	}
	_, b := meanVariance(means)
	return math.Sqrt(1 + b/(w/superchains))
}
