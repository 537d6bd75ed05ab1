package transport

import (
	"fmt"
	"math"

	"wgf/measure"
)

// Grid is a measure on the points of a regular grid, a picture for one: the
// point with the indices i has the coordinates i, in grid steps, and the mass
// Mass[i], indices in row-major order (the last axis is contiguous). Masses
// are not negative and need not sum to 1. A picture of H rows and W columns has
// the shape {H, W}; its first coordinate points down, its second to the right.
type Grid struct {
	Shape []int
	Mass  []float64
}

// maxAxes bounds the axes of a grid.
const maxAxes = 3

// Check reports shapes that do not fit and masses that are no measure.
func (g Grid) Check() error {
	if len(g.Shape) == 0 || len(g.Shape) > maxAxes {
		return fmt.Errorf("transport: a grid has %d axes, want 1 to %d", len(g.Shape), maxAxes)
	}
	n := 1
	for _, s := range g.Shape {
		if s < 1 || s > math.MaxInt32/n {
			return fmt.Errorf("transport: the shape of a grid is %v, want positive numbers with a product below 2^31", g.Shape)
		}
		n *= s
	}
	if len(g.Mass) != n {
		return fmt.Errorf("transport: a grid of shape %v has %d masses, want %d", g.Shape, len(g.Mass), n)
	}
	total := 0.0
	for i, m := range g.Mass {
		if !(m >= 0) || math.IsInf(m, 0) {
			return fmt.Errorf("transport: the mass at point %v of a grid is %v, want a number that is not negative", g.at(i), m)
		}
		total += m
	}
	if total == 0 {
		return fmt.Errorf("transport: a grid has no mass")
	}
	if math.IsInf(total, 1) {
		return fmt.Errorf("transport: the masses of a grid sum to more than a number can hold")
	}
	return nil
}

// at is the index of entry i along every axis.
func (g Grid) at(i int) []int {
	out := make([]int, len(g.Shape))
	for k := len(out) - 1; k >= 0; k-- {
		out[k], i = i%g.Shape[k], i/g.Shape[k]
	}
	return out
}

// logMass is the logarithms of the masses normalised; no mass is nothing.
func (g Grid) logMass() []float64 {
	out := make([]float64, len(g.Mass))
	total := 0.0
	for _, m := range g.Mass {
		total += m
	}
	for i, m := range g.Mass {
		out[i] = math.Max(math.Log(m/total), nothing)
	}
	return out
}

// Cloud is the measure as a weighted cloud of the points that have mass;
// coordinate k is the index along axis k.
func (g Grid) Cloud() (*measure.Cloud, error) {
	if err := g.Check(); err != nil {
		return nil, err
	}
	n := 0
	for _, m := range g.Mass {
		if m > 0 {
			n++
		}
	}
	c := measure.New(n, len(g.Shape))
	c.LogW = make([]float64, 0, n)
	for i, m := range g.Mass {
		if m > 0 {
			for k, v := range g.at(i) {
				c.X[k*n+len(c.LogW)] = float64(v)
			}
			c.LogW = append(c.LogW, math.Log(m))
		}
	}
	return c, nil
}

// Rasterise is the measure of a cloud on a grid of the given shape, of total
// mass 1; coordinate k of the cloud is the index along axis k. The mass of a
// point between grid points is shared among the 2^d around it by multilinear
// interpolation, which keeps the mean; clouds of grid points are kept as they
// are. Points beyond the grid are an error.
func Rasterise(c *measure.Cloud, shape []int) (Grid, error) {
	g := Grid{Shape: append([]int(nil), shape...)}
	n := 1
	for _, s := range shape {
		if s < 1 || s > math.MaxInt32/n {
			return g, fmt.Errorf("transport: the shape of a grid is %v, want positive numbers with a product below 2^31", shape)
		}
		n *= s
	}
	if err := (Problem{A: c, B: c}).Check(); err != nil {
		return g, fmt.Errorf("rasterising: %w", err)
	}
	if c.D != len(shape) || c.D > maxAxes {
		return g, fmt.Errorf("transport: a cloud in dimension %d does not fit a grid with %d axes", c.D, len(shape))
	}
	g.Mass = make([]float64, n)
	w := c.Weights()
	low, part := make([]int, c.D), make([]float64, c.D)
	for i, weight := range w {
		if weight == 0 {
			continue
		}
		for k, s := range shape {
			v := c.X[k*c.N+i]
			if !(v >= 0 && v <= float64(s-1)) {
				return g, fmt.Errorf("transport: coordinate %d of point %d is %v, beyond the grid from 0 to %d", k+1, i+1, v, s-1)
			}
			low[k] = min(int(v), max(s-2, 0))
			part[k] = v - float64(low[k])
		}
		for corner := range 1 << c.D {
			at, m := 0, weight
			for k, s := range shape {
				up := corner >> k & 1
				at = at*s + min(low[k]+up, s-1)
				if up == 1 {
					m *= part[k]
				} else {
					m *= 1 - part[k]
				}
			}
			g.Mass[at] += m
		}
	}
	return g, nil
}

// sameShape reports grids that differ in shape.
func sameShape(grids []Grid) error {
	for i, g := range grids {
		if err := g.Check(); err != nil {
			return fmt.Errorf("measure %d: %w", i+1, err)
		}
		if fmt.Sprint(g.Shape) != fmt.Sprint(grids[0].Shape) {
			return fmt.Errorf("transport: grid %d has the shape %v, the first %v", i+1, g.Shape, grids[0].Shape)
		}
	}
	return nil
}
