package library

import "wgf/internal/tape"

// matrixFunctions lists the functions built on products of matrices.
func matrixFunctions() []*Function {
	f := func(name string, eval func(c *Context, a []Value) (Value, error), lines ...string) *Function {
		return &Function{name, sigs(lines...), eval}
	}
	scaleBy := func(name string, rows bool, vector, matrix int) func(c *Context, a []Value) (Value, error) {
		return func(c *Context, a []Value) (Value, error) {
			v, m := a[vector], a[matrix]
			axis, what := 1, "columns of matrix"
			if rows {
				axis, what = 0, "rows of matrix"
			}
			if v.Len() != m.Dims[axis] {
				return Value{}, sizeMismatch(name, "size of vector", v.Len(), what, m.Dims[axis])
			}
			return fill(m.Dims[0], m.Dims[1], func(i, j int) tape.Num {
				k := j
				if rows {
					k = i
				}
				return c.mul(v.At(k), m.At(i*m.Dims[1]+j))
			}), nil
		}
	}
	return []*Function{
		f("diag_matrix", func(c *Context, a []Value) (Value, error) {
			n := a[0].Len()
			return fill(n, n, func(i, j int) tape.Num {
				if i == j {
					return a[0].At(i)
				}
				return num(0)
			}), nil
		}, "vector => matrix"),
		f("diag_pre_multiply", scaleBy("diag_pre_multiply", true, 0, 1), "vector|row_vector, matrix => matrix"),
		f("diag_post_multiply", scaleBy("diag_post_multiply", false, 1, 0), "matrix, vector|row_vector => matrix"),
		f("add_diag", addDiag, "matrix, real|vector|row_vector => matrix"),
		f("crossprod", func(c *Context, a []Value) (Value, error) { return multiply(c, transpose(a[0]), a[0]) }, "matrix => matrix"),
		f("tcrossprod", func(c *Context, a []Value) (Value, error) { return multiply(c, a[0], transpose(a[0])) }, "matrix => matrix"),
		f("multiply_lower_tri_self_transpose", func(c *Context, a []Value) (Value, error) {
			low := lowerTriangle(a[0])
			return multiply(c, low, transpose(low))
		}, "matrix => matrix"),
		f("trace", func(c *Context, a []Value) (Value, error) {
			if err := checkSquare("trace", "m", a[0]); err != nil {
				return Value{}, err
			}
			return Scalar(c.traceOf(a[0])), nil
		}, "matrix => real"),
		f("quad_form", quadForm("quad_form", false), "matrix, matrix => matrix", "matrix, vector => real"),
		f("quad_form_sym", quadForm("quad_form_sym", true), "matrix, matrix => matrix", "matrix, vector => real"),
		f("quad_form_diag", func(c *Context, a []Value) (Value, error) {
			m, v := a[0], a[1]
			if err := checkSquare("quad_form_diag", "m", m); err != nil {
				return Value{}, err
			}
			if v.Len() != m.Dims[0] {
				return Value{}, sizeMismatch("quad_form_diag", "rows of mat", m.Dims[0], "size of vec", v.Len())
			}
			return fill(m.Dims[0], m.Dims[1], func(i, j int) tape.Num {
				return c.mul(c.mul(v.At(i), v.At(j)), m.At(i*m.Dims[1]+j))
			}), nil
		}, "matrix, vector|row_vector => matrix"),
		f("trace_quad_form", func(c *Context, a []Value) (Value, error) {
			v, err := quadForm("trace_quad_form", false)(c, a)
			if err != nil || v.IsScalar() {
				return v, err
			}
			return Scalar(c.traceOf(v)), nil
		}, "matrix, matrix => real", "matrix, vector => real"),
		f("symmetrize_from_lower_tri", func(c *Context, a []Value) (Value, error) {
			if err := checkSquare("symmetrize_from_lower_tri", "m", a[0]); err != nil {
				return Value{}, err
			}
			n := a[0].Dims[0]
			return fill(n, n, func(i, j int) tape.Num { return a[0].At(max(i, j)*n + min(i, j)) }), nil
		}, "matrix => matrix"),
		logMix(),
		fmaFunction(),
		gpExpQuadCov(),
	}
}

func lowerTriangle(m Value) Value {
	return fill(m.Dims[0], m.Dims[1], func(i, j int) tape.Num {
		if j <= i {
			return m.At(i*m.Dims[1] + j)
		}
		return num(0)
	})
}

func (c *Context) traceOf(m Value) tape.Num {
	terms := make([]tape.Num, m.Dims[0])
	for i := range terms {
		terms[i] = m.At(i*m.Dims[1] + i)
	}
	return c.sum(terms)
}

// addDiag adds a scalar or a vector to the diagonal.
func addDiag(c *Context, a []Value) (Value, error) {
	m, d := a[0].Copy(), a[1]
	n := min(m.Dims[0], m.Dims[1])
	if !d.IsScalar() && d.Len() != n {
		return Value{}, errorf("add_diag: number of elements of to_add has dimension = %d, expecting dimension = %d", d.Len(), n)
	}
	for i := range n {
		at := i*m.Dims[1] + i
		k := 0
		if !d.IsScalar() {
			k = i
		}
		m.Set(at, c.add(m.At(at), d.At(k)))
	}
	return m, nil
}

// quadForm is b' a b.
func quadForm(name string, symmetric bool) func(c *Context, a []Value) (Value, error) {
	return func(c *Context, a []Value) (Value, error) {
		if err := checkSquare(name, "A", a[0]); err != nil {
			return Value{}, err
		}
		if symmetric {
			if err := checkSymmetric(name, "A", a[0]); err != nil {
				return Value{}, err
			}
		}
		ab, err := multiply(c, a[0], a[1])
		if err != nil {
			return Value{}, err
		}
		return multiply(c, transpose(a[1]), ab)
	}
}
