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

// gradient is that of MMD^2 in the points x.
type gradient struct {
	k    kernel.Kernel
	x, y kernel.Points
	at   []float64
}

func newGradient(x, y *measure.Cloud) *gradient {
	return &gradient{k: gaussian(x.D), x: kernel.Of(x), y: kernel.Of(y), at: make([]float64, len(x.X))}
}

func (g *gradient) run() float64 {
	g.k.MMDGradient(g.at, g.x, g.y, *threads)
	sum := 0.0
	for i, v := range g.at {
		g.at[i] = 2 / float64(g.x.N) * v
		sum += math.Abs(g.at[i])
	}
	return sum
}

func discrepancy(k kernel.Kernel, x, y *measure.Cloud) float64 {
	return k.MMD2(kernel.Of(x), kernel.Of(y), *threads)
}
