package sampler

import (
	"context"
	"math"

	"wgf/internal/rng"
)

// Constants of the burn-in.
const (
	chunkSteps   = 25   // steps between two looks at the metric and the clock
	minChunks    = 3    // before the switch
	maxBurn      = 3000 // steps; a run that reaches them is flagged "not stationary"
	energyLimit  = 1e4  // energy error beyond which a step is refused
	biasConstant = 0.1  // C: energy error wanted for a given bias
	snapEvery    = 5    // steps between snapshots
)

// burner is the state of the unadjusted stage.
type burner struct {
	en     *ensemble
	m      *metric
	set    bool // the metric is estimated, no longer I
	eps    float64
	length float64 // decoherence length L
	key    rng.Key
	step   uint64
	past   snapshots
	bias   float64
	last   *chunkMean
	drift  float64 // D of the last two chunks
	runs   bool    // some coordinate runs to infinity
}

// chunkMean is the average over the second half of a chunk of the cloud's mean,
// standard deviation and mean log density.
type chunkMean struct {
	mean, sd []float64
	lp       float64
	count    int
}

// burn travels from the start points until the cloud stands still: microcanonical
// Langevin dynamics without acceptance test, one gradient a step, step size from
// the spread of the energy error, metric from the cloud itself. It reports
// whether the cloud came to rest. Nothing of it is returned as a draw.
func (r *run) burn(ctx context.Context) (b *burner, stationary bool) {
	en := r.en
	d := en.d
	b = &burner{
		en: en, m: identity(d), eps: 0.01 * math.Sqrt(float64(d)), length: math.Inf(1),
		key:  rng.New(r.opt.Seed, rng.Burn),
		past: snapshots{d: d, n: en.n, limit: snapLimit(d, en.n)},
	}
	if m := r.firstMetric(); m != nil {
		b.m, b.set = m, true
		b.eps, b.length = 0.2*math.Sqrt(float64(d)), 1.9*math.Sqrt(float64(d))
	}
	b.start()
	for chunk := 1; ; chunk++ {
		mean := &chunkMean{mean: make([]float64, d), sd: make([]float64, d)}
		for s := range chunkSteps {
			b.advance()
			if s >= chunkSteps/2 {
				mean.add(en)
				if (chunkSteps-1-s)%snapEvery == 0 {
					b.past.take(en)
				}
			}
		}
		mean.finish()
		b.drift = math.Inf(1)
		if b.last != nil {
			b.drift = drift(b.last, mean)
		}
		b.last = mean
		for k, s := range mean.sd {
			if !(s < 1e60 && math.Abs(mean.mean[k]) < 1e30) {
				b.runs = true
			}
		}
		if chunk >= minChunks && b.drift < 0.02+2/float64(en.n) {
			return b, !b.runs
		}
		if b.runs || chunk*chunkSteps >= maxBurn || r.over(ctx) {
			return b, false
		}
		b.adapt()
		r.report(Progress{Stage: "burn-in"})
	}
}

// firstMetric estimates the metric from the starts, within superchains, if these
// were drawn from approximations of the target.
func (r *run) firstMetric() *metric {
	if !r.climbed {
		return nil
	}
	en := r.en
	s := &snapshots{d: en.d, n: en.n, limit: 1}
	s.take(en)
	size := en.n / superchains
	for _, rows := range [][]float64{s.list[0].x, s.list[0].g} {
		for k := range en.d {
			for c := range superchains {
				row := rows[k*en.n+c*size : k*en.n+(c+1)*size]
				mean, _ := meanVariance(row)
				for i := range row {
					row[i] -= mean
				}
			}
		}
	}
	return s.metric(0, en.n)
}

// snapLimit is how many snapshots are kept: those of two chunks, fewer where
// they would take more than 256 MB.
func snapLimit(d, n int) int {
	return max(1, min(6, (256<<20)/(16*d*n)))
}

// start sets the first directions: along the gradient where the cloud has to
// contract, against it where it has to spread (per coordinate, by the sign of
// the virial mean(-x g) - 1).
func (b *burner) start() {
	en, d := b.en, b.en.d
	virial := make([]float64, d)
	en.particles(func(bl *block, i int) {
		for k := range d {
			at := k*bl.n + i
			virial[k] -= float64(bl.x[at] * bl.g[at])
		}
	})
	for k, v := range virial {
		virial[k] = 1
		if v/float64(en.n) < 1 {
			virial[k] = -1
		}
	}
	en.each(func(bl *block) {
		bl.whiten(b.m)
		copy(bl.u, bl.e)
		for k := range d {
			for i := range bl.n {
				bl.u[k*bl.n+i] *= virial[k]
			}
		}
		for i, n := range bl.norm {
			if n == 0 {
				bl.u[i] = 1
			}
		}
	})
}

