package main

import (
	"fmt"

	"wgf/diagnostics"
)

// compareResult is the object that --json prints.
type compareResult struct {
	Status       string          `json:"status"` // done or interrupted
	Pairs        []comparePair   `json:"pairs"`
	Samples      []compareSample `json:"samples"`
	Columns      []string        `json:"columns"`
	Target       string          `json:"target,omitempty"`
	Seed         uint64          `json:"seed"`
	Permutations int             `json:"permutations"`
	Notes        []string        `json:"notes"`

	references []string
}

// comparePair holds the distances between two files. Where there is a target, ksd is
// that of a and ksd_b that of b.
type comparePair struct {
	A       string         `json:"a"`
	B       string         `json:"b"`
	Metrics compareMetrics `json:"metrics"`
}

// compareSample is one file, with its distance from the target.
type compareSample struct {
	Name    string         `json:"name"`
	Points  int            `json:"points"` // in the file
	Used    int            `json:"used"`   // after thinning
	ESS     *number        `json:"ess,omitempty"`
	Metrics compareMetrics `json:"metrics,omitempty"`

	description string
}

func (r *compareResult) empty() bool {
	for _, p := range r.Pairs {
		if len(p.Metrics) > 0 {
			return false
		}
	}
	for _, s := range r.Samples {
		if len(s.Metrics) > 0 {
			return false
		}
	}
	return true
}

// run computes everything; what is known so far comes back beside an error.
func (w *comparison) run(s streams) (*compareResult, error) {
	r := &compareResult{
		Status: "done", Pairs: []comparePair{}, Samples: []compareSample{}, Columns: w.samples[0].selected.Names,
		Seed: w.Seed, Permutations: w.Permutations, Notes: []string{},
	}
	for _, sample := range w.samples {
		c := compareSample{Name: sample.name, Points: sample.points.Cloud.N, Used: sample.cloud.N, description: sample.describe()}
		if sample.points.Draws() {
			ess := number(sample.ess)
			c.ESS = &ess
		}
		r.Samples = append(r.Samples, c)
		for _, n := range sample.points.Notes {
			r.note(n)
		}
		if sample.points.Width > 0 {
			r.note("Pictures are measures: dark pixels are mass at their places, the longer side has length 1. They are no samples: there are no p-values, and errors are those of as many random points.")
		}
	}
	for _, n := range w.notes {
		r.note(n)
	}
	show := newProgress(w.Progress, w.Quiet, s.stderr)
	defer show.done()
	options := diagnostics.CompareOptions{
		Metrics: w.metrics, Permutations: w.Permutations, Seed: w.Seed, Threads: w.Threads,
		Exact: w.Exact, Directions: w.Directions, Epsilon: w.Epsilon,
	}
	if w.Permutations == 0 {
		options.Permutations = -1
	}
	if err := w.steins(s, r, options, show); err != nil {
		return r, err
	}
	for i, a := range w.samples {
		for j, b := range w.samples[i+1:] {
			options.Progress = func(m diagnostics.Metric, done, total int) {
				text := fmt.Sprintf("%s and %s: %s, %d of %d", a.name, b.name, m, done+1, total)
				show.say("compare", map[string]any{"a": a.name, "b": b.name, "metric": m, "done": done, "of": total}, text)
			}
			var list []diagnostics.Distance
			var err error
			if len(w.metrics) > 0 {
				options := options
				if a.points.Width > 0 || b.points.Width > 0 {
					options.Permutations = -1
				}
				list, err = diagnostics.Compare(s.ctx, a.cloud, b.cloud, options)
			}
			pair := comparePair{A: a.name, B: b.name}
			for _, d := range list {
				pair.Metrics = append(pair.Metrics, w.entry(r, d, string(d.Metric)))
			}
			if w.stein {
				of, other := r.Samples[i].Metrics, r.Samples[i+1+j].Metrics
				if len(of) > 0 && len(other) > 0 {
					second := other[0]
					second.name = "ksd_b"
					pair.Metrics = append(pair.Metrics, of[0], second)
				}
			}
			r.Pairs = append(r.Pairs, pair)
			if err != nil {
				return r, err
			}
		}
	}
	return r, nil
}

// steins measures every file against the target.
func (w *comparison) steins(s streams, r *compareResult, options diagnostics.CompareOptions, show *progress) error {
	if !w.stein {
		return nil
	}
	r.Target = w.problem.name
	for i, sample := range w.samples {
		show.say("compare", map[string]any{"a": sample.name, "metric": diagnostics.KSD}, sample.name+": ksd")
		d, err := diagnostics.SteinDiscrepancy(s.ctx, sample.stein, w.problem.density(), options)
		if err != nil {
			if s.ctx.Err() != nil {
				return err
			}
			return fmt.Errorf("%s: %w", sample.name, err)
		}
		r.Samples[i].Metrics = compareMetrics{w.entry(r, d, "ksd")}
	}
	return nil
}

// entry files a distance and what it has to say.
func (w *comparison) entry(r *compareResult, d diagnostics.Distance, name string) compareMetric {
	for _, n := range d.Notes {
		r.note(n)
	}
	for _, ref := range d.References {
		r.references = appendNew(r.references, ref)
	}
	return compareMetric{name: name, Value: number(d.Value), Error: number(d.Error), P: number(d.P), OneLaw: number(d.Null), Scale: number(d.Scale)}
}

func (r *compareResult) note(text string) { r.Notes = appendNew(r.Notes, text) }
