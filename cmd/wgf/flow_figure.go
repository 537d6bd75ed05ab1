package main

import (
	"fmt"
	"math"

	"wgf/flow"
	"wgf/measure"
	"wgf/report"
)

// flowView draws the clouds of one flow, all in the same frame.
type flowView struct {
	planned *flow.Planned
	names   []string
	x, y    report.Range
	below   []report.Mark // the target
}

// newFlowView fixes the frame so that it holds the given clouds and the target.
func newFlowView(p *flow.Planned, names []string, clouds ...*measure.Cloud) *flowView {
	v := &flowView{planned: p, names: names}
	reference := p.Reference()
	if reference != nil {
		clouds = append(clouds, reference)
	}
	v.x = report.Range{Min: math.Inf(1), Max: math.Inf(-1)}
	v.y = v.x
	for _, c := range clouds {
		v.x = v.x.Join(report.Extent(c.Coordinate(0), 0.05))
		if c.D > 1 {
			v.y = v.y.Join(report.Extent(c.Coordinate(1), 0.05))
		}
	}
	d := clouds[0].D
	density := p.Options.Density
	switch {
	case d == 2 && density != nil:
		const w, h = 200, 200
		// The frame is made square first, so that the picture fills it.
		side := math.Max(v.x.Max-v.x.Min, v.y.Max-v.y.Min)
		v.x, v.y = centred(v.x, side), centred(v.y, side)
		grid, lp := make([]float64, 2*w*h), make([]float64, w*h)
		for i := range w * h {
			grid[i] = v.x.Min + (float64(i%w)+0.5)/w*side
			grid[w*h+i] = v.y.Min + (float64(i/w)+0.5)/h*side
		}
		density.LogDensity(lp, nil, grid)
		v.below = append(v.below, report.Contours(v.x, v.y, w, h, lp))
	case d > 1 && reference != nil:
		v.below = append(v.below, report.Dots{X: reference.Coordinate(0), Y: reference.Coordinate(1), Weights: reference.Weights(), Colour: report.Faded(report.Grey, 0.4)})
	}
	return v
}

func centred(r report.Range, side float64) report.Range {
	middle := (r.Min + r.Max) / 2
	return report.Range{Min: middle - side/2, Max: middle + side/2}
}

func (v *flowView) label(k int) string {
	if k < len(v.names) {
		return v.names[k]
	}
	return fmt.Sprintf("x%d", k+1)
}

// plane shows the first two coordinates of the particles over the target.
func (v *flowView) plane(c *measure.Cloud, title string) report.Panel {
	dots := report.Dots{X: c.Coordinate(0), Y: c.Coordinate(1), Colour: report.Vermilion}
	if c.LogW != nil {
		dots.Weights = c.Weights()
	}
	return report.Panel{Title: title, XLabel: v.label(0), YLabel: v.label(1), X: v.x, Y: v.y, Equal: v.planned.Options.Density != nil && c.D == 2,
		Marks: append(append([]report.Mark(nil), v.below...), dots)}
}

// marginal shows one coordinate: particles as a full line, draws of the target dashed.
func (v *flowView) marginal(c *measure.Cloud, k int, title string) report.Panel {
	over := report.Extent(c.Coordinate(k), 0.05)
	if k == 0 {
		over = v.x
	}
	reference := v.planned.Reference()
	panel := report.Panel{Title: title, XLabel: v.label(k), NoY: true}
	bins := max(10, min(40, c.N/8))
	if reference != nil {
		over = over.Join(report.Extent(reference.Coordinate(k), 0.05))
		panel.Marks = append(panel.Marks, report.Histogram(reference.Coordinate(k), reference.Weights(), over, bins, report.Grey, true))
	}
	panel.X = over
	panel.Marks = append(panel.Marks, report.Histogram(c.Coordinate(k), c.Weights(), over, bins, report.Vermilion, false))
	return panel
}

// mostMarginals is how many coordinates are drawn.
const mostMarginals = 6

// clouds are the panels of one cloud: the plane, or marginals.
func (v *flowView) clouds(c *measure.Cloud, title string) []report.Panel {
	if c.D == 2 {
		return []report.Panel{v.plane(c, title)}
	}
	var panels []report.Panel
	for k := range min(c.D, mostMarginals) {
		panels = append(panels, v.marginal(c, k, title))
		title = ""
	}
	return panels
}

// curves are the metrics along the run that a person looks at; those that fall over
// several orders of magnitude as logarithms.
func (v *flowView) curves(trace []flow.Record) []report.Panel {
	var panels []report.Panel
	for _, name := range []string{"energy", "ksd", "energy_distance", "ess"} {
		var line report.Line
		least, most := math.Inf(1), math.Inf(-1)
		for _, t := range trace {
			if a := t.Metrics[name]; !math.IsNaN(a) {
				line.X, line.Y = append(line.X, float64(t.Step)), append(line.Y, a)
				least, most = min(least, a), max(most, a)
			}
		}
		if len(line.X) < 2 || name == "ess" && least == most {
			continue
		}
		title := name
		if least > 0 && most > 100*least {
			title = "log10 " + name
			for i, a := range line.Y {
				line.Y[i] = math.Log10(a)
			}
		}
		if name == "energy" && v.planned.Triple.Functional.Traits().Entropy > 0 {
			title += " without its entropy"
		}
		line.Colour = report.Blue
		panels = append(panels, report.Panel{Title: title, XLabel: "step", Marks: []report.Mark{line}})
	}
	return panels
}

// figure is the result of a run.
func (v *flowView) figure(r *flow.Result) report.Figure {
	panels := append(v.clouds(r.Cloud, "particles"), v.curves(r.Trace)...)
	f := report.Figure{Title: title(v.planned), Panels: panels, Columns: min(3, len(panels)), Width: 220, Height: 200,
		Caption: fmt.Sprintf("%d particles after %d steps, seed %d", r.Cloud.N, r.Steps, v.planned.Options.Seed)}
	if len(panels) <= 2 || len(panels) == 4 {
		f.Columns = min(2, len(panels))
	}
	f.Legend = []report.Entry{{Name: "particles", Colour: report.Vermilion}}
	if v.planned.Options.Density != nil && r.Cloud.D == 2 || v.planned.Reference() != nil {
		f.Legend = append(f.Legend, report.Entry{Name: "target", Colour: report.Grey})
	}
	return f
}

// mostFrames bounds an animation.
const mostFrames = 80

// animation shows the particles at the recorded steps.
func (v *flowView) animation(frames []frame) report.Animation {
	var out report.Animation
	count := min(len(frames), mostFrames)
	for k := range count {
		at := frames[k*(len(frames)-1)/max(1, count-1)]
		panels := v.clouds(at.cloud, fmt.Sprintf("step %d", at.record.Step))
		if at.cloud.D > 2 {
			panels = []report.Panel{v.plane(at.cloud, fmt.Sprintf("step %d", at.record.Step))}
		}
		f := report.Figure{Title: title(v.planned), Panels: panels, Width: 280, Height: 280}
		out.Frames = append(out.Frames, f.Image(1.25))
	}
	out.Delay, out.Once = 8, true
	return out
}
