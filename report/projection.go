package report

import (
	"math"

	"wgf/measure"
)

// Projection maps points to the plane of a plot.
type Projection struct {
	D      int
	centre []float64
	axes   [2][]float64 // orthonormal; nil for D <= 2
	// Shares are the parts of the total variance that the two axes show.
	Shares [2]float64
}

// NewProjection is the identity in the plane, and the first two principal
// components of the clouds, each counted once whatever its size, in more
// dimensions. They are found by orthogonal iteration on at most 4000 points of
// each cloud.
func NewProjection(clouds ...*measure.Cloud) *Projection {
	p := &Projection{D: clouds[0].D}
	if p.D <= 2 {
		return p
	}
	p.centre = make([]float64, p.D)
	for _, c := range clouds {
		for k, v := range c.Mean() {
			p.centre[k] += v / float64(len(clouds))
		}
	}
	var rows [][]float64 // centred points, scaled by the root of their weight
	total := 0.0
	for _, c := range clouds {
		w, step := c.Weights(), max(1, c.N/4000)
		for i := 0; i < c.N; i += step {
			row := make([]float64, p.D)
			c.Point(row, i)
			for k := range row {
				row[k] = (row[k] - p.centre[k]) * math.Sqrt(w[i])
				total += row[k] * row[k]
			}
			rows = append(rows, row)
		}
	}
	for a := range p.axes {
		axis := make([]float64, p.D)
		for k := range axis { // no direction is favoured, none is forgotten
			axis[k] = 1 + math.Mod(float64(k+1)*0.6180339887498949+float64(a)*0.37, 1)
		}
		p.axes[a] = axis
	}
	for step := 0; step < 300; step++ {
		moved := 0.0
		for a := range p.axes {
			next := make([]float64, p.D)
			for _, row := range rows {
				s := dot(row, p.axes[a])
				for k, v := range row {
					next[k] += s * v
				}
			}
			if a == 1 {
				s := dot(next, p.axes[0])
				for k := range next {
					next[k] -= s * p.axes[0][k]
				}
			}
			length := math.Sqrt(dot(next, next))
			if !(length > 1e-12*total) {
				next, length = perpendicular(p.axes[0], a), 1
			} else {
				p.Shares[a] = length / total
			}
			for k := range next {
				next[k] /= length
				moved = math.Max(moved, math.Abs(next[k]-p.axes[a][k]))
			}
			p.axes[a] = next
		}
		if moved < 1e-9 {
			break
		}
	}
	for a := range p.axes { // the largest entry is positive
		top := 0
		for k, v := range p.axes[a] {
			if math.Abs(v) > math.Abs(p.axes[a][top])+1e-9 {
				top = k
			}
		}
		if p.axes[a][top] < 0 {
			for k := range p.axes[a] {
				p.axes[a][k] = -p.axes[a][k]
			}
		}
	}
	return p
}

// perpendicular is a unit vector for clouds without a second (or first) direction.
func perpendicular(first []float64, a int) []float64 {
	out := make([]float64, len(first))
	if a == 0 {
		out[0] = 1
		return out
	}
	small := 0
	for k, v := range first {
		if math.Abs(v) < math.Abs(first[small]) {
			small = k
		}
	}
	out[small] = 1
	s := dot(out, first)
	for k := range out {
		out[k] -= s * first[k]
	}
	length := math.Sqrt(dot(out, out))
	for k := range out {
		out[k] /= length
	}
	return out
}

func dot(a, b []float64) float64 {
	s := 0.0
	for k, v := range a {
		s += v * b[k]
	}
	return s
}

// Apply gives the places of the points in the plane. On the line y is 0.
func (p *Projection) Apply(c *measure.Cloud) (x, y []float64) {
	if p.D <= 2 {
		x = c.Coordinate(0)
		if p.D == 2 {
			return x, c.Coordinate(1)
		}
		return x, make([]float64, c.N)
	}
	x, y = make([]float64, c.N), make([]float64, c.N)
	for k := range c.D {
		for i, v := range c.Coordinate(k) {
			x[i] += (v - p.centre[k]) * p.axes[0][k]
			y[i] += (v - p.centre[k]) * p.axes[1][k]
		}
	}
	return x, y
}
