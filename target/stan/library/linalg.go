package library

import "wgf/internal/tape"

// solver computes x of m x = b for square m (n x n) and b (n x k).
type solver func(c *Context, function string, m, b []tape.Num, n, k int) ([]tape.Num, error)

func solveGeneral(c *Context, _ string, m, b []tape.Num, n, k int) ([]tape.Num, error) {
	return c.solve(m, b, n, k), nil
}

func solveSPD(c *Context, function string, m, b []tape.Num, n, k int) ([]tape.Num, error) {
	return c.solveSPD(function, m, b, n, k)
}

func solveTriLow(c *Context, _ string, m, b []tape.Num, n, k int) ([]tape.Num, error) {
	x := append([]tape.Num(nil), b...)
	c.forward(m, x, n, k)
	return x, nil
}

func mdivideLeft(c *Context, function string, m, b Value) (Value, error) {
	return divideLeft(c, function, m, b, solveGeneral)
}

func mdivideRight(c *Context, function string, b, m Value) (Value, error) {
	return divideRight(c, function, b, m, solveGeneral)
}

// divideLeft is the inverse of m times b.
func divideLeft(c *Context, function string, m, b Value, solve solver) (Value, error) {
	if err := checkSquare(function, "A", m); err != nil {
		return Value{}, err
	}
	rows, cols := shape(b)
	if rows != m.Dims[1] {
		return Value{}, sizeMismatch(function, "Columns of A", m.Dims[1], "Rows of b", rows)
	}
	x, err := solve(c, function, m.Nums(), b.Nums(), rows, cols)
	if err != nil {
		return Value{}, err
	}
	return FromNums(b.Type, b.Dims, x), nil
}

// divideRight is b times the inverse of m, by way of the transposes.
func divideRight(c *Context, function string, b, m Value, solve solver) (Value, error) {
	if err := checkSquare(function, "A", m); err != nil {
		return Value{}, err
	}
	rows, cols := shape(b)
	if cols != m.Dims[0] {
		return Value{}, sizeMismatch(function, "Columns of b", cols, "Rows of A", m.Dims[0])
	}
	x, err := solve(c, function, transposedNums(m.Nums(), cols, cols), transposedNums(b.Nums(), rows, cols), cols, rows)
	if err != nil {
		return Value{}, err
	}
	return FromNums(b.Type, b.Dims, transposedNums(x, cols, rows)), nil
}

// solveTriUp solves m x = b for the transpose of a lower triangular matrix.
func solveTriUp(c *Context, _ string, m, b []tape.Num, n, k int) ([]tape.Num, error) {
	x := append([]tape.Num(nil), b...)
	c.backward(m, x, n, k)
	return x, nil
}

func linearAlgebra() []*Function {
	left := func(name string, s solver) *Function {
		return &Function{name, sigs("matrix, vector => vector", "matrix, matrix => matrix"), func(c *Context, a []Value) (Value, error) {
			return divideLeft(c, name, a[0], a[1], s)
		}}
	}
	right := func(name string, s solver) *Function {
		return &Function{name, sigs("row_vector, matrix => row_vector", "matrix, matrix => matrix"), func(c *Context, a []Value) (Value, error) {
			return divideRight(c, name, a[0], a[1], s)
		}}
	}
	square := func(name, line string, f func(c *Context, m Value, n int) (Value, error)) *Function {
		return &Function{name, sigs(line), func(c *Context, a []Value) (Value, error) {
			if err := checkSquare(name, "m", a[0]); err != nil {
				return Value{}, err
			}
			return f(c, a[0], a[0].Dims[0])
		}}
	}
	return []*Function{
		left("mdivide_left", solveGeneral), left("mdivide_left_spd", solveSPD), left("mdivide_left_tri_low", solveTriLow),
		right("mdivide_right", solveGeneral), right("mdivide_right_spd", solveSPD), right("mdivide_right_tri_low", solveTriUp),
		square("inverse", "matrix => matrix", func(c *Context, m Value, n int) (Value, error) {
			return matrixOf(n, n, c.solve(m.Nums(), identity(n).Nums(), n, n)), nil
		}),
		square("inverse_spd", "matrix => matrix", func(c *Context, m Value, n int) (Value, error) {
			x, err := c.solveSPD("inverse_spd", m.Nums(), identity(n).Nums(), n, n)
			if err != nil {
				return Value{}, err
			}
			return matrixOf(n, n, x), nil
		}),
		square("determinant", "matrix => real", func(c *Context, m Value, n int) (Value, error) {
			return Scalar(c.determinant(m.Nums(), n, false)), nil
		}),
		square("log_determinant", "matrix => real", func(c *Context, m Value, n int) (Value, error) {
			return Scalar(c.determinant(m.Nums(), n, true)), nil
		}),
		square("log_determinant_spd", "matrix => real", func(c *Context, m Value, n int) (Value, error) {
			l, err := c.cholesky("log_determinant_spd", m.Nums(), n)
			if err != nil {
				return Value{}, err
			}
			return Scalar(c.scale(2, c.logDiagonal(l, n))), nil
		}),
		{"cholesky_decompose", sigs("matrix => matrix"), func(c *Context, a []Value) (Value, error) {
			if err := checkSymmetric("cholesky_decompose", "m", a[0]); err != nil {
				return Value{}, err
			}
			n := a[0].Dims[0]
			l, err := c.cholesky("cholesky_decompose", a[0].Nums(), n)
			if err != nil {
				return Value{}, err
			}
			return matrixOf(n, n, l), nil
		}},
	}
}

// logDiagonal is the sum of the logarithms of the diagonal of an n x n matrix.
func (c *Context) logDiagonal(m []tape.Num, n int) tape.Num {
	terms := make([]tape.Num, n)
	for i := range terms {
		terms[i] = c.log(m[i*n+i])
	}
	return c.sum(terms)
}
