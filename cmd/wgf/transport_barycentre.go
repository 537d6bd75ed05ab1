package main

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"time"

	"wgf/measure"
	"wgf/report"
	"wgf/store"
	"wgf/transport"
)

type transportBarycentreCmd struct {
	Measures      []string `arg:"" help:"Two or more measures: points or pictures."`
	Weights       string   `placeholder:"W,W,..." help:"Weights of the measures, of sum 1; equal by default."`
	Normalize     bool     `help:"Divide --weights by their sum instead of asking for a sum of 1."`
	Support       int      `placeholder:"N" help:"Points of the barycentre; as many as the largest measure has by default."`
	Epsilon       float64  `placeholder:"NUMBER" help:"Between pictures: regularisation, in units of the squared longer side."`
	Tolerance     float64  `placeholder:"NUMBER" help:"Between pictures: end when the marginals of the plans are this close, in total variation (0.002); of points: when the objective falls by less, relative (1e-9)."`
	MaxIterations int      `placeholder:"N" help:"Iterations after which to end (5000 between pictures, 200 of points)."`
	Out           string   `short:"o" placeholder:"FILE" help:"Write the barycentre: .npy, .npz, .csv; between pictures also .png, black on white."`
	Plot          string   `placeholder:"FILE" help:"Draw the measures and their barycentre (.png, .svg)."`
	shared
}

func (transportBarycentreCmd) Help() string {
	return `The Wasserstein barycentre of measures mu_i with weights w_i minimises sum_i w_i W2^2(mu_i, nu) over nu (Agueh and
Carlier 2011). On the line it is exact. In more dimensions it has a given number of points, and they are moved
until the objective no longer falls, a local minimum. Between pictures of one size it is a picture: the debiased
entropic barycentre on the grid of pixels (Janati, Cuturi and Gramfort 2020).

Examples:
  wgf transport barycentre a.csv b.csv c.csv --weights 0.2,0.3,0.5 --out middle.csv
  wgf transport barycentre a.npy b.npy --support 200 --plot middle.png
  wgf transport barycentre digit_*.png --out digit.png --plot digits.png`
}

// barycentreResult is the object that --json prints.
type barycentreResult struct {
	Objective  number   `json:"objective"`
	Weights    []number `json:"weights"`
	Particles  int      `json:"particles"`
	Dimension  int      `json:"dimension"`
	Iterations int      `json:"iterations"`
	Method     string   `json:"method"`
	Status     string   `json:"status"`
	Seconds    number   `json:"seconds"`
	Seed       uint64   `json:"seed"`
	Advice     []string `json:"advice"`
	Files      []string `json:"files,omitempty"`
	References []string `json:"references,omitempty"`
}

// middle is a barycentre however it was found.
type middle struct {
	cloud      *measure.Cloud
	method     string
	objective  float64 // NaN where it is not computed
	iterations int
	status     transport.Status
	advice     []string
	references []string
	ink        *report.Ink // between pictures
}

func (c transportBarycentreCmd) Run(s streams) error {
	var out outputs
	if err := c.check(&out); err != nil {
		return err
	}
	weights, err := parseWeights(c.Weights, len(c.Measures), c.Normalize)
	if err != nil {
		return err
	}
	var all []measureIn
	for _, path := range c.Measures {
		m, err := readMeasure(path, "", false)
		if err != nil {
			return err
		}
		all = append(all, m)
	}
	if err := sameDimension(all...); err != nil {
		return err
	}
	began := time.Now()
	show := newProgress(c.Progress, c.Quiet, s.stderr)
	m, err := c.solve(s, all, weights, show)
	show.done()
	if err != nil {
		return plain(err)
	}
	took := time.Since(began)
	if m.status == transport.Interrupted {
		return coded{code: exitInterrupted}
	}
	if err := c.write(&out, all, weights, m); err != nil {
		return err
	}
	if c.JSON {
		r := barycentreResult{
			Objective: number(m.objective), Weights: numbers(weights), Particles: m.cloud.N, Dimension: m.cloud.D, Iterations: m.iterations,
			Method: m.method, Status: m.status.String(), Seconds: number(took.Seconds()), Seed: c.Seed,
			Advice: append([]string{}, m.advice...), Files: out.files,
		}
		if c.Cite {
			r.References = m.references
		}
		err = printJSON(s.stdout, r)
	} else {
		c.print(s.stdout, all, m, took, out.files)
	}
	if err != nil {
		return err
	}
	if m.status != transport.Converged {
		return coded{code: exitUntrusted}
	}
	return nil
}

