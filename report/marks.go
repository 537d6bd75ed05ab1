package report

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

var (
	white = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	paper = color.NRGBA{0xf3, 0xf3, 0xf5, 0xff}
)

// Dots are points, each a disc whose area is proportional to its weight.
type Dots struct {
	X, Y    []float64
	Weights []float64 // nil: equal
	Colour  color.NRGBA
	Radius  float64 // of the mean weight, in points; 0: by the number of dots
}

// Segments are straight strokes from (X0, Y0) to (X1, Y1), the stronger the more
// weight they have.
type Segments struct {
	X0, Y0, X1, Y1 []float64
	Weights        []float64 // nil: equal
	Colour         color.NRGBA
}

// Line is a broken line through points.
type Line struct {
	X, Y   []float64
	Colour color.NRGBA
	Width  float64 // in points; 0: 1.4
	Dashed bool
}

// Picture is an image that fills a rectangle of the plane.
type Picture struct {
	Image image.Image
	X, Y  Range
}

func extentOf(v []float64) Range {
	r := Range{math.Inf(1), math.Inf(-1)}
	for _, x := range v {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			r = r.join(Range{x, x})
		}
	}
	return r
}

func (m Dots) extent() (x, y Range)    { return extentOf(m.X), extentOf(m.Y) }
func (m Line) extent() (x, y Range)    { return extentOf(m.X), extentOf(m.Y) }
func (m Picture) extent() (x, y Range) { return m.X, m.Y }
func (m Segments) extent() (x, y Range) {
	return extentOf(m.X0).join(extentOf(m.X1)), extentOf(m.Y0).join(extentOf(m.Y1))
}

// radius of a dot of mean weight, so that a panel of n dots is neither empty nor
// full.
func radius(n int, b box) float64 {
	r := 0.16 * math.Sqrt(b.w*b.h/float64(max(1, n)))
	return math.Min(3, math.Max(0.7, r))
}

func (m Dots) draw(p *plane) {
	r := m.Radius
	if r <= 0 {
		r = radius(len(m.X), p.box)
	}
	total := 0.0
	for _, w := range m.Weights {
		total += w
	}
	alpha := 0.85
	if len(m.X) > 1500 {
		alpha = math.Max(0.35, 0.85*math.Sqrt(1500/float64(len(m.X))))
	}
	p.SetColor(Faded(m.Colour, alpha))
	for i := range m.X {
		size := r
		if m.Weights != nil {
			share := m.Weights[i] / total * float64(len(m.X))
			if share <= 0 {
				continue
			}
			size = math.Min(r*math.Sqrt(share), 6*r)
			if size < 0.15 {
				continue
			}
		}
		at := p.at(m.X[i], m.Y[i])
		if p.inside(at) {
			p.Fill(circle(float64(at.X), float64(at.Y), size))
		}
	}
}

func (p *plane) inside(at vg.Point) bool {
	b := p.box
	x, y := float64(at.X), float64(at.Y)
	return x >= b.x-1 && x <= b.x+b.w+1 && y >= b.y-1 && y <= b.y+b.h+1
}

func (m Segments) draw(p *plane) {
	top := 0.0
	for _, w := range m.Weights {
		top = math.Max(top, w)
	}
	// many strokes are thin and faint, few are bold
	crowd := math.Min(1, math.Sqrt(150/float64(max(1, len(m.X0)))))
	p.SetLineWidth(vg.Length(0.35 + 0.55*crowd))
	for i := range m.X0 {
		share := 1.0
		if m.Weights != nil {
			share = m.Weights[i] / top
		}
		alpha := math.Sqrt(share) * (0.25 + 0.4*crowd)
		if alpha < 0.015 {
			continue
		}
		p.SetColor(Faded(m.Colour, alpha))
		a, b := p.at(m.X0[i], m.Y0[i]), p.at(m.X1[i], m.Y1[i])
		p.Stroke(segment(float64(a.X), float64(a.Y), float64(b.X), float64(b.Y)))
	}
}

func (m Line) draw(p *plane) {
	width := m.Width
	if width <= 0 {
		width = 1.4
	}
	p.Push()
	defer p.Pop()
	p.SetColor(m.Colour)
	p.SetLineWidth(vg.Length(width))
	if m.Dashed {
		p.SetLineDash([]vg.Length{4, 3}, 0)
	}
	var path vg.Path
	for i := range m.X {
		if math.IsNaN(m.Y[i]) || math.IsInf(m.Y[i], 0) { // a gap
			if len(path) > 1 {
				p.Stroke(path)
			}
			path = nil
			continue
		}
		at := p.at(m.X[i], m.Y[i])
		if path == nil {
			path.Move(at)
		} else {
			path.Line(at)
		}
	}
	if len(path) > 1 {
		p.Stroke(path)
	}
}

func (m Picture) draw(p *plane) {
	p.DrawImage(vg.Rectangle{Min: p.at(m.X.Min, m.Y.Min), Max: p.at(m.X.Max, m.Y.Max)}, m.Image)
}

func circle(x, y, r float64) vg.Path {
	var path vg.Path
	path.Move(vg.Point{X: vg.Length(x + r), Y: vg.Length(y)})
	path.Arc(vg.Point{X: vg.Length(x), Y: vg.Length(y)}, vg.Length(r), 0, 2*math.Pi)
	path.Close()
	return path
}

func segment(x0, y0, x1, y1 float64) vg.Path {
	var path vg.Path
	path.Move(vg.Point{X: vg.Length(x0), Y: vg.Length(y0)})
	path.Line(vg.Point{X: vg.Length(x1), Y: vg.Length(y1)})
	return path
}

func rectangle(b box) vg.Path {
	return vg.Rectangle{
		Min: vg.Point{X: vg.Length(b.x), Y: vg.Length(b.y)},
		Max: vg.Point{X: vg.Length(b.x + b.w), Y: vg.Length(b.y + b.h)},
	}.Path()
}
