package sampler

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"wgf/target"
)

// run is one call of Run.
type run struct {
	inner     target.Density
	en        *ensemble
	opt       Options
	names     []string
	began     time.Time
	deadline  time.Time // zero: none
	proposals uint64    // adjusted proposals before the sampling stage
	stages    []Stage
	ctx       context.Context
	abandoned []*sampling // attempts in which particles were stuck
	climbed   bool        // the particles were drawn from approximations
	moved     int         // superchains taken off modes without mass
}

// Run samples a density with the interacting ensemble described in the package
// comment. The error is for what could not be started (options that make no
// sense, no start with a density); how a run ended is Result.Status.
//
// Cancelling ctx ends the run with the draws made so far and status Interrupted.
// With the same seed and options (other than Threads) and no limit on time the
// draws are the same bits for any number of threads.
func Run(ctx context.Context, density target.Density, options Options) (*Result, error) {
	if density == nil {
		return nil, errors.New("sampler: no density")
	}
	d := density.Dim()
	opt, err := options.resolve(d)
	if err != nil {
		return nil, err
	}
	r := &run{inner: density, opt: opt, names: coordinateNames(density), began: time.Now()}
	if opt.MaxTime > 0 {
		r.deadline = r.began.Add(opt.MaxTime)
	}
	if d == 0 {
		return r.empty(), nil
	}
	inner := density
	if d == 1 {
		density = augmented{density}
	}
	r.en = newEnsemble(density, opt.Particles, opt.Threads, opt.Seed)
	starts, err := r.en.scatter(opt, inner, r.names)
	if err != nil {
		return nil, err
	}
	r.ctx = ctx
	r.moved = r.climb(starts)
	r.stage("init", 0, r.began)

	at, depth := time.Now(), r.en.depth
	b, stationary := r.burn(ctx)
	r.stage("burn-in", depth, at)
	at, depth = time.Now(), r.en.depth
	f := r.tune(ctx, b, opt.TargetAcceptance)
	r.stage("tuning", depth, at)
	at, depth = time.Now(), r.en.depth
	s := r.freeze(f)
	passed := s.sample(ctx)
	for len(s.latched) > 0 && !s.last() && !r.over(ctx) {
		// Nothing of the marked attempt is kept: its draws do not count, the
		// new kernel is as frozen as the old one, and has to pass by itself.
		r.proposals += s.k
		r.abandoned = append(r.abandoned, s)
		next := *f
		next.level = s.f.level + 1
		f = &next
		s = r.freeze(f)
		passed = s.sample(ctx)
	}
	r.stage("sampling", depth, at)
	return r.result(ctx, b, s, stationary, passed), nil
}

// empty is the result of a target without coordinates: draws of nothing.
func (r *run) empty() *Result {
	times := r.opt.Draws / r.opt.Particles
	return &Result{
		Particles: r.opt.Particles, Superchains: superchains, Times: times, Stride: 1, Wanted: times,
		LP: make([]float64, times*r.opt.Particles), Stationary: true, Options: r.opt,
		Notes: []string{"The target has no parameters: there was nothing to sample."},
	}
}

func (r *run) stage(name string, depth int, began time.Time) {
	r.stages = append(r.stages, Stage{Name: name, Depth: r.en.depth - depth, Time: time.Since(began)})
}

func (r *run) stopped() bool { return r.late(r.ctx) }

// late reports whether the context or the clock ends the run.
func (r *run) late(ctx context.Context) bool {
	return ctx.Err() != nil || (!r.deadline.IsZero() && time.Now().After(r.deadline))
}

// over reports whether the run has to end.
func (r *run) over(ctx context.Context) bool {
	return r.late(ctx) || (r.opt.MaxGradients > 0 && r.en.depth >= r.opt.MaxGradients)
}

// report tells the caller how far the run is.
func (r *run) report(p Progress) {
	if r.opt.Progress == nil {
		return
	}
	p.Depth, p.Elapsed, p.TargetESS = r.en.depth, time.Since(r.began), r.opt.needESS()
	r.opt.Progress(p)
}

// index is the number of a block.
func (r *run) index(b *block) int {
	for i, other := range r.en.blocks {
		if other == b {
			return i
		}
	}
	panic("sampler: unknown block")
}

// result collects what the run leaves.
func (r *run) result(ctx context.Context, b *burner, s *sampling, stationary, passed bool) *Result {
	en, opt := r.en, r.opt
	res := &Result{
		Dim: r.inner.Dim(), Particles: en.n, Superchains: superchains, Names: r.names,
		Times: len(s.store.slabs), Stride: s.store.stride, Wanted: opt.Draws / opt.Particles,
		Gradients: int64(en.depth)*int64(en.n) + en.extra, Depth: en.depth, Stages: r.stages,
		StepSize: s.f.eps, Steps: s.f.basic(en.d, 0).steps, Stationary: stationary,
		Quantities: s.verdict, Options: opt,
	}
	res.X, res.LP = s.store.flatten(res.Dim)
	res.ParticleAcceptance = make([]float64, en.n)
	for i, a := range s.mon.accepted {
		res.ParticleAcceptance[i] = float64(a) / float64(max(s.mon.draws, 1))
		res.Acceptance += res.ParticleAcceptance[i] / float64(en.n)
	}
	if res.Stride > 1 {
		res.Notes = append(res.Notes, fmt.Sprintf("Only every %d-th draw was kept, to stay within %d MB; the diagnostics used all.", res.Stride, opt.MaxBytes>>20))
	}
	if n := len(r.abandoned); n > 0 {
		name, side := stuckCoordinate(r.abandoned[0], r.names)
		res.Notes = append(res.Notes, fmt.Sprintf("Particles were stuck where %s is %s, so the sampling was begun anew with a mixture of smaller steps (attempt %d).", quote(name), side, n+1))
	}
	if r.moved > 0 {
		res.Notes = append(res.Notes, fmt.Sprintf("%d of %d starts led to modes without mass and were replaced.", r.moved, superchains))
	}
	if h := en.holes(); h.count > 0 {
		res.WithoutDensity = h.count
		what := fmt.Sprintf("%.2g %% of the points tried had no density and were rejected", 100*float64(h.count)/float64(res.Gradients))
		if e, ok := r.inner.(target.Explainer); ok {
			if err := e.Explain(h.first[:res.Dim]); err != nil {
				reason, _, _ := strings.Cut(err.Error(), "\n")
				what += ", the first of them because of " + reason
			}
		}
		res.Notes = append(res.Notes, what+".")
	}
	r.judge(ctx, res, b, s, passed)
	return res
}
