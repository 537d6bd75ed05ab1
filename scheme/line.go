package scheme

import (
	"context"
	"errors"
	"math"
	"slices"
)

// Line is the JKO scheme on the line, exact for the quantile function through the
// particles: with q_1 < ... < q_n the sorted particles and m_i = (w_i + w_i+1)/2 the
// mass between two of them,
//
//	q+ = argmin sum_i w_i [(q_i - x_i)^2/(2h) + V(q_i)] - tau sum_i m_i log((q_i+1 - q_i)/m_i),
//
// a convex problem where V” > -1/h, solved by Newton steps with a tridiagonal matrix.
// With Forward the potential is taken by a forward step first and only the entropy by
// the minimisation: the Wasserstein proximal gradient method. Order 1; the entropy is
// that of a histogram with one particle a bin, to order 1/n.
// Jordan, Kinderlehrer and Otto 1998, eq. 12; Blanchet, Calvez and Carrillo 2008
// (quantiles); Salim, Korba and Luise 2020 (forward-backward).
type Line struct {
	StepSize float64
	Forward  bool
	scratch
}

func jkoLineEntry() Entry {
	return Entry{
		Name:      "jko-line",
		Formula:   "mu+ = argmin F(mu) + W2^2(mu, mu_k)/(2h), one dimension, sorted particles as quantiles",
		Cost:      "some velocities, n log n",
		Reference: "Blanchet, Calvez, Carrillo 2008, SIAM J. Numer. Anal. 46(2)",
		Build:     func(s Setting) (Scheme, error) { return &Line{StepSize: s.StepSize}, nil },
	}
}

func forwardBackwardLineEntry() Entry {
	return Entry{
		Name:      "forward-backward-line",
		Formula:   "forward step on the potential, JKO step on the entropy, one dimension, sorted particles as quantiles",
		Cost:      "one velocity, n log n",
		Reference: "Salim, Korba, Luise 2020, NeurIPS 33",
		Build:     func(s Setting) (Scheme, error) { return &Line{StepSize: s.StepSize, Forward: true}, nil },
	}
}

func (e *Line) Traits() Traits {
	name := "jko-line"
	if e.Forward {
		name = "forward-backward-line"
	}
	return Traits{Name: name, Parametric: true, Line: true, Moves: true, Euclidean: true, Potential: true, StepSize: e.StepSize, Order: 1}
}

// chain is the minimisation over sorted places.
type chain struct {
	x, w, m    []float64 // places before the step, weights, mass between
	h, tau     float64
	potential  func(v, slope, bend, q []float64) error // V, V', V''; nil: 0
	v, dv, ddv []float64
}

func (e *Line) Step(ctx context.Context, s *State, p *Problem) (Info, error) {
	c, h := s.Cloud, e.StepSize
	v := sized(&e.v, c.N)
	speed, err := velocity(ctx, p, v, c)
	if err != nil {
		return Info{}, err
	}
	next := append([]float64(nil), c.X...)
	if e.Forward {
		for i := range next {
			next[i] += float64(h * v[i])
		}
	}
	w := c.Weights()
	var order []int
	for i, a := range w {
		if a > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case next[a] < next[b]:
			return -1
		case next[a] > next[b]:
			return 1
		}
		return 0
	})
	n := len(order)
	q := &chain{x: make([]float64, n), w: make([]float64, n), m: make([]float64, max(n-1, 0)), h: h, tau: p.Entropy,
		v: make([]float64, n), dv: make([]float64, n), ddv: make([]float64, n)}
	for k, i := range order {
		q.x[k], q.w[k] = next[i], w[i]
	}
	for k := range q.m {
		q.m[k] = (q.w[k] + q.w[k+1]) / 2
	}
	if !e.Forward {
		q.potential = func(v, slope, bend, at []float64) error { return potential(p, v, slope, bend, at) }
	}
	places, err := q.minimise()
	if err != nil {
		return Info{}, err
	}
	for k, i := range order {
		next[i] = places[k]
	}
	if err := finite(next, c.N); err != nil {
		return Info{}, err
	}
	copy(c.X, next)
	s.advance(h)
	return Info{StepSize: h, Acceptance: math.NaN(), Speed2: speed}, nil
}

