package selection

import (
	"math"

	"wgf/measure"
)

// scaling divides every coordinate by its spread, so that no unit of a coordinate
// matters. A coordinate without spread keeps its scale.
type scaling []float64

// deviations are the weighted standard deviations, meanDeviations the weighted mean
// absolute deviations from the mean, which Stein thinning divides by.
func deviations(c *measure.Cloud) scaling     { return spreads(c, false) }
func meanDeviations(c *measure.Cloud) scaling { return spreads(c, true) }

func spreads(c *measure.Cloud, absolute bool) scaling {
	w, mean := c.Weights(), c.Mean()
	out := make(scaling, c.D)
	for k := range out {
		x := c.Coordinate(k)
		big := 0.0
		for i, v := range x {
			if w[i] > 0 {
				big = math.Max(big, math.Abs(v-mean[k]))
			}
		}
		sum := 0.0
		if big > 0 {
			for i, v := range x {
				t := math.Abs(v-mean[k]) / big // no overflow, no underflow
				if !absolute {
					t *= t
				}
				sum += float64(w[i] * t)
			}
		}
		if !absolute {
			sum = math.Sqrt(sum)
		}
		out[k] = big * sum
		// Rounding leaves a trace of spread on coordinates that have none.
		if !(out[k] > 1e-12*math.Abs(mean[k])) || math.IsInf(out[k], 0) {
			out[k] = 1
		}
	}
	return out
}

func unit(d int) scaling {
	out := make(scaling, d)
	for k := range out {
		out[k] = 1
	}
	return out
}

// down returns the cloud in units of the spreads; up undoes it in place.
func (s scaling) down(c *measure.Cloud) *measure.Cloud {
	out := c.Clone()
	for k, v := range s {
		x := out.Coordinate(k)
		for i := range x {
			x[i] /= v
		}
	}
	return out
}

func (s scaling) up(c *measure.Cloud) {
	for k, v := range s {
		x := c.Coordinate(k)
		for i := range x {
			x[i] *= v
		}
	}
}

// scaled is the scaling of the request and its draws under it.
func (r *Request) scaled(spread func(*measure.Cloud) scaling) (scaling, *measure.Cloud) {
	s := unit(r.Draws.D)
	if !r.Raw {
		s = spread(r.Draws)
	}
	return s, s.down(r.Draws)
}
