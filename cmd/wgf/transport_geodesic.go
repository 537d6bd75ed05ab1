package main

import (
	"fmt"
	"image/png"
	"io"
	"math"
	"path/filepath"
	"strings"
	"time"

	"wgf/measure"
	"wgf/store"
	"wgf/transport"
)

type transportGeodesicCmd struct {
	A        string `arg:"" help:"Measure at time 0: points or a picture."`
	B        string `arg:"" help:"Measure at time 1."`
	WeightsA string `name:"weights-a" placeholder:"FILE" help:"Weights of A: one column (NPY, CSV), not negative, of sum 1."`
	WeightsB string `name:"weights-b" placeholder:"FILE" help:"Weights of B."`
	Times    string `default:"11" placeholder:"N|T,T,..." help:"How many times from 0 to 1, or the times themselves (${default})."`
	solveFlags
	Out     string `short:"o" placeholder:"PATH" help:"Write the measures: .npy (time, particle, coordinate), .npz (with times and weights), .csv (a table), or a new folder with a file for each time; .png, .svg, .gif as --plot and --animate."`
	Plot    string `placeholder:"FILE" help:"Draw up to six of the times side by side (.png, .svg)."`
	Animate string `placeholder:"FILE.gif" help:"Draw all times as a moving picture."`
	shared
}

func (transportGeodesicCmd) Help() string {
	return `Displacement interpolation (McCann 1997): the mass that the optimal plan sends from x to y is at (1-t) x + t y
at time t, a geodesic of W_p. Between pictures the measures on the way are painted as pictures.

Examples:
  wgf transport geodesic a.csv b.csv --times 11 --out path.npy
  wgf transport geodesic a.csv b.csv --times 0,0.25,0.5,1 --out path.csv --plot path.png
  wgf transport geodesic heart.png star.png --out frames --animate morph.gif`
}

// geodesicResult is the object that --json prints.
type geodesicResult struct {
	Times      []number `json:"times"`
	Particles  int      `json:"particles"`
	Dimension  int      `json:"dimension"`
	Cost       number   `json:"cost"`
	Distance   number   `json:"distance"`
	Gap        number   `json:"gap"`
	Iterations int      `json:"iterations"`
	Method     string   `json:"method"`
	Status     string   `json:"status"`
	Seconds    number   `json:"seconds"`
	Seed       uint64   `json:"seed"`
	Advice     []string `json:"advice"`
	Files      []string `json:"files,omitempty"`
	References []string `json:"references,omitempty"`
}

func (c *transportGeodesicCmd) Run(s streams) error {
	times, err := parseTimes(c.Times)
	if err != nil {
		return err
	}
	var out outputs
	if err := c.check(&out); err != nil {
		return err
	}
	a, err := readMeasure(c.A, c.WeightsA, c.Normalize)
	if err != nil {
		return err
	}
	b, err := readMeasure(c.B, c.WeightsB, c.Normalize)
	if err != nil {
		return err
	}
	if err := sameDimension(a, b); err != nil {
		return err
	}
	cost, matrix, err := c.cost(a.cloud().N, b.cloud().N)
	if err != nil {
		return err
	}
	problem := transport.Problem{A: a.cloud(), B: b.cloud(), Cost: cost}
	if pictures(a, b) && c.Epsilon == 0 && c.Cost == "sqeuclidean" {
		c.Epsilon = pictureEpsilon(a, b)
	}
	method, err := c.choose(problem, matrix)
	switch {
	case err != nil:
		return err
	case matrix || cost.Exponent() < 1:
		return usagef("--cost %s: a geodesic needs a cost |x-y|^p with p >= 1", c.Cost)
	case method == "sliced" || method == "gaussian":
		return usagef("--method %s gives no plan to go along: use exact or sinkhorn", method)
	}
	began := time.Now()
	show := newProgress(c.Progress, c.Quiet, s.stderr)
	var o *outcome
	if c.gridFits(a, b, method) {
		o, err = c.solveGrid(s.ctx, a, b, c.shared, show)
	} else {
		o, err = c.solve(s.ctx, problem, method, c.shared, show)
	}
	show.done()
	if err != nil {
		return err
	}
	if o.status == transport.Interrupted {
		return o.ending()
	}
	w, err := newWay(a, b, o, times)
	if err != nil {
		return err
	}
	if err := c.write(&out, w, a, b, o); err != nil {
		return err
	}
	took := time.Since(began)
	if c.JSON {
		r := geodesicResult{
			Times: numbers(times), Particles: w.Clouds[0].N, Dimension: a.cloud().D, Cost: number(o.cost), Distance: number(o.distance),
			Gap: number(o.gap), Iterations: o.iterations, Method: o.method, Status: o.status.String(), Seconds: number(took.Seconds()), Seed: c.Seed,
			Advice: append([]string{}, o.advice()...), Files: out.files,
		}
		if c.Cite {
			r.References = append(o.references, mccann)
		}
		err = printJSON(s.stdout, r)
	} else {
		c.print(s.stdout, w, o, took, out.files)
	}
	if err != nil {
		return err
	}
	return o.ending()
}

