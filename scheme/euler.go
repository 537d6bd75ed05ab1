package scheme

import (
	"context"
	"math"
)

// Euler is the forward (explicit) Euler scheme x+ = x + h v, gradient descent on
// measures, order 1.
type Euler struct {
	StepSize float64 // h > 0
	scratch
}

func eulerEntry() Entry {
	return Entry{
		Name:      "euler",
		Formula:   "x+ = x + h v",
		Cost:      "one velocity",
		Reference: "Ambrosio, Gigli, Savare 2008; explicit Euler",
		Build:     func(s Setting) (Scheme, error) { return &Euler{StepSize: s.StepSize}, nil },
	}
}

func (e *Euler) Traits() Traits {
	return Traits{Name: "euler", Moves: true, StepSize: e.StepSize, Order: 1}
}

func (e *Euler) Step(ctx context.Context, s *State, p *Problem) (Info, error) {
	v, next := sized(&e.v, len(s.Cloud.X)), sized(&e.next, len(s.Cloud.X))
	size, err := velocity(ctx, p, v, s.Cloud)
	if err != nil {
		return Info{}, err
	}
	for i := range v {
		v[i] *= e.StepSize
	}
	if err := move(p, next, s.Cloud, v); err != nil {
		return Info{}, err
	}
	copy(s.Cloud.X, next)
	s.advance(e.StepSize)
	return Info{StepSize: e.StepSize, Acceptance: math.NaN(), Speed2: size}, nil
}
