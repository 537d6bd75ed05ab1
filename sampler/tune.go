package sampler

import (
	"context"
	"math"

	"wgf/internal/rng"
)

// The adjusted kernel's constants.
const (
	trajectoryFactor = 1.5  // a: mean trajectory length a sqrt(d) in whitened units
	decoherence      = 1.25 // L_O = 1.25 a sqrt(d)
	goldenJitter     = 0.618
	minTune          = 12
	maxTune          = 48
	maxTuneDepth     = 2000 // gradients a particle; a tuning that needs more sits in a neck
)

// frozen is what the sampling stage holds fixed: a metric for each fold,
// estimated from the other one, the step size and the target acceptance that it
// was tuned to.
type frozen struct {
	metrics [folds]*metric
	eps     float64
	level   int // the mixture of step sizes in use
}

// mixtures are the step sizes in use, as divisors of eps by the number of the
// proposal: the usual one with eps/4 in every eighth proposal, which frees
// particles from narrow necks, and two that reach further down, at 1.4 and 2.6
// times its cost, for runs in which particles were stuck. A trajectory of eps
// divided by m has m times the steps.
var mixtures = [...][]int{
	{1, 1, 1, 1, 1, 1, 1, 4},
	{1, 2, 1, 4},
	{1, 2, 4, 8},
}

// plan is proposal k of the schedule: a trajectory of a sqrt(d) times
// 0.5 + frac(k 0.618), in steps of eps divided by the mixture's number. It
// depends on k alone, never on the state.
func (f *frozen) plan(d int, k uint64) plan {
	mixture := mixtures[f.level]
	divisor := mixture[k%uint64(len(mixture))]
	p := f.basic(d, k)
	p.eps, p.steps = p.eps/float64(divisor), min(divisor*p.steps, maxSteps)
	p.small = f.level == 0 && divisor > 1
	return p
}

// basic is proposal k with the undivided step size, as the tuning makes them.
func (f *frozen) basic(d int, k uint64) plan {
	root := math.Sqrt(float64(d))
	_, frac := math.Modf(float64(k) * goldenJitter)
	steps := int(clip(math.Round(trajectoryFactor*root*(0.5+frac)/f.eps), 1, maxSteps))
	return plan{eps: f.eps, steps: steps, length: decoherence * trajectoryFactor * root}
}

// move makes proposal k of the tuning with every particle.
func (en *ensemble) move(f *frozen, k uint64, keys kernelKeys) {
	p := f.basic(en.d, k)
	en.each(func(b *block) { en.propose(b, f.metrics[b.fold], p, keys, k) })
	en.depth += 2 * p.steps
}

// acceptance is the mean acceptance probability of the last proposal.
func (en *ensemble) acceptance() float64 {
	sum := 0.0
	en.particles(func(b *block, i int) { sum += b.accept[i] })
	return sum / float64(en.n)
}

// crossMetrics estimates for each fold the metric from the particles of the other.
func crossMetrics(past *snapshots) (m [folds]*metric) {
	half := past.n / folds
	for f := range folds {
		other := folds - 1 - f
		m[f] = past.metric(other*half, (other+1)*half)
	}
	return m
}

// tune makes at least 12 adjusted proposals to set the step size for the target
// acceptance, ln eps += c (acceptance - target) with c = 1.2 and then 0.6, and
// refreshes the metrics at proposals 3 and 7. It goes on, up to 48, until the
// mean acceptance of the last four is within 0.05 of the target. Each fold uses
// the metric of the other; the step size is one for both, since with two that
// adapt each other the difference grows by itself (a fold that accepts more
// lengthens the steps of the one that accepts less).
func (r *run) tune(ctx context.Context, b *burner, target float64) *frozen {
	en := r.en
	keys := kernelKeys{move: rng.New(r.opt.Seed, rng.Tune), accept: rng.New(r.opt.Seed, rng.Accept)}
	f := &frozen{metrics: crossMetrics(&b.past), eps: b.eps}
	en.rewhiten(f)
	recent, depth := [4]float64{}, en.depth
	for k := 1; k <= maxTune; k++ {
		r.proposals++
		en.move(f, r.proposals, keys)
		a := en.acceptance()
		recent[k%4] = a
		c := 1.2
		if k > minTune/2 {
			c = 0.6
		}
		f.eps *= math.Exp(c * (a - target))
		b.past.take(en)
		if k == 3 || k == 7 {
			f.metrics = crossMetrics(&b.past)
			en.rewhiten(f)
		}
		if r.over(ctx) || en.depth-depth > maxTuneDepth {
			break
		}
		mean := (recent[0] + recent[1] + recent[2] + recent[3]) / 4
		if k >= minTune && math.Abs(mean-target) < 0.05 {
			break
		}
	}
	r.report(Progress{Stage: "tuning"})
	return f
}

// rewhiten recomputes the whitened gradients under the metrics of f.
func (en *ensemble) rewhiten(f *frozen) {
	en.each(func(b *block) { b.whiten(f.metrics[b.fold]) })
}