const mccann = "McCann (1997), A convexity principle for interacting gases, Advances in Mathematics 128"

// check refuses flags and places that make no sense. The extension of --out may
// ask for a plot or an animation.
func (c *transportGeodesicCmd) check(out *outputs) error {
	if err := c.shared.check(); err != nil {
		return err
	}
	if err := c.solveFlags.check(); err != nil {
		return err
	}
	switch ext := strings.ToLower(filepath.Ext(c.Out)); {
	case (ext == ".png" || ext == ".svg") && c.Plot == "":
		c.Plot, c.Out = c.Out, ""
	case ext == ".gif" && c.Animate == "":
		c.Animate, c.Out = c.Out, ""
	}
	if c.Out != "" && filepath.Ext(c.Out) == "" {
		if err := store.CheckFolder(c.Out); err != nil {
			return err
		}
	} else if err := out.want("--out", c.Out, ".npy", ".npz", ".csv", ".png", ".svg", ".gif"); err != nil {
		return err
	}
	if err := out.want("--plot", c.Plot, ".png", ".svg"); err != nil {
		return err
	}
	return out.want("--animate", c.Animate, ".gif")
}

func (c *transportGeodesicCmd) write(out *outputs, w way, a, b measureIn, o *outcome) error {
	if c.Out != "" {
		if err := c.writeOut(w, a, b); err != nil {
			return err
		}
		out.wrote(c.Out)
	}
	if c.Plot != "" {
		if err := writeFigure(c.Plot, w.figure(fmt.Sprintf("From %s to %s, distance %.6g", a.name(), b.name(), o.distance))); err != nil {
			return err
		}
		out.wrote(c.Plot)
	}
	if c.Animate != "" {
		if err := writeAnimation(c.Animate, w.animation()); err != nil {
			return err
		}
		out.wrote(c.Animate)
	}
	return nil
}

// writeOut writes the measures: one file, or a folder with one for each time.
func (c *transportGeodesicCmd) writeOut(w way, a, b measureIn) error {
	path := store.Path{Times: w.Times, Clouds: w.Clouds, Names: a.points.Names}
	if filepath.Ext(c.Out) != "" {
		format, err := store.PointsFormat(c.Out)
		if err != nil {
			return err
		}
		return store.WriteFile(c.Out, func(f io.Writer) error { return store.WritePath(f, format, path) })
	}
	if w.Canvas != nil {
		side := max(a.points.Width, a.points.Height, b.points.Width, b.points.Height)
		return store.WriteFolder(c.Out, frameNames(len(w.Times), ".png"), func(k int, f io.Writer) error {
			return png.Encode(f, w.greyFrame(k, side))
		})
	}
	return store.WriteFolder(c.Out, frameNames(len(w.Times), ".csv"), func(k int, f io.Writer) error {
		return store.WritePoints(f, "csv", w.Clouds[k], path.Names)
	})
}

func (c *transportGeodesicCmd) print(out io.Writer, w way, o *outcome, took time.Duration, files []string) {
	fmt.Fprintf(out, "%-11s %.10g\n%-11s %.10g\n", "cost", o.cost, "distance", o.distance)
	if !math.IsNaN(o.epsilon) {
		fmt.Fprintf(out, "%-11s %.4g\n%-11s %.2g\n", "epsilon", o.epsilon, "residual", o.residual)
	}
	fmt.Fprintf(out, "%-11s %s, cost %s\n%-11s %d\n%-11s %s\n", "method", o.method, c.Cost, "times", len(w.Times), "particles", count(int64(w.Clouds[0].N)))
	if c.Quiet {
		return
	}
	text := clock(took) + ". " + w.Notes
	if len(files) > 0 {
		text += " Written: " + strings.Join(files, ", ") + "."
	} else {
		text += " Nothing was written: name a file or folder with --out, --plot or --animate."
	}
	if c.Out != "" && strings.EqualFold(filepath.Ext(c.Out), ".npy") && unequal(w.Clouds[0]) {
		text += " The weights of the particles differ, and an NPY file has no place for them: use .npz or .csv to keep them."
	}
	fmt.Fprintf(out, "\n%s\n", wrap(text, 100))
	for _, a := range o.advice() {
		fmt.Fprintf(out, "\n%s\n", wrap(a, 100))
	}
	if c.Cite {
		printReferences(out, append(o.references, mccann))
	}
}

// unequal says whether the particles differ in weight.
func unequal(c *measure.Cloud) bool {
	w := c.Weights()
	for _, v := range w {
		if math.Abs(v-w[0]) > 1e-12 {
			return true
		}
	}
	return false
}
