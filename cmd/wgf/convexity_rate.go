package main

import (
	"fmt"
	"math"

	"wgf/convexity"
	"wgf/flow"
	"wgf/internal/rng"
	"wgf/measure"
	"wgf/report"
	"wgf/store"
	"wgf/target"
)

type convexityRateCmd struct {
	Recipe    string  `arg:"" help:"Name of a flow, see wgf recipes."`
	Target    string  `required:"" placeholder:"NAME[:param=value,...]" help:"An analytic target."`
	Particles int     `short:"n" default:"200" help:"Particles of each run (${default})."`
	Steps     int     `placeholder:"K" help:"Steps; by default the recipe's."`
	StepSize  float64 `placeholder:"H" help:"Step size; by default the recipe's."`
	Shift     float64 `default:"3" help:"How far apart the two starts are, in every coordinate (${default})."`
	Plot      string  `placeholder:"PATH" help:"Draw the course to a .png, .svg or .pdf file."`
	shared
}

func (convexityRateCmd) Help() string {
	return `Two runs from different starts with the same noise: how fast they approach each other in W2, and, for a Gaussian target, how
fast relative entropy, Fisher information and distance to the target fall (of the Gaussian of the particles' moments).

Examples:
  wgf convexity rate ula --target gaussian:dim=2,condition=4
  wgf convexity rate aldi --target gaussian:dim=5,condition=100 --plot rate.png`
}

// course is one quantity along a run.
type course struct {
	name   string
	values []float64
	rate   convexity.Rate
	err    error
}

func (c convexityRateCmd) Run(s streams) error {
	if err := c.check(); err != nil {
		return err
	}
	if c.Plot != "" {
		if _, err := report.PlotFormat(c.Plot); err != nil {
			return coded{exitUsage, err}
		}
		if err := store.CheckFile(c.Plot); err != nil {
			return err
		}
	}
	density, err := target.Parse(c.Target)
	if err != nil {
		return coded{exitUsage, err}
	}
	if c.Particles < 2 || !(math.Abs(c.Shift) > 0) {
		return usagef("--particles %d --shift %v: want two particles and a shift other than 0", c.Particles, c.Shift)
	}
	show := newProgress(c.Progress, c.Quiet, s.stderr)
	defer show.done()
	var times []float64
	var runs [2][]*measure.Cloud
	for k := range runs {
		start := measure.New(c.Particles, density.Dim())
		rng.New(c.Seed, rng.Init).Normals(start.X, start.D, start.N, 0, 0)
		for i := range start.X {
			start.X[i] += float64(k) * c.Shift
		}
		p, err := flow.Plan(flow.Options{Recipe: c.Recipe, Density: density, Init: start, Steps: c.Steps, StepSize: c.StepSize, Seed: c.Seed, Threads: c.Threads})
		if err != nil {
			return coded{exitUsage, err}
		}
		times = times[:0]
		if _, err := p.Run(s.ctx, func(r flow.Record, cloud *measure.Cloud) {
			times, runs[k] = append(times, r.Time), append(runs[k], cloud.Clone())
			show.line(fmt.Sprintf("run %d of 2, step %d of %d", k+1, r.Step, p.Options.Steps))
		}); err != nil {
			return err
		}
		if s.ctx.Err() != nil {
			return coded{code: exitInterrupted}
		}
	}
	show.done()
	courses := []*course{{name: "w2_between"}}
	gaussian, ok := density.(*target.Gaussian)
	if ok {
		courses = append(courses, &course{name: "kl"}, &course{name: "fisher_information"}, &course{name: "w2_to_target"})
	}
	for k := range times {
		w, err := convexity.Between(s.ctx, runs[0][k], runs[1][k], c.Threads)
		if err != nil {
			return err
		}
		courses[0].values = append(courses[0].values, w)
		if ok {
			gap, err := convexity.GaussianGap(runs[1][k], gaussian)
			if err != nil {
				gap = convexity.Gap{KL: math.NaN(), Fisher: math.NaN(), W2: math.NaN()}
			}
			for i, v := range []float64{gap.KL, gap.Fisher, gap.W2} {
				courses[i+1].values = append(courses[i+1].values, v)
			}
		}
	}
	for k, q := range courses {
		share := 0.05 // what particles leave of the distance to a law is noise
		if k == 0 {
			share = 1e-9
		}
		q.rate, q.err = convexity.Fit(times, q.values, share)
	}
	var theory *convexity.Constants
	if constants, err := convexity.ConstantsOf(density); err == nil {
		theory = constants
	}
	if c.Plot != "" {
		if err := writeFigure(c.Plot, c.figure(times, courses)); err != nil {
			return err
		}
	}
	if c.JSON {
		return c.printJSON(s, times, courses, theory)
	}
	fmt.Fprintf(s.stdout, "%-20s %12s %12s %12s %10s\n", "quantity", "start", "end", "rate", "error")
	for _, q := range courses {
		rate, off := "-", "-"
		if q.err == nil {
			rate, off = short(q.rate.Value), short(q.rate.Error)
		}
		fmt.Fprintf(s.stdout, "%-20s %12s %12s %12s %10s\n", q.name, short(q.values[0]), short(q.values[len(q.values)-1]), rate, off)
	}
	if theory != nil {
		fmt.Fprintf(s.stdout, "\nTheory for Langevin: W2 between two runs falls at least at rate %s (convexity), relative entropy at least at rate %s (twice the log-Sobolev constant).\n",
			short(theory.Convexity), short(2*theory.LogSobolev.Low))
	}
	return nil
}

func (c convexityRateCmd) printJSON(s streams, times []float64, courses []*course, theory *convexity.Constants) error {
	out := map[string]any{"recipe": c.Recipe, "target": c.Target, "seed": c.Seed, "theory": nil}
	if theory != nil {
		out["theory"] = map[string]any{"convexity": number(theory.Convexity), "log_sobolev": number(theory.LogSobolev.Low)}
	}
	var all []any
	for _, q := range courses {
		rate, off := number(math.NaN()), number(math.NaN())
		if q.err == nil {
			rate, off = number(q.rate.Value), number(q.rate.Error)
		}
		values := make([][2]number, len(times))
		for k, t := range times {
			values[k] = [2]number{number(t), number(q.values[k])}
		}
		all = append(all, map[string]any{"name": q.name, "rate": rate, "error": off, "values": values})
	}
	out["quantities"] = all
	return printJSON(s.stdout, out)
}

// figure shows logarithms against time.
func (c convexityRateCmd) figure(times []float64, courses []*course) report.Figure {
	panel := report.Panel{XLabel: "time", YLabel: "log10"}
	var legend []report.Entry
	for k, q := range courses {
		line := report.Line{Colour: report.Palette(k)}
		for i, v := range q.values {
			if v > 0 {
				line.X, line.Y = append(line.X, times[i]), append(line.Y, math.Log10(v))
			}
		}
		panel.Marks = append(panel.Marks, line)
		legend = append(legend, report.Entry{Name: q.name, Colour: report.Palette(k), Line: true})
	}
	return report.Figure{Title: c.Recipe + " on " + c.Target, Panels: []report.Panel{panel}, Legend: legend}
}
