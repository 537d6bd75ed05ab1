package rng

import (
	"math"
	"unsafe"
)

// The kernels, one for each variant of package simd.
const (
	portable = iota
	wideAVX2
	wideAVX512
)

// runPortable is the kernel in plain Go.
func runPortable(kind uint64, t *task) {
	dst := unsafe.Slice(t.dst, (t.width-1)*t.stride+t.count)
	counter := t.counter
	for i := range t.count {
		w := t.schedule.encrypt(counter)
		counter[0]++
		var x [4]float64
		if kind == kindNormal {
			x[0], x[1] = normalPair(w[0], w[1])
			if t.width > 2 {
				x[2], x[3] = normalPair(w[2], w[3])
			}
		} else {
			for c := range x {
				x[c] = uniform(w[c])
			}
		}
		for c := range t.width {
			dst[c*t.stride+i] = x[c]
		}
	}
}

// uniform maps the upper 52 bits j of a word to (j + 1/2) 2^-52, exactly.
func uniform(w uint64) float64 {
	return math.Float64frombits(w>>12|0x3ff0000000000000) - (1 - 0x1p-53)
}

// Coefficients of the transform: interpolation at Chebyshev nodes.
var (
	// (log((1+s)/(1-s)) - 2s) / s^3 in powers of s^2, |s| <= 0.1716, relative error 5e-16.
	logPoly = [7]float64{0.666666666666667, 0.39999999999899505, 0.28571428625975726, 0.22222211134766842, 0.1818288912686165, 0.1533172155704884, 0.14616450140035353}
	// sin(pi g/2) / g in powers of g^2, |g| <= 1/2, relative error 4e-17.
	sinPoly = [7]float64{1.5707963267948966, -0.6459640975062443, 0.07969262624604301, -0.004681754132340976, 0.0001604411507421909, -3.59864335298231e-06, 5.633933781537854e-08}
	// cos(pi g/2) in powers of g^2, |g| <= 1/2, relative error 1.5e-16.
	cosPoly = [7]float64{1.0, -1.2337005501361513, 0.25366950789986475, -0.02086348073494657, 0.000919259950041661, -2.520013526428479e-05, 4.6552961874867623e-07}
)

// The mantissa of the logarithm's argument is taken from [sqrt(1/2), sqrt 2).
const (
	rootHalfBits = 0x3fe6a09e667f3bcd
	oneBits      = 0x3ff0000000000000
	mantissaBits = 0x000fffffffffffff
)

// normalPair turns two words into two independent standard normal numbers. The
// radius comes from the first word. Of the second, the upper 52 bits are an
// angle in a quarter of the circle and the two lowest bits say which quarter.
func normalPair(w0, w1 uint64) (x, y float64) {
	u := math.Float64bits(float64(w0|1)) + (oneBits - rootHalfBits)
	exponent := float64(int64(u>>52) - (1023 + 64))
	f := math.Float64frombits(u&mantissaBits+rootHalfBits) - 1
	s := f / (f + 2)
	z := s * s
	logU := float64(exponent*math.Ln2) + (float64(float64(s*z)*horner(&logPoly, z)) + (s + s))
	radius := math.Sqrt(-2 * logU)

	g := math.Float64frombits(w1>>12|oneBits) - 1.5
	z = g * g
	sin, cos := g*horner(&sinPoly, z), horner(&cosPoly, z)
	if w1&1 != 0 {
		sin, cos = cos, sin
	}
	if w1&2 != 0 {
		radius = -radius
	}
	return radius * cos, radius * sin
}

func horner(p *[7]float64, z float64) float64 {
	r := p[6]
	r = float64(r*z) + p[5]
	r = float64(r*z) + p[4]
	r = float64(r*z) + p[3]
	r = float64(r*z) + p[2]
	r = float64(r*z) + p[1]
	return float64(r*z) + p[0]
}
