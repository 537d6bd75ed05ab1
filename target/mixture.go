package target

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
)

// Mixture is a mixture of Gaussians, p(x) = sum_c w_c p_c(x). Its gradient is
// the mean of the components' gradients under the responsibilities
// w_c p_c(x)/p(x).
type Mixture struct {
	Density
	weights    []float64
	components []*Gaussian
	pool       sync.Pool // *[]float64, a gradient
}

// maxComponents bounds a mixture, whose evaluation keeps its numbers on the stack.
const maxComponents = 64

// NewMixture returns the mixture of at most 64 components; weights are
// normalised. It fails if shapes differ or a weight is not positive.
func NewMixture(weights []float64, components []*Gaussian) (*Mixture, error) {
	if len(components) == 0 || len(components) > maxComponents || len(weights) != len(components) {
		return nil, fmt.Errorf("target: a mixture of %d components with %d weights: want 1 to %d of each", len(components), len(weights), maxComponents)
	}
	m := &Mixture{weights: clone(weights), components: components}
	total := 0.0
	for c, w := range weights {
		if !(w > 0) || math.IsInf(w, 1) {
			return nil, fmt.Errorf("target: weight %d of a mixture is %g, want a positive number", c+1, w)
		}
		if components[c].Dim() != components[0].Dim() {
			return nil, errors.New("target: the components of a mixture differ in dimension")
		}
		total += w
	}
	for c := range m.weights {
		m.weights[c] /= total
	}
	m.Density = New(components[0].Dim(), m.at)
	return m, nil
}

// at is the log density of one point and its gradient.
func (m *Mixture) at(x, grad []float64) float64 {
	var logs [maxComponents]float64
	top := math.Inf(-1)
	for c, g := range m.components {
		logs[c] = math.Log(m.weights[c]) + g.at(x, nil)
		top = max(top, logs[c])
	}
	sum := 0.0
	for c := range m.components {
		sum += math.Exp(logs[c] - top)
	}
	lp := top + math.Log(sum)
	if grad == nil {
		return lp
	}
	scratch, _ := m.pool.Get().(*[]float64)
	if scratch == nil {
		s := make([]float64, len(x))
		scratch = &s
	}
	clear(grad)
	for c, g := range m.components {
		if r := math.Exp(logs[c] - lp); r > 0 {
			g.at(x, *scratch)
			for k, v := range *scratch {
				grad[k] += r * v
			}
		}
	}
	m.pool.Put(scratch)
	return lp
}

// Mean is the weighted mean of the components' means.
func (m *Mixture) Mean() []float64 {
	out := make([]float64, m.Dim())
	for c, g := range m.components {
		for k, v := range g.mean {
			out[k] += m.weights[c] * v
		}
	}
	return out
}

// Covariance is the weighted covariance within plus that between components.
func (m *Mixture) Covariance() []float64 {
	d, mean := m.Dim(), m.Mean()
	out := make([]float64, d*d)
	for c, g := range m.components {
		for i := range d {
			for j := range d {
				out[i*d+j] += m.weights[c] * (g.cov[i*d+j] + (g.mean[i]-mean[i])*(g.mean[j]-mean[j]))
			}
		}
	}
	return out
}

// Sample writes n independent draws.
func (m *Mixture) Sample(dst []float64, n int, seed uint64) {
	d := m.Dim()
	parts := make([][]float64, len(m.components))
	for c, g := range m.components {
		parts[c] = make([]float64, d*n)
		g.Sample(parts[c], n, seed^(0x9e3779b97f4a7c15*uint64(c+1)))
	}
	i := 0
	sampleEach(dst, d, n, seed, func(r *rand.Rand, x []float64) {
		u, c := r.Float64(), 0
		for c < len(m.weights)-1 && u >= m.weights[c] {
			u -= m.weights[c]
			c++
		}
		for k := range x {
			x[k] = parts[c][k*n+i]
		}
		i++
	})
}

func mixtureEntry() Entry {
	return Entry{
		Name: "mixture", Description: "round Gaussians in a row along the first axis",
		Params: []Param{
			{"dim", 2, "dimension"}, {"modes", 2, "number of components"}, {"separation", 4, "distance between neighbouring means"},
			{"std", 1, "standard deviation of each"}, {"weight", 0, "mass of the first one, the others share the rest equally; 0: all equal"},
		},
		build: func(v values) (Density, error) {
			d, err := v.dim(1)
			if err != nil {
				return nil, err
			}
			modes, err := v.integer("modes", 1)
			if err != nil || modes > maxComponents {
				return nil, v.refuse("modes", fmt.Sprintf("a whole number from 1 to %d", maxComponents))
			}
			std, err := v.positive("std")
			if err != nil {
				return nil, err
			}
			first := v.get("weight")
			if first < 0 || first >= 1 {
				return nil, v.refuse("weight", "a number from 0 to below 1")
			}
			weights, parts := constant(modes, 1), make([]*Gaussian, modes)
			if first > 0 && modes > 1 {
				weights = constant(modes, (1-first)/float64(modes-1))
				weights[0] = first
			}
			for c := range parts {
				mean := make([]float64, d)
				mean[0] = v.get("separation") * (float64(c) - float64(modes-1)/2)
				if parts[c], err = NewGaussian(mean, diagonal(constant(d, std*std))); err != nil {
					return nil, err
				}
			}
			return NewMixture(weights, parts)
		},
	}
}
