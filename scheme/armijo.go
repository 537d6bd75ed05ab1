package scheme

import (
	"context"
	"math"
)

// Armijo is gradient descent on the particles with a backtracking line search: the
// step h, at first StepSize and twice the last one after, is halved until
//
//	F(x - h g) <= F(x) - 1e-4 h sum_i w_i |g_i|^2,
//
// so that F never rises. Ends when no step of 2^-60 of the first lowers F.
// Armijo 1966; Nocedal and Wright 2006, algorithm 3.1.
type Armijo struct {
	StepSize float64
	scratch
}

func armijoEntry() Entry {
	return Entry{
		Name:      "armijo",
		Formula:   "x+ = x - h g, h halved until F falls by 1e-4 h |g|^2",
		Cost:      "one gradient and about two values",
		Reference: "Armijo 1966, Pac. J. Math. 16(1)",
		Build:     func(s Setting) (Scheme, error) { return &Armijo{StepSize: s.StepSize}, nil },
	}
}

func (e *Armijo) Traits() Traits {
	return Traits{Name: "armijo", Energy: true, Moves: true, Euclidean: true, StepSize: e.StepSize}
}

func (e *Armijo) Step(ctx context.Context, s *State, p *Problem) (Info, error) {
	c, size := s.Cloud, len(s.Cloud.X)
	g, kept := sized(&e.v, size), sized(&e.u, size)
	before, err := p.Energy(ctx, g, c)
	if err != nil {
		return Info{}, err
	}
	if err := finiteEnergy(before, g, c.N); err != nil {
		return Info{}, err
	}
	last := s.Slot("step", 1)
	h := e.StepSize
	if last[0] > 0 {
		h = 2 * last[0]
	}
	speed := speed2(c, g)
	copy(kept, c.X)
	for range 60 {
		for i, x := range kept {
			c.X[i] = x - float64(h*g[i])
		}
		after := math.Inf(1)
		if finite(c.X, c.N) == nil {
			if v, err := p.Energy(ctx, nil, c); err == nil {
				after = v
			} else if ctx.Err() != nil {
				copy(c.X, kept)
				return Info{}, err
			}
		}
		if after <= before-1e-4*h*speed && speed > 0 {
			last[0] = h
			s.advance(h)
			return Info{StepSize: h, Acceptance: math.NaN(), Speed2: speed}, nil
		}
		h /= 2
	}
	copy(c.X, kept)
	s.advance(0)
	return Info{StepSize: 0, Acceptance: math.NaN(), Speed2: speed, Done: true}, nil
}
