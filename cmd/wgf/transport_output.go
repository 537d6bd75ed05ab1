package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"wgf/measure"
	"wgf/report"
	"wgf/store"
	"wgf/transport"
)

// write writes the files asked for.
func (c transportSolveCmd) write(out *outputs, a, b measureIn, o *outcome) error {
	if c.Plan != "" {
		p := o.result.Plan()
		err := store.WriteFile(c.Plan, func(w io.Writer) error {
			return store.WriteSparseNPZ(w, store.Sparse{Rows: p.N, Columns: p.M, I: p.I, J: p.J, Values: p.Mass})
		})
		if err != nil {
			return err
		}
		out.wrote(c.Plan)
	}
	if c.Map != "" {
		x, err := o.mapping()
		if err != nil {
			return err
		}
		image := measure.Cloud{N: a.cloud().N, D: b.cloud().D, X: x}
		format, err := store.PointsFormat(c.Map)
		if err != nil {
			return err
		}
		if err := store.WriteFile(c.Map, func(w io.Writer) error { return store.WritePoints(w, format, &image, b.points.Names) }); err != nil {
			return err
		}
		out.wrote(c.Map)
	}
	if c.Plot != "" {
		if err := writeFigure(c.Plot, c.figure(a, b, o)); err != nil {
			return err
		}
		out.wrote(c.Plot)
	}
	if c.Animate != "" {
		way, err := newWay(a, b, o, evenTimes(animationFrames))
		if err != nil {
			return err
		}
		if err := writeAnimation(c.Animate, way.animation()); err != nil {
			return err
		}
		out.wrote(c.Animate)
	}
	return nil
}

// figure is what --plot draws.
func (c transportSolveCmd) figure(a, b measureIn, o *outcome) report.Figure {
	if pictures(a, b) && o.mapping != nil {
		if way, err := newWay(a, b, o, evenTimes(5)); err == nil {
			return way.figure(o.title(c.Cost))
		}
	}
	var plan *transport.Plan
	large := o.result != nil && dense(o.result, 1e7)
	if o.result != nil && !large {
		plan = o.result.Plan()
	}
	f := report.PlanFigure(a.named(0), b.named(1), plan)
	if large {
		f.Caption += " The entropic plan has too many atoms to be drawn."
	}
	f.Title = o.title(c.Cost)
	return f
}

// title says what was found, for the heads of plots.
func (o *outcome) title(cost string) string {
	t := fmt.Sprintf("Transport (%s): cost %.6g", o.method, o.cost)
	if !math.IsNaN(o.distance) {
		t += fmt.Sprintf(", distance %.6g", o.distance)
	}
	return t + ", for " + cost
}

func (c transportSolveCmd) print(w io.Writer, a, b measureIn, o *outcome, took time.Duration, files []string) error {
	line := func(name, format string, args ...any) {
		fmt.Fprintf(w, "%-11s %s\n", name, fmt.Sprintf(format, args...))
	}
	line("cost", "%.10g", o.cost)
	if !math.IsNaN(o.distance) {
		line("distance", "%.10g", o.distance)
	}
	if !math.IsNaN(o.deviation) {
		line("error", "%.2g (of the cost, from the directions)", o.deviation)
	}
	if c.Unbalanced > 0 || c.Partial > 0 {
		line("mass", "%.10g", o.mass)
	}
	switch {
	case math.IsNaN(o.gap):
	case math.IsNaN(o.epsilon):
		line("gap", "%.2g", o.gap)
	default:
		line("gap", "at most %.2g", o.gap)
	}
	if o.iterations > 0 {
		line("iterations", "%s", count(int64(o.iterations)))
	}
	if !math.IsNaN(o.epsilon) {
		line("epsilon", "%.4g", o.epsilon)
		line("residual", "%.2g", o.residual)
	}
	line("method", "%s, cost %s", o.method, c.Cost)
	if c.Quiet {
		return nil
	}
	text := fmt.Sprintf("%s: %s points; %s: %s points; dimension %d. %s.", a.name(), count(int64(a.cloud().N)), b.name(), count(int64(b.cloud().N)), a.cloud().D, clock(took))
	for _, n := range append(append(append([]string{}, a.points.Notes...), b.points.Notes...), o.notes...) {
		text += " " + n
	}
	if len(files) > 0 {
		text += " Written: " + strings.Join(files, ", ") + "."
	}
	fmt.Fprintf(w, "\n%s\n", wrap(text, 100))
	for _, a := range o.advice() {
		fmt.Fprintf(w, "\n%s\n", wrap(a, 100))
	}
	if c.Cite {
		printReferences(w, o.references)
	}
	return nil
}
