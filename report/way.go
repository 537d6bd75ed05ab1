package report

import (
	"fmt"
	"image"
	"math"

	"wgf/measure"
)

// Way is a curve of measures from A to B as plots show it. Its colour goes from
// that of A to that of B.
type Way struct {
	A, B   Named
	Times  []float64
	Clouds []*measure.Cloud // at the times
	// Canvas, if set, paints the clouds as pictures; otherwise they are dots. Its
	// Total is the ink of A, and TotalB that of B: in between the ink is too.
	Canvas *Canvas
	TotalB float64
	// Title stands above the figure.
	Title string
	// Notes go to the caption.
	Notes string
}

// Figure shows up to six of the times side by side; of clouds on the line it
// shows the way of every point, time upwards.
func (w Way) Figure() Figure {
	pick := w.pick(6)
	f := Figure{Title: w.Title, Legend: legend(w.A, w.B), Caption: w.Notes}
	if w.Canvas == nil && w.A.Cloud.D == 1 {
		f.Panels = []Panel{w.line(len(w.Clouds))}
		f.Height = 240
		return f
	}
	if w.Canvas != nil {
		for _, k := range pick {
			f.Panels = append(f.Panels, Panel{
				Title: fmt.Sprintf("t = %.3g", w.Times[k]), Bare: true, Equal: true,
				Marks: []Mark{Picture{Image: w.paint(k), X: w.Canvas.X, Y: w.Canvas.Y}},
			})
		}
		f.Width = 110
		return f
	}
	all := w.panels()
	for _, k := range pick {
		p := all[k]
		p.Title = fmt.Sprintf("t = %.3g", w.Times[k])
		f.Panels = append(f.Panels, p)
	}
	p := NewProjection(w.A.Cloud, w.B.Cloud)
	f.Caption = join(w.Notes, thinned(w.A, w.B), p.caption())
	return f
}

// pick chooses at most n of the times, evenly, both ends among them.
func (w Way) pick(n int) []int {
	n = min(n, len(w.Times))
	out := make([]int, n)
	for k := range out {
		if n > 1 {
			out[k] = (k*(len(w.Times)-1) + (n-1)/2) / (n - 1)
		}
	}
	return out
}

// Frames are the pictures of an animation, one a time.
func (w Way) Frames() []image.Image {
	var out []image.Image
	switch {
	case w.Canvas != nil:
		for k := range w.Clouds {
			out = append(out, w.paint(k))
		}
	case w.A.Cloud.D == 1:
		for k := range w.Clouds {
			f := Figure{Title: w.Title, Legend: legend(w.A, w.B), Height: 180, Panels: []Panel{w.line(0)}}
			f.Panels[0].Marks = append(f.Panels[0].Marks, w.dots(k, w.Clouds[k].X, constant(len(w.Clouds[k].X), w.Times[k])))
			f.Panels[0].XLabel = fmt.Sprintf("t = %.2f", w.Times[k])
			out = append(out, f.Image(1.25))
		}
	default:
		for k, p := range w.panels() {
			p.XLabel, p.YLabel = fmt.Sprintf("t = %.2f", w.Times[k]), ""
			out = append(out, Figure{Title: w.Title, Legend: legend(w.A, w.B), Panels: []Panel{p}, Width: 320}.Image(1.25))
		}
	}
	return out
}

// paint is the picture at the k-th time. Mass that has spread is painted as
// strong as at the ends, so that shapes stay solid.
func (w Way) paint(k int) image.Image {
	t := w.Times[k]
	c := *w.Canvas
	between := 4 * t * (1 - t)
	c.Blur *= 1 + between/2 // points of two grids interfere in between
	colour := Mix(w.A.Colour, w.B.Colour, t)
	if c.Total <= 0 {
		return c.Paint(w.Clouds[k]).Image(colour)
	}
	c.Total += t * (w.TotalB - c.Total)
	ink := c.Paint(w.Clouds[k])
	a, b := *w.Canvas, *w.Canvas
	b.Total = w.TotalB
	level := (1-t)*a.Paint(w.A.Cloud).level() + t*b.Paint(w.B.Cloud).level()
	ink.strengthen(math.Min(1.6, math.Max(1, level/ink.level())))
	return ink.Image(colour)
}

// panels are dots in planes that show the same region.
func (w Way) panels() []Panel {
	p := NewProjection(w.A.Cloud, w.B.Cloud)
	var out []Panel
	x, y := extentOf(nil), extentOf(nil)
	for k, c := range w.Clouds {
		px, py := p.Apply(c)
		x, y = x.join(extentOf(px)), y.join(extentOf(py))
		out = append(out, Panel{Equal: true, Marks: []Mark{w.dots(k, px, py)}})
	}
	for k := range out {
		out[k].X, out[k].Y = x.widen(0.05), y.widen(0.05)
	}
	return out
}

func (w Way) dots(k int, x, y []float64) Dots {
	n := Named{Cloud: w.Clouds[k], Colour: Mix(w.A.Colour, w.B.Colour, w.Times[k])}
	return n.dots(x, y)
}

// line is the plane of position and time, with the ways of the points and dots at
// the first n of the times.
func (w Way) line(n int) Panel {
	p := Panel{Y: Range{-0.06, 1.06}, YLabel: "t"}
	if len(w.A.Axes) == 1 {
		p.XLabel = w.A.Axes[0]
	}
	first, last := w.Clouds[0], w.Clouds[len(w.Clouds)-1]
	p.Marks = append(p.Marks, Segments{
		X0: first.X, Y0: constant(first.N, w.Times[0]), X1: last.X, Y1: constant(last.N, w.Times[len(w.Times)-1]), Colour: Grey,
	})
	for k := range n {
		p.Marks = append(p.Marks, w.dots(k, w.Clouds[k].X, constant(w.Clouds[k].N, w.Times[k])))
	}
	return p
}

func constant(n int, v float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}
