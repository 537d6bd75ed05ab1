package diagnostics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"wgf/internal/rng"
	"wgf/measure"
)

// sample is a cloud made ready: finite, no points of weight zero, equal weights left out.
type sample struct {
	*measure.Cloud
	w []float64 // normalised weights, nil: equal
}

// weight is the normalised weight of point i.
func (s *sample) weight(i int) float64 {
	if s.w == nil {
		return 1 / float64(s.N)
	}
	return s.w[i]
}

func newSample(c *measure.Cloud, name string) (sample, error) {
	if c == nil || c.N == 0 {
		return sample{}, fmt.Errorf("diagnostics: the %s sample has no points", name)
	}
	if err := c.Check(); err != nil {
		return sample{}, fmt.Errorf("diagnostics: the %s sample: %w", name, err)
	}
	for at, v := range c.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return sample{}, fmt.Errorf("diagnostics: the %s sample: coordinate %d of point %d is %v", name, at/c.N+1, at%c.N+1, v)
		}
	}
	w := c.Weights()
	keep := make([]int, 0, c.N)
	for i, v := range w {
		if v > 0 {
			keep = append(keep, i)
		}
	}
	out := take(c, keep)
	if c.LogW != nil && slices.Max(out.LogW)-slices.Min(out.LogW) < 1e-13 {
		out.LogW = nil
	}
	s := sample{Cloud: out}
	if out.LogW != nil {
		s.w = out.Weights()
	}
	return s, nil
}

// take copies the points of the given numbers.
func take(c *measure.Cloud, keep []int) *measure.Cloud {
	out := measure.New(len(keep), c.D)
	for k := range c.D {
		from, to := c.Coordinate(k), out.Coordinate(k)
		for j, i := range keep {
			to[j] = from[i]
		}
	}
	if c.LogW != nil {
		out.LogW = make([]float64, len(keep))
		for j, i := range keep {
			out.LogW[j] = c.LogW[i]
		}
	}
	return out
}

// subsample returns at most n of the points: a random subset, or a systematic resample of
// weighted points, which then has equal weights.
func (s sample) subsample(n int, seed, stream uint64) sample {
	if s.N <= n {
		return s
	}
	if s.w != nil {
		return sample{Cloud: s.Resample(n, seed+stream)}
	}
	keep := choose(s.N, n, rand.New(rng.New(seed, rng.Test).Source(stream, subsampleStep)))
	slices.Sort(keep)
	return sample{Cloud: take(s.Cloud, keep)}
}

// Steps of the random streams of purpose Test; permutation b takes particle b.
const (
	permutationStep = iota
	subsampleStep
	shuffleStep
	wildStep
)

// choose draws k of the numbers below n without replacement.
func choose(n, k int, r *rand.Rand) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	for i := range k {
		j := i + r.IntN(n-i)
		all[i], all[j] = all[j], all[i]
	}
	return all[:k]
}

// pair is two samples under comparison, both moved by the mean of all their points, which
// no distance depends on and which saves digits.
type pair struct {
	a, b     sample
	weighted bool
	opt      CompareOptions
	original [2]*measure.Cloud // for KSD
}

func newPair(a, b *measure.Cloud, opt CompareOptions) (*pair, error) {
	p := &pair{opt: opt, original: [2]*measure.Cloud{a, b}}
	var err error
	if p.a, err = newSample(a, "first"); err != nil {
		return nil, err
	}
	if p.b, err = newSample(b, "second"); err != nil {
		return nil, err
	}
	if p.a.D != p.b.D {
		return nil, fmt.Errorf("diagnostics: the first sample has dimension %d, the second %d", p.a.D, p.b.D)
	}
	if p.a.D == 0 {
		return nil, fmt.Errorf("diagnostics: the samples have no coordinates")
	}
	p.weighted = p.a.w != nil || p.b.w != nil
	n := float64(p.a.N + p.b.N)
	for k := range p.a.D {
		xa, xb := p.a.Coordinate(k), p.b.Coordinate(k)
		centre := sum(xa)/n + sum(xb)/n
		for i := range xa {
			xa[i] -= centre
		}
		for i := range xb {
			xb[i] -= centre
		}
	}
	return p, nil
}

// reduced is the pair with at most n points a side; note says what was left out.
func (p *pair) reduced(n int, what string) (q *pair, note []string) {
	if p.a.N <= n && p.b.N <= n {
		return p, nil
	}
	q = &pair{a: p.a.subsample(n, p.opt.Seed, 0), b: p.b.subsample(n, p.opt.Seed, 1), opt: p.opt}
	q.weighted = p.weighted // resampled points are not independent either
	if p.a.N == p.b.N {
		return q, []string{fmt.Sprintf("%s is that of a random subsample of %d of the %d points of each.", what, q.a.N, p.a.N)}
	}
	return q, []string{fmt.Sprintf("%s is that of random subsamples of %d of %d and %d of %d points.", what, q.a.N, p.a.N, q.b.N, p.b.N)}
}

// pooled is all points, those of a first.
func (p *pair) pooled() *measure.Cloud {
	n := p.a.N + p.b.N
	out := measure.New(n, p.a.D)
	for k := range p.a.D {
		copy(out.X[k*n:], p.a.Coordinate(k))
		copy(out.X[k*n+p.a.N:], p.b.Coordinate(k))
	}
	return out
}

// effective is Kish's effective number of points.
func (s *sample) effective() float64 {
	if s.w == nil {
		return float64(s.N)
	}
	t := 0.0
	for _, w := range s.w {
		t += float64(w * w)
	}
	return 1 / t
}

// influenceVariance is the variance of the weighted mean of g over the sample: sum of
// w_i^2 (g_i - mean)^2, with the divisor n-1 for equal weights. One point has none: 0.
func (s *sample) influenceVariance(g []float64) float64 {
	if s.N < 2 {
		return 0
	}
	mean := 0.0
	for i, v := range g {
		mean += float64(s.weight(i) * v)
	}
	t := 0.0
	for i, v := range g {
		d := s.weight(i) * (v - mean)
		t += float64(d * d)
	}
	ess := s.effective()
	return t * ess / math.Max(ess-1, 1)
}

// shuffle is a random order of n points.
func shuffle(n int, seed uint64) []int {
	return rand.New(rng.New(seed, rng.Test).Source(0, shuffleStep)).Perm(n)
}
