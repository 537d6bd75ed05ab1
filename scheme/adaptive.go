package scheme

import (
	"context"
	"math"

	"wgf/internal/spec"
)

// Adaptive is forward Euler whose step is scaled in every coordinate of every particle
// by the size of past velocities,
//
//	G <- G + v^2 (AdaGrad with Decay 1) or Decay G + (1-Decay) v^2,   G_1 = v_1^2,
//	M <- Beta M + (1-Beta) v,
//	x+ = x + h M~ / (1e-6 + sqrt(G~)),
//
// M~ and G~ without the bias of their start where Debias is set. Its time is not that
// of the flow: State.Time adds up h. Duchi, Hazan and Singer 2011 (AdaGrad);
// Liu and Wang 2016 (AdaGrad with decay 0.9); Kingma and Ba 2015, algorithm 1 (Adam).
type Adaptive struct {
	Name     string
	StepSize float64
	Decay    float64 // of the second moment; 1: a sum without decay
	Beta     float64 // of the first moment; 0: none
	Debias   bool
	scratch
}

func decayParam(v float64) spec.Param {
	return spec.Param{Name: "decay", Default: v, Help: "decay of the squared velocities, 0 to 1; 1 of adagrad: their sum, so that steps shrink"}
}

func adagradEntry() Entry {
	return Entry{
		Name:      "adagrad",
		Formula:   "G <- decay G + (1-decay) v^2, x+ = x + h v/(1e-6 + sqrt G)",
		Cost:      "one velocity",
		Reference: "Duchi, Hazan, Singer 2011; Liu, Wang 2016",
		Params:    []spec.Param{decayParam(0.9)},
		Build: func(s Setting) (Scheme, error) {
			decay, err := s.Params.Within("decay", 0, 1)
			return &Adaptive{Name: "adagrad", StepSize: s.StepSize, Decay: decay}, err
		},
	}
}

func rmspropEntry() Entry {
	return Entry{
		Name:      "rmsprop",
		Formula:   "G <- decay G + (1-decay) v^2 from 0 without bias, x+ = x + h v/(1e-6 + sqrt G)",
		Cost:      "one velocity",
		Reference: "Tieleman, Hinton 2012",
		Params:    []spec.Param{decayParam(0.99)},
		Build: func(s Setting) (Scheme, error) {
			decay, err := s.Params.Within("decay", 0, 0.9999)
			return &Adaptive{Name: "rmsprop", StepSize: s.StepSize, Decay: decay, Debias: true}, err
		},
	}
}

func adamEntry() Entry {
	return Entry{
		Name:      "adam",
		Formula:   "M <- beta M + (1-beta) v, G <- decay G + (1-decay) v^2, x+ = x + h M/(1e-6 + sqrt G)",
		Cost:      "one velocity",
		Reference: "Kingma, Ba 2015, ICLR, algorithm 1",
		Params:    []spec.Param{{Name: "beta", Default: 0.9, Help: "decay of the velocity, 0 to 1"}, decayParam(0.999)},
		Build: func(s Setting) (Scheme, error) {
			beta, err := s.Params.Within("beta", 0, 0.9999)
			if err != nil {
				return nil, err
			}
			decay, err := s.Params.Within("decay", 0, 0.99999)
			return &Adaptive{Name: "adam", StepSize: s.StepSize, Decay: decay, Beta: beta, Debias: true}, err
		},
	}
}

func (e *Adaptive) Traits() Traits { return Traits{Name: e.Name, Moves: true, StepSize: e.StepSize} }

func (e *Adaptive) Step(ctx context.Context, s *State, p *Problem) (Info, error) {
	n := len(s.Cloud.X)
	v, next := sized(&e.v, n), sized(&e.next, n)
	size, err := velocity(ctx, p, v, s.Cloud)
	if err != nil {
		return Info{}, err
	}
	first := s.Step == 0 || s.Slots["second"] == nil
	second, mean := s.Slot("second", n), s.Slot("mean", n)
	age := float64(s.Step + 1)
	oneG, oneM := 1.0, 1.0
	if e.Debias {
		oneG, oneM = 1-math.Pow(e.Decay, age), 1-math.Pow(e.Beta, age)
	}
	delta, moment := sized(&e.u, n), sized(&e.xi, n)
	for i, a := range v {
		g, m := second[i], mean[i]
		switch {
		case e.Debias:
			g = float64(e.Decay*g) + float64((1-e.Decay)*a*a)
		case first:
			g = a * a
		case e.Decay == 1:
			g += a * a
		default:
			g = float64(e.Decay*g) + float64((1-e.Decay)*a*a)
		}
		m = float64(e.Beta*m) + float64((1-e.Beta)*a)
		delta[i] = e.StepSize * (m / oneM) / (1e-6 + math.Sqrt(g/oneG))
		v[i], moment[i] = g, m
	}
	if err := move(p, next, s.Cloud, delta); err != nil {
		return Info{}, err
	}
	copy(second, v)
	copy(mean, moment)
	copy(s.Cloud.X, next)
	s.advance(e.StepSize)
	return Info{StepSize: e.StepSize, Acceptance: math.NaN(), Speed2: size}, nil
}
