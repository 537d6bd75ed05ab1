package scheme

import (
	"context"
	"errors"
	"math"

	"wgf/internal/rng"
)

// Metropolis is the Metropolis-adjusted Langevin algorithm: each particle proposes the
// step of [Langevin],
//
//	y = x + h s(x) + sqrt(2 tau h) xi,   s = grad log p,
//
// and accepts it with probability min(1, p(y)^(1/tau) q(y,x) / (p(x)^(1/tau) q(x,y))),
// tau the coefficient of the entropy, 1 for KL. The target is exactly invariant for
// every particle. The acceptance that makes the most of a step
// is near 0.574. Roberts and Rosenthal 1998.
type Metropolis struct {
	StepSize float64
	scratch
	lp, lpNew, grad, gradNew, uniform []float64
}

func metropolisEntry() Entry {
	return Entry{
		Name:      "metropolis",
		Formula:   "y = x + h s(x) + sqrt(2h) xi, accepted with min(1, p(y)q(y,x)/(p(x)q(x,y)))",
		Cost:      "two gradients of the log density a particle",
		Reference: "Roberts, Rosenthal 1998, J. R. Stat. Soc. B 60(1)",
		Build:     func(s Setting) (Scheme, error) { return &Metropolis{StepSize: s.StepSize}, nil },
	}
}

func (e *Metropolis) Traits() Traits {
	return Traits{Name: "metropolis", Noise: true, Metropolis: true, Moves: true, Potential: true, Euclidean: true, StepSize: e.StepSize}
}

func (e *Metropolis) Step(_ context.Context, s *State, p *Problem) (Info, error) {
	c, h, tau := s.Cloud, e.StepSize, p.Entropy
	n, d := c.N, c.D
	lp, grad := sized(&e.lp, n), sized(&e.grad, n*d)
	lpNew, gradNew := sized(&e.lpNew, n), sized(&e.gradNew, n*d)
	y, xi, u := sized(&e.next, n*d), sized(&e.xi, n*d), sized(&e.uniform, n)
	p.LogDensity(lp, grad, c.X)
	for _, v := range lp {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Info{}, errors.New("a particle has no density: start from points inside the support of the target")
		}
	}
	rng.New(p.Seed, rng.Sample).Normals(xi, d, n, 0, s.Step)
	rng.New(p.Seed, rng.Accept).Uniforms(u, 1, n, 0, s.Step)
	a := math.Sqrt(2 * tau * h)
	for i, x := range c.X {
		y[i] = x + float64(h*grad[i]) + float64(a*xi[i])
	}
	p.LogDensity(lpNew, gradNew, y)
	w, rate := c.Weights(), 0.0
	for i := range n {
		ratio := (lpNew[i] - lp[i]) / tau
		for k := range d {
			at := k*n + i
			back := c.X[at] - y[at] - float64(h*gradNew[at])
			ratio += (float64(2*tau*h*xi[at]*xi[at]) - float64(back*back)) / (4 * tau * h)
		}
		if math.Log(u[i]) < ratio { // false for NaN
			rate += w[i]
			for k := range d {
				c.X[k*n+i] = y[k*n+i]
			}
		}
	}
	s.advance(h)
	return Info{StepSize: h, Acceptance: rate, Speed2: speed2(c, grad)}, nil
}
