package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"wgf/kernel"
	"wgf/measure"
	"wgf/report"
	"wgf/selection"
	"wgf/store"
)

type selectCmd struct {
	Recipe         string   `arg:"" help:"support-points, herding, stein-thinning or stein-points, see wgf recipes."`
	Draws          string   `arg:"" help:"Draws: NPY, NPZ (file.npz:member), CSV, CmdStan CSV, Zarr or a picture."`
	Count          int      `short:"n" default:"64" placeholder:"N" help:"Points to select (${default})."`
	Target         string   `placeholder:"NAME[:param=value,...]" help:"An analytic target, for the Stein recipes; wgf targets lists them."`
	Model          string   `placeholder:"FILE.stan" help:"A Stan program as the target; the draws are those of its parameters."`
	Data           string   `placeholder:"FILE.json" help:"Data of the program."`
	IncludePath    []string `name:"include-path" placeholder:"DIR" help:"Folders in which #include looks, after that of the program."`
	Columns        []string `placeholder:"NAME" help:"Coordinates that count: columns such as mu or theta[1], or variables with all their elements. By default all."`
	Kernel         string   `placeholder:"FAMILY[:RULE|:bandwidth=H]" help:"Kernel of herding (gaussian:median) or of the Stein recipes (imq); rules median, median-log, scott for herding."`
	Preconditioner string   `placeholder:"NAME" help:"Length scale of the Stein recipes: med (default), id, sclmed or smpcov."`
	Distinct       bool     `help:"Choose no draw twice."`
	Raw            bool     `help:"Keep the scales of the coordinates; by default each is divided by its spread."`
	Refine         int      `placeholder:"K" help:"Rounds of local search after each of the stein-points; the points then leave the draws."`
	Iterations     int      `placeholder:"K" help:"Iterations of support-points at most; by default 500."`
	Reference      int      `placeholder:"N" help:"Draws at most that support-points, the mean embedding of herding and the energy distance use, a systematic sample of more; by default 10000."`
	Out            string   `short:"o" placeholder:"PATH" help:"Write the points to a .npy, .npz or .csv file, with all columns of the draws where they are draws."`
	Plot           string   `placeholder:"PATH" help:"Draw points, draws and the discrepancy on the way to a .png or .svg file."`
	shared
}

func (selectCmd) Help() string {
	return `Few points, of equal weight, that stand for many draws. support-points (they leave the draws) and herding need the
draws only; stein-thinning and stein-points need the target too, and correct for draws that are biased or still
warming up. Printed is how far the selection is from the draws (energy distance) and, with a target, from the
target (KSD), beside random subsets of the same size. A draw may be chosen more than once unless --distinct.

With --model the Stein recipes work on the unconstrained scale of the program.

Examples:
  wgf select support-points draws.csv --count 64 --out points.csv
  wgf select herding points.npy --count 100 --kernel energy --plot herding.png
  wgf select stein-thinning draws_1.csv --model model.stan --data model.data.json --out thinned.csv
  wgf select stein-points points.csv --target banana --refine 10 --json`
}

// selecting is what a run of the verb works on.
type selecting struct {
	selectCmd
	entry   selection.Entry
	points  *store.Points  // as read
	used    *store.Points  // the coordinates that count
	stein   *measure.Cloud // in the coordinates of the target; nil without one
	problem problem
	request selection.Request
	notes   []string
}

func (c selectCmd) Run(s streams) error {
	w := &selecting{selectCmd: c}
	if err := w.check(); err != nil {
		return err
	}
	if err := w.read(s); err != nil {
		return err
	}
	show := newProgress(c.Progress, c.Quiet, s.stderr)
	w.request.Progress = func(done, total int, discrepancy float64) {
		text := fmt.Sprintf("%d of %d", done, total)
		if !math.IsNaN(discrepancy) {
			text += "  discrepancy " + short(discrepancy)
		}
		show.say("select", map[string]any{"done": done, "of": total, "discrepancy": number(discrepancy)}, text)
	}
	from := time.Now()
	result, err := selection.Select(s.ctx, c.Recipe, w.request)
	show.done()
	if s.ctx.Err() != nil && result == nil {
		return coded{exitInterrupted, errors.New("interrupted before the first point was chosen")}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.Draws, err)
	}
	seconds := time.Since(from).Seconds()
	gains, err := w.gains(s, result)
	if err != nil {
		return err
	}
	if err := w.write(result); err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(s.stdout, w.json(result, gains, seconds))
	} else {
		w.print(s.stdout, result, gains, seconds)
	}
	if err == nil && result.Interrupted {
		return coded{code: exitInterrupted}
	}
	return err
}

