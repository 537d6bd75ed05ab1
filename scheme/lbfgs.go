package scheme

import (
	"context"
	"math"

	"wgf/internal/spec"
)

// LBFGS is the limited-memory quasi-Newton method on the particles as one vector, in
// the inner product <a, b> = sum_i w_i a_i.b_i, so that the gradient is that of the
// first variation and nothing depends on the number of particles. A step is along
//
//	p = -H g,   H from the last Memory pairs (s, y) of moves and changes of gradient,
//
// of a length that fulfils the strong Wolfe conditions with constants 1e-4 and 0.9.
// The first step has length StepSize times the gradient. Ends when the norm of the
// gradient is at most Tolerance or no step along the gradient lowers F.
// A step costs one gradient and usually one more for the line search.
// Liu and Nocedal 1989; Nocedal and Wright 2006, algorithms 3.5, 3.6 and 7.4.
type LBFGS struct {
	StepSize  float64
	Memory    int     // pairs kept; 0: 10
	Tolerance float64 // of the norm of the gradient; 0: 1e-9
	scratch
	trial []float64
}

func lbfgsEntry() Entry {
	return Entry{
		Name:      "lbfgs",
		Formula:   "x+ = x - a H g, H from the last pairs of moves and gradients, a by the strong Wolfe conditions",
		Cost:      "about two gradients",
		Reference: "Liu, Nocedal 1989, Math. Prog. 45",
		Params: []spec.Param{
			{Name: "memory", Default: 10, Help: "pairs of moves and changes of gradient that are kept"},
			{Name: "tolerance", Default: 1e-9, Help: "norm of the gradient at which it ends"},
		},
		Build: func(s Setting) (Scheme, error) {
			memory, err := s.Params.Integer("memory", 1)
			if err != nil {
				return nil, err
			}
			tolerance, err := s.Params.Positive("tolerance")
			return &LBFGS{StepSize: s.StepSize, Memory: memory, Tolerance: tolerance}, err
		},
	}
}

func (e *LBFGS) Traits() Traits {
	return Traits{Name: "lbfgs", Energy: true, Moves: true, Euclidean: true, StepSize: e.StepSize}
}

// pairs are the memory of the method, kept in slots of the state.
type pairs struct {
	s, y, rho []float64 // the newest pair is number count-1 modulo the memory
	count     []float64 // one number: pairs seen
	size, max int
}

func (e *LBFGS) pairs(s *State) pairs {
	m := e.Memory
	if m == 0 {
		m = 10
	}
	size := len(s.Cloud.X)
	return pairs{s: s.Slot("lbfgs-s", m*size), y: s.Slot("lbfgs-y", m*size), rho: s.Slot("lbfgs-rho", m), count: s.Slot("lbfgs-count", 1), size: size, max: m}
}

func (q pairs) at(k int) (s, y []float64, rho float64) {
	k %= q.max
	return q.s[k*q.size : (k+1)*q.size], q.y[k*q.size : (k+1)*q.size], q.rho[k]
}

// inner is sum_i w_i a_i.b_i.
func inner(w, a, b []float64) float64 {
	n, sum := len(w), 0.0
	for k := 0; k < len(a); k += n {
		for i, v := range w {
			sum += float64(v * a[k+i] * b[k+i])
		}
	}
	return sum
}

// direction writes -H g to p: the recursion over the pairs, newest first and back.
func (q pairs) direction(p, g, w []float64) {
	for i, v := range g {
		p[i] = -v
	}
	count := int(q.count[0])
	first := max(0, count-q.max)
	alpha := make([]float64, q.max)
	for k := count - 1; k >= first; k-- {
		s, y, rho := q.at(k)
		a := rho * inner(w, s, p)
		alpha[k%q.max] = a
		for i, v := range y {
			p[i] -= float64(a * v)
		}
	}
	if count > 0 {
		_, y, rho := q.at(count - 1)
		scale := 1 / (rho * inner(w, y, y))
		for i := range p {
			p[i] *= scale
		}
	}
	for k := first; k < count; k++ {
		s, y, rho := q.at(k)
		a := alpha[k%q.max] - rho*inner(w, y, p)
		for i, v := range s {
			p[i] += float64(a * v)
		}
	}
}

func (e *LBFGS) Step(ctx context.Context, s *State, p *Problem) (Info, error) {
	c, size := s.Cloud, len(s.Cloud.X)
	g, dir := sized(&e.v, size), sized(&e.u, size)
	kept := sized(&e.next, size)
	value, err := p.Energy(ctx, g, c)
	if err != nil {
		return Info{}, err
	}
	if err := finiteEnergy(value, g, c.N); err != nil {
		return Info{}, err
	}
	w, q := c.Weights(), e.pairs(s)
	speed := inner(w, g, g)
	tolerance := e.Tolerance
	if tolerance == 0 {
		tolerance = 1e-9
	}
	info := Info{Acceptance: math.NaN(), Speed2: speed, Done: true}
	if speed <= tolerance*tolerance {
		s.advance(0)
		return info, nil
	}
	copy(kept, c.X)
	for {
		q.direction(dir, g, w)
		first := 1.0
		if q.count[0] == 0 {
			first = e.StepSize
		}
		search := search{ctx: ctx, p: p, c: c, w: w, from: kept, dir: dir, value: value, slope: inner(w, g, dir), grad: sized(&e.trial, size)}
		a, err := search.wolfe(first)
		if err != nil {
			copy(c.X, kept)
			return Info{}, err
		}
		if a > 0 {
			e.remember(q, w, g, search.grad, dir, a)
			s.advance(a)
			info.StepSize, info.Done = a, false
			return info, nil
		}
		copy(c.X, kept)
		if q.count[0] == 0 { // not even along the gradient
			s.advance(0)
			return info, nil
		}
		q.count[0] = 0 // the memory misleads: start anew
	}
}

// remember keeps the pair of an accepted step, if it has positive curvature.
func (e *LBFGS) remember(q pairs, w, before, after, dir []float64, a float64) {
	k := int(q.count[0])
	s, y, _ := q.at(k)
	for i, v := range dir {
		s[i], y[i] = a*v, after[i]-before[i]
	}
	if sy := inner(w, s, y); sy > 1e-300 && sy > 1e-14*inner(w, y, y)*a {
		q.rho[k%q.max] = 1 / sy
		q.count[0]++
		return
	}
	q.count[0] = 0
}
