package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"wgf/diagnostics"
	"wgf/store"
)

type compareCmd struct {
	Files        []string `arg:"" name:"file" help:"Two or more sets of points: NPY, NPZ (file.npz:member), CSV, CmdStan CSV, Zarr, or PNG, JPEG, GIF."`
	Metrics      string   `short:"m" placeholder:"LIST" help:"What to compute: w1, w2, sliced, sinkhorn, energy, mmd, c2st, ksd, or all (w2,sliced,energy,mmd,c2st, and ksd where there is a target)."`
	Target       string   `placeholder:"NAME[:param=value,...]" help:"An analytic target for ksd; wgf targets lists them."`
	Model        string   `placeholder:"FILE.stan" help:"A Stan program as the target for ksd; the files are then draws of its parameters."`
	Data         string   `placeholder:"FILE.json" help:"Data of the program."`
	IncludePath  []string `name:"include-path" placeholder:"DIR" help:"Folders in which #include looks, after that of the program."`
	Columns      []string `placeholder:"NAME" help:"Coordinates to compare: columns such as mu or theta[1], or variables with all their elements. By default all that the files have in common."`
	Permutations int      `default:"999" help:"Permutations behind each p-value (${default}); 0: no p-values."`
	Exact        int      `default:"2000" placeholder:"N" help:"Points of each file that w1, w2 and sinkhorn use in more than one dimension (${default}), of larger files a random subsample."`
	Directions   int      `placeholder:"N" help:"Random lines of sliced; by default the smallest multiple of the dimension from 200 on."`
	Epsilon      float64  `placeholder:"EPS" help:"Regularisation of sinkhorn in squared units of the data; by default 0.05 times the sum of the variances."`
	Out          string   `short:"o" placeholder:"PATH" help:"Write the distances to a .csv or .json file as well."`
	shared
}

func (compareCmd) Help() string {
	return `Distances between all pairs of sets of points, each with its standard error at these sizes and, where a test
exists, the p-value of "both are samples of one law". Tests assume independent points: files of draws (CmdStan CSV,
Zarr, tables with .chain or lp__) are thinned to their effective sample size first, and the table says to how many;
other files are taken as they are.

w1 and w2 are exact Wasserstein distances, sliced is sliced W2, sinkhorn the Sinkhorn divergence on the scale of
w2 squared, energy is 2 E|X-Y| - E|X-X'| - E|Y-Y'|, mmd the maximum mean discrepancy with a Gaussian kernel, c2st the
balanced accuracy of a 1-nearest-neighbour classifier (0.5: no difference), ksd the kernel Stein discrepancy of
each file to the target. "one law" is the value that two samples of one law give on average.

A picture is a measure: dark pixels are mass at their places in the unit square.

Examples:
  wgf compare a.npy b.npy
  wgf compare a.csv b.csv c.csv --metrics w2,energy --json
  wgf compare run.zarr reference.csv --columns mu,tau
  wgf compare draws.csv --target banana --metrics ksd
  wgf compare draws_1.csv other.csv --model model.stan --data model.data.json --metrics ksd,energy`
}

// comparison is what a run of the verb works on.
type comparison struct {
	compareCmd
	samples []*comparedSample
	metrics []diagnostics.Metric // between two samples
	stein   bool                 // KSD of each
	problem problem              // its target
	notes   []string             // about all files together
}

func (c compareCmd) Run(s streams) error {
	work, err := c.prepare(s)
	if err != nil {
		return err
	}
	result, err := work.run(s)
	interrupted := err != nil && s.ctx.Err() != nil
	if err != nil && !interrupted {
		return err
	}
	if interrupted && result.empty() {
		return coded{exitInterrupted, errors.New("interrupted before the first distance was known")}
	}
	if interrupted {
		result.Status = "interrupted"
	}
	if c.Out != "" {
		if err := result.write(c.Out); err != nil {
			return err
		}
	}
	if c.JSON {
		err = printJSON(s.stdout, result)
	} else {
		err = result.print(s.stdout, c, interrupted)
	}
	if err == nil && interrupted {
		return coded{code: exitInterrupted}
	}
	return err
}

// prepare checks the flags and reads everything.
func (c compareCmd) prepare(s streams) (*comparison, error) {
	work := &comparison{compareCmd: c}
	if err := work.check(); err != nil {
		return nil, err
	}
	if err := work.bind(s); err != nil {
		return nil, err
	}
	for _, path := range c.Files {
		p, err := store.ReadPoints(path)
		if err != nil {
			return nil, err
		}
		work.samples = append(work.samples, &comparedSample{name: path, points: p})
	}
	if err := work.align(); err != nil {
		return nil, err
	}
	for _, sample := range work.samples {
		sample.thin()
		if work.stein {
			if err := work.score(sample); err != nil {
				return nil, err
			}
		}
	}
	return work, nil
}

