package scheme

import (
	"context"
	"math"
	"math/rand/v2"

	"wgf/internal/rng"
	"wgf/measure"
)

// Splitting takes a flow with changing masses apart: first the particles move, by
// forward Euler or, with Noise, as in [Langevin]; then the masses follow
//
//	log w_i <- log w_i + h r_i.
//
// With Jumps masses stay equal and particles jump instead: particle i disappears, or
// is duplicated in the place of another, with probability 1 - exp(-h |r_i|) for r_i
// negative, or positive. Order 1.
// Lu, Lu and Nolen 2019, algorithm 1; Gallouet and Monsaingeon 2017 (splitting).
type Splitting struct {
	StepSize float64
	Noise    bool
	Jumps    bool
	langevin Langevin
	rate     []float64
}

func splittingEntry() Entry {
	return Entry{
		Name:      "splitting",
		Formula:   "x+ = x + h v, then log w+ = log w + h r",
		Cost:      "one velocity, one reaction",
		Reference: "Gallouet, Monsaingeon 2017, SIAM J. Math. Anal. 49(2)",
		Build:     func(s Setting) (Scheme, error) { return &Splitting{StepSize: s.StepSize}, nil },
	}
}

func noisySplittingEntry() Entry {
	return Entry{
		Name:      "noisy-splitting",
		Formula:   "x+ = x + h v + sqrt(2 tau h) B xi, then log w+ = log w + h r",
		Cost:      "one velocity, one reaction",
		Reference: "Lu, Slepcev, Wang 2023, Nonlinearity 36(11)",
		Build:     func(s Setting) (Scheme, error) { return &Splitting{StepSize: s.StepSize, Noise: true}, nil },
	}
}

func birthDeathEntry() Entry {
	return Entry{
		Name:      "birth-death",
		Formula:   "Langevin step, then particles die or are duplicated with probability 1 - exp(-h|r|)",
		Cost:      "one velocity, one reaction",
		Reference: "Lu, Lu, Nolen 2019, arXiv 1905.09863, algorithm 1",
		Build: func(s Setting) (Scheme, error) {
			return &Splitting{StepSize: s.StepSize, Noise: true, Jumps: true}, nil
		},
	}
}

func (e *Splitting) Traits() Traits {
	name := "splitting"
	switch {
	case e.Jumps:
		name = "birth-death"
	case e.Noise:
		name = "noisy-splitting"
	}
	return Traits{Name: name, Noise: e.Noise, Reacts: true, Kills: e.Jumps, StepSize: e.StepSize, Order: 1}
}

func (e *Splitting) Step(ctx context.Context, s *State, p *Problem) (Info, error) {
	e.langevin.StepSize = e.StepSize
	before := s.Clone()
	still := *p
	if !e.Noise {
		still.Entropy, still.Noise, still.Correction = 0, nil, nil
		still.Rank = nil
	}
	info, err := e.langevin.Step(ctx, s, &still)
	if err != nil {
		return Info{}, err
	}
	r := sized(&e.rate, s.Cloud.N)
	if err := p.Reaction(ctx, r, s.Cloud); err != nil {
		*s = *before
		return Info{}, err
	}
	if e.Jumps {
		e.jump(s.Cloud, r, rand.New(rng.New(p.Seed, rng.Resample).Source(0, before.Step)))
		return info, nil
	}
	if s.Cloud.LogW == nil {
		s.Cloud.LogW = make([]float64, s.Cloud.N)
	}
	top := math.Inf(-1)
	for i, a := range r {
		s.Cloud.LogW[i] += float64(e.StepSize * a)
		top = max(top, s.Cloud.LogW[i])
	}
	for i := range s.Cloud.LogW {
		s.Cloud.LogW[i] -= top
	}
	return info, nil
}

// jump lets particles die and be born, in the order of their numbers.
func (e *Splitting) jump(c *measure.Cloud, r []float64, source *rand.Rand) {
	n := c.N
	if n < 2 {
		return
	}
	for i, a := range r {
		u := source.Float64()
		other := source.IntN(n - 1)
		if other >= i {
			other++
		}
		if u >= -math.Expm1(-e.StepSize*math.Abs(a)) {
			continue
		}
		from, to := other, i
		if a > 0 {
			from, to = i, other
		}
		for k := range c.D {
			c.X[k*n+to] = c.X[k*n+from]
		}
	}
}
