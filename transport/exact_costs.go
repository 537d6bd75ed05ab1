package transport

import (
	"math"

	"wgf/internal/parallel"
	"wgf/measure"
)

// costs gives the costs between the points of A and B that have weight, in an
// order of the solver's own: rows are points of A, columns those of B.
type costs struct {
	rows, cols []int32 // the points of the problem

	p                  float64   // |x-y|^p; 0 where the matrix says
	d                  int       // dimension
	x, y               []float64 // coordinate-major, centred where that helps
	rowTiles, colTiles tiles
	matrix             []float64 // row-major, rows x cols

	// Base potentials of the last level, nil where they are not needed: the
	// potentials that the solver looks for come on top.
	f0, g0 []float64
}

// newCosts sets the costs up. For squared distances clouds that are further apart
// than they are wide are moved by their means, a and b being the weights, and
// the difference of the means is returned.
func newCosts(p Problem, rows, cols []int32, a, b []float64, threads int) (c *costs, shift []float64) {
	c = &costs{rows: rows, cols: cols, p: p.Cost.Exponent(), d: p.A.D}
	n, m := len(rows), len(cols)
	if c.p == 0 {
		c.fillMatrix(p, threads)
		return c, nil
	}
	c.x, c.y = take(p.A, rows), take(p.B, cols)
	defer func() { c.rowTiles, c.colTiles = newTiles(c.x, n, c.d), newTiles(c.y, m, c.d) }()
	if c.p != 2 {
		return c, nil
	}
	var apart, spread float64
	shift = make([]float64, c.d)
	mx, my := make([]float64, c.d), make([]float64, c.d)
	for k := range shift {
		x, y := c.x[k*n:(k+1)*n], c.y[k*m:(k+1)*m]
		var vx, vy float64
		mx[k], vx = moments(x, rows, a)
		my[k], vy = moments(y, cols, b)
		shift[k] = y[0] - x[0] + (my[k] - mx[k])
		apart += float64(shift[k] * shift[k])
		spread += vx + vy
	}
	if apart <= spread {
		return c, nil // differences of the points as they are lose nothing
	}
	for k := range shift {
		move(c.x[k*n:(k+1)*n], mx[k])
		move(c.y[k*m:(k+1)*m], my[k])
	}
	return c, shift
}

// take copies the named points, coordinate-major.
func take(c *measure.Cloud, at []int32) []float64 {
	out := make([]float64, 0, len(at)*c.D)
	for k := range c.D {
		col := c.Coordinate(k)
		for _, i := range at {
			out = append(out, col[i])
		}
	}
	return out
}

// moments are the weighted mean, as seen from the first point, and the variance
// of one coordinate: differences of neighbours lose no digits far from 0.
func moments(x []float64, at []int32, w []float64) (mean, variance float64) {
	var total, sum, squares float64
	for k, i := range at {
		t := x[k] - x[0]
		sum += float64(w[i] * t)
		squares += float64(w[i] * t * t)
		total += w[i]
	}
	mean = sum / total
	return mean, squares/total - float64(mean*mean)
}

// move takes away the mean as seen from the first point.
func move(x []float64, mean float64) {
	x0 := x[0]
	for k := range x {
		x[k] = x[k] - x0 - mean
	}
}

func (c *costs) fillMatrix(p Problem, threads int) {
	n, m := len(c.rows), len(c.cols)
	if p.Cost.kind == matrix && identity(c.rows, p.A.N) && identity(c.cols, p.B.N) {
		c.matrix = p.Cost.matrix
		return
	}
	c.matrix = make([]float64, n*m)
	parallel.For(threads, n, func(_, i int) {
		at, row := int(c.rows[i]), c.matrix[i*m:(i+1)*m]
		if p.Cost.kind == matrix {
			from := p.Cost.matrix[at*p.B.N : (at+1)*p.B.N]
			for j, to := range c.cols {
				row[j] = from[to]
			}
			return
		}
		x, y := make([]float64, p.A.D), make([]float64, p.B.D)
		p.A.Point(x, at)
		for j, to := range c.cols {
			p.B.Point(y, int(to))
			row[j] = p.Cost.f(x, y)
		}
	})
}

func identity(at []int32, n int) bool {
	for k, i := range at {
		if int(i) != k {
			return false
		}
	}
	return len(at) == n
}

// at is the cost between row i and column j.
func (c *costs) at(i, j int) float64 {
	if c.matrix != nil {
		return c.matrix[i*len(c.cols)+j]
	}
	s := 0.0
	y := c.colTiles.sources[j*c.d : (j+1)*c.d]
	for k, v := range c.rowTiles.sources[i*c.d : (i+1)*c.d] {
		t := v - y[k]
		s += float64(t * t)
	}
	return fromSquare(s, c.p)
}

// fromSquare is |x-y|^p for s = |x-y|^2.
func fromSquare(s, p float64) float64 {
	switch p {
	case 1:
		return math.Sqrt(s)
	case 2:
		return s
	}
	return math.Pow(s, p/2)
}
