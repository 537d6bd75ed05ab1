package library

import (
	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// shape gives rows and columns of a vector, row vector or matrix.
func shape(v Value) (rows, cols int) {
	switch v.Type.Kind {
	case syntax.Vector:
		return v.Dims[0], 1
	case syntax.RowVector:
		return 1, v.Dims[0]
	}
	return v.Dims[0], v.Dims[1]
}

// matrixOf returns a matrix of the given numbers, row-major.
func matrixOf(rows, cols int, nums []tape.Num) Value {
	return FromNums(MatrixType, []int{rows, cols}, nums)
}

// fill returns a matrix whose numbers are f(i, j).
func fill(rows, cols int, f func(i, j int) tape.Num) Value {
	out := New(MatrixType, rows, cols)
	for i := range rows {
		for j := range cols {
			out.Set(i*cols+j, f(i, j))
		}
	}
	return out
}

// transpose exchanges rows and columns.
func transpose(x Value) Value {
	switch x.Type.Kind {
	case syntax.Vector:
		return x.WithType(RowVectorType, x.Dims[0])
	case syntax.RowVector:
		return x.WithType(VectorType, x.Dims[0])
	}
	rows, cols := shape(x)
	return fill(cols, rows, func(i, j int) tape.Num { return x.At(j*cols + i) })
}

// multiply is the product of vectors and matrices. A constant matrix times traced columns stays one matrix product of
// the tape, and so does a traced row vector times a constant matrix.
func multiply(c *Context, x, y Value) (Value, error) {
	rows, inner := shape(x)
	inner2, cols := shape(y)
	if inner != inner2 {
		return Value{}, sizeMismatch("multiply", "Columns of m1", inner, "Rows of m2", inner2)
	}
	nums := product2(c, x, y, rows, inner, cols)
	switch {
	case x.Type.Kind == syntax.RowVector && y.Type.Kind == syntax.Vector:
		return Scalar(nums[0]), nil
	case x.Type.Kind == syntax.RowVector:
		return FromNums(RowVectorType, []int{cols}, nums), nil
	case y.Type.Kind == syntax.Vector:
		return VectorOf(nums), nil
	}
	return matrixOf(rows, cols, nums), nil
}

// product2 is the product of x (rows x inner) and y (inner x cols), row-major.
func product2(c *Context, x, y Value, rows, inner, cols int) []tape.Num {
	out := make([]tape.Num, rows*cols)
	constX, constY := x.IsConst(), y.IsConst()
	column := make([]tape.Num, inner)
	switch {
	case constX && constY:
		for i := range rows {
			for l := range inner {
				a := x.Data[i*inner+l]
				for j := range cols {
					out[i*cols+j].V += float64(a * y.Data[l*cols+j])
				}
			}
		}
	case constX:
		for j := range cols {
			for l := range column {
				column[l] = y.At(l*cols + j)
			}
			for i, v := range c.T.MatVec(x.Data, rows, inner, column) {
				out[i*cols+j] = v
			}
		}
	case constY:
		t := transposed(y.Data, inner, cols)
		for i := range rows {
			for l := range column {
				column[l] = x.At(i*inner + l)
			}
			copy(out[i*cols:], c.T.MatVec(t, cols, inner, column))
		}
	default:
		row := make([]tape.Num, inner)
		for i := range rows {
			for l := range row {
				row[l] = x.At(i*inner + l)
			}
			for j := range cols {
				for l := range column {
					column[l] = y.At(l*cols + j)
				}
				out[i*cols+j] = c.dot(row, column)
			}
		}
	}
	return out
}

// transposed is the transpose of a row-major matrix.
func transposed(m []float64, rows, cols int) []float64 {
	t := make([]float64, len(m))
	for i := range rows {
		for j := range cols {
			t[j*rows+i] = m[i*cols+j]
		}
	}
	return t
}

// matrixPower is m^n for an int n >= 0 by repeated squaring.
func matrixPower(c *Context, m, n Value) (Value, error) {
	if err := checkSquare("matrix_power", "M", m); err != nil {
		return Value{}, err
	}
	if n.Int() < 0 {
		return Value{}, c.check("matrix_power", "n", nonnegative, []tape.Num{n.Num()}, false)
	}
	out := identity(m.Dims[0])
	for k := n.Int(); k > 0; k /= 2 {
		if k%2 == 1 {
			out, _ = multiply(c, out, m)
		}
		if k > 1 {
			m, _ = multiply(c, m, m)
		}
	}
	return out, nil
}

func identity(n int) Value {
	out := New(MatrixType, n, n)
	for i := range n {
		out.Data[i*n+i] = 1
	}
	return out
}

func checkSquare(function, name string, m Value) error {
	if m.Dims[0] == m.Dims[1] {
		return nil
	}
	return sizeMismatch(function, "Expecting a square matrix; rows of "+name, m.Dims[0], "columns of "+name, m.Dims[1])
}
