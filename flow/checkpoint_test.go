package flow

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"testing"
)

// A flow that is ended at step 15 and goes on from its checkpoint ends as the run in
// one piece.
func TestResumedRunsAreTheSame(t *testing.T) {
	density := parse(t, "banana")
	samples := draws(density, 60)
	for _, r := range Recipes() {
		options := Options{Recipe: r.Name, Density: density, Samples: samples, Particles: 24, Steps: 30, Every: 3, Kernel: "gaussian:median-log"}
		if r.Name == "energy" || r.Name == "mirror-langevin" {
			continue // as mmd; needs a box
		}
		whole, err := Plan(options)
		if err != nil {
			t.Fatalf("%s: %v", r.Name, err)
		}
		want, err := whole.Run(context.Background(), nil)
		if err != nil {
			t.Fatalf("%s: %v", r.Name, err)
		}
		var kept []byte
		options.Keep = func(data []byte) error { kept = slices.Clone(data); return nil }
		options.Stop = [][]Condition{{{Metric: "step", Above: true, Bound: 14.5}}}
		first, err := Plan(options)
		if err != nil {
			t.Fatal(err)
		}
		if part, err := first.Run(context.Background(), nil); err != nil || want.Status == Finished && part.Status != Stopped {
			t.Fatalf("%s: %v, %v", r.Name, part.Status, err)
		}
		options.Keep, options.Stop = nil, nil
		second, err := Plan(options)
		if err != nil {
			t.Fatal(err)
		}
		if err := second.Resume(kept); err != nil {
			t.Fatalf("%s: %v", r.Name, err)
		}
		got, err := second.Run(context.Background(), nil)
		if err != nil {
			t.Fatalf("%s: %v", r.Name, err)
		}
		if !slices.Equal(got.Cloud.X, want.Cloud.X) || !slices.Equal(got.Cloud.LogW, want.Cloud.LogW) {
			t.Errorf("%s: a resumed run ends elsewhere", r.Name)
		}
		if len(got.Trace) != len(want.Trace) {
			t.Fatalf("%s: %d records, want %d", r.Name, len(got.Trace), len(want.Trace))
		}
		for k, a := range want.Trace {
			for name, v := range a.Metrics {
				if b := got.Trace[k].Metrics[name]; b != v && !(math.IsNaN(b) && math.IsNaN(v)) {
					t.Errorf("%s, record %d: %s is %v, want %v", r.Name, k, name, b, v)
				}
			}
		}
	}
}

func keptRun(t testing.TB) (Options, []byte) {
	t.Helper()
	var kept []byte
	o := Options{Recipe: "svgd", Density: quadratic(1), Particles: 5, Steps: 3, Keep: func(data []byte) error { kept = slices.Clone(data); return nil }}
	p, err := Plan(o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	return o, kept
}

func TestCheckpointsAreRefused(t *testing.T) {
	o, kept := keptRun(t)
	resume := func(o Options, data []byte) error {
		p, err := Plan(o)
		if err != nil {
			t.Fatal(err)
		}
		return p.Resume(data)
	}
	if err := resume(o, kept); err != nil {
		t.Fatal(err)
	}
	for at := range kept {
		broken := bytes.Clone(kept)
		broken[at] ^= 1
		if resume(o, broken) == nil {
			t.Fatalf("a checkpoint with byte %d changed is taken", at)
		}
	}
	for _, end := range []int{0, 1, len(checkpointHead), len(kept) / 2, len(kept) - 1} {
		if resume(o, kept[:end]) == nil {
			t.Errorf("a checkpoint of %d bytes is taken", end)
		}
	}
	for name, change := range map[string]func(o *Options){
		"seed": func(o *Options) { o.Seed = 9 }, "step size": func(o *Options) { o.StepSize = 0.25 }, "start": func(o *Options) { o.InitScale = 2 },
		"target": func(o *Options) { o.Density = quadratic(2) }, "kernel": func(o *Options) { o.Kernel = "imq:median" }, "steps": func(o *Options) { o.Steps = 2 },
	} {
		other := o
		change(&other)
		var refusal Refusal
		if err := resume(other, kept); !errors.As(err, &refusal) {
			t.Errorf("a checkpoint with another %s: %v", name, err)
		}
	}
}

func FuzzCheckpoint(f *testing.F) {
	_, kept := keptRun(f)
	f.Add(kept)
	f.Add([]byte(checkpointHead))
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := decodeCheckpoint(data)
		if err == nil && len(k.X) != k.N*k.D {
			t.Error("sizes do not fit")
		}
	})
}

func TestStop(t *testing.T) {
	for _, text := range []string{"", "ksd", "ksd<x", "nothing<1", "change(ksd<1", "ksd<1,"} {
		if _, err := ParseStop(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	c, err := ParseStop("step>7, change(energy)<1e9")
	if err != nil {
		t.Fatal(err)
	}
	r := runRecipe(t, Options{Recipe: "mmd", Density: parse(t, "banana"), Particles: 10, Steps: 100, Every: 2, Stop: [][]Condition{c}})
	if r.Status != Stopped || r.Steps != 10 { // record 5 is the first with a change
		t.Errorf("%v after %d steps", r.Status, r.Steps)
	}
}
