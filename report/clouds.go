package report

import (
	"fmt"
	"image/color"
	"slices"
	"sort"

	"wgf/measure"
	"wgf/transport"
)

// Named is a cloud as a plot shows it.
type Named struct {
	Name   string
	Cloud  *measure.Cloud
	Colour color.NRGBA
	Axes   []string // names of the coordinates, if known
}

// maxSegments is how many atoms of a plan are drawn, the heaviest; more are a
// blot.
const maxSegments = 4000

// maxDots is how many points of a cloud are drawn; of more, every second or third
// ... is.
const maxDots = 20000

// PlanFigure shows two clouds and a plan between them: the stronger a stroke,
// the more mass it carries. Of clouds on the line A stands below, B above; of clouds
// in more than two dimensions the first two principal components are shown, and
// the caption says so. The plan may be nil.
func PlanFigure(a, b Named, plan *transport.Plan) Figure {
	if a.Cloud.D == 1 {
		return planOnLine(a, b, plan)
	}
	p := NewProjection(a.Cloud, b.Cloud)
	ax, ay := p.Apply(a.Cloud)
	bx, by := p.Apply(b.Cloud)
	panel := Panel{Equal: true}
	panel.XLabel, panel.YLabel = p.labels(a.Axes)
	strokes, note := segments(plan, ax, ay, bx, by)
	if plan != nil {
		panel.Marks = append(panel.Marks, strokes)
	}
	panel.Marks = append(panel.Marks, a.dots(ax, ay), b.dots(bx, by))
	return Figure{Panels: []Panel{panel}, Legend: legend(a, b), Caption: join(note, thinned(a, b), p.caption())}
}

func legend(all ...Named) []Entry {
	var out []Entry
	for _, n := range all {
		out = append(out, Entry{Name: n.Name, Colour: n.Colour})
	}
	return out
}

func (n Named) dots(x, y []float64) Dots {
	d := Dots{X: x, Y: y, Colour: n.Colour}
	if n.Cloud.D == 1 {
		d.Radius = 2
	}
	if n.Cloud.LogW != nil {
		d.Weights = n.Cloud.Weights()
	}
	if step := (len(x) + maxDots - 1) / maxDots; step > 1 {
		d.X, d.Y, d.Weights = every(x, step), every(y, step), every(d.Weights, step)
	}
	return d
}

// every is each step-th number.
func every(v []float64, step int) []float64 {
	if v == nil {
		return nil
	}
	out := make([]float64, 0, len(v)/step+1)
	for i := 0; i < len(v); i += step {
		out = append(out, v[i])
	}
	return out
}

// thinned says which clouds are not drawn as a whole.
func thinned(all ...Named) string {
	note := ""
	for _, n := range all {
		if step := (n.Cloud.N + maxDots - 1) / maxDots; step > 1 {
			note = join(note, fmt.Sprintf("Of %s one point in %d is drawn.", n.Name, step))
		}
	}
	return note
}

// labels are the names of the axes.
func (p *Projection) labels(names []string) (x, y string) {
	switch {
	case p.D > 2:
		return fmt.Sprintf("first principal component (%.0f %% of the variance)", 100*p.Shares[0]),
			fmt.Sprintf("second (%.0f %%)", 100*p.Shares[1])
	case p.D == 2 && len(names) == 2:
		return names[0], names[1]
	case p.D == 1 && len(names) == 1:
		return names[0], ""
	}
	return "", ""
}

func (p *Projection) caption() string {
	if p.D <= 2 {
		return ""
	}
	return fmt.Sprintf("The points live in %d dimensions; their first two principal components are shown.", p.D)
}

// segments are the atoms of a plan as strokes.
func segments(plan *transport.Plan, ax, ay, bx, by []float64) (s Segments, note string) {
	s.Colour = Grey
	if plan == nil {
		return s, ""
	}
	pick := make([]int, len(plan.Mass))
	for k := range pick {
		pick[k] = k
	}
	if len(pick) > maxSegments {
		sort.SliceStable(pick, func(a, b int) bool { return plan.Mass[pick[a]] > plan.Mass[pick[b]] })
		drawn := 0.0
		for _, k := range pick[:maxSegments] {
			drawn += plan.Mass[k]
		}
		note = fmt.Sprintf("The %d heaviest of %d atoms of the plan are drawn, %.0f %% of the mass.", maxSegments, len(pick), 100*drawn)
		pick = pick[:maxSegments]
	}
	slices.Reverse(pick) // the heavy ones on top
	for _, k := range pick {
		i, j := plan.I[k], plan.J[k]
		s.X0, s.Y0 = append(s.X0, ax[i]), append(s.Y0, ay[i])
		s.X1, s.Y1 = append(s.X1, bx[j]), append(s.Y1, by[j])
		s.Weights = append(s.Weights, plan.Mass[k])
	}
	return s, note
}

// planOnLine draws B above A.
func planOnLine(a, b Named, plan *transport.Plan) Figure {
	ax, bx := a.Cloud.X, b.Cloud.X
	ay, by := make([]float64, len(ax)), make([]float64, len(bx))
	for j := range by {
		by[j] = 1
	}
	strokes, note := segments(plan, ax, ay, bx, by)
	panel := Panel{Y: Range{-0.08, 1.08}, NoY: true, Marks: []Mark{strokes, a.dots(ax, ay), b.dots(bx, by)}}
	if len(a.Axes) == 1 {
		panel.XLabel = a.Axes[0]
	}
	return Figure{Panels: []Panel{panel}, Height: 180, Legend: legend(a, b), Caption: join(note, thinned(a, b))}
}

func join(parts ...string) string {
	out := ""
	for _, p := range parts {
		if p != "" && out != "" {
			out += " "
		}
		out += p
	}
	return out
}

// BarycentreFigure shows measures, with their weights, and their barycentre in
// one plane; of measures on the line, below each other.
func BarycentreFigure(title string, all []Named, weights []float64, middle *measure.Cloud) Figure {
	f := Figure{Title: title}
	clouds := []*measure.Cloud{middle}
	for i, n := range all {
		clouds = append(clouds, n.Cloud)
		f.Legend = append(f.Legend, Entry{Name: fmt.Sprintf("%s, weight %.3g", n.Name, weights[i]), Colour: n.Colour})
	}
	f.Legend = append(f.Legend, Entry{Name: "barycentre", Colour: Black})
	p := NewProjection(clouds...)
	panel := Panel{Equal: middle.D > 1}
	panel.XLabel, panel.YLabel = p.labels(all[0].Axes)
	add := func(n Named, level float64) {
		x, y := p.Apply(n.Cloud)
		if middle.D == 1 {
			y = constant(len(x), level)
		}
		panel.Marks = append(panel.Marks, n.dots(x, y))
	}
	for i, n := range all {
		n.Colour = Faded(n.Colour, 0.55)
		add(n, float64(len(all)-i))
	}
	add(Named{Cloud: middle, Colour: Black}, 0)
	if middle.D == 1 {
		panel.NoY, panel.Y, f.Height = true, Range{-0.5, float64(len(all)) + 0.5}, 30*float64(len(all)+1)
	}
	f.Panels, f.Caption = []Panel{panel}, join(thinned(all...), p.caption())
	return f
}
