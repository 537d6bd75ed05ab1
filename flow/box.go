package flow

import (
	"math"

	"wgf/geometry"
	"wgf/measure"
	"wgf/target"
)

// enclose puts the start of a flow on a box inside it, and refuses starts and targets
// that reach outside. In a box (a, b) the default start is
//
//	centre + s 2z/(1 + (1 + 4 z^2)^1/2),   s = (b - a)/2,   z ~ N(0, InitScale^2),
//
// which covers it.
func (p *Planned) enclose() error {
	o := &p.Options
	target, limited := o.Density.(target.Bounded)
	boxed, mirror := p.Triple.Geometry.(geometry.Boxed)
	if !limited && !mirror {
		return nil
	}
	var lower, upper []float64
	what := "the target"
	if limited {
		lower, upper = target.Box()
	}
	if mirror {
		name := p.Triple.Geometry.Traits().Name
		low, high := boxed.Box()
		if len(low) != p.start.D {
			return refuse("the box of geometry %s has %d coordinates, the target %d", name, len(low), p.start.D)
		}
		for k := range low {
			if limited && (low[k] < lower[k] || high[k] > upper[k]) {
				return refuse("geometry %s works on (%g, %g) in coordinate %d and the target has density on (%g, %g) only: leave lower and upper out", name, low[k], high[k], k+1, lower[k], upper[k])
			}
		}
		lower, upper, what = low, high, "geometry "+name
		if o.Samples != nil {
			if i, k, x := outside(o.Samples, lower, upper); i > 0 {
				return refuse("sample %d of the target has %g in coordinate %d, outside of the box (%g, %g) of %s: give it a lower and an upper that hold all samples", i, x, k, lower[k-1], upper[k-1], what)
			}
		}
	}
	if o.Init != nil {
		if i, k, x := outside(p.start, lower, upper); i > 0 {
			return refuse("particle %d of the start has %g in coordinate %d, outside of the box (%g, %g) of %s: start inside", i, x, k, lower[k-1], upper[k-1], what)
		}
		return nil
	}
	p.restart(make([]float64, p.start.D))
	for k := range lower {
		for i, z := range p.start.Coordinate(k) {
			p.start.X[k*p.start.N+i] = squash(z, lower[k], upper[k])
		}
	}
	return nil
}

// squash maps the line to an interval, with or without ends.
func squash(z, a, b float64) float64 {
	switch {
	case !math.IsInf(a, 0) && !math.IsInf(b, 0):
		half := b/2 - a/2
		x := a + half + float64(half*2*z/(1+math.Sqrt(1+4*z*z)))
		return max(math.Nextafter(a, b), min(math.Nextafter(b, a), x))
	case !math.IsInf(a, 0):
		return a + math.Exp(z)
	case !math.IsInf(b, 0):
		return b - math.Exp(z)
	}
	return z
}

// outside finds a particle that is not inside a box: its number, its
// coordinate, both from 1, and the value; 0 if there is none.
func outside(c *measure.Cloud, lower, upper []float64) (i, k int, x float64) {
	for at, v := range c.X {
		if k := at / c.N; !(v > lower[k] && v < upper[k]) {
			return at%c.N + 1, k + 1, v
		}
	}
	return 0, 0, 0
}
