package main

import (
	"fmt"
	"image"
	"image/png"
	"io"
	"math"
	"path/filepath"

	"wgf/measure"
	"wgf/report"
	"wgf/store"
	"wgf/transport"
)

// gridOf is the measure of a picture on its pixels, rows from the top.
func gridOf(m measureIn) transport.Grid {
	w, h := m.points.Width, m.points.Height
	side := float64(max(w, h))
	g := transport.Grid{Shape: []int{h, w}, Mass: make([]float64, w*h)}
	c := m.cloud()
	for i, v := range c.Weights() {
		column := int(math.Floor(c.X[i] * side))
		row := h - 1 - int(math.Floor(c.X[c.N+i]*side))
		g.Mass[row*w+column] += v
	}
	return g
}

// cloudOf is the inverse of gridOf.
func cloudOf(g transport.Grid) *measure.Cloud {
	h, w := g.Shape[0], g.Shape[1]
	side := float64(max(w, h))
	var x, y, mass []float64
	for i, v := range g.Mass {
		if v > 0 {
			x = append(x, (float64(i%w)+0.5)/side)
			y = append(y, (float64(h-i/w)-0.5)/side)
			mass = append(mass, math.Log(v))
		}
	}
	return &measure.Cloud{N: len(x), D: 2, X: append(x, y...), LogW: mass}
}

// sameSize refuses pictures that do not share a grid.
func sameSize(all []measureIn) error {
	for _, m := range all[1:] {
		if a, b := all[0].points, m.points; a.Width != b.Width || a.Height != b.Height {
			return fmt.Errorf("%s has %d x %d pixels, %s has %d x %d: a barycentre of pictures needs one size; --support N gives one of points instead",
				all[0].path, a.Width, a.Height, m.path, b.Width, b.Height)
		}
	}
	return nil
}

// onGrid is the barycentre of pictures on their pixels.
func (c transportBarycentreCmd) onGrid(s streams, all []measureIn, weights []float64, show *progress) (*middle, error) {
	if err := sameSize(all); err != nil {
		return nil, err
	}
	grids := make([]transport.Grid, len(all))
	for i, m := range all {
		grids[i] = gridOf(m)
	}
	side := float64(max(all[0].points.Width, all[0].points.Height))
	r, err := transport.GridBarycentre(s.ctx, grids, weights, transport.GridOptions{
		Epsilon: c.Epsilon * side * side, Threads: c.Threads,
		Tolerance: orDefault(c.Tolerance, 0.002), MaxIterations: int(orDefault(float64(c.MaxIterations), 5000)),
		Progress: func(step int, residual float64) {
			show.say("barycentre", map[string]any{"iteration": step, "residual": number(residual)}, fmt.Sprintf("iteration %d, residual %.2g", step, residual))
		},
	})
	if err != nil {
		return nil, err
	}
	m := &middle{
		cloud: cloudOf(r.Grid), method: "debiased entropic, on the grid", objective: math.NaN(),
		iterations: r.Iterations, status: r.Status, references: append(r.References, agueh),
	}
	if r.Status == transport.Budget {
		m.advice = []string{fmt.Sprintf("The iterations ran out after %d, with a residual of %.2g. Raise --max-iterations or --tolerance, or --epsilon (now %.3g).", r.Iterations, r.Residual, r.Epsilon/(side*side))}
	}
	ink := report.Exposure(r.Grid.Shape[1], r.Grid.Shape[0], r.Grid.Mass)
	m.ink = &ink
	return m, nil
}

// writePicture writes the barycentre of pictures as a picture.
func (c transportBarycentreCmd) writePicture(all []measureIn, m *middle) error {
	var img image.Image
	switch {
	case m.ink != nil:
		img = m.ink.Grey()
	case pictures(all...):
		canvas := pictureCanvas(all...)
		img = canvas.Paint(m.cloud).Grey()
	default:
		return usagef("--out %s: a barycentre of points is no picture; use .npy, .npz or .csv, or --plot %s", c.Out, filepath.Base(c.Out))
	}
	return store.WriteFile(c.Out, func(w io.Writer) error { return png.Encode(w, img) })
}

// pictureFigure shows the pictures with their weights, then the barycentre.
func pictureFigure(all []measureIn, weights []float64, m *middle, title string) report.Figure {
	f := report.Figure{Title: title, Width: 110}
	canvas := pictureCanvas(all...)
	add := func(name string, img image.Image) {
		f.Panels = append(f.Panels, report.Panel{
			Title: name, Bare: true, Equal: true,
			Marks: []report.Mark{report.Picture{Image: img, X: canvas.X, Y: canvas.Y}},
		})
	}
	for i, x := range all {
		c := canvas
		c.Total = x.ink * inkScale(x, c)
		add(fmt.Sprintf("%s, %.3g", x.name(), weights[i]), c.Paint(x.cloud()).Image(report.Palette(0)))
	}
	add("barycentre", canvas.Paint(m.cloud).Image(report.Black))
	return f
}

// orDefault is v, or d where v is 0.
func orDefault(v, d float64) float64 {
	if v == 0 {
		return d
	}
	return v
}
