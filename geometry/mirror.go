package geometry

import (
	"errors"
	"fmt"
	"math"

	"wgf/internal/spec"
	"wgf/measure"
)

// Mirror is the Wasserstein geometry seen through a mirror map on a box. With
// theta = (x - centre)/s in (-1, 1) in every coordinate, s half the width of the box,
//
//	phi(x) = -s^2/2 log(1 - theta^2)                                      (log barrier),
//	phi(x) = s^2/2 [(1+theta) log(1+theta) + (1-theta) log(1-theta)]      (entropic),
//
// both of curvature 1 in the centre, where the flow is that of Wasserstein. Steps are
// taken by the dual variable y = grad phi(x),
//
//	dy = -grad F'(mu)(x) dt + (2 tau hess phi(x))^1/2 dW,   x = grad phi*(y),
//
// so that particles never leave the box. Velocities are those of y, in which this
// diffusion leaves the target unchanged without a further drift. The discretised one is
// biased in order of the step, more so the more mass lies at the boundary. |y|/s is kept
// below 1e6 (log barrier) or 4 (entropic, whose steps near the boundary explode).
// Cost n d. Hsieh, Kavis, Rolland and Cevher 2018; Zhang, Peyre, Fadili and Pereyra 2020.
type Mirror struct {
	Lower, Upper []float64 // bounds of every coordinate
	Entropic     bool
}

func mirrorEntry() Entry {
	return Entry{
		Name:      "mirror",
		Formula:   "dy = -grad F'(mu) dt, y = grad phi(x), phi a barrier of a box",
		Cost:      "n d",
		Reference: "Zhang, Peyré, Fadili, Pereyra 2020, COLT; Hsieh, Kavis, Rolland, Cevher 2018, NeurIPS 31",
		Params: []spec.Param{
			{Name: "lower", Default: 0, Help: "lower bound of every coordinate; with upper=0 too: the box of the target"},
			{Name: "upper", Default: 0, Help: "upper bound of every coordinate"},
			{Name: "map", Default: 0, Help: "0: log barrier, 1: entropic"},
		},
		Build: func(s Setting) (Geometry, error) {
			kind := s.Params.Get("map")
			if kind != 0 && kind != 1 {
				return nil, s.Params.Refuse("map", "0 (log barrier) or 1 (entropic)")
			}
			low, high := s.Params.Get("lower"), s.Params.Get("upper")
			if low == 0 && high == 0 {
				if s.Lower == nil {
					return nil, errors.New("geometry mirror needs a box and this target has none of its own: give one, as in mirror:lower=-1,upper=1, or a target such as beta")
				}
				return NewMirror(s.Lower, s.Upper, kind == 1)
			}
			lower, upper := make([]float64, s.Dim), make([]float64, s.Dim)
			for k := range lower {
				lower[k], upper[k] = low, high
			}
			return NewMirror(lower, upper, kind == 1)
		},
	}
}

// NewMirror returns the geometry of a box with finite bounds lower < upper.
func NewMirror(lower, upper []float64, entropic bool) (*Mirror, error) {
	if len(lower) != len(upper) {
		panic("geometry: a box with different numbers of lower and upper bounds")
	}
	for k, a := range lower {
		if b := upper[k]; !(a < b) || math.IsInf(b-a, 0) {
			return nil, fmt.Errorf("geometry mirror: the box (%g, %g) of coordinate %d has no inside or no end, give lower and upper", a, b, k+1)
		}
	}
	return &Mirror{Lower: lower, Upper: upper, Entropic: entropic}, nil
}

func (g *Mirror) Traits() Traits { return Traits{Name: "mirror", Descent: true} }

// Box returns the bounds.
func (g *Mirror) Box() (lower, upper []float64) { return g.Lower, g.Upper }

func (g *Mirror) Velocity(dst []float64, f Field) error {
	for i, v := range f.Gradient {
		dst[i] = -v
	}
	return nil
}

func (g *Mirror) Rank(c *measure.Cloud) int { return c.D }

// each calls do with the place theta of every coordinate of every particle.
func (g *Mirror) each(c *measure.Cloud, do func(at, k int, theta float64)) error {
	n := c.N
	for k := range c.D {
		centre, half := g.frame(k)
		for i, x := range c.X[k*n : (k+1)*n] {
			theta := (x - centre) / half
			if !(theta > -1 && theta < 1) {
				return fmt.Errorf("coordinate %d of particle %d is %g, outside of the box (%g, %g) of geometry mirror", k+1, i+1, x, g.Lower[k], g.Upper[k])
			}
			do(k*n+i, k, theta)
		}
	}
	return nil
}

func (g *Mirror) frame(k int) (centre, half float64) {
	half = g.Upper[k]/2 - g.Lower[k]/2
	return g.Lower[k] + half, half
}

// Noise writes (hess phi)^1/2 xi.
func (g *Mirror) Noise(dst, xi []float64, c *measure.Cloud) error {
	return g.each(c, func(at, _ int, theta float64) {
		u := (1 - theta) * (1 + theta)
		root := math.Sqrt(1+float64(theta*theta)) / u
		if g.Entropic {
			root = 1 / math.Sqrt(u)
		}
		dst[at] = root * xi[at]
	})
}

// Correction is 0: see [Mirror].
func (g *Mirror) Correction([]float64, float64, *measure.Cloud) error { return nil }

// Move writes grad phi*(grad phi(x) + delta).
func (g *Mirror) Move(dst []float64, c *measure.Cloud, delta []float64) error {
	return g.each(c, func(at, k int, theta float64) {
		centre, half := g.frame(k)
		if g.Entropic {
			y := math.Atanh(theta) + delta[at]/half
			theta = math.Tanh(max(-4, min(4, y)))
		} else {
			y := theta/((1-theta)*(1+theta)) + delta[at]/half
			y = max(-1e6, min(1e6, y))
			theta = 2 * y / (1 + math.Sqrt(1+float64(4*y*y)))
		}
		x := centre + float64(half*theta)
		dst[at] = max(math.Nextafter(g.Lower[k], g.Upper[k]), min(math.Nextafter(g.Upper[k], g.Lower[k]), x))
	})
}