// potential is V = -log p with its derivatives; the second one by differences where the
// problem has none: it only guides the Newton steps.
func potential(p *Problem, v, slope, bend, at []float64) error {
	p.LogDensity(v, slope, at)
	for i := range v {
		v[i], slope[i] = -v[i], -slope[i]
		if math.IsNaN(v[i]) || math.IsNaN(slope[i]) {
			return errors.New("a particle left the support of the target: try a smaller step size")
		}
	}
	if p.Curvature != nil {
		one := make([]float64, len(at))
		for i := range one {
			one[i] = 1
		}
		p.Curvature(bend, at, one)
		for i := range bend {
			bend[i] = -bend[i]
		}
		return nil
	}
	side, other, lp := make([]float64, len(at)), make([]float64, len(at)), make([]float64, len(at))
	const step = 1e-5
	for i, q := range at {
		side[i] = q + step*(1+math.Abs(q))
	}
	p.LogDensity(lp, other, side)
	for i := range bend {
		bend[i] = (-other[i] - slope[i]) / (side[i] - at[i])
	}
	return nil
}

// value is what is minimised, and fills v, dv and ddv.
func (c *chain) value(q []float64) (float64, error) {
	if c.potential != nil {
		if err := c.potential(c.v, c.dv, c.ddv, q); err != nil {
			return 0, err
		}
	}
	sum := 0.0
	for i, a := range q {
		t := a - c.x[i]
		sum += c.w[i] * (t*t/(2*c.h) + c.v[i])
	}
	for i, m := range c.m {
		sum -= c.tau * m * math.Log((q[i+1]-q[i])/m)
	}
	return sum, nil
}

// minimise takes damped Newton steps from the places x, spread where they coincide.
func (c *chain) minimise() ([]float64, error) {
	n := len(c.x)
	q := slices.Clone(c.x)
	if c.tau > 0 {
		for i, m := range c.m {
			q[i+1] = max(q[i+1], q[i]+1e-3*m*math.Sqrt(c.tau*c.h))
		}
	}
	at, err := c.value(q)
	if err != nil {
		return nil, err
	}
	last := math.Inf(1)
	g, diag, off, step, trial := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for range 200 {
		clear(off)
		for i := range q {
			g[i] = c.w[i] * ((q[i]-c.x[i])/c.h + c.dv[i])
			diag[i] = c.w[i] * (1/c.h + c.ddv[i])
			if !(diag[i] > 0) { // not convex here: the distance alone
				diag[i] = c.w[i] / c.h
			}
		}
		for i, m := range c.m {
			gap := q[i+1] - q[i]
			r := c.tau * m / gap
			g[i] += r
			g[i+1] -= r
			diag[i] += r / gap
			diag[i+1] += r / gap
			off[i] = -r / gap
		}
		tridiagonal(step, diag, off, g)
		decrement, room := 0.0, 1.0
		for i, t := range step {
			decrement += t * g[i]
		}
		if c.tau > 0 {
			for i := range c.m {
				if closing := step[i+1] - step[i]; closing > 0 {
					room = min(room, 0.95*(q[i+1]-q[i])/closing)
				}
			}
		}
		// Close to the minimum values no longer tell steps apart, and none is too long.
		if decrement <= 1e-10*(1+math.Abs(at)) {
			for i, t := range step {
				q[i] -= room * t
			}
			if decrement <= 1e-18*(1+math.Abs(at)) || decrement > last/2 {
				return q, nil
			}
			last = decrement
			if at, err = c.value(q); err != nil {
				return nil, err
			}
			continue
		}
		moved := false
		for range 50 {
			for i, t := range step {
				trial[i] = q[i] - room*t
			}
			if v, err := c.value(trial); err == nil && v <= at-1e-4*room*decrement {
				at, moved = v, true
				copy(q, trial)
				break
			}
			room /= 2
		}
		if !moved {
			break
		}
	}
	return nil, errors.New("the JKO step found no minimiser: the potential is not convex enough for this step size, try a tenth of it")
}

// tridiagonal solves A x = b for a symmetric positive definite A of a diagonal and what
// is beside it.
func tridiagonal(x, diag, off, b []float64) {
	n := len(b)
	c := make([]float64, n)
	for i := range n {
		d, r := diag[i], b[i]
		if i > 0 {
			d -= off[i-1] * c[i-1]
			r -= off[i-1] * x[i-1]
		}
		c[i], x[i] = off[i]/d, r/d
	}
	for i := n - 2; i >= 0; i-- {
		x[i] -= c[i] * x[i+1]
	}
}
