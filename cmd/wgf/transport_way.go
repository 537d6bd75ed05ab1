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

// newWay interpolates along the plan of an outcome. Between pictures the way is
// painted.
func newWay(a, b measureIn, o *outcome, times []float64) (way, error) {
	w := way{report.Way{A: a.named(0), B: b.named(1), Times: times}}
	along := func(t float64) (*measure.Cloud, error) { return transport.Geodesic(o.result, t) }
	if o.result == nil || o.result.Epsilon > 0 && o.result.Problem.Cost.Exponent() > 0 {
		to, err := o.mapping()
		if err != nil {
			return w, err
		}
		along = func(t float64) (*measure.Cloud, error) { return straight(a.cloud(), to, t), nil }
		if o.reverse != nil && pictures(a, b) {
			from := o.reverse()
			along = func(t float64) (*measure.Cloud, error) {
				c, err := transport.LinearInterpolation(straight(a.cloud(), to, t), straight(b.cloud(), from, 1-t), t)
				return c, plain(err)
			}
			w.Notes = "Along an entropic plan every point goes straight to the mean of its images; what comes from B replaces what comes from A."
		} else {
			w.Notes = meanImages
		}
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

const meanImages = "Along an entropic plan every point goes straight to the mean of its images, so that the end is not all of B."

// straight is A on a straight way to the images of its points.
func straight(a *measure.Cloud, to []float64, t float64) *measure.Cloud {
	out := a.Clone()
	for i, x := range a.X {
		out.X[i] = x + t*(to[i]-x)
	}
	return out
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
