package main

import (
	"fmt"
	"image"
	"io"
	"math"

	"wgf/measure"
	"wgf/report"
	"wgf/store"
	"wgf/transport"
)

// animationFrames is the number of frames of --animate.
const animationFrames = 41

// pictureSide is the longer side of painted frames, in pixels.
const pictureSide = 288

// way is the geodesic between two measures at some times.
type way struct{ report.Way }

// evenTimes are n times from 0 to 1.
func evenTimes(n int) []float64 {
	out := make([]float64, n)
	for k := range out {
		if n > 1 {
			out[k] = float64(k) / float64(n-1)
		}
	}
	return out
}

// newWay interpolates along the plan of a result. Between pictures the way is
// painted.
func newWay(a, b measureIn, r *transport.Result, times []float64) (way, error) {
	w := way{report.Way{A: a.named(0), B: b.named(1), Times: times}}
	along := func(t float64) (*measure.Cloud, error) { return transport.Geodesic(r, t) }
	if r.Epsilon > 0 && r.Problem.Cost.Exponent() > 0 {
		along = straight(r)
		w.Notes = "Along an entropic plan every point goes straight to the mean of its images, so that the end is not all of B."
	}
	for _, t := range times {
		c, err := along(t)
		if err != nil {
			return w, plain(err)
		}
		w.Clouds = append(w.Clouds, c)
	}
	if pictures(a, b) {
		w.canvas(a, b)
	}
	return w, nil
}

// straight is the way along an entropic plan, which is dense: every point of A
// goes straight to its barycentric image.
func straight(r *transport.Result) func(t float64) (*measure.Cloud, error) {
	a, to := r.Problem.A, images(r)
	return func(t float64) (*measure.Cloud, error) {
		out := a.Clone()
		for i, x := range a.X {
			out.X[i] = x + t*(to[i]-x)
		}
		return out, nil
	}
}

// canvas makes the frame that holds both pictures.
func (w *way) canvas(a, b measureIn) {
	c := pictureCanvas(a, b)
	if a.ink > 0 && b.ink > 0 {
		w.Canvas, w.TotalB = &c, b.ink*inkScale(b, c)
		c.Total = a.ink * inkScale(a, c)
	} else {
		w.Canvas = &c
	}
}

// pictureCanvas is the frame that holds all of some pictures; a spot is as wide
// as their largest pixel.
func pictureCanvas(all ...measureIn) report.Canvas {
	width, height, pixel := 0.0, 0.0, 0.0
	for _, m := range all {
		side := float64(max(m.points.Width, m.points.Height))
		width, height = math.Max(width, float64(m.points.Width)/side), math.Max(height, float64(m.points.Height)/side)
		pixel = math.Max(pixel, 1/side)
	}
	scale := pictureSide / math.Max(width, height)
	return report.Canvas{
		W: int(math.Round(width * scale)), H: int(math.Round(height * scale)),
		X: report.Range{Max: width}, Y: report.Range{Max: height}, Blur: 0.6 * pixel,
	}
}

// inkScale is how many pixels of the canvas a pixel of the picture covers.
func inkScale(m measureIn, c report.Canvas) float64 {
	side := float64(max(m.points.Width, m.points.Height))
	pixel := float64(c.W) / c.X.Max / side
	return pixel * pixel
}

// inkOf is the sum of the darkness of a picture's pixels.
func inkOf(c *measure.Cloud) float64 {
	sum := 0.0
	for _, v := range c.LogW {
		sum += math.Exp(v)
	}
	return sum
}

func (w way) figure(title string) report.Figure {
	w.Title = title
	return w.Figure()
}

func (w way) animation() report.Animation { return report.Animation{Frames: w.Frames()} }

// writeFigure draws a figure in the format of the path's extension.
func writeFigure(path string, f report.Figure) error {
	format, err := report.PlotFormat(path)
	if err != nil {
		return err
	}
	return store.WriteFile(path, func(w io.Writer) error { return f.Encode(w, format) })
}

func writeAnimation(path string, a report.Animation) error {
	return store.WriteFile(path, a.EncodeGIF)
}

// frameNames are the names of files in a folder: one for each time.
func frameNames(n int, extension string) []string {
	digits := max(2, len(fmt.Sprint(n-1)))
	out := make([]string, n)
	for k := range out {
		out[k] = fmt.Sprintf("frame_%0*d%s", digits, k, extension)
	}
	return out
}

// greyFrame is the cloud at the k-th time as a picture in black on white, its longer side of
// that many pixels.
func (w way) greyFrame(k, side int) image.Image {
	c := *w.Canvas
	scale := float64(side) / float64(max(c.W, c.H))
	c.W, c.H = int(math.Round(float64(c.W)*scale)), int(math.Round(float64(c.H)*scale))
	if c.Total > 0 {
		c.Total = (c.Total + w.Times[k]*(w.TotalB-c.Total)) * scale * scale
	}
	return c.Paint(w.Clouds[k]).Grey()
}
