package report

import (
	"image/color"
	"math"
)

// The colours of two measures, and of what lies between and around them, can be
// told apart by readers with any kind of colour vision (Okabe and Ito 2008).
var (
	Blue      = color.NRGBA{0x00, 0x72, 0xb2, 0xff}
	Vermilion = color.NRGBA{0xd5, 0x5e, 0x00, 0xff}
	Green     = color.NRGBA{0x00, 0x9e, 0x73, 0xff}
	Purple    = color.NRGBA{0xcc, 0x79, 0xa7, 0xff}
	Orange    = color.NRGBA{0xe6, 0x9f, 0x00, 0xff}
	Sky       = color.NRGBA{0x56, 0xb4, 0xe9, 0xff}
	Black     = color.NRGBA{0x22, 0x22, 0x22, 0xff}
	Grey      = color.NRGBA{0x88, 0x88, 0x88, 0xff}
)

// Palette gives the k-th of several measures its colour; after six it starts
// again.
func Palette(k int) color.NRGBA {
	return [...]color.NRGBA{Blue, Vermilion, Green, Purple, Orange, Sky}[((k%6)+6)%6]
}

// Mix is the colour at t between a (t = 0) and b (t = 1): lightness, chroma and
// hue of the Oklab space (Ottosson 2020), in which equal steps look equal, change
// evenly, the hue the short way round. What lies between is as vivid as the ends;
// from Blue to Vermilion it goes by purple.
func Mix(a, b color.NRGBA, t float64) color.NRGBA {
	switch {
	case t <= 0:
		return a
	case t >= 1:
		return b
	}
	p, q := oklab(a), oklab(b)
	cp, cq := math.Hypot(p[1], p[2]), math.Hypot(q[1], q[2])
	hp, hq := math.Atan2(p[2], p[1]), math.Atan2(q[2], q[1])
	turn := math.Remainder(hq-hp, 2*math.Pi)
	if cp < 0.02 || cq < 0.02 { // a grey has no hue
		turn = 0
		if cp < cq {
			hp = hq
		}
	}
	chroma, hue := cp+t*(cq-cp), hp+t*turn
	out := fromOklab([3]float64{p[0] + t*(q[0]-p[0]), chroma * math.Cos(hue), chroma * math.Sin(hue)})
	out.A = byteOf((float64(a.A) + t*(float64(b.A)-float64(a.A))) / 255)
	return out
}

// Faded is c with its opacity multiplied by alpha.
func Faded(c color.NRGBA, alpha float64) color.NRGBA {
	c.A = byteOf(float64(c.A) / 255 * alpha)
	return c
}

func byteOf(v float64) uint8 { return uint8(math.Round(255 * math.Min(1, math.Max(0, v)))) }

// linear is the light of an sRGB value, and its inverse below.
func linear(v uint8) float64 {
	x := float64(v) / 255
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

func fromLinear(x float64) uint8 {
	if x <= 0.0031308 {
		return byteOf(12.92 * x)
	}
	return byteOf(1.055*math.Pow(x, 1/2.4) - 0.055)
}

func oklab(c color.NRGBA) [3]float64 {
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return [3]float64{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

func fromOklab(c [3]float64) color.NRGBA {
	l := c[0] + 0.3963377774*c[1] + 0.2158037573*c[2]
	m := c[0] - 0.1055613458*c[1] - 0.0638541728*c[2]
	s := c[0] - 0.0894841775*c[1] - 1.2914855480*c[2]
	l, m, s = l*l*l, m*m*m, s*s*s
	return color.NRGBA{
		fromLinear(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		fromLinear(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		fromLinear(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
		255,
	}
}
