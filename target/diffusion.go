package target

import (
	"fmt"
	"math"

	"wgf/internal/rng"
)

// Diffusion is the path backwards in time of the Ornstein-Uhlenbeck process from the
// target,
//
//	pi_t = law of e^-s X + (1 - e^-2s)^1/2 Z,   X ~ pi, Z ~ N(0, I),   s = from (1 - t).
//
// Of Gaussians and their mixtures the members are in closed form: component means m
// become e^-s m and covariances C become e^-2s C + (1 - e^-2s) I. Of other targets
// density and score are Monte Carlo means over draws of the posterior of X given x,
//
//	pi_t(x) = e^ds E pi(e^s (x - b Z)),   b^2 = 1 - e^-2s,
//
// with the same normal numbers at every point, in antithetic pairs, so that the
// members are smooth; they are noisy where e^s b is large against the width of the
// target, that is far from its end and in many dimensions.
// Song et al. 2021; Huang, Dong, Hao, Ma and Zhang 2024 (Monte Carlo).
type Diffusion struct {
	target Density
	from   float64
	z      []float64 // d numbers a draw
}

// NewDiffusion returns the path. It fails unless from is positive.
func NewDiffusion(target Density, from float64, draws int, seed uint64) (*Diffusion, error) {
	if !(from > 0) || math.IsInf(from, 0) {
		return nil, fmt.Errorf("from=%g: want a positive time", from)
	}
	d, half := target.Dim(), (draws+1)/2
	normal := make([]float64, d*half)
	rng.New(seed, rng.Target).Normals(normal, d, half, 0, 1)
	z := make([]float64, 0, 2*d*half)
	for i := range half {
		for _, sign := range []float64{1, -1} {
			for k := range d {
				z = append(z, sign*normal[k*half+i])
			}
		}
	}
	return &Diffusion{target, from, z}, nil
}

// At is the member at t.
func (p *Diffusion) At(t float64) Density {
	s := p.from * (1 - t)
	if s <= 0 {
		return p.target
	}
	a := math.Exp(-s)
	switch q := p.target.(type) {
	case *Gaussian:
		return q.diffused(a)
	case *Mixture:
		parts := make([]*Gaussian, len(q.components))
		for c, g := range q.components {
			parts[c] = g.diffused(a)
		}
		if m, err := NewMixture(q.weights, parts); err == nil {
			return m
		}
	}
	return &diffused{target: p.target, a: a, b: math.Sqrt(1 - a*a), z: p.z}
}

// diffused is the law of a X + (1 - a^2)^1/2 Z.
func (g *Gaussian) diffused(a float64) *Gaussian {
	d := len(g.mean)
	mean, cov := clone(g.mean), clone(g.cov)
	for k := range mean {
		mean[k] *= a
	}
	for i := range cov {
		cov[i] *= a * a
		if i%(d+1) == 0 {
			cov[i] += 1 - a*a
		}
	}
	out, err := NewGaussian(mean, cov)
	if err != nil {
		return g // cannot be: the sum of positive definite matrices
	}
	return out
}

// diffused is a member by Monte Carlo.
type diffused struct {
	target Density
	a, b   float64
	z      []float64
}

// Dim is that of the target.
func (m *diffused) Dim() int { return m.target.Dim() }

// LogDensity is the logarithm of the mean over the draws, and its gradient.
func (m *diffused) LogDensity(lp, grad, x []float64) {
	n, d := len(lp), m.Dim()
	if d == 0 {
		m.target.LogDensity(lp, grad, x)
		return
	}
	draws := len(m.z) / d
	at, part := make([]float64, draws*d), make([]float64, draws)
	var slopes []float64
	if grad != nil {
		slopes = make([]float64, draws*d)
	}
	for i := range n {
		for k := range d {
			for j := range draws {
				at[k*draws+j] = (x[k*n+i] - m.b*m.z[j*d+k]) / m.a
			}
		}
		m.target.LogDensity(part, slopes, at)
		top := math.Inf(-1)
		for _, v := range part {
			if v > top {
				top = v
			}
		}
		sum := 0.0
		for j, v := range part {
			part[j] = 0
			if !math.IsNaN(v) && !math.IsInf(top, 0) {
				part[j] = math.Exp(v - top)
			}
			sum += part[j]
		}
		lp[i] = top + math.Log(sum/float64(draws)) - float64(d)*math.Log(m.a)
		for k := range d {
			if grad == nil {
				break
			}
			g := 0.0
			for j, w := range part {
				if w > 0 {
					g += w / sum * slopes[k*draws+j]
				}
			}
			grad[k*n+i] = g / m.a
		}
	}
}
