package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"wgf/flow"
	"wgf/measure"
	"wgf/store"
	"wgf/target"
)

type flowCmd struct {
	Recipe      string   `arg:"" optional:"" help:"Name of a flow, see wgf recipes; without one --functional, --geometry and --scheme say it."`
	Target      string   `placeholder:"NAME[:param=value,...]" help:"An analytic target; wgf targets lists them."`
	Model       string   `placeholder:"FILE.stan" help:"A Stan program as the target."`
	Data        string   `placeholder:"FILE.json" help:"Data of the program."`
	IncludePath []string `name:"include-path" placeholder:"DIR" help:"Folders in which #include looks, after that of the program."`
	Samples     string   `placeholder:"FILE" help:"Points of the target: NPY, NPZ, CSV, Zarr or a picture."`
	Functional  string   `placeholder:"NAME[:param=value,...]" help:"What is minimised, in place of the recipe's."`
	Geometry    string   `placeholder:"NAME[:param=value,...]" help:"The geometry, in place of the recipe's."`
	Scheme      string   `placeholder:"NAME[:param=value,...]" help:"The scheme, in place of the recipe's."`
	Kernel      string   `placeholder:"FAMILY[:RULE|:bandwidth=H]" help:"Kernel: gaussian, laplace, imq, matern32, matern52, riesz, energy; rules median, median-log, scott."`
	Particles   int      `short:"n" placeholder:"N" help:"Particles; by default the recipe's."`
	Steps       int      `placeholder:"K" help:"Steps; by default the recipe's."`
	StepSize    float64  `placeholder:"H" help:"Step size; by default the recipe's."`
	Init        string   `placeholder:"FILE|gaussian:scale=S" help:"Start: a file of points, or normal points (by default gaussian:scale=1, around the mean of --samples)."`
	Path        string   `placeholder:"NAME[:param=value,...]" help:"How the target changes over the run: constant, geometric (tempering), dilation, diffusion; by default the recipe's."`
	Stop        []string `sep:"none" placeholder:"METRIC<X[,...]" help:"End when this holds at a record, e.g. ksd<0.01, seconds>60 or change(energy)<1e-4; joined by commas all must hold; may be repeated, then one is enough."`
	Checkpoint  string   `placeholder:"FILE" help:"Keep the run in this file, every ten seconds and at the end."`
	Resume      string   `placeholder:"FILE" help:"Go on where the run that kept this file was: the same bits as without an interruption."`
	Every       int      `placeholder:"K" help:"Steps between records; by default a fiftieth of all."`
	Out         string   `short:"o" placeholder:"PATH" help:"Write the particles: .npy, .npz, .csv, or .zarr with all recorded steps in the group flow; .npy leaves weights out."`
	Plot        string   `placeholder:"PATH" help:"Draw particles, target and metrics to a .png, .svg or .pdf file."`
	Animate     string   `placeholder:"FILE.gif" help:"Draw the particles at the recorded steps as a moving picture."`
	shared
}

func (flowCmd) Help() string {
	return `A cloud of particles flows towards a target: functional x geometry x scheme. The target is a density (--target, or
--model with --data) or known through samples (--samples). What cannot work is refused before the run, with what would.

The particles of a Stan program are on its unconstrained scale.

Examples:
  wgf flow svgd --target banana
  wgf flow svgd --model model.stan --data model.data.json --out particles.csv
  wgf flow mmd --samples points.csv --plot flow.png
  wgf flow --functional kl --geometry kalman --scheme langevin --target gaussian:dim=10,condition=1e4
  wgf flow energy --samples points.npy --init gaussian:scale=0.1 --json
  wgf flow tempered-langevin --target mixture:separation=8 --path geometric:from=0.01
  wgf flow ula --target funnel --steps 100000 --checkpoint run.wgf --stop 'seconds>60'
  wgf flow ula --target funnel --steps 100000 --resume run.wgf --checkpoint run.wgf`
}

func (c flowCmd) Run(s streams) error {
	o, names, err := c.options(s)
	if err != nil {
		return err
	}
	if err := c.checkOutputs(); err != nil {
		return err
	}
	show := newProgress(c.Progress, c.Quiet, s.stderr)
	seen := "" // the metrics of the last record
	o.Progress = func(step uint64) { show.line(fmt.Sprintf("step %d  %s", step, seen)) }
	p, err := flow.Plan(o)
	var refusal flow.Refusal
	if errors.As(err, &refusal) {
		return coded{exitUsage, err}
	}
	if err != nil {
		return err
	}
	if err := c.resume(p); err != nil {
		return err
	}
	var frames []frame
	result, err := p.Run(s.ctx, func(r flow.Record, cloud *measure.Cloud) {
		if isZarr(c.Out) || c.Animate != "" {
			frames = append(frames, frame{r, cloud.Clone()})
		}
		seen = metricsLine(r.Metrics)
		show.line(fmt.Sprintf("step %d of %d  %s", r.Step, p.Options.Steps, seen))
	})
	show.done()
	if err != nil {
		return fmt.Errorf("step %d of %d: %w", result.Steps+1, p.Options.Steps, err)
	}
	if err := c.write(p, result, frames, names); err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(s.stdout, flowJSON(p, result))
	} else {
		c.print(s.stdout, p, result)
	}
	if err == nil && result.Status == flow.Interrupted {
		return coded{code: exitInterrupted}
	}
	return err
}

