//go:build bench

package main

import (
	"math"

	"wgf/kernel"
	"wgf/measure"
)

var energy = kernel.Kernel{Family: kernel.Energy}

// gaussian has the bandwidth sqrt(d).
func gaussian(d int) kernel.Kernel {
	return kernel.Kernel{Family: kernel.Gaussian, Bandwidth: math.Sqrt(float64(d))}
}

// gradient is that of MMD^2 in the points x:
//
//	grad_i = 2/n (1/n sum_j grad_1 k(x_i, x_j) - 1/m sum_j grad_1 k(x_i, y_j)).
type gradient struct {
	k      kernel.Kernel
	x, y   kernel.Points
	gx, gy []float64
}

func newGradient(x, y *measure.Cloud) *gradient {
	return &gradient{
		k: gaussian(x.D),
		x: points(x), y: points(y),
		gx: make([]float64, len(x.X)), gy: make([]float64, len(x.X)),
	}
}

func (g *gradient) run() float64 {
	g.k.Gradient(g.gx, g.x, g.x, *threads)
	g.k.Gradient(g.gy, g.x, g.y, *threads)
	sum := 0.0
	for i, v := range g.gx {
		g.gx[i] = 2 / float64(g.x.N) * (v - g.gy[i])
		sum += math.Abs(g.gx[i])
	}
	return sum
}

func points(c *measure.Cloud) kernel.Points { return kernel.Points{N: c.N, D: c.D, X: c.X} }

func discrepancy(k kernel.Kernel, x, y *measure.Cloud) float64 {
	a, b := points(x), points(y)
	return k.MeanPair(a, a, *threads) + k.MeanPair(b, b, *threads) - 2*k.MeanPair(a, b, *threads)
}