// check refuses what makes no sense before anything is read.
func (w *selecting) check() (err error) {
	c := w.selectCmd
	if err := c.shared.check(); err != nil {
		return err
	}
	if w.entry, err = selection.Find(c.Recipe); err != nil {
		return coded{exitUsage, err}
	}
	target := c.Target != "" || c.Model != ""
	switch {
	case c.Count < 1:
		return usagef("--count %d: want a positive number of points", c.Count)
	case c.Target != "" && c.Model != "":
		return usagef("--target %s and --model %s exclude each other", c.Target, c.Model)
	case c.Data != "" && c.Model == "":
		return usagef("--data %s needs --model FILE.stan", c.Data)
	case w.entry.Scores && !target:
		return usagef("%s needs the target: name one with --target NAME or --model FILE.stan --data FILE.json, or use support-points or herding, which need the draws only", c.Recipe)
	case c.Preconditioner != "" && !w.entry.Scores:
		return usagef("--preconditioner %s: only stein-thinning and stein-points have one", c.Preconditioner)
	case c.Kernel != "" && !w.entry.Kernel:
		return usagef("--kernel %s: %s has no kernel to choose", c.Kernel, c.Recipe)
	case c.Refine < 0:
		return usagef("--refine %d: want 0 or a positive number of rounds", c.Refine)
	case c.Refine > 0 && c.Recipe != "stein-points":
		return usagef("--refine %d: only stein-points refines its points", c.Refine)
	case c.Iterations < 0:
		return usagef("--iterations %d: want 0 (the default) or a positive number", c.Iterations)
	case c.Iterations > 0 && c.Recipe != "support-points":
		return usagef("--iterations %d: only support-points iterates", c.Iterations)
	case c.Reference < 0:
		return usagef("--reference %d: want 0 (the default) or a positive number of draws", c.Reference)
	case c.Distinct && c.Recipe == "support-points":
		return usagef("--distinct: support-points leave the draws")
	}
	w.request = selection.Request{Count: c.Count, Preconditioner: c.Preconditioner, Raw: c.Raw, Distinct: c.Distinct,
		Refine: c.Refine, Iterations: c.Iterations, Reference: c.Reference, Seed: c.Seed, Threads: c.Threads}
	if c.Kernel != "" {
		if err := w.kernel(); err != nil {
			return usagef("--kernel: %w", err)
		}
	}
	known := c.Preconditioner == ""
	for _, name := range selection.Preconditioners() {
		known = known || name == c.Preconditioner
	}
	if !known {
		return usagef("--preconditioner %s: known are %s", c.Preconditioner, strings.Join(selection.Preconditioners(), ", "))
	}
	if c.Out != "" {
		if _, err := store.PointsFormat(c.Out); err != nil {
			return coded{exitUsage, err}
		}
	}
	if c.Plot != "" {
		if _, err := report.PlotFormat(c.Plot); err != nil {
			return coded{exitUsage, err}
		}
	}
	for _, path := range []string{c.Out, c.Plot} {
		if path != "" {
			if err := store.CheckFile(path); err != nil {
				return err
			}
		}
	}
	return nil
}

// kernel reads --kernel.
func (w *selecting) kernel() error {
	text := w.Kernel
	for name, rule := range map[string]kernel.Rule{"median": kernel.Median, "median-log": kernel.MedianLog, "scott": kernel.Scott} {
		if family, ok := strings.CutSuffix(text, ":"+name); ok {
			if w.entry.Scores {
				return fmt.Errorf("%s takes its length from --preconditioner, not from the rule %s", w.Recipe, name)
			}
			text, w.request.Rule = family, rule
		}
	}
	k, err := kernel.Parse(text)
	if err != nil {
		return err
	}
	if w.entry.Scores && !k.Family.Smooth() {
		return fmt.Errorf("the %v kernel has no Stein kernel: use imq, gaussian or matern52", k.Family)
	}
	if w.entry.Scores && k.Bandwidth > 0 && w.Preconditioner != "" {
		return fmt.Errorf("a bandwidth and --preconditioner %s exclude each other", w.Preconditioner)
	}
	w.request.Kernel = &k
	return nil
}

