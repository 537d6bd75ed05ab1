package main

import (
	"math"

	"wgf/flow"
	"wgf/report"
)

// flowFigure draws the first two coordinates of the particles, or one against its
// rank, beside what the run recorded.
func flowFigure(p *flow.Planned, r *flow.Result, names []string) report.Figure {
	label := func(k int) string {
		if k < len(names) {
			return names[k]
		}
		return ""
	}
	c := r.Cloud
	cloud := report.Panel{Title: "particles", XLabel: label(0), YLabel: label(1)}
	dots := report.Dots{X: c.Coordinate(0), Colour: report.Blue}
	if c.D > 1 {
		dots.Y = c.Coordinate(1)
		cloud.Equal = true
	} else {
		dots.Y = make([]float64, c.N)
		for i := range dots.Y {
			dots.Y[i] = (float64(i) + 0.5) / float64(c.N)
		}
	}
	cloud.Marks = []report.Mark{dots}
	panels := []report.Panel{cloud}
	for _, name := range []string{"energy", "ksd", "energy_distance"} {
		var line report.Line
		for _, t := range r.Trace {
			if v := t.Metrics[name]; !math.IsNaN(v) {
				line.X, line.Y = append(line.X, float64(t.Step)), append(line.Y, v)
			}
		}
		if len(line.X) > 1 {
			line.Colour = report.Orange
			panels = append(panels, report.Panel{Title: name, XLabel: "step", Marks: []report.Mark{line}})
		}
	}
	return report.Figure{Title: title(p), Panels: panels, Columns: 2, Width: 300, Height: 240}
}
