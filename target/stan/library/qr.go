package library

import (
	"math"

	"wgf/internal/tape"
)

// householder reduces a square matrix m (n x n, row-major) to upper triangular form by reflections, applying the same
// to b (n x k); both are overwritten. It returns the determinant of the reflections, 1 or -1. Needing no pivots, it
// is stable for traced numbers, whose size is not known while recording.
func (c *Context) householder(m, b []tape.Num, n, k int) float64 {
	sign := 1.0
	for j := 0; j < n-1; j++ {
		v := make([]tape.Num, n-j)
		for i := range v {
			v[i] = m[(j+i)*n+j]
		}
		norm := c.sqrt(c.dot(v, v))
		if constant(v[1:]) && allZero(v[1:]) {
			continue // the column is triangular already
		}
		// alpha = -sign(v0) |v|, v = x - alpha e1
		alpha := c.choose(c.less(v[0], num(0)), func() tape.Num { return norm }, func() tape.Num { return c.neg(norm) })
		v[0] = c.sub(v[0], alpha)
		// 2/(v.v) = -1/(alpha v0)
		beta := c.neg(c.inv(c.mul(alpha, v[0])))
		c.reflect(m, v, beta, n, j, j)
		for i := 1; i < len(v); i++ {
			m[(j+i)*n+j] = num(0)
		}
		c.reflect(b, v, beta, k, j, 0)
		sign = -sign
	}
	return sign
}

// reflect applies 1 - beta v v' to rows row.. of m (cols columns), from a column on.
func (c *Context) reflect(m, v []tape.Num, beta tape.Num, cols, row, from int) {
	column := make([]tape.Num, len(v))
	for j := from; j < cols; j++ {
		for i := range v {
			column[i] = m[(row+i)*cols+j]
		}
		s := c.mul(beta, c.dot(v, column))
		for i := range v {
			m[(row+i)*cols+j] = c.sub(column[i], c.mul(s, v[i]))
		}
	}
}

func allZero(xs []tape.Num) bool {
	for _, x := range xs {
		if x.Ref != 0 || x.V != 0 {
			return false
		}
	}
	return true
}

// solve solves m x = b for a square matrix.
func (c *Context) solve(m, b []tape.Num, n, k int) []tape.Num {
	u, x := append([]tape.Num(nil), m...), append([]tape.Num(nil), b...)
	c.householder(u, x, n, k)
	c.backward(u, x, n, k)
	return x
}

// determinant is the determinant of a square matrix; in logarithm the logarithm of its absolute value.
func (c *Context) determinant(m []tape.Num, n int, logarithm bool) tape.Num {
	u := append([]tape.Num(nil), m...)
	sign := c.householder(u, nil, n, 0)
	if logarithm {
		terms := make([]tape.Num, n)
		for i := range terms {
			terms[i] = c.log(c.abs(u[i*n+i]))
		}
		return c.sum(terms)
	}
	out := num(math.Copysign(1, sign))
	for i := range n {
		out = c.mul(out, u[i*n+i])
	}
	return out
}
