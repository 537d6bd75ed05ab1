package scheme

import (
	"context"
	"math"

	"wgf/internal/rng"
)

// Langevin is the noisy forward scheme: the velocity by forward Euler, the entropy tau
// exactly by noise,
//
//	x+ = x + h (v + tau div(B B^T)) + sqrt(2 tau h) B xi,
//
// B B^T the mobility of the geometry. Weak order 1; its stationary law is biased in
// order h. With the relative entropy it is the unadjusted Langevin algorithm.
// Roberts and Tweedie 1996; Wibisono 2018 (forward-flow splitting).
type Langevin struct {
	StepSize float64
	scratch
}

func langevinEntry() Entry {
	return Entry{
		Name:      "langevin",
		Formula:   "x+ = x + h v + sqrt(2 tau h) B xi",
		Cost:      "one velocity",
		Reference: "Roberts, Tweedie 1996, Bernoulli 2(4); Wibisono 2018, COLT",
		Build:     func(s Setting) (Scheme, error) { return &Langevin{StepSize: s.StepSize}, nil },
	}
}

func (e *Langevin) Traits() Traits {
	return Traits{Name: "langevin", Noise: true, Moves: true, StepSize: e.StepSize, Order: 1}
}

func (e *Langevin) Step(ctx context.Context, s *State, p *Problem) (Info, error) {
	c := s.Cloud
	v, next := sized(&e.v, len(c.X)), sized(&e.next, len(c.X))
	size, err := velocity(ctx, p, v, c)
	if err != nil {
		return Info{}, err
	}
	if err := e.delta(v, s, p); err != nil {
		return Info{}, err
	}
	if err := move(p, next, c, v); err != nil {
		return Info{}, err
	}
	copy(c.X, next)
	s.advance(e.StepSize)
	return Info{StepSize: e.StepSize, Acceptance: math.NaN(), Speed2: size}, nil
}

// delta turns a velocity into a noisy step.
func (e *Langevin) delta(v []float64, s *State, p *Problem) error {
	c := s.Cloud
	if p.Correction != nil {
		if err := p.Correction(v, p.Entropy, c); err != nil {
			return err
		}
	}
	q := c.D
	if p.Rank != nil {
		q = p.Rank(c)
	}
	xi, u := sized(&e.xi, q*c.N), sized(&e.u, len(v))
	rng.New(p.Seed, rng.Sample).Normals(xi, q, c.N, 0, s.Step)
	if p.Noise != nil {
		if err := p.Noise(u, xi, c); err != nil {
			return err
		}
	} else {
		copy(u, xi)
	}
	a := math.Sqrt(2 * p.Entropy * e.StepSize)
	for i := range v {
		v[i] = float64(e.StepSize*v[i]) + float64(a*u[i])
	}
	return nil
}
