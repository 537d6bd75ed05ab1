package scheme

import (
	"context"
	"math"

	"wgf/measure"
)

// search looks for a step length along a direction.
type search struct {
	ctx          context.Context
	p            *Problem
	c            *measure.Cloud
	w, from, dir []float64
	value, slope float64 // at 0
	grad         []float64
}

// point is what F does at a step length.
type point struct{ a, value, slope float64 }

// at evaluates F at a step length; it is +Inf where it cannot be evaluated.
func (l *search) at(a float64) (point, error) {
	for i, v := range l.from {
		l.c.X[i] = v + float64(a*l.dir[i])
	}
	out := point{a: a, value: math.Inf(1), slope: math.NaN()}
	if finite(l.c.X, l.c.N) != nil {
		return out, nil
	}
	v, err := l.p.Energy(l.ctx, l.grad, l.c)
	if err != nil {
		return out, l.ctx.Err()
	}
	if !math.IsNaN(v) {
		out.value, out.slope = v, inner(l.w, l.grad, l.dir)
	}
	return out, nil
}

func (l *search) low(q point) bool    { return q.value <= l.value+1e-4*q.a*l.slope }
func (l *search) flat(q point) bool   { return math.Abs(q.slope) <= -0.9*l.slope }
func (l *search) better(q point) bool { return q.value < l.value }

// wolfe returns a step length that fulfils the strong Wolfe conditions, or failing
// that one that lowers F; 0 if there is none. The cloud and grad are at that length.
func (l *search) wolfe(first float64) (float64, error) {
	if !(l.slope < 0) {
		return 0, nil
	}
	last := point{0, l.value, l.slope}
	a := first
	for k := range 30 {
		now, err := l.at(a)
		if err != nil {
			return 0, err
		}
		switch {
		case !l.low(now) || k > 0 && now.value >= last.value:
			return l.zoom(last, now)
		case l.flat(now):
			return a, nil
		case now.slope >= 0:
			return l.zoom(now, last)
		}
		last = now
		a *= 2
	}
	return last.a, nil // F falls without end as far as was looked
}

// zoom narrows a bracket: low has the lowest value so far, and falls towards high.
func (l *search) zoom(low, high point) (float64, error) {
	for range 40 {
		a := interpolate(low, high)
		now, err := l.at(a)
		if err != nil {
			return 0, err
		}
		if !l.low(now) || now.value >= low.value {
			high = now
		} else {
			if l.flat(now) {
				return a, nil
			}
			if now.slope*(high.a-low.a) >= 0 {
				high = low
			}
			low = now
		}
		if math.Abs(high.a-low.a) <= 1e-12*math.Max(high.a, low.a) {
			break
		}
	}
	if low.a == 0 {
		return 0, nil
	}
	end, err := l.at(low.a)
	if err != nil || !l.better(end) {
		return 0, err
	}
	return low.a, nil
}

// interpolate is the minimiser of the cubic through values and slopes at both ends,
// kept a tenth away from them; the middle where that is not known.
func interpolate(p, q point) float64 {
	middle := (p.a + q.a) / 2
	if math.IsInf(q.value, 0) || math.IsNaN(q.slope) {
		return p.a + 0.1*(q.a-p.a)
	}
	d1 := p.slope + q.slope - 3*(p.value-q.value)/(p.a-q.a)
	d2 := d1*d1 - p.slope*q.slope
	if !(d2 >= 0) {
		return middle
	}
	r := math.Copysign(math.Sqrt(d2), q.a-p.a)
	a := q.a - (q.a-p.a)*(q.slope+r-d1)/(q.slope-p.slope+2*r)
	low, high := min(p.a, q.a), max(p.a, q.a)
	margin := 0.1 * (high - low)
	if !(a >= low+margin && a <= high-margin) {
		if a > low && a < high {
			return min(max(a, low+margin), high-margin)
		}
		return middle
	}
	return a
}
