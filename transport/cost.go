package transport

import (
	"fmt"
	"math"

	"wgf/measure"
)

// Cost is a ground cost c(x, y). Its zero value is the squared Euclidean cost.
type Cost struct {
	kind   costKind
	p      float64
	matrix []float64
	n, m   int
	f      func(x, y []float64) float64
}

type costKind uint8

const (
	sqEuclidean costKind = iota
	power
	matrix
	function
)

// SqEuclidean is c(x, y) = |x-y|^2.
func SqEuclidean() Cost { return Cost{} }

// Euclidean is c(x, y) = |x-y|.
func Euclidean() Cost { return Cost{kind: power, p: 1} }

// Power is c(x, y) = |x-y|^p for p > 0, |.| the Euclidean norm. It is convex
// for p >= 1; W_p is the p-th root of the optimal value (p >= 1).
func Power(p float64) Cost {
	if p == 2 {
		return Cost{}
	}
	return Cost{kind: power, p: p}
}

// Matrix is the cost c(x_i, y_j) = c[i*m+j] of n x m points, whose positions
// are then not looked at.
func Matrix(c []float64, n, m int) Cost { return Cost{kind: matrix, matrix: c, n: n, m: m} }

// Func is a cost given by a function, called for every pair of points, by
// several goroutines at once.
func Func(f func(x, y []float64) float64) Cost { return Cost{kind: function, f: f} }

// Exponent is p where the cost is |x-y|^p, and 0 where it is a matrix or a
// function.
func (c Cost) Exponent() float64 {
	switch c.kind {
	case sqEuclidean:
		return 2
	case power:
		return c.p
	}
	return 0
}

// check reports costs that do not fit n x m points.
func (c Cost) check(n, m int) error {
	switch c.kind {
	case power:
		if !(c.p > 0) || math.IsInf(c.p, 0) {
			return fmt.Errorf("transport: the exponent of the cost is %v, want a positive number", c.p)
		}
	case matrix:
		if c.n != n || c.m != m || len(c.matrix) != n*m {
			return fmt.Errorf("transport: the cost matrix is %d x %d with %d entries, want %d x %d", c.n, c.m, len(c.matrix), n, m)
		}
		for i, v := range c.matrix {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("transport: the cost matrix holds %v at row %d, column %d", v, i/m, i%m)
			}
		}
	case function:
		if c.f == nil {
			return fmt.Errorf("transport: the cost function is nil")
		}
	}
	return nil
}

// Row writes c(x_i, y_j) for all j to dst (m numbers); x and y are buffers of
// d numbers that only a cost function uses.
func (c Cost) row(dst []float64, a, b *measure.Cloud, i int, x, y []float64) {
	switch c.kind {
	case matrix:
		copy(dst, c.matrix[i*c.m:(i+1)*c.m])
		return
	case function:
		a.Point(x, i)
		for j := range dst {
			b.Point(y, j)
			dst[j] = c.f(x, y)
		}
		return
	}
	clear(dst)
	for k := range a.D {
		xi := a.X[k*a.N+i]
		for j, yj := range b.X[k*b.N : (k+1)*b.N] {
			d := xi - yj
			dst[j] += float64(d * d)
		}
	}
	if c.kind == power {
		for j, v := range dst {
			switch c.p {
			case 1:
				dst[j] = math.Sqrt(v)
			default:
				dst[j] = math.Pow(v, c.p/2)
			}
		}
	}
}
