package selection

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sort"

	"wgf/internal/rng"
	"wgf/kernel"
	"wgf/measure"
)

// Gain is a discrepancy of a selection, and its mean over random subsets of the draws of
// the same size.
type Gain struct {
	Metric   string // energy distance, ksd
	Selected float64
	Random   float64
	Subsets  int
}

// subsets is the number of random subsets behind Gain.Random.
const subsets = 20

// EnergyGain measures the energy distance 2 E|X-Y| - E|X-X'| - E|Y-Y'| of a selection X to
// the draws Y of the request, coordinates divided by their standard deviations unless
// Raw. The cost is of order R^2 d, R at most Request.Reference.
func EnergyGain(r Request, selected *measure.Cloud) (Gain, error) {
	if selected.D != r.Draws.D {
		return Gain{}, fmt.Errorf("selection: points in %d and draws in %d dimensions", selected.D, r.Draws.D)
	}
	scale, draws := r.scaled(deviations)
	y := kernel.Of(r.reference(draws))
	k := kernel.Kernel{Family: kernel.Energy}
	within := k.MeanPair(y, y, r.Threads)
	distance := func(c *measure.Cloud) float64 {
		x := kernel.Of(c)
		return math.Max(0, k.MeanPair(x, x, r.Threads)+within-2*k.MeanPair(x, y, r.Threads))
	}
	g := Gain{Metric: "energy distance", Selected: distance(scale.down(selected)), Subsets: subsets}
	for s := range subsets {
		g.Random += distance(chosen(draws, subset(r.Draws, selected.N, r.Seed, s))) / subsets
	}
	if !finite(g.Selected) || !finite(g.Random) {
		return g, errLarge
	}
	return g, nil
}

// SteinGain measures the kernel Stein discrepancy of a selection under the kernel of the
// request. The cost is of order count^2 d, beside that of the scores.
func SteinGain(ctx context.Context, r Request, selected *measure.Cloud) (Gain, error) {
	if r.Kernel != nil && !r.Kernel.Family.Smooth() {
		r.Kernel = nil
	}
	k, err := newStein(&r)
	if err != nil {
		return Gain{}, err
	}
	ksd := func(c *measure.Cloud) (float64, error) {
		some := r
		some.Draws, some.Scores = c, nil
		_, score, err := some.scores(ctx)
		if err != nil {
			return 0, err
		}
		return k.ksd(k.places(c, score), r.Threads), nil
	}
	g := Gain{Metric: "ksd", Subsets: subsets}
	if g.Selected, err = ksd(selected); err != nil {
		return g, err
	}
	for s := range subsets {
		v, err := ksd(chosen(r.Draws, subset(r.Draws, selected.N, r.Seed, s)))
		if err != nil {
			return g, err
		}
		g.Random += v / subsets
	}
	return g, nil
}

// subset chooses n draws at random: without replacement where all weigh the same, else
// independently by their weights.
func subset(c *measure.Cloud, n int, seed uint64, which int) []int {
	random := rand.New(rng.New(seed, rng.Shuffle).Source(uint64(which), 0))
	if c.LogW == nil {
		taken, out := map[int]bool{}, []int{}
		for j := c.N - n; j < c.N; j++ { // Floyd's sampling
			i := random.IntN(j + 1)
			if taken[i] {
				i = j
			}
			taken[i] = true
			out = append(out, i)
		}
		return out
	}
	sums := c.Weights()
	for i := range sums[1:] {
		sums[i+1] += sums[i]
	}
	out := make([]int, n)
	for i := range out {
		u := random.Float64() * sums[c.N-1]
		out[i] = min(c.N-1, sort.Search(c.N, func(j int) bool { return sums[j] > u }))
	}
	return out
}
