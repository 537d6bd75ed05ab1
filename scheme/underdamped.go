package scheme

import (
	"context"
	"math"

	"wgf/internal/rng"
	"wgf/internal/spec"
)

// Underdamped is kinetic Langevin dynamics dx = u dt, du = v dt - Gamma u dt +
// sqrt(2 tau Gamma) dW by the splitting BAOAB: half kick, half drift, exact
// Ornstein-Uhlenbeck step of the velocity, half drift, half kick. Weak order 2; the
// law of x is exact for Gaussian targets. Leimkuhler and Matthews 2013, eq. 10.
type Underdamped struct {
	StepSize float64
	Friction float64 // Gamma > 0
	scratch
}

func underdampedEntry() Entry {
	return Entry{
		Name:      "underdamped",
		Formula:   "dx = u dt, du = v dt - Gamma u dt + sqrt(2 tau Gamma) dW by BAOAB",
		Cost:      "one velocity",
		Reference: "Leimkuhler, Matthews 2013, Appl. Math. Res. eXpress 2013(1)",
		Params:    []spec.Param{{Name: "friction", Default: 1, Help: "Gamma, per unit of time"}},
		Build: func(s Setting) (Scheme, error) {
			friction, err := s.Params.Positive("friction")
			return &Underdamped{StepSize: s.StepSize, Friction: friction}, err
		},
	}
}

func (e *Underdamped) Traits() Traits {
	return Traits{Name: "underdamped", Noise: true, Moves: true, Euclidean: true, StepSize: e.StepSize, Order: 2}
}

func (e *Underdamped) Step(ctx context.Context, s *State, p *Problem) (Info, error) {
	c, h, size := s.Cloud, e.StepSize, len(s.Cloud.X)
	xi, next, kept := sized(&e.xi, size), sized(&e.next, size), sized(&e.u, size)
	fresh := s.Slots["velocity"] == nil
	u, force := s.Slot("velocity", size), s.Slot("force", size)
	if fresh {
		rng.New(p.Seed, rng.Init).Normals(u, c.D, c.N, 0, math.MaxUint32)
		for i := range u {
			u[i] *= math.Sqrt(p.Entropy)
		}
		if _, err := velocity(ctx, p, force, c); err != nil {
			delete(s.Slots, "velocity")
			return Info{}, err
		}
	}
	rng.New(p.Seed, rng.Sample).Normals(xi, c.D, c.N, 0, s.Step)
	decay := math.Exp(-e.Friction * h)
	noise := math.Sqrt(p.Entropy * -math.Expm1(-2*e.Friction*h))
	for i, x := range c.X {
		b := u[i] + float64(h/2*force[i])
		half := x + float64(h/2*b)
		b = float64(decay*b) + float64(noise*xi[i])
		next[i] = half + float64(h/2*b)
		xi[i] = b
	}
	if err := finite(next, c.N); err != nil {
		return Info{}, err
	}
	copy(kept, c.X)
	copy(c.X, next)
	v := sized(&e.v, size)
	speed, err := velocity(ctx, p, v, c)
	if err != nil {
		copy(c.X, kept)
		return Info{}, err
	}
	for i := range u {
		u[i] = xi[i] + float64(h/2*v[i])
	}
	copy(force, v)
	s.advance(h)
	return Info{StepSize: h, Acceptance: math.NaN(), Speed2: speed}, nil
}