// options checks the flags and reads target and start.
func (c flowCmd) options(s streams) (o flow.Options, names []string, err error) {
	if err := c.shared.check(); err != nil {
		return o, nil, err
	}
	o = flow.Options{Recipe: c.Recipe, Functional: c.Functional, Geometry: c.Geometry, Scheme: c.Scheme, Kernel: c.Kernel,
		Particles: c.Particles, Steps: c.Steps, StepSize: c.StepSize, Path: c.Path, Every: c.Every, Seed: c.Seed, Threads: c.Threads}
	for _, text := range c.Stop {
		conditions, err := flow.ParseStop(text)
		if err != nil {
			return o, nil, coded{exitUsage, err}
		}
		o.Stop = append(o.Stop, conditions)
	}
	if c.Checkpoint != "" {
		o.Keep = func(data []byte) error {
			return store.WriteFile(c.Checkpoint, func(w io.Writer) error {
				_, err := w.Write(data)
				return err
			})
		}
	}
	given := 0
	for _, f := range []string{c.Target, c.Model, c.Samples} {
		if f != "" {
			given++
		}
	}
	switch {
	case given != 1:
		return o, nil, usagef("flow: name one target: --target NAME, --model FILE.stan with --data FILE.json, or --samples FILE")
	case c.Data != "" && c.Model == "":
		return o, nil, usagef("--data %s needs --model FILE.stan", c.Data)
	case c.Every < 0:
		return o, nil, usagef("--every %d: want a positive number of steps", c.Every)
	}
	if c.Samples != "" {
		points, err := store.ReadPoints(c.Samples)
		if err != nil {
			return o, nil, err
		}
		o.Samples, names = points.Cloud, points.Names
	} else {
		problem, err := sampleCmd{Target: c.Target, modelArgs: modelArgs{Model: c.Model, Data: c.Data, IncludePath: c.IncludePath}, shared: c.shared}.problem(s)
		if err != nil {
			return o, nil, err
		}
		o.Density = problem.density()
		if n, ok := o.Density.(target.Named); ok {
			names = n.Names()
		}
	}
	if scale, ok := strings.CutPrefix(c.Init, "gaussian:scale="); ok {
		v, err := strconv.ParseFloat(scale, 64)
		if err != nil || !(v > 0) || math.IsInf(v, 0) {
			return o, nil, usagef("--init %s: the scale must be a positive number", c.Init)
		}
		o.InitScale = v
	} else if c.Init != "" && c.Init != "gaussian" {
		points, err := store.ReadPoints(c.Init)
		if err != nil {
			return o, nil, err
		}
		if c.Particles != 0 && c.Particles != points.Cloud.N {
			return o, nil, usagef("--particles %d: %s has %d points", c.Particles, c.Init, points.Cloud.N)
		}
		o.Init = points.Cloud
	}
	return o, names, nil
}

// title is what ran.
func title(p *flow.Planned) string {
	f, g, s := p.Triple.Functional.Traits().Name, p.Triple.Geometry.Traits().Name, p.Triple.Scheme.Traits().Name
	triple := f + " x " + g + " x " + s
	if p.Options.Recipe != "" {
		return p.Options.Recipe + ": " + triple
	}
	return triple
}

func (c flowCmd) print(w io.Writer, p *flow.Planned, r *flow.Result) {
	o := p.Options
	if !c.Quiet {
		fmt.Fprintf(w, "%s\n%d particles in %d dimensions, step size %g, seed %d\n%s after %d of %d steps in %.2f s\n\n",
			title(p), r.Cloud.N, r.Cloud.D, o.StepSize, o.Seed, r.Status, r.Steps, o.Steps, r.Seconds())
	}
	first, last := r.Trace[0].Metrics, r.Trace[len(r.Trace)-1].Metrics
	fmt.Fprintf(w, "%-16s %12s %12s\n", "metric", "start", "end")
	for _, name := range flow.MetricNames() {
		if !math.IsNaN(last[name]) {
			fmt.Fprintf(w, "%-16s %12s %12s\n", name, short(first[name]), short(last[name]))
		}
	}
	if c.Cite && p.Recipe.Reference != "" {
		printReferences(w, []string{p.Recipe.Reference})
	}
}

func short(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// metricsLine is the few metrics that a person watches.
func metricsLine(m map[string]float64) string {
	var parts []string
	for _, name := range []string{"energy", "ksd", "energy_distance"} {
		if !math.IsNaN(m[name]) {
			parts = append(parts, name+" "+short(m[name]))
		}
	}
	return strings.Join(parts, "  ")
}

// flowJSON is the result for programs.
func flowJSON(p *flow.Planned, r *flow.Result) any {
	numbers := func(m map[string]float64) map[string]number {
		out := map[string]number{}
		for k, v := range m {
			out[k] = number(v)
		}
		return out
	}
	trace := make([]any, len(r.Trace))
	for i, t := range r.Trace {
		trace[i] = map[string]any{"step": t.Step, "time": number(t.Time), "seconds": number(t.Seconds), "metrics": numbers(t.Metrics)}
	}
	name := p.Options.Recipe
	if name == "" {
		name = title(p)
	}
	return map[string]any{"recipe": name, "status": r.Status, "steps": r.Steps, "seconds": number(r.Seconds()),
		"seed": p.Options.Seed, "metrics": numbers(r.Trace[len(r.Trace)-1].Metrics), "trace": trace}
}
