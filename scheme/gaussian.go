package scheme

import (
	"context"
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"wgf/measure"
)

// ForwardBackward is the Wasserstein proximal gradient method on Gaussians: a forward
// step on the potential, then the exact JKO step of the entropy tau,
//
//	x½ = x - h (E g + S (x - m)),
//	C+ = 1/2 (C½ + 2 tau h I + (C½ (C½ + 4 tau h I))^1/2),
//
// g = -v the gradient and S its mean Jacobian on the Gaussian of the cloud, which moves
// by affine maps. Its fixed point is not biased. Order 1. Salim, Korba and Luise 2020,
// algorithm 1; Diao, Balasubramanian, Chewi and Salim 2023, algorithm 1.
type ForwardBackward struct {
	StepSize float64
	scratch
}

func forwardBackwardEntry() Entry {
	return Entry{
		Name:      "forward-backward",
		Formula:   "forward step on the potential, JKO step on the entropy, on Gaussians",
		Cost:      "one velocity, n d^2 + d^3",
		Reference: "Salim, Korba, Luise 2020, NeurIPS 33; Diao et al. 2023, ICML",
		Build:     func(s Setting) (Scheme, error) { return &ForwardBackward{StepSize: s.StepSize}, nil },
	}
}

func (e *ForwardBackward) Traits() Traits {
	return Traits{Name: "forward-backward", Parametric: true, Moves: true, Euclidean: true, StepSize: e.StepSize, Order: 1}
}

func (e *ForwardBackward) Step(ctx context.Context, s *State, p *Problem) (Info, error) {
	c, h, d := s.Cloud, e.StepSize, s.Cloud.D
	g, next := sized(&e.v, len(c.X)), sized(&e.next, len(c.X))
	part, speed, err := affinePart(ctx, p, g, c)
	if err != nil {
		return Info{}, err
	}
	forward := identity(d)
	forward.Sub(forward, scaled(h, part.Slope))
	cov := sandwich(forward, mat.NewSymDense(d, c.Covariance()))
	// The JKO step of the entropy stretches along the axes of C½.
	stretch, err := spectral(cov, func(v float64) float64 {
		v = max(v, 0)
		return math.Sqrt((v + 2*p.Entropy*h + math.Sqrt(v*(v+4*p.Entropy*h))) / 2 / v)
	})
	if err != nil {
		return Info{}, errors.New("the forward step made the Gaussian degenerate: try a smaller step size")
	}
	var t mat.Dense
	t.Mul(stretch, forward)
	mean := c.Mean()
	to := make([]float64, d)
	for k := range to {
		to[k] = mean[k] - float64(h*part.Mean[k])
	}
	if err := affineMap(next, c, mean, to, &t); err != nil {
		return Info{}, err
	}
	copy(c.X, next)
	s.advance(h)
	return Info{StepSize: h, Acceptance: math.NaN(), Speed2: speed}, nil
}

// JKO is the backward Euler scheme of Jordan, Kinderlehrer and Otto on Gaussians,
//
//	mu+ = argmin F(mu) + W2^2(mu, mu_k)/(2h).
//
// With A = I + h S and B = A^-1/2 C A^-1/2 the minimiser has
//
//	m+ = m - h E+ g,   A^1/2 C+ A^1/2 = 1/2 (M + (M^2 - 4 tau^2 h^2 I)^1/2),   M = B + 2 tau h I,
//
// exact at once for quadratic potentials; otherwise E+ g and S, taken at the new
// Gaussian, are iterated to a fixed point. Order 1. JKO 1998, eq. 12.
type JKO struct {
	StepSize float64
	scratch
}

func jkoEntry() Entry {
	return Entry{
		Name:      "jko",
		Formula:   "mu+ = argmin F(mu) + W2^2(mu, mu_k)/(2h) on Gaussians",
		Cost:      "some velocities, n d^2 + d^3 each",
		Reference: "Jordan, Kinderlehrer, Otto 1998, SIAM J. Math. Anal. 29(1)",
		Build:     func(s Setting) (Scheme, error) { return &JKO{StepSize: s.StepSize}, nil },
	}
}

func (e *JKO) Traits() Traits {
	return Traits{Name: "jko", Parametric: true, Moves: true, Euclidean: true, StepSize: e.StepSize, Order: 1}
}

// iterations bounds the fixed-point iteration of a JKO step.
const iterations = 200

func (e *JKO) Step(ctx context.Context, s *State, p *Problem) (Info, error) {
	c, h, d := s.Cloud, e.StepSize, s.Cloud.D
	g, next := sized(&e.v, len(c.X)), sized(&e.next, len(c.X))
	from, cov := c.Mean(), mat.NewSymDense(d, c.Covariance())
	at := &measure.Cloud{N: c.N, D: d, X: append([]float64(nil), c.X...), LogW: c.LogW}
	first := math.NaN()
	for k := range iterations {
		part, speed, err := affinePart(ctx, p, g, at)
		if err != nil {
			return Info{}, err
		}
		if k == 0 {
			first = speed
		}
		to, t, err := e.minimiser(p.Entropy, part, from, at.Mean(), cov)
		if err != nil {
			return Info{}, err
		}
		if err := affineMap(next, c, from, to, t); err != nil {
			return Info{}, err
		}
		change, size := 0.0, 0.0
		for i, v := range next {
			change, size = max(change, math.Abs(v-at.X[i])), max(size, math.Abs(v-from[i/c.N]))
		}
		copy(at.X, next)
		if change <= 1e-10*size {
			copy(c.X, next)
			s.advance(h)
			return Info{StepSize: h, Acceptance: math.NaN(), Speed2: first}, nil
		}
	}
	return Info{}, errors.New("the JKO step found no fixed point: the potential is not convex enough for this step size, try a tenth of it")
}

