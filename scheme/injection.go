package scheme

import (
	"context"
	"math"

	"wgf/internal/rng"
	"wgf/internal/spec"
)

// Injection is forward Euler with the velocity taken at points shaken by noise,
//
//	x+ = x + h v(x + beta_k u),   beta_k = beta/sqrt(k+1),   u normal,
//
// in the field of the cloud as it is. The noise leads particles out of places where
// the velocity is zero but the target is not reached; sum_k beta_k^2 diverges, as the
// theory asks. Arbel, Korba, Salim and Gretton 2019, eq. 16 and proposition 8.
type Injection struct {
	StepSize float64
	Noise    float64 // beta, in the units of the particles
	scratch
}

func injectionEntry() Entry {
	return Entry{
		Name:      "injection",
		Formula:   "x+ = x + h v(x + beta u/sqrt(k+1))",
		Cost:      "one velocity",
		Reference: "Arbel, Korba, Salim, Gretton 2019, NeurIPS 32, eq. 16",
		Params:    []spec.Param{{Name: "noise", Default: 1, Help: "beta, in the units of the particles"}},
		Build: func(s Setting) (Scheme, error) {
			noise, err := s.Params.Positive("noise")
			return &Injection{StepSize: s.StepSize, Noise: noise}, err
		},
	}
}

func (e *Injection) Traits() Traits {
	return Traits{Name: "injection", Moves: true, Elsewhere: true, Euclidean: true, StepSize: e.StepSize}
}

func (e *Injection) Step(ctx context.Context, s *State, p *Problem) (Info, error) {
	c, size := s.Cloud, len(s.Cloud.X)
	v, z, next := sized(&e.v, size), sized(&e.xi, size), sized(&e.next, size)
	rng.New(p.Seed, rng.Sample).Normals(z, c.D, c.N, 0, s.Step)
	beta := e.Noise / math.Sqrt(float64(s.Step)+1)
	for i, x := range c.X {
		z[i] = x + float64(beta*z[i])
	}
	if err := p.VelocityAt(ctx, v, z, c); err != nil {
		return Info{}, err
	}
	speed := speed2(c, v)
	for i := range v {
		v[i] *= e.StepSize
	}
	if err := move(p, next, c, v); err != nil {
		return Info{}, err
	}
	copy(c.X, next)
	s.advance(e.StepSize)
	return Info{StepSize: e.StepSize, Acceptance: math.NaN(), Speed2: speed}, nil
}
