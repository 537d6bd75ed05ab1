package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"wgf/diagnostics"
	"wgf/report"
	"wgf/selection"
)

// print shows the selection beside random subsets, and without --out its points.
func (w *selecting) print(out io.Writer, r *selection.Result, gains []selection.Gain, seconds float64) {
	if !w.Quiet {
		fmt.Fprintf(out, "%s: %s of %s from %s, seed %d, %.2f s\n", w.Recipe, several(r.Cloud.N, "point", "points"),
			count(int64(w.points.Cloud.N)), w.Draws, w.Seed, seconds)
		if r.Indices != nil {
			sorted := slices.Sorted(slices.Values(r.Indices))
			if different := len(slices.Compact(sorted)); different < len(r.Indices) {
				fmt.Fprintf(out, "%s among them; --distinct chooses none twice\n", several(different, "different draw", "different draws"))
			}
		}
		if r.Interrupted {
			fmt.Fprintln(out, "interrupted: this is what there was")
		} else if r.Metric == "energy distance" && !r.Converged {
			fmt.Fprintf(out, "the points still moved after %d iterations\n", len(r.Trace))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "%-16s %12s %16s %8s\n", "discrepancy", "selection", "random subsets", "ratio")
	for _, g := range gains {
		ratio := "-"
		if g.Selected > 0 {
			ratio = short3(g.Random / g.Selected)
		}
		fmt.Fprintf(out, "%-16s %12s %16s %8s\n", g.Metric, short(g.Selected), short(g.Random), ratio)
	}
	if !w.Quiet {
		for _, n := range append(slices.Clone(w.notes), w.legend(gains)) {
			fmt.Fprintf(out, "- %s\n", strings.ReplaceAll(wrap(n, 98), "\n", "\n  "))
		}
	}
	if w.Out == "" && w.Plot == "" && r.Indices != nil {
		fmt.Fprintln(out, "\ndraws chosen, counted from 1, in order")
		var numbers []string
		for _, i := range r.Indices {
			numbers = append(numbers, fmt.Sprint(i+1))
		}
		fmt.Fprintln(out, wrap(strings.Join(numbers, " "), 98))
	}
	if w.Cite {
		printReferences(out, []string{w.entry.Reference})
	}
}

func short3(v float64) string { return fmt.Sprintf("%.3g", v) }

func (w *selecting) legend(gains []selection.Gain) string {
	units := "coordinates divided by their spread"
	if w.Raw {
		units = "coordinates as they are"
	}
	return fmt.Sprintf("To the draws (energy distance) and the target (ksd), %s; random subsets: mean over %d of the same size.", units, gains[0].Subsets)
}

// json is the result for programs. Indices count from 0.
func (w *selecting) json(r *selection.Result, gains []selection.Gain, seconds float64) any {
	type gain struct {
		Metric   string `json:"metric"`
		Selected number `json:"selection"`
		Random   number `json:"random_subsets"`
	}
	type record struct {
		Step        int    `json:"step"`
		Count       int    `json:"count"`
		Discrepancy number `json:"discrepancy"`
	}
	status := "done"
	if r.Interrupted {
		status = "interrupted"
	}
	cloud, names := w.table(r)
	points := make([][]number, cloud.N)
	for i := range points {
		for k := range cloud.D {
			points[i] = append(points[i], number(cloud.X[k*cloud.N+i]))
		}
	}
	list := make([]gain, len(gains))
	for i, g := range gains {
		list[i] = gain{g.Metric, number(g.Selected), number(g.Random)}
	}
	trace := make([]record, len(r.Trace))
	for i, t := range r.Trace {
		trace[i] = record{t.Step, t.Count, number(t.Discrepancy)}
	}
	return map[string]any{"recipe": w.Recipe, "status": status, "draws": w.points.Cloud.N, "count": r.Cloud.N, "indices": r.Indices,
		"columns": names, "points": points, "discrepancies": list, "metric": r.Metric, "trace": trace,
		"seed": w.Seed, "seconds": number(seconds), "notes": append([]string{}, w.notes...)}
}

// figure shows the points among the draws, and the discrepancy on the way.
func (w *selecting) figure(r *selection.Result) report.Figure {
	draws := diagnostics.Thin(w.request.Draws, min(w.request.Draws.N, 3000))
	plane := report.NewProjection(draws)
	dx, dy := plane.Apply(draws)
	x, y := plane.Apply(r.Cloud)
	names := w.used.Names
	panel := report.Panel{Title: "points among the draws", Equal: !w.entry.Scores && draws.D > 1 && w.Raw}
	if w.entry.Scores && w.problem.model != nil {
		names = w.problem.model.Names()
	}
	switch draws.D {
	case 1:
		panel.XLabel = names[0]
	case 2:
		panel.XLabel, panel.YLabel = names[0], names[1]
	default:
		panel.XLabel, panel.YLabel = "first principal component", "second"
	}
	if draws.D == 1 {
		panel.NoY, panel.Y = true, report.Range{Min: -2, Max: 1.5}
		for i := range dy {
			dy[i] = -0.5
		}
	}
	panel.Marks = []report.Mark{
		report.Dots{X: dx, Y: dy, Colour: report.Faded(report.Grey, 0.4), Radius: 1},
		report.Dots{X: x, Y: y, Colour: report.Vermilion, Radius: 2.5},
	}
	figure := report.Figure{Title: w.Recipe + " of " + w.Draws, Panels: []report.Panel{panel}, Columns: 2, Width: 300, Height: 240}
	var line report.Line
	for _, t := range r.Trace {
		line.X, line.Y = append(line.X, float64(t.Step)), append(line.Y, t.Discrepancy)
	}
	if len(line.X) > 1 {
		line.Colour = report.Blue
		label := "points"
		if r.Indices == nil && w.Refine == 0 {
			label = "iteration"
		}
		figure.Panels = append(figure.Panels, report.Panel{Title: r.Metric, XLabel: label, Marks: []report.Mark{line}})
	}
	return figure
}
