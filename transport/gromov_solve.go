package transport

import (
	"context"
	"math"
	"sort"

	"wgf/internal/simd"
)

const (
	gromovTrial   = 6 // iterations of every start
	gromovFinish  = 2 // starts that run to the end
	gromovRandoms = 4 // starts where all but the first are random
)

// gromovRun is a start on its way.
type gromovRun struct {
	start      int
	state      []float64 // the linearisation
	e          *entropic
	r          *alternation
	g          []float64 // its potential without what belongs to the linearisation
	history    []float64
	energy     float64
	residual   float64
	iterations int
	status     Status
}

func (s GromovWasserstein) solve(ctx context.Context, m gromovModel, n, k int, ia, ib []int32) (*GromovResult, error) {
	scale := m.scale()
	eps := s.Epsilon
	if eps == 0 {
		relative := s.EpsilonRelative
		if relative == 0 {
			relative = 0.002
		}
		eps = relative * scale
	}
	if eps == 0 { // two points
		eps = 1
	}
	out := &GromovResult{Epsilon: eps, References: []string{
		"Peyré, Cuturi and Solomon (2016), Gromov-Wasserstein averaging of kernel and distance matrices, ICML",
		"Scetbon, Peyré and Cuturi (2022), Linear-time Gromov Wasserstein distances using low rank couplings and costs, ICML",
	}}
	starts, limit, tol := s.Starts, s.MaxIterations, s.Tolerance
	if starts == 0 {
		starts = m.defaultStarts()
	}
	if limit == 0 {
		limit = 500
	}
	if tol == 0 {
		tol = 1e-6
	}
	var runs []*gromovRun
	for at := 0; at < starts && m.start(at) && (at == 0 || ctx.Err() == nil); at++ {
		run := &gromovRun{start: at, state: m.save(), energy: math.Inf(1), residual: 1}
		if err := s.advance(ctx, m, run, eps, tol, 0.1, min(gromovTrial, limit)); err != nil {
			return nil, err
		}
		runs = append(runs, run)
	}
	order := append([]*gromovRun(nil), runs...)
	better := func(a, b *gromovRun) bool { return a.objective() < b.objective() }
	sort.SliceStable(order, func(i, j int) bool { return better(order[i], order[j]) })
	for _, run := range order[:min(gromovFinish, len(order))] {
		if run.iterations < limit && ctx.Err() == nil {
			run.history = nil
			if err := s.advance(ctx, m, run, eps, tol, 1e-4, limit); err != nil {
				return nil, err
			}
		}
	}
	best := order[0]
	for _, run := range order[:min(gromovFinish, len(order))] {
		if better(run, best) {
			best = run
		}
	}
	for _, run := range runs {
		out.Energies = append(out.Energies, run.energy)
		out.Iterations += run.iterations
	}
	out.Start, out.Status, out.Residual = best.start, best.status, best.residual
	out.Energy, out.Objective, out.History = best.energy, best.objective(), best.history
	out.makePlan = func() *Plan {
		p := best.e.plan(best.r, eps)
		p.N, p.M = n, k
		for at := range p.Mass {
			p.I[at], p.J[at] = original(ia, int(p.I[at])), original(ib, int(p.J[at]))
		}
		return p
	}
	return out, nil
}

func (r *gromovRun) objective() float64 { return r.history[len(r.history)-1] }

// advance iterates until the linearisation stands still or there have been
// limit iterations. Linear problems are solved to share times the last change.
func (s GromovWasserstein) advance(ctx context.Context, m gromovModel, run *gromovRun, eps, tol, share float64, limit int) error {
	m.restore(run.state)
	defer func() { run.state = m.save() }()
	run.status = Budget
	for run.iterations < limit {
		e, err := newEntropic(m.problem(), s.Threads)
		if err != nil {
			return err
		}
		own := m.own()
		var f, g []float64
		if run.g != nil {
			f, g = append(f, run.r.f...), make([]float64, len(own))
			simd.Add(g, run.g, own)
		}
		// no more exact than the linearisation is near its end, and exact enough
		// for the objective to fall once the start is chosen
		inner := Sinkhorn{Tolerance: math.Max(tol/10, math.Min(1e-3, run.residual*share)), MaxIterations: 2000, Threads: s.Threads}
		r := inner.alternate(ctx, e, eps, f, g)
		run.e, run.r, run.g = e, r, make([]float64, len(own))
		simd.Sub(run.g, r.g, own)
		var linear float64
		run.energy, linear, run.residual = m.step(e, r, eps)
		entropy := simd.Dot(e.wa, r.f) + simd.Dot(e.wb, r.g) - linear
		run.history = append(run.history, run.energy+entropy)
		run.iterations++
		switch {
		case ctx.Err() != nil:
			run.status = Interrupted
			return nil
		case run.residual <= tol:
			if r.residual <= tol {
				run.status = Converged
			}
			return nil
		}
	}
	return nil
}