// read reads draws and target and chooses the coordinates in which to work.
func (w *selecting) read(s streams) (err error) {
	if w.points, err = store.ReadPoints(w.Draws); err != nil {
		return err
	}
	w.notes = append(w.notes, w.points.Notes...)
	w.used = w.points
	if len(w.Columns) > 0 {
		if w.used, err = w.points.Select(w.Columns); err != nil {
			return err
		}
	}
	if w.Count > w.points.Cloud.N {
		return usagef("--count %d: %s has %s", w.Count, w.Draws, several(w.points.Cloud.N, "point", "points"))
	}
	w.request.Draws = w.used.Cloud
	if w.Target == "" && w.Model == "" {
		return nil
	}
	w.problem, err = sampleCmd{modelArgs: modelArgs{Model: w.Model, Data: w.Data, IncludePath: w.IncludePath}, Target: w.Target, shared: w.shared}.problem(s)
	if err != nil {
		return err
	}
	// The draws in the coordinates of the target, as for wgf compare --metrics ksd.
	bridge := &comparison{problem: w.problem}
	sample := &comparedSample{name: w.Draws, points: w.points, selected: w.used, cloud: w.used.Cloud, whole: w.points.Cloud}
	if err := bridge.score(sample); err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), "ksd needs", "the target needs"))
	}
	w.stein = sample.stein
	if w.problem.model != nil {
		w.notes = append(w.notes, fmt.Sprintf("Scores and KSD are those of the unconstrained scale of %s.", w.problem.name))
	}
	if w.entry.Scores {
		w.request.Draws, w.request.Density = w.stein, w.problem.density()
	}
	return nil
}

// gains measures the selection beside random subsets of its size.
func (w *selecting) gains(s streams, r *selection.Result) ([]selection.Gain, error) {
	var out []selection.Gain
	g, err := selection.EnergyGain(w.request, r.Cloud)
	if err != nil {
		return nil, err
	}
	out = append(out, g)
	var points *measure.Cloud
	switch {
	case w.stein == nil:
		return out, nil
	case w.entry.Scores || w.problem.model == nil:
		points = r.Cloud
	case r.Indices != nil:
		points = pick(w.stein, r.Indices)
	default:
		return out, nil // support points of constrained draws have no score
	}
	request := w.request
	request.Draws, request.Density = w.stein, w.problem.density()
	if !w.entry.Scores {
		request.Kernel = nil
	}
	g, err = selection.SteinGain(s.ctx, request, points)
	if err != nil && s.ctx.Err() != nil {
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.Draws, err)
	}
	return append(out, g), nil
}

// pick is the cloud of some draws, of equal weights.
func pick(c *measure.Cloud, indices []int) *measure.Cloud {
	out := measure.New(len(indices), c.D)
	for k := range c.D {
		for i, j := range indices {
			out.X[k*out.N+i] = c.X[k*c.N+j]
		}
	}
	return out
}

// table is what is written: all columns of the draws chosen, or the points themselves.
func (w *selecting) table(r *selection.Result) (*measure.Cloud, []string) {
	if r.Indices != nil {
		return pick(w.points.Cloud, r.Indices), w.points.Names
	}
	if w.entry.Scores && w.problem.model != nil {
		return w.constrained(r.Cloud)
	}
	return r.Cloud, w.used.Names
}

// constrained are points on the unconstrained scale of a program as its parameters; where
// that cannot be they stay what they are.
func (w *selecting) constrained(c *measure.Cloud) (*measure.Cloud, []string) {
	model := w.problem.model
	d := model.NumConstrained()
	out, x, row := measure.New(c.N, d), make([]float64, c.D), make([]float64, d)
	for i := range c.N {
		c.Point(x, i)
		if err := model.Constrain(row, x, 1); err != nil {
			return c, nil
		}
		for k, v := range row {
			out.X[k*c.N+i] = v
		}
	}
	return out, model.VariableNames()[:d]
}

func (w *selecting) write(r *selection.Result) error {
	if w.Out != "" {
		format, err := store.PointsFormat(w.Out)
		if err != nil {
			return err
		}
		cloud, names := w.table(r)
		if err := store.WriteFile(w.Out, func(f io.Writer) error { return store.WritePoints(f, format, cloud, names) }); err != nil {
			return err
		}
	}
	if w.Plot == "" {
		return nil
	}
	format, err := report.PlotFormat(w.Plot)
	if err != nil {
		return err
	}
	return store.WriteFile(w.Plot, func(f io.Writer) error { return w.figure(r).Encode(f, format) })
}
