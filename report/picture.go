package report

import (
	"image"
	"image/color"
	"math"
	"slices"

	"wgf/measure"
)

// Ink is a picture as the amount of ink on each pixel: 0 is bare paper, 1 full
// colour. Row 0 is the uppermost.
type Ink struct {
	W, H int
	V    []float64 // W*H numbers, row by row
}

// Image paints the ink in one colour on white paper. The steps look equal: the
// ink is the opacity of the colour.
func (k Ink) Image(colour color.NRGBA) *image.RGBA {
	var shades [256]color.RGBA
	for i := range shades {
		t := float64(i) / 255
		shade := func(v uint8) uint8 { return byteOf((255 + t*(float64(v)-255)) / 255) }
		shades[i] = color.RGBA{shade(colour.R), shade(colour.G), shade(colour.B), 255}
	}
	out := image.NewRGBA(image.Rect(0, 0, k.W, k.H))
	for y := range k.H {
		for x := range k.W {
			out.SetRGBA(x, y, shades[byteOf(k.V[y*k.W+x])])
		}
	}
	return out
}

// Grey is the picture in black on white with the ink as darkness, the inverse of
// reading a picture as a measure.
func (k Ink) Grey() *image.Gray {
	out := image.NewGray(image.Rect(0, 0, k.W, k.H))
	for i, v := range k.V {
		out.Pix[i] = 255 - byteOf(v)
	}
	return out
}

// Exposure turns masses of pixels into ink, with scale so that the pixels that
// are as heavy or heavier than a full one carry a tenth of the mass: one stray
// heavy pixel does not make the rest pale.
func Exposure(w, h int, mass []float64) Ink {
	order := slices.Clone(mass)
	slices.Sort(order)
	total := 0.0
	for _, v := range order {
		total += v
	}
	full, carried := 0.0, 0.0
	for i := len(order) - 1; i >= 0 && carried < total/10; i-- {
		full = order[i]
		carried += full
	}
	out := Ink{W: w, H: h, V: make([]float64, len(mass))}
	if full > 0 {
		for i, v := range mass {
			out.V[i] = math.Min(1, v/full)
		}
	}
	return out
}

// level is the ink of the pixel in the middle when pixels are ordered by ink and
// counted by it: how dark the dark parts are.
func (k Ink) level() float64 {
	order := slices.Clone(k.V)
	slices.Sort(order)
	total := 0.0
	for _, v := range order {
		total += v
	}
	for i, sum := len(order)-1, 0.0; i >= 0; i-- {
		if sum += order[i]; sum >= total/2 {
			return math.Max(order[i], 1e-3)
		}
	}
	return 1
}

// strengthen multiplies the ink, up to full colour.
func (k Ink) strengthen(by float64) {
	for i, v := range k.V {
		k.V[i] = math.Min(1, v*by)
	}
}

// Canvas says how a measure in the plane becomes a picture.
type Canvas struct {
	W, H  int     // pixels of the picture
	X, Y  Range   // what they cover
	Blur  float64 // standard deviation of the spot that a point makes, in units of x; 0: half a pixel
	Total float64 // ink of the whole measure, in pixels; 0: by Exposure
}

// Paint draws a measure in the plane: every point leaves a Gaussian spot of its
// weight. The cost is of order N times the pixels of a spot.
func (v Canvas) Paint(c *measure.Cloud) Ink {
	out := Ink{W: v.W, H: v.H, V: make([]float64, v.W*v.H)}
	w := c.Weights()
	sx, sy := float64(v.W)/(v.X.Max-v.X.Min), float64(v.H)/(v.Y.Max-v.Y.Min)
	sigma := v.Blur * sx
	if sigma <= 0 {
		sigma = 0.5
	}
	reach := int(math.Ceil(3 * sigma))
	px, py := make([]float64, 2*reach+2), make([]float64, 2*reach+2)
	for i := range c.N {
		if w[i] == 0 {
			continue
		}
		x, y := (c.X[i]-v.X.Min)*sx, (v.Y.Max-c.X[c.N+i])*sy
		x0, y0 := int(math.Floor(x))-reach, int(math.Floor(y))-reach
		spot(px, x-float64(x0), sigma)
		spot(py, y-float64(y0), sigma)
		for b, vy := range py {
			row := y0 + b
			if row < 0 || row >= v.H {
				continue
			}
			for a, vx := range px {
				if col := x0 + a; col >= 0 && col < v.W {
					out.V[row*v.W+col] += w[i] * vx * vy
				}
			}
		}
	}
	if v.Total <= 0 {
		return Exposure(v.W, v.H, out.V)
	}
	for i := range out.V {
		out.V[i] = math.Min(1, out.V[i]*v.Total)
	}
	return out
}

// spot is the mass of a normal distribution around `at` on the pixels from 0 on,
// normalised.
func spot(dst []float64, at, sigma float64) {
	total := 0.0
	for k := range dst {
		z := (float64(k) + 0.5 - at) / sigma
		dst[k] = math.Exp(-z * z / 2)
		total += dst[k]
	}
	for k := range dst {
		dst[k] /= total
	}
}
