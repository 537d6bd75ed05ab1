package sampler

import (
	"context"
	"math"
	"time"

	"wgf/internal/rng"
)

// sampling is the frozen stage.
type sampling struct {
	r       *run
	f       *frozen
	mon     *monitor
	store   *draws
	keys    kernelKeys
	k       uint64 // proposals made since the freeze
	flags   [][]bool
	latched map[int][]float64 // stuck particles and where they stood, standardised
	began   time.Time
	verdict []Quantity
}

// sample runs the frozen kernel until the stop rule is met, a budget ends or
// the context is cancelled. A particle with at most one acceptance in 20 judged
// proposals is stuck: particles enter a narrow neck, stay and come out again, so
// that a rule that looks only at the end passes wrong answers. The run is marked
// for good. With another mixture of step sizes left it ends at once, to be begun
// anew with that; with the last it goes on, but cannot pass.
func (s *sampling) sample(ctx context.Context) (passed bool) {
	r := s.r
	d := r.inner.Dim()
	want := r.opt.Draws / r.opt.Particles
	next := max(want, 8)
	for {
		for s.mon.draws < next {
			made := s.round(ctx, min(next-s.mon.draws, 8))
			if !made || r.over(ctx) || (len(s.latched) > 0 && !s.last()) {
				s.verdict = s.mon.verdict(r.names[:d])
				return false
			}
		}
		s.verdict = s.mon.verdict(r.names[:d])
		failed := s.failures()
		s.progress()
		if failed == 0 {
			return len(s.latched) == 0
		}
		next = s.mon.draws + max(4, s.mon.draws/8)
	}
}

// last reports whether there is no further mixture of step sizes to go to.
func (s *sampling) last() bool { return s.f.level == len(mixtures)-1 }

// round makes up to count proposals with every particle, each block on its own
// goroutine without waiting for the others. It reports whether all were made.
func (s *sampling) round(ctx context.Context, count int) bool {
	en, r := s.r.en, s.r
	s.store.open(count)
	for len(s.flags) < count {
		s.flags = append(s.flags, make([]bool, en.n))
	}
	plans := make([]plan, count)
	for t := range plans {
		plans[t] = s.f.plan(en.d, s.k+uint64(t))
	}
	done := make([]int, len(en.blocks))
	en.each(func(b *block) {
		for t, p := range plans {
			if r.late(ctx) {
				return
			}
			en.propose(b, s.f.metrics[b.fold], p, s.keys, r.proposals+s.k+uint64(t)+1)
			s.store.put(b, t)
			for i, refused := range b.refused {
				s.flags[t][b.first+i] = !refused
			}
			done[r.index(b)]++
		}
	})
	made := count
	for _, n := range done {
		made = min(made, n)
	}
	for t, p := range plans[:made] {
		en.depth += 2 * p.steps
		seg := s.mon.segment()
		x, lp := s.store.pendingX[t], s.store.pendingL[t]
		s.mon.add(seg, x, en.n, lp, 0, en.n)
		for n, ok := range s.flags[t] {
			if s.mon.outcome(n, ok, p.small) && s.latched[n] == nil {
				s.latched[n] = s.standardised(x, n)
			}
		}
	}
	s.store.commit(made)
	s.k += uint64(made)
	return made == count
}

// standardised is particle n of a slab in units of the cloud at the freeze.
func (s *sampling) standardised(x []float64, n int) []float64 {
	at := make([]float64, s.mon.d)
	for k := range at {
		at[k] = (x[k*s.mon.n+n] - s.mon.center[k]) / s.mon.spread[k]
	}
	return at
}

// The thresholds of the stop rule.
const (
	rhatLimit   = 1.01
	halvesLimit = 4
)

// failures counts the quantities that do not pass the stop rule.
func (s *sampling) failures() int {
	need := s.r.opt.needESS()
	failed := 0
	for _, q := range s.verdict {
		if !q.passes(need) {
			failed++
		}
	}
	return failed
}

// passes reports whether the quantity meets the stop rule.
func (q Quantity) passes(need float64) bool {
	return q.ESS >= need && q.RHat < rhatLimit && q.Halves < halvesLimit
}

// progress reports the state of the stop rule and guesses the time left.
func (s *sampling) progress() {
	p := Progress{Stage: "sampling", Draws: s.mon.draws * s.mon.n, ESS: math.Inf(1)}
	for _, q := range s.verdict {
		p.ESS = math.Min(p.ESS, q.ESS)
		p.RHat = math.Max(p.RHat, q.RHat)
	}
	if len(s.verdict) == 0 {
		p.ESS = 0
	}
	if need := s.r.opt.needESS(); p.ESS > 0 && p.ESS < need {
		p.Left = time.Duration(float64(time.Since(s.began)) * (need/p.ESS - 1))
	}
	s.r.report(p)
}

// freeze starts the sampling stage with f fixed.
func (r *run) freeze(f *frozen) *sampling {
	return &sampling{
		r: r, f: f, mon: newMonitor(r.en, r.inner.Dim()),
		store:   newDraws(r.inner.Dim(), r.en.n, r.opt.MaxBytes),
		keys:    kernelKeys{move: rng.New(r.opt.Seed, rng.Sample), accept: rng.New(r.opt.Seed, rng.Accept)},
		latched: map[int][]float64{}, began: time.Now(),
	}
}
