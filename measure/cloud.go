// Package measure holds what flows: weighted clouds of particles.
//
// A cloud is coordinate-major, coordinate k of particle i at X[k*N+i], so that
// every coordinate is one contiguous vector over particles. Weights are kept as
// logarithms and need not be normalised; a cloud without weights has equal ones.
package measure

import (
	"fmt"
	"math"
	"math/rand/v2"

	"wgf/internal/rng"
)

// Cloud is the measure sum_i w_i delta_{x_i} on R^D, w normalised.
type Cloud struct {
	N, D int
	X    []float64 // coordinate k of particle i at X[k*N+i]
	LogW []float64 // log weights up to a common constant; nil: equal. -Inf: no weight
}

// New returns a cloud of n particles at 0 with equal weights.
func New(n, d int) *Cloud {
	return &Cloud{N: n, D: d, X: make([]float64, n*d)}
}

// FromPoints returns a cloud of the given points, all of the same dimension.
func FromPoints(points [][]float64) (*Cloud, error) {
	if len(points) == 0 {
		return New(0, 0), nil
	}
	c := New(len(points), len(points[0]))
	for i, p := range points {
		if len(p) != c.D {
			return nil, fmt.Errorf("measure: point %d has %d coordinates, the first has %d", i+1, len(p), c.D)
		}
		for k, v := range p {
			c.X[k*c.N+i] = v
		}
	}
	return c, nil
}

// Check reports shapes that do not fit and weights that are no measure.
func (c *Cloud) Check() error {
	if c.N < 0 || c.D < 0 || len(c.X) != c.N*c.D {
		return fmt.Errorf("measure: %d numbers for %d particles in dimension %d", len(c.X), c.N, c.D)
	}
	if c.LogW == nil {
		return nil
	}
	if len(c.LogW) != c.N {
		return fmt.Errorf("measure: %d weights for %d particles", len(c.LogW), c.N)
	}
	top := math.Inf(-1)
	for i, w := range c.LogW {
		if math.IsNaN(w) || math.IsInf(w, 1) {
			return fmt.Errorf("measure: log weight %d is %g", i+1, w)
		}
		top = math.Max(top, w)
	}
	if c.N > 0 && math.IsInf(top, -1) {
		return fmt.Errorf("measure: no particle has weight")
	}
	return nil
}

// Clone returns a deep copy.
func (c *Cloud) Clone() *Cloud {
	out := &Cloud{N: c.N, D: c.D, X: append([]float64(nil), c.X...)}
	if c.LogW != nil {
		out.LogW = append([]float64(nil), c.LogW...)
	}
	return out
}

// Coordinate is coordinate k of all particles, a view.
func (c *Cloud) Coordinate(k int) []float64 { return c.X[k*c.N : (k+1)*c.N : (k+1)*c.N] }

// Point copies particle i to dst, which has D numbers.
func (c *Cloud) Point(dst []float64, i int) {
	for k := range c.D {
		dst[k] = c.X[k*c.N+i]
	}
}

// Weights returns the normalised weights.
func (c *Cloud) Weights() []float64 {
	w := make([]float64, c.N)
	if c.LogW == nil {
		for i := range w {
			w[i] = 1 / float64(c.N)
		}
		return w
	}
	top := math.Inf(-1)
	for _, v := range c.LogW {
		top = math.Max(top, v)
	}
	total := 0.0
	for i, v := range c.LogW {
		w[i] = math.Exp(v - top)
		total += w[i]
	}
	for i := range w {
		w[i] /= total
	}
	return w
}

// Mean is sum_i w_i x_i.
func (c *Cloud) Mean() []float64 {
	w := c.Weights()
	m := make([]float64, c.D)
	for k := range m {
		for i, v := range c.Coordinate(k) {
			m[k] += float64(w[i] * v)
		}
	}
	return m
}

// Covariance is sum_i w_i (x_i - m)(x_i - m)^T, row-major: the covariance of the
// measure, without a correction for the size of a sample.
func (c *Cloud) Covariance() []float64 {
	w, m := c.Weights(), c.Mean()
	out := make([]float64, c.D*c.D)
	for a := range c.D {
		xa := c.Coordinate(a)
		for b := range a + 1 {
			s := 0.0
			for i, v := range c.Coordinate(b) {
				s += w[i] * (xa[i] - m[a]) * (v - m[b])
			}
			out[a*c.D+b], out[b*c.D+a] = s, s
		}
	}
	return out
}

// ESS is Kish's effective sample size of the weights, 1/sum_i w_i^2, between 1
// and N.
func (c *Cloud) ESS() float64 {
	if c.N == 0 {
		return 0
	}
	s := 0.0
	for _, w := range c.Weights() {
		s += float64(w * w)
	}
	return 1 / s
}

// Resample returns n particles with equal weights, particle i in floor or ceil
// of n w_i copies (systematic resampling, Kitagawa 1996), unbiased, the same for
// the same seed. The cost is of order n + N.
func (c *Cloud) Resample(n int, seed uint64) *Cloud {
	w := c.Weights()
	u := rand.New(rng.New(seed, rng.Resample).Source(0, 0)).Float64()
	out := New(n, c.D)
	i, sum := 0, 0.0
	if c.N > 0 {
		sum = w[0]
	}
	for j := range n {
		at := (float64(j) + u) / float64(n)
		for at >= sum && i < c.N-1 {
			i++
			sum += w[i]
		}
		for w[i] == 0 && i > 0 { // rounding must not pick a particle without weight
			i--
		}
		for k := range c.D {
			out.X[k*n+j] = c.X[k*c.N+i]
		}
	}
	return out
}
