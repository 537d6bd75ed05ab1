package scheme

import (
	"context"
	"math"

	"wgf/internal/spec"
)

// Momentum is the accelerated scheme
//
//	u+ = a_k u + sqrt(h) v,   x+ = x + sqrt(h) u+,   a_k = (k-1)/(k+2),
//
// Nesterov's schedule in the k-th step since the last restart; it restarts where
// sum_i w_i u_i.v_i < 0. With Beta > 0 the factor a_k is that constant (heavy ball)
// and nothing restarts. Wang and Li 2022, algorithm 1; O'Donoghue and Candes 2015.
type Momentum struct {
	StepSize float64
	Beta     float64 // 0: Nesterov's schedule
	scratch
}

func momentumEntry() Entry {
	return Entry{
		Name:      "momentum",
		Formula:   "u+ = a u + sqrt(h) v, x+ = x + sqrt(h) u+",
		Cost:      "one velocity",
		Reference: "Wang, Li 2022, J. Sci. Comput. 90:11",
		Params:    []spec.Param{{Name: "beta", Default: 0, Help: "constant factor a; 0: (k-1)/(k+2) with restarts"}},
		Build: func(s Setting) (Scheme, error) {
			beta, err := s.Params.Within("beta", 0, 0.9999)
			return &Momentum{StepSize: s.StepSize, Beta: beta}, err
		},
	}
}

func (e *Momentum) Traits() Traits {
	return Traits{Name: "momentum", Moves: true, Euclidean: true, StepSize: e.StepSize}
}

func (e *Momentum) Step(ctx context.Context, s *State, p *Problem) (Info, error) {
	c, size := s.Cloud, len(s.Cloud.X)
	v, next := sized(&e.v, size), sized(&e.next, size)
	speed, err := velocity(ctx, p, v, c)
	if err != nil {
		return Info{}, err
	}
	u, age := s.Slot("momentum", size), s.Slot("age", 1)
	k := age[0] + 1
	a := (k - 1) / (k + 2)
	if e.Beta > 0 {
		a = e.Beta
	} else {
		w, along := c.Weights(), 0.0
		for at := range v {
			along += float64(w[at%c.N] * u[at] * v[at])
		}
		if along < 0 {
			a, k = 0, 1
		}
	}
	root := math.Sqrt(e.StepSize)
	delta := sized(&e.u, size)
	for i := range v {
		v[i] = float64(a*u[i]) + float64(root*v[i])
		delta[i] = root * v[i]
	}
	if err := move(p, next, c, delta); err != nil {
		return Info{}, err
	}
	copy(u, v)
	copy(c.X, next)
	age[0] = k
	s.advance(e.StepSize)
	return Info{StepSize: e.StepSize, Acceptance: math.NaN(), Speed2: speed}, nil
}
