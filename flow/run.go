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
	Stopped     Status = "stopped"     // a condition of Options.Stop held
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
	Trace   []Record    // first and last step always
	Reason  []Condition // that ended the run, with status Stopped
	elapsed float64
}

// Seconds is how long the run took.
func (r *Result) Seconds() float64 { return r.elapsed }

// Observer is told of every recorded step; the cloud is valid during the call only.
type Observer func(r Record, c *measure.Cloud)

// Keep is given checkpoints of a run, see [Planned.Resume]: at recorded steps, at
// least keepEvery apart, and at the end. Its error ends the run.
type Keep func(data []byte) error

// keepEvery is the least time between two checkpoints.
const keepEvery = 10 * time.Second

// Run takes the steps of a planned flow. A run that fails returns what it had beside
// the error. Planned flows can be run once.
func (p *Planned) Run(ctx context.Context, observe Observer) (*Result, error) {
	began := time.Now()
	state := &scheme.State{Cloud: p.start}
	problem, m := p.problem(), p.newMeter()
	result := &Result{Status: Finished, Cloud: state.Cloud}
	before := 0.0 // seconds of the run that was taken up
	if p.taken != nil {
		var err error
		if state, err = p.taken.restore(p, result, m); err != nil {
			return result, err
		}
		result.Cloud, before, result.elapsed = state.Cloud, p.taken.Seconds, p.taken.Seconds
	}
	kept, told := time.Now(), time.Now()
	keep := func() error {
		if p.Options.Keep == nil {
			return nil
		}
		kept = time.Now()
		data, err := p.keep(state, result, m).encode()
		if err != nil {
			return err
		}
		return p.Options.Keep(data)
	}
	record := func(info scheme.Info) {
		r := Record{Step: state.Step, Time: state.Time, Seconds: before + time.Since(began).Seconds(), Metrics: m.measure(context.WithoutCancel(ctx), state.Cloud, info)}
		result.Trace = append(result.Trace, r)
		result.Steps, result.elapsed = r.Step, r.Seconds
		if observe != nil {
			observe(r, state.Cloud)
		}
	}
	if err := p.update(state); err != nil {
		return result, err
	}
	if p.taken == nil {
		record(unknownInfo())
	}
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
		m.moved(info)
		if p.Options.Progress != nil && time.Since(told) > time.Second {
			told = time.Now()
			p.Options.Progress(state.Step)
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
			if result.Reason = stops(p.Options.Stop, result.Trace); result.Reason != nil {
				result.Status = Stopped
				break
			}
			if time.Since(kept) > keepEvery {
				if failed = keep(); failed != nil {
					break
				}
			}
		}
	}
	if state.Step != last {
		record(info)
	}
	result.Cloud = state.Cloud
	if failed == nil {
		failed = keep()
	}
	return result, failed
}

// update lets slow variables follow the cloud.
func (p *Planned) update(s *scheme.State) error {
	p.aim(s)
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
