package report

import (
	"image"
	"image/color"
	"math"
	"slices"
)

// Contours paints a density known up to a constant on a rectangle: regions of highest
// density that hold 10, 30, 50, 70, 90 and 99 % of the mass within the rectangle, the
// darker the denser. logDensity has w*h numbers, row by row from the lower left, at the
// centres of pixels; NaN and -Inf are places without density.
func Contours(x, y Range, w, h int, logDensity []float64) Picture {
	top := math.Inf(-1)
	for _, v := range logDensity {
		if v > top {
			top = v
		}
	}
	mass := make([]float64, len(logDensity))
	order := make([]int, len(logDensity))
	total := 0.0
	for i, v := range logDensity {
		order[i] = i
		if !math.IsNaN(v) && !math.IsInf(top, 0) {
			mass[i] = math.Exp(v - top)
		}
		total += mass[i]
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case mass[a] > mass[b]:
			return -1
		case mass[a] < mass[b]:
			return 1
		}
		return a - b
	})
	levels := []float64{0.1, 0.3, 0.5, 0.7, 0.9, 0.99}
	deep := color.NRGBA{0x9a, 0xa4, 0xb8, 0xff}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range out.Pix {
		out.Pix[i] = 0xff
	}
	held := 0.0
	for _, i := range order {
		band := len(levels)
		for b, level := range levels {
			if held <= level*total && mass[i] > 0 {
				band = b
				break
			}
		}
		held += mass[i]
		shade := Mix(deep, paper, float64(band)/float64(len(levels)))
		out.SetNRGBA(i%w, h-1-i/w, shade)
	}
	return Picture{Image: out, X: x, Y: y}
}

// Histogram is a stepped outline of the weighted numbers v as a density: bins of equal
// width over the range.
func Histogram(v, weights []float64, over Range, bins int, colour color.NRGBA, dashed bool) Line {
	counts := make([]float64, bins)
	total, width := 0.0, (over.Max-over.Min)/float64(bins)
	for i, a := range v {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		total += w
		if at := int(math.Floor((a - over.Min) / width)); at >= 0 && at < bins {
			counts[at] += w
		}
	}
	line := Line{Colour: colour, Dashed: dashed}
	line.X, line.Y = append(line.X, over.Min), append(line.Y, 0)
	for b, c := range counts {
		height := c / (total * width)
		left := over.Min + float64(b)*width
		line.X, line.Y = append(line.X, left, left+width), append(line.Y, height, height)
	}
	line.X, line.Y = append(line.X, over.Max), append(line.Y, 0)
	return line
}

// Extent is the smallest range that holds the numbers, and widened by a share of it.
func Extent(v []float64, room float64) Range { return extentOf(v).widen(room) }

// Join is the smallest range that holds both.
func (r Range) Join(s Range) Range { return r.join(s) }
