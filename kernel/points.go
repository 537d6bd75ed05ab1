package kernel

import "wgf/measure"

// Points are particles with numbers to weigh them by, the signed measure
// sum_i W_i delta_{x_i}.
type Points struct {
	N, D int
	X    []float64 // coordinate k of particle i at X[k*N+i]
	W    []float64 // weights, of any sign and sum; nil: 1/N each
}

// Of is the measure of a cloud: its particles with their normalised weights. The
// coordinates are shared.
func Of(c *measure.Cloud) Points {
	p := Points{N: c.N, D: c.D, X: c.X}
	if c.LogW != nil {
		p.W = c.Weights()
	}
	return p
}

// check panics if the shape is inconsistent.
func (p Points) check() {
	if p.N < 0 || p.D < 0 || len(p.X) != p.N*p.D || p.W != nil && len(p.W) != p.N {
		panic("kernel: points of inconsistent shape")
	}
}

func (p Points) weight(i int) float64 {
	if p.W == nil {
		return 1 / float64(p.N)
	}
	return p.W[i]
}

// mass is sum_i w_i.
func (p Points) mass() float64 {
	if p.W == nil {
		if p.N == 0 {
			return 0
		}
		return 1
	}
	s := 0.0
	for _, w := range p.W {
		s += w
	}
	return s
}

// squares is sum_i w_i^2.
func (p Points) squares() float64 {
	s := 0.0
	for i := range p.N {
		s += p.weight(i) * p.weight(i)
	}
	return s
}
