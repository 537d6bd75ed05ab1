package flow

import (
	"context"
	"time"

	"wgf/functional"
	"wgf/geometry"
	"wgf/measure"
	"wgf/scheme"
)

// Status says how a run ended.
type Status string

const (
	Finished    Status = "finished"    // all steps were taken
	Converged   Status = "converged"   // further steps would change nothing
	Interrupted Status = "interrupted" // the context ended; what there was is kept
)

// Record is a recorded step.
type Record struct {
	Step    uint64
	Time    float64 // of the flow
	Seconds float64 // since the start of the run
	Metrics map[string]float64
}

// Result is what a run leaves.
type Result struct {
	Status  Status
	Cloud   *measure.Cloud
	Steps   uint64
	Trace   []Record // first and last step always
	elapsed float64
}

// Seconds is how long the run took.
func (r *Result) Seconds() float64 { return r.elapsed }

// Observer is told of every recorded step; the cloud is valid during the call only.
type Observer func(r Record, c *measure.Cloud)

// Run takes the steps of a planned flow. A run that fails returns what it had beside
// the error. Planned flows can be run once.
func (p *Planned) Run(ctx context.Context, observe Observer) (*Result, error) {
	began := time.Now()
	state := &scheme.State{Cloud: p.start}
	problem, m := p.problem(), p.newMeter()
	result := &Result{Status: Finished, Cloud: state.Cloud}
	record := func(info scheme.Info) {
		r := Record{Step: state.Step, Time: state.Time, Seconds: time.Since(began).Seconds(), Metrics: m.measure(ctx, state.Cloud, info)}
		result.Trace = append(result.Trace, r)
		result.Steps, result.elapsed = r.Step, r.Seconds
		if observe != nil {
			observe(r, state.Cloud)
		}
	}
	if err := p.update(state); err != nil {
		return result, err
	}
	record(unknownInfo())
	last := state.Step
	info := unknownInfo()
	var failed error
	for state.Step < uint64(p.Options.Steps) {
		if ctx.Err() != nil {
			result.Status = Interrupted
			break
		}
		var err error
		if info, err = p.Triple.Scheme.Step(ctx, state, problem); err != nil {
			if ctx.Err() != nil {
				result.Status = Interrupted
			} else {
				failed = err
			}
			break
		}
		if err := p.update(state); err != nil {
			failed = err
			break
		}
		if info.Done {
			result.Status = Converged
			break
		}
		if state.Step%uint64(p.Options.Every) == 0 {
			record(info)
			last = state.Step
		}
	}
	if state.Step != last {
		record(info)
	}
	result.Cloud = state.Cloud
	return result, failed
}

// update lets slow variables follow the cloud.
func (p *Planned) update(s *scheme.State) error {
	if u, ok := p.Triple.Functional.(functional.Updater); ok {
		if err := u.Update(s.Cloud, s.Step); err != nil {
			return err
		}
	}
	if u, ok := p.Triple.Geometry.(geometry.Updater); ok {
		return u.Update(s.Cloud, s.Step)
	}
	return nil
}
