package sampler

import (
	"math"

	"wgf/internal/rng"
)

// plan is one adjusted proposal: steps leapfrogs of size eps.
type plan struct {
	eps    float64
	steps  int
	length float64 // decoherence length L_O of the partial refreshments
	small  bool    // one of the small-step proposals, not judged for acceptance
}

// kernelKeys are the random numbers of the adjusted kernel.
type kernelKeys struct{ move, accept rng.Key }

// maxSteps bounds the steps of one proposal; a proposal has at most this many
// refreshments, which is how its numbers are keyed.
const maxSteps = 256

// propose moves every particle of the block by one Metropolis-adjusted
// isokinetic Langevin proposal (Robnik, Cohn-Gordon, Seljak, arXiv 2503.01707):
// u uniform on the sphere, then steps times
//
//	O(eps/2) B(b1 eps) A(eps/2) B((1-2 b1) eps) A(eps/2) B(b1 eps) O(eps/2)
//
// accepted with min(1, exp(lp' - lp - K)), K the sum of all B terms. For a
// given metric and plan it leaves the target invariant. The first and the last
// O are left out: u before the first is uniform and u after the last is not
// used, so that the law is the same. Two O between steps make one O(eps).
// A log density, gradient or K that is not finite anywhere on the way rejects.
// It costs 2 steps gradients.
func (en *ensemble) propose(b *block, m *metric, p plan, keys kernelKeys, proposal uint64) {
	en.trajectory(b, m, p, keys.move, proposal)
	b.test(keys.accept, proposal, en.d)
}

// trajectory moves every particle to where it is proposed to go.
func (en *ensemble) trajectory(b *block, m *metric, p plan, key rng.Key, proposal uint64) {
	d := en.d
	b.save()
	clear(b.kinetic)
	for i := range b.dead {
		b.dead[i] = false
	}
	step := proposal * maxSteps
	b.uniform(key, step, d)
	nu := refreshment(p.eps, p.length, d)
	for s := range p.steps {
		if s > 0 {
			b.refresh(key, step+uint64(s), nu, d)
		}
		b.kick(mcLachlan*p.eps, d)
		en.advance(b, m, p.eps/2)
		b.kick((1-2*mcLachlan)*p.eps, d)
		en.advance(b, m, p.eps/2)
		b.kick(mcLachlan*p.eps, d)
	}
}

// test is the Metropolis test of a trajectory, each particle by itself; those
// that fail go back.
func (b *block) test(key rng.Key, proposal uint64, d int) {
	key.Uniforms(b.s1, 1, b.n, b.first, proposal)
	for i := range b.n {
		e := b.kinetic[i] - (b.lp[i] - b.lp0[i])
		b.energy[i] = e
		switch {
		case b.dead[i] || math.IsNaN(e):
			b.accept[i] = 0
		default:
			b.accept[i] = math.Min(1, math.Exp(-e))
		}
		b.refused[i] = !(b.s1[i] < b.accept[i])
		if b.refused[i] {
			b.restore(i, d)
		}
	}
}

// advance is A(h), then the gradient at the new positions. A particle that
// finds no density, or no finite gradient, is dead for the rest of the
// proposal and waits where it started, so that the density is never asked about
// points that are not finite numbers.
func (en *ensemble) advance(b *block, m *metric, h float64) {
	b.drift(m, h)
	for i, dead := range b.dead {
		if dead {
			b.restore(i, en.d)
		}
	}
	en.evaluate(b)
	b.whiten(m)
	for i := range b.n {
		if !b.dead[i] && !b.finite(i) {
			b.dead[i] = true
		}
		if b.dead[i] {
			b.revive(i, en.d)
		}
	}
}

// revive makes the state of a dead particle finite: where it started, with its
// direction along the first axis.
func (b *block) revive(i, d int) {
	b.restore(i, d)
	for k := range d {
		b.u[k*b.n+i] = 0
	}
	b.u[i] = 1
	b.kinetic[i] = 0
}