// advance makes one step O(eps) B(eps/2) A(eps) gradient B(eps/2) of all
// particles (two half refreshments of neighbouring steps made one), then sets
// the next step size.
func (b *burner) advance() {
	en, d := b.en, b.en.d
	nu := refreshment(b.eps, b.length, d)
	b.step++
	en.each(func(bl *block) {
		bl.save()
		copy(bl.u0, bl.u)
		clear(bl.kinetic)
		if nu > 0 {
			bl.refresh(b.key, b.step, nu, d)
		}
		bl.kick(b.eps/2, d)
		bl.drift(b.m, b.eps)
		en.evaluate(bl)
		bl.whiten(b.m)
		bl.kick(b.eps/2, d)
		for i := range bl.n {
			e := bl.kinetic[i] - (bl.lp[i] - bl.lp0[i])
			bl.energy[i] = e
			bl.refused[i] = !(math.Abs(e) <= energyLimit) || !bl.finite(i)
			if bl.refused[i] {
				bl.restore(i, d)
				for k := range d {
					bl.u[k*bl.n+i] = -bl.u0[k*bl.n+i]
				}
			}
		}
	})
	en.depth++
	b.control()
}

// control sets the step size from the energy errors of the last step.
func (b *burner) control() {
	en, d := b.en, float64(b.en.d)
	sum, squares, count := 0.0, 0.0, 0.0
	en.particles(func(bl *block, i int) {
		if !bl.refused[i] {
			sum += bl.energy[i]
			squares += float64(bl.energy[i] * bl.energy[i])
			count++
		}
	})
	if count < float64(en.n) {
		b.eps *= 0.5
		return
	}
	error := (squares - float64(sum*sum)/count) / count / d
	b.bias = en.equipartition()
	want := biasConstant * math.Pow(min(b.bias, 100), 0.375)
	b.eps *= clip(math.Pow(want/error, 1.0/6), 0.3, 3)
	b.eps = min(b.eps, math.Sqrt(d)) // no further than a typical radius of the cloud
}

// equipartition is mean_i (1 + mean_n (x_i - xbar_i) g_i)^2, the diagonal of
// Stein's identity E[x g^T] = -I: 0 at the target, up to noise of order 1/N.
func (en *ensemble) equipartition() float64 {
	d := en.d
	total := 0.0
	for k := range d {
		mean := 0.0
		for _, b := range en.blocks {
			for _, v := range b.x[k*b.n : (k+1)*b.n] {
				mean += v
			}
		}
		mean /= float64(en.n)
		virial := 0.0
		for _, b := range en.blocks {
			g := b.g[k*b.n : (k+1)*b.n]
			for i, v := range b.x[k*b.n : (k+1)*b.n] {
				virial += float64((v - mean) * g[i])
			}
		}
		virial = 1 + virial/float64(en.n)
		total += float64(virial * virial)
	}
	return total / float64(d)
}

// adapt replaces the metric by a new estimate.
func (b *burner) adapt() {
	en, d := b.en, float64(b.en.d)
	m := b.past.metric(0, en.n)
	if !b.set {
		b.eps = min(b.eps/m.rootMeanVariance(), 0.5*math.Sqrt(d))
		b.set = true
	}
	b.m = m
	b.length = 1.9 * math.Sqrt(d)
	en.each(func(bl *block) { bl.whiten(m) })
}

func clip(v, lo, hi float64) float64 {
	if !(v > lo) { // NaN too
		return lo
	}
	return min(v, hi)
}

// add takes the present cloud into the average.
func (c *chunkMean) add(en *ensemble) {
	n := float64(en.n)
	for k := range c.mean {
		sum, squares := 0.0, 0.0
		for _, b := range en.blocks {
			for _, v := range b.x[k*b.n : (k+1)*b.n] {
				sum += v
			}
		}
		mean := sum / n
		for _, b := range en.blocks {
			for _, v := range b.x[k*b.n : (k+1)*b.n] {
				squares += float64((v - mean) * (v - mean))
			}
		}
		c.mean[k] += mean
		c.sd[k] += math.Sqrt(squares / n)
	}
	sum := 0.0
	en.particles(func(b *block, i int) { sum += b.lp[i] })
	c.lp += sum / n
	c.count++
}

func (c *chunkMean) finish() {
	n := float64(c.count)
	for k := range c.mean {
		c.mean[k] /= n
		c.sd[k] /= n
	}
	c.lp /= n
}

// drift is D = max(mean_i (dmean_i/sd_i)^2, mean_i 2 (dlog sd_i)^2, 2 (d lpbar)^2/d)
// between two chunks.
func drift(a, b *chunkMean) float64 {
	d := float64(len(a.mean))
	location, scale := 0.0, 0.0
	for k := range a.mean {
		z := (b.mean[k] - a.mean[k]) / b.sd[k]
		location += float64(z * z)
		l := math.Log(b.sd[k] / a.sd[k])
		scale += 2 * float64(l*l)
	}
	lp := b.lp - a.lp
	return max(location/d, scale/d, 2*lp*lp/d)
}