// check refuses what makes no sense before anything is read, and resolves the metrics.
func (w *comparison) check() error {
	c := w.compareCmd
	if err := c.shared.check(); err != nil {
		return err
	}
	target := c.Target != "" || c.Model != ""
	if c.Metrics == "" {
		w.metrics = []diagnostics.Metric{diagnostics.W2, diagnostics.SlicedW2, diagnostics.EnergyDistance, diagnostics.MMD, diagnostics.Classifier}
		w.stein = target
	} else {
		all, err := diagnostics.ParseMetrics(c.Metrics)
		if err != nil {
			return usagef("--metrics: %w", err)
		}
		everything := len(all) == len(diagnostics.Metrics())
		for _, m := range all {
			switch {
			case m != diagnostics.KSD:
				w.metrics = append(w.metrics, m)
			case target:
				w.stein = true
			case !everything:
				return usagef("--metrics %s: ksd measures against a density: name one with --target NAME or --model FILE.stan --data FILE.json", c.Metrics)
			}
		}
	}
	switch {
	case c.Target != "" && c.Model != "":
		return usagef("--target %s and --model %s exclude each other", c.Target, c.Model)
	case c.Data != "" && c.Model == "":
		return usagef("--data %s needs --model FILE.stan", c.Data)
	case len(c.Files) == 1 && (!w.stein || len(w.metrics) > 0 && c.Metrics != ""):
		return usagef("compare: one file only: name two or more, or a target to compare it with, as in wgf compare %s --target gaussian --metrics ksd", c.Files[0])
	case target && !w.stein:
		return usagef("--target and --model are for ksd, which --metrics %s leaves out", c.Metrics)
	case c.Permutations < 0:
		return usagef("--permutations %d: want 0 (no p-values) or a positive number", c.Permutations)
	case c.Exact < 1:
		return usagef("--exact %d: want a positive number of points", c.Exact)
	case c.Directions < 0:
		return usagef("--directions %d: want a positive number of lines, or 0 for the default", c.Directions)
	case !(c.Epsilon >= 0) || c.Epsilon > 1e300:
		return usagef("--epsilon %v: want a positive number, or 0 for the default", c.Epsilon)
	}
	if c.Out == "" {
		return nil
	}
	if ext := strings.ToLower(filepath.Ext(c.Out)); ext != ".csv" && ext != ".json" {
		return usagef("--out %s: want a name that ends in .csv or .json", c.Out)
	}
	return store.CheckFile(c.Out)
}

// bind reads the target of KSD.
func (w *comparison) bind(s streams) (err error) {
	if !w.stein {
		return nil
	}
	w.problem, err = sampleCmd{
		modelArgs: modelArgs{Model: w.Model, Data: w.Data, IncludePath: w.IncludePath},
		Target:    w.Target, shared: w.shared,
	}.problem(s)
	return err
}

// align brings all files to the same coordinates: those asked for, or those that all of
// them have.
func (w *comparison) align() error {
	first := w.samples[0].points
	if len(w.Columns) == 0 && slices.ContainsFunc(w.samples, func(s *comparedSample) bool { return !slices.Equal(s.points.Names, first.Names) }) {
		named := !slices.ContainsFunc(w.samples, func(s *comparedSample) bool { return !s.points.Named })
		var common []string
		for _, name := range first.Names {
			if !slices.ContainsFunc(w.samples, func(s *comparedSample) bool { return !slices.Contains(s.points.Names, name) }) {
				common = append(common, name)
			}
		}
		if named && len(common) > 0 {
			w.Columns = common
			if len(common) < widest(w.samples) {
				w.notes = append(w.notes, fmt.Sprintf("Compared are the %s that all files have: %s.", several(len(common), "column", "columns"), some(common)))
			}
		} else {
			for _, s := range w.samples {
				if s.points.Cloud.D != first.Cloud.D {
					return fmt.Errorf("%s has %s (%s), %s has %s (%s): name columns that they have in common with --columns",
						w.samples[0].name, several(first.Cloud.D, "coordinate", "coordinates"), some(first.Names),
						s.name, several(s.points.Cloud.D, "coordinate", "coordinates"), some(s.points.Names))
				}
			}
			w.notes = append(w.notes, "The files name their coordinates differently; they are compared in their order.")
		}
	}
	for _, s := range w.samples {
		s.selected = s.points
		if len(w.Columns) > 0 {
			selected, err := s.points.Select(w.Columns)
			if err != nil {
				return err
			}
			s.selected = selected
		}
	}
	return nil
}

func widest(samples []*comparedSample) int {
	d := 0
	for _, s := range samples {
		d = max(d, s.points.Cloud.D)
	}
	return d
}

// some lists names, the first few of many.
func some(names []string) string {
	const few = 8
	if len(names) > few {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
	}
	return strings.Join(names, ", ")
}

func several(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(int64(n)) + " " + many
}