func (c transportBarycentreCmd) check(out *outputs) error {
	if err := c.shared.check(); err != nil {
		return err
	}
	switch {
	case len(c.Measures) < 2:
		return usagef("transport barycentre: name two measures or more")
	case c.Support < 0:
		return usagef("--support %d: want a positive number", c.Support)
	case c.Epsilon < 0 || math.IsNaN(c.Epsilon) || math.IsInf(c.Epsilon, 0):
		return usagef("--epsilon %v: want a positive number", c.Epsilon)
	case c.Tolerance < 0 || math.IsNaN(c.Tolerance) || c.Tolerance >= 1:
		return usagef("--tolerance %v: want a positive number below 1", c.Tolerance)
	case c.MaxIterations < 0:
		return usagef("--max-iterations %d: want a positive number", c.MaxIterations)
	}
	if err := out.want("--out", c.Out, ".npy", ".npz", ".csv", ".png"); err != nil {
		return err
	}
	return out.want("--plot", c.Plot, ".png", ".svg")
}

// solve chooses how: on the line, between pictures of one size, or with points
// that move.
func (c transportBarycentreCmd) solve(s streams, all []measureIn, weights []float64, show *progress) (*middle, error) {
	clouds := make([]*measure.Cloud, len(all))
	for i, m := range all {
		clouds[i] = m.cloud()
	}
	if pictures(all...) && c.Support == 0 {
		return c.onGrid(s, all, weights, show)
	}
	if all[0].cloud().D == 1 && c.Support == 0 {
		cloud, err := transport.BarycentreOnLine(clouds, weights)
		if err != nil {
			return nil, err
		}
		m := &middle{cloud: cloud, method: "quantiles", references: []string{agueh}}
		for i, x := range clouds {
			r, err := transport.OneDimensional{}.Solve(s.ctx, transport.Problem{A: cloud, B: x})
			if err != nil {
				return nil, err
			}
			m.objective += weights[i] * r.Cost
		}
		return m, nil
	}
	r, err := transport.Barycentre{Weights: weights, Support: c.Support, Tolerance: c.Tolerance, MaxIterations: c.MaxIterations, Progress: func(step int, objective float64) {
		show.say("barycentre", map[string]any{"iteration": step, "objective": number(objective)}, fmt.Sprintf("iteration %d, objective %.6g", step, objective))
	}}.Solve(s.ctx, clouds)
	if err != nil {
		return nil, err
	}
	m := &middle{cloud: r.Cloud, method: "free support", objective: r.Objective, iterations: r.Iterations, status: r.Status, references: r.References}
	if r.Status == transport.Budget {
		m.advice = []string{fmt.Sprintf("The iterations ran out after %d: the objective still falls. Raise --max-iterations.", r.Iterations)}
	}
	return m, nil
}

const agueh = "Agueh and Carlier (2011), Barycenters in the Wasserstein space, SIAM J. Math. Anal. 43"

func (c transportBarycentreCmd) write(out *outputs, all []measureIn, weights []float64, m *middle) error {
	if c.Out != "" {
		var err error
		if strings.EqualFold(filepath.Ext(c.Out), ".png") {
			err = c.writePicture(all, m)
		} else {
			var format string
			if format, err = store.PointsFormat(c.Out); err == nil {
				err = store.WriteFile(c.Out, func(w io.Writer) error { return store.WritePoints(w, format, m.cloud, all[0].points.Names) })
			}
		}
		if err != nil {
			return err
		}
		out.wrote(c.Out)
	}
	if c.Plot != "" {
		if err := writeFigure(c.Plot, c.figure(all, weights, m)); err != nil {
			return err
		}
		out.wrote(c.Plot)
	}
	return nil
}

// figure shows the measures with their weights, then the barycentre.
func (c transportBarycentreCmd) figure(all []measureIn, weights []float64, m *middle) report.Figure {
	named := make([]report.Named, len(all))
	for i, x := range all {
		named[i] = x.named(i)
	}
	title := "Barycentre"
	if !math.IsNaN(m.objective) {
		title = fmt.Sprintf("Barycentre, mean squared distance %.6g", m.objective)
	}
	if pictures(all...) {
		return pictureFigure(all, weights, m, title)
	}
	return report.BarycentreFigure(title, named, weights, m.cloud)
}

func (c transportBarycentreCmd) print(w io.Writer, all []measureIn, m *middle, took time.Duration, files []string) {
	if !math.IsNaN(m.objective) {
		fmt.Fprintf(w, "%-11s %.10g\n", "objective", m.objective)
	}
	if m.iterations > 0 {
		fmt.Fprintf(w, "%-11s %d\n", "iterations", m.iterations)
	}
	fmt.Fprintf(w, "%-11s %s\n%-11s %s\n", "method", m.method, "particles", count(int64(m.cloud.N)))
	if c.Quiet {
		return
	}
	text := fmt.Sprintf("%d measures in dimension %d. %s.", len(all), m.cloud.D, clock(took))
	if len(files) > 0 {
		text += " Written: " + strings.Join(files, ", ") + "."
	} else {
		text += " Nothing was written: name a file with --out or --plot."
	}
	fmt.Fprintf(w, "\n%s\n", wrap(text, 100))
	for _, a := range m.advice {
		fmt.Fprintf(w, "\n%s\n", wrap(a, 100))
	}
	if c.Cite {
		printReferences(w, m.references)
	}
}
