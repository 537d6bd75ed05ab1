package measure

import (
	"fmt"
	"math"
	"math/rand/v2"

	"wgf/internal/rng"
)

// Mixture is the Gaussian mixture sum_k w_k N(m_k, C_k), the weights
// normalised by their sum.
type Mixture struct {
	Weights    []float64 // not negative; nil: equal
	Components []Gaussian
}

// Dim is the dimension d, 0 without components.
func (m Mixture) Dim() int {
	if len(m.Components) == 0 {
		return 0
	}
	return m.Components[0].Dim()
}

// Check reports mixtures without components or weight, components whose
// dimensions differ, and those of Gaussian.Check.
func (m Mixture) Check() error {
	if _, err := m.Normalised(); err != nil {
		return err
	}
	for k, g := range m.Components {
		if g.Dim() != m.Dim() {
			return fmt.Errorf("measure: component %d of a mixture lives in %d dimensions, the first in %d", k+1, g.Dim(), m.Dim())
		}
		if err := g.Check(); err != nil {
			return fmt.Errorf("component %d: %w", k+1, err)
		}
	}
	return nil
}

// Normalised returns the weights divided by their sum. Errors are weights that
// are none.
func (m Mixture) Normalised() ([]float64, error) {
	n := len(m.Components)
	if n == 0 {
		return nil, fmt.Errorf("measure: a mixture has no components")
	}
	out := make([]float64, n)
	if m.Weights == nil {
		for k := range out {
			out[k] = 1 / float64(n)
		}
		return out, nil
	}
	if len(m.Weights) != n {
		return nil, fmt.Errorf("measure: a mixture has %d weights for %d components", len(m.Weights), n)
	}
	top := 0.0
	for k, w := range m.Weights {
		if !(w >= 0) || math.IsInf(w, 0) {
			return nil, fmt.Errorf("measure: weight %d of a mixture is %v, want a number that is not negative", k+1, w)
		}
		top = math.Max(top, w)
	}
	if top == 0 {
		return nil, fmt.Errorf("measure: all weights of a mixture are 0")
	}
	sum := 0.0
	for k, w := range m.Weights {
		out[k] = w / top
		sum += out[k]
	}
	for k := range out {
		out[k] /= sum
	}
	return out, nil
}

// Gaussian is the normal distribution with the mean and the covariance of the
// mixture, sum_k w_k (C_k + (m_k - m)(m_k - m)^T). Errors are those of Check.
func (m Mixture) Gaussian() (Gaussian, error) {
	if err := m.Check(); err != nil {
		return Gaussian{}, err
	}
	w, _ := m.Normalised()
	d := m.Dim()
	out := Gaussian{Mean: make([]float64, d), Cov: make([]float64, d*d)}
	for c, g := range m.Components {
		for k, v := range g.Mean {
			out.Mean[k] += float64(w[c] * v)
		}
	}
	for c, g := range m.Components {
		for k, v := range g.Mean {
			for l, u := range g.Mean {
				out.Cov[k*d+l] += w[c] * (g.Cov[k*d+l] + (v-out.Mean[k])*(u-out.Mean[l]))
			}
		}
	}
	return out, nil
}

// Sample draws n independent points with equal weights, the same for the same
// seed, ordered by component. Errors are those of Check.
func (m Mixture) Sample(n int, seed uint64) (*Cloud, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	w, _ := m.Normalised()
	counts := make([]int, len(w))
	r := rand.New(rng.New(seed, rng.Init).Source(0, 1))
	for range n {
		u, k := r.Float64(), 0
		for k < len(w)-1 && u >= w[k] {
			u -= w[k]
			k++
		}
		for w[k] == 0 { // rounding must not pick a component without weight
			k--
		}
		counts[k]++
	}
	d := m.Dim()
	z := make([]float64, n*d)
	rng.New(seed, rng.Init).Normals(z, d, n, 0, 0)
	out := New(n, d)
	at := 0
	for k, g := range m.Components {
		s, err := g.Spectrum()
		if err != nil {
			return nil, err
		}
		g.push(out.X, n, s.Root(), z, at, at+counts[k])
		at += counts[k]
	}
	return out, nil
}
