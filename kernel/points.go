package kernel

import (
	"fmt"

	"wgf/measure"
)

// Points are N points in D dimensions, coordinate k of point i at X[k*N+i],
// with weights, nil for 1/N each. Weights need be neither positive nor
// normalised. Coordinates must be finite.
type Points struct {
	N, D int
	X    []float64
	W    []float64
}

// Of is a cloud as points, with its normalised weights.
func Of(c *measure.Cloud) Points {
	p := Points{N: c.N, D: c.D, X: c.X}
	if c.LogW != nil {
		p.W = c.Weights()
	}
	return p
}

func (p Points) check() {
	if len(p.X) != p.N*p.D || p.W != nil && len(p.W) != p.N {
		panic(fmt.Sprintf("kernel: %d points in %d dimensions with %d coordinates and %d weights", p.N, p.D, len(p.X), len(p.W)))
	}
}

func (p Points) weight(i int) float64 {
	if p.W == nil {
		return 1 / float64(p.N)
	}
	return p.W[i]
}

// weights is a copy of the weights.
func (p Points) weights() []float64 {
	w := make([]float64, p.N)
	for i := range w {
		w[i] = p.weight(i)
	}
	return w
}

// centred are two sets of points about their joint mean, weights left alone.
func centred(x, y Points) (Points, Points) {
	shift := func(p Points, m []float64) Points {
		out := make([]float64, len(p.X))
		for k, c := range m {
			for i, v := range p.X[k*p.N : (k+1)*p.N] {
				out[k*p.N+i] = v - c
			}
		}
		p.X = out
		return p
	}
	m := make([]float64, x.D)
	for k := range m {
		for _, v := range x.X[k*x.N : (k+1)*x.N] {
			m[k] += v / float64(x.N+y.N)
		}
		for _, v := range y.X[k*y.N : (k+1)*y.N] {
			m[k] += v / float64(x.N+y.N)
		}
	}
	return shift(x, m), shift(y, m)
}