// minimiser is the mean and the map of a step for the affine field of part around now.
func (e *JKO) minimiser(tau float64, part measure.Affine, from, now []float64, cov *mat.SymDense) ([]float64, *mat.Dense, error) {
	h, d := e.StepSize, len(from)
	a := mat.NewSymDense(d, nil)
	a.AddSym(sym(identity(d)), sym(scaled(h, part.Slope)))
	failed := errors.New("the JKO step is not convex here: the step size is too large for this potential, try a tenth of it")
	inverseRoot, err := spectral(a, func(v float64) float64 { return 1 / math.Sqrt(v) })
	if err != nil {
		return nil, nil, failed
	}
	y, err := spectral(sandwich(inverseRoot, cov), func(v float64) float64 {
		m := max(v, 0) + 2*tau*h
		return (m + math.Sqrt((m-2*tau*h)*(m+2*tau*h))) / 2
	})
	if err != nil {
		return nil, nil, failed
	}
	next := sandwich(inverseRoot, sym(y))
	precision, err := spectral(next, func(v float64) float64 { return 1 / v })
	if err != nil {
		return nil, nil, failed
	}
	var back, t mat.Dense // from the new particles to the old ones
	back.Sub(a, scaled(tau*h, precision))
	if err := t.Inverse(&back); err != nil {
		return nil, nil, failed
	}
	residual := mat.NewVecDense(d, nil)
	for k := range d {
		residual.SetVec(k, now[k]-from[k]+h*part.Mean[k])
	}
	var step mat.VecDense
	if err := step.SolveVec(a, residual); err != nil {
		return nil, nil, failed
	}
	to := make([]float64, d)
	for k := range to {
		to[k] = now[k] - step.AtVec(k)
	}
	return to, &t, nil
}

// affinePart is the affine part of the gradient -v.
func affinePart(ctx context.Context, p *Problem, g []float64, c *measure.Cloud) (measure.Affine, float64, error) {
	speed, err := velocity(ctx, p, g, c)
	if err != nil {
		return measure.Affine{}, 0, err
	}
	for i := range g {
		g[i] = -g[i]
	}
	part, err := c.Affine(g)
	return part, speed, err
}

// affineMap writes to + t (x_i - from).
func affineMap(dst []float64, c *measure.Cloud, from, to []float64, t *mat.Dense) error {
	n := c.N
	for k := range c.D {
		row := dst[k*n : (k+1)*n]
		for i := range row {
			row[i] = to[k]
		}
		for l := range c.D {
			a := t.At(k, l)
			for i := range row {
				row[i] += float64(a * (c.X[l*n+i] - from[l]))
			}
		}
	}
	return finite(dst, n)
}

func identity(d int) *mat.Dense {
	m := mat.NewDense(d, d, nil)
	for k := range d {
		m.Set(k, k, 1)
	}
	return m
}

func scaled(a float64, m mat.Matrix) *mat.Dense {
	var out mat.Dense
	out.Scale(a, m)
	return &out
}

// sym is the symmetric part of m.
func sym(m mat.Matrix) *mat.SymDense {
	d, _ := m.Dims()
	out := mat.NewSymDense(d, nil)
	for k := range d {
		for l := k; l < d; l++ {
			out.SetSym(k, l, (m.At(k, l)+m.At(l, k))/2)
		}
	}
	return out
}

// sandwich is a c a^T.
func sandwich(a mat.Matrix, c mat.Matrix) *mat.SymDense {
	var left, out mat.Dense
	left.Mul(a, c)
	out.Mul(&left, a.T())
	return sym(&out)
}

// spectral applies f to the eigenvalues of a symmetric matrix; a result that is not
// finite is an error.
func spectral(m *mat.SymDense, f func(v float64) float64) (*mat.Dense, error) {
	var eigen mat.EigenSym
	if !eigen.Factorize(m, true) {
		return nil, errors.New("scheme: no eigenvalues")
	}
	var u mat.Dense
	eigen.VectorsTo(&u)
	values := eigen.Values(nil)
	d := len(values)
	diagonal := mat.NewDiagDense(d, nil)
	for k, v := range values {
		w := f(v)
		if math.IsNaN(w) || math.IsInf(w, 0) {
			return nil, errors.New("scheme: degenerate matrix")
		}
		diagonal.SetDiag(k, w)
	}
	var left, out mat.Dense
	left.Mul(&u, diagonal)
	out.Mul(&left, u.T())
	return &out, nil
}
