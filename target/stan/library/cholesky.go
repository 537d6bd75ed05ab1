package library

import (
	"fmt"
	"math"

	"wgf/internal/tape"
)

// cholesky is the lower triangular L with L L' = m, row-major; only the lower triangle of m is read. A pivot that is
// not positive is an error, or a guard where it is traced.
func (c *Context) cholesky(function string, m []tape.Num, n int) ([]tape.Num, error) {
	l := make([]tape.Num, n*n)
	for j := range n {
		for i := j; i < n; i++ {
			s := c.sub(m[i*n+j], c.dot(l[i*n:i*n+j], l[j*n:j*n+j]))
			if i > j {
				l[i*n+j] = c.div(s, l[j*n+j])
				continue
			}
			if s.Ref != 0 {
				c.T.Guard(c.less(num(0), s), function+": Matrix m is not positive definite")
			} else if !(s.V > 0) || math.IsInf(s.V, 1) {
				return nil, fmt.Errorf("%s: Matrix m is not positive definite", function)
			}
			l[j*n+j] = c.sqrt(s)
		}
	}
	return l, nil
}

// checkSymmetric compares the constants of a square matrix with their mirror images, to 1e-8 as Stan does.
func checkSymmetric(function, name string, m Value) error {
	if err := checkSquare(function, name, m); err != nil {
		return err
	}
	n := m.Dims[0]
	for i := range n {
		for j := i + 1; j < n; j++ {
			a, b := m.At(i*n+j), m.At(j*n+i)
			if a.Ref == 0 && b.Ref == 0 && !(math.Abs(a.V-b.V) <= 1e-8) {
				return fmt.Errorf("%s: %s is not symmetric. %s[%d,%d] = %s, but %s[%d,%d] = %s",
					function, name, name, i+1, j+1, show(a.V), name, j+1, i+1, show(b.V))
			}
		}
	}
	return nil
}

// forward solves L x = b for lower triangular L (n x n) and b (n x k); b is overwritten by x.
func (c *Context) forward(l, b []tape.Num, n, k int) {
	for j := range k {
		x := make([]tape.Num, 0, n)
		for i := range n {
			s := c.sub(b[i*k+j], c.dot(l[i*n:i*n+i], x))
			b[i*k+j] = c.div(s, l[i*n+i])
			x = append(x, b[i*k+j])
		}
	}
}

// backward solves U x = b for upper triangular U (n x n) and b (n x k); b is overwritten by x.
func (c *Context) backward(u, b []tape.Num, n, k int) {
	for j := range k {
		x := make([]tape.Num, n)
		for i := n - 1; i >= 0; i-- {
			s := c.sub(b[i*k+j], c.dot(u[i*n+i+1:i*n+n], x[i+1:]))
			x[i] = c.div(s, u[i*n+i])
			b[i*k+j] = x[i]
		}
	}
}

// transposedNums is the transpose of a row-major matrix.
func transposedNums(m []tape.Num, rows, cols int) []tape.Num {
	t := make([]tape.Num, len(m))
	for i := range rows {
		for j := range cols {
			t[j*rows+i] = m[i*cols+j]
		}
	}
	return t
}

// solveSPD solves m x = b for a symmetric positive definite matrix by its Cholesky factor.
func (c *Context) solveSPD(function string, m, b []tape.Num, n, k int) ([]tape.Num, error) {
	l, err := c.cholesky(function, m, n)
	if err != nil {
		return nil, err
	}
	x := append([]tape.Num(nil), b...)
	c.forward(l, x, n, k)
	c.backward(transposedNums(l, n, n), x, n, k)
	return x, nil
}
