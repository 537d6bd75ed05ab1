package library

import (
	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// rowsCols lists the reductions over the rows or columns of a matrix, and the access to parts of matrices.
func rowsCols() []*Function {
	return []*Function{
		linewise("columns_dot_product", true, 2), linewise("columns_dot_self", true, 1),
		linewise("rows_dot_product", false, 2), linewise("rows_dot_self", false, 1),
		part("row", "matrix, int => row_vector", func(m Value, k []int) (rows, cols []int) {
			return []int{k[0], 1}, []int{1, m.Dims[1]}
		}, RowVectorType),
		part("col", "matrix, int => vector", func(m Value, k []int) (rows, cols []int) {
			return []int{1, m.Dims[0]}, []int{k[0], 1}
		}, VectorType),
		part("block", "matrix, int, int, int, int => matrix", func(m Value, k []int) (rows, cols []int) {
			return []int{k[0], k[2]}, []int{k[1], k[3]}
		}, MatrixType),
		part("sub_row", "matrix, int, int, int => row_vector", func(m Value, k []int) (rows, cols []int) {
			return []int{k[0], 1}, []int{k[1], k[2]}
		}, RowVectorType),
		part("sub_col", "matrix, int, int, int => vector", func(m Value, k []int) (rows, cols []int) {
			return []int{k[0], k[2]}, []int{k[1], 1}
		}, VectorType),
		{"diagonal", sigs("matrix => vector"), func(c *Context, a []Value) (Value, error) {
			m := a[0]
			out := make([]tape.Num, min(m.Dims[0], m.Dims[1]))
			for i := range out {
				out[i] = m.At(i*m.Dims[1] + i)
			}
			return VectorOf(out), nil
		}},
	}
}

// linewise is the dot product of each column (or row) with itself or with that of a second argument.
func linewise(name string, columns bool, arguments int) *Function {
	result := " => vector"
	t := VectorType
	if columns {
		result, t = " => row_vector", RowVectorType
	}
	lines := []string{"vector", "row_vector", "matrix"}
	for i, l := range lines {
		if arguments == 2 {
			l += ", " + l
		}
		lines[i] = l + result
	}
	return &Function{name, sigs(lines...), func(c *Context, a []Value) (Value, error) {
		x, y := a[0], a[len(a)-1]
		rows, cols := shape(x)
		if !SameDims(x, y) {
			return Value{}, sizeMismatch(name, "size of v1", x.Len(), "size of v2", y.Len())
		}
		n, m, next, step := rows, cols, 1, cols
		if columns {
			n, m, next, step = cols, rows, cols, 1
		}
		out := New(t, n)
		p, q := make([]tape.Num, m), make([]tape.Num, m)
		for i := range n {
			for j := range m {
				p[j], q[j] = x.At(i*step+j*next), y.At(i*step+j*next)
			}
			out.Set(i, c.dot(p, q))
		}
		return out, nil
	}}
}

// part cuts rows and columns (each: first from 1, count) out of a matrix.
func part(name, line string, f func(m Value, k []int) (rows, cols []int), t syntax.Type) *Function {
	return &Function{name, sigs(line), func(c *Context, a []Value) (Value, error) {
		m := a[0]
		k := make([]int, len(a)-1)
		for i := range k {
			k[i] = a[i+1].Int()
		}
		rows, cols := f(m, k)
		for axis, r := range [][]int{rows, cols} {
			what := [2]string{"rows", "columns"}[axis]
			if r[1] < 0 {
				return Value{}, errorf("%s: number of %s is %d, but must be nonnegative!", name, what, r[1])
			}
			for _, at := range []int{r[0], r[0] + r[1] - 1} {
				if r[1] > 0 && (at < 1 || at > m.Dims[axis]) {
					return Value{}, errorf("%s: accessing element out of range. index %d out of range; expecting index to be between 1 and %d for %s of m",
						name, at, m.Dims[axis], what)
				}
			}
		}
		out := New(MatrixType, rows[1], cols[1])
		for i := range rows[1] {
			for j := range cols[1] {
				out.Set(i*cols[1]+j, m.At((rows[0]-1+i)*m.Dims[1]+cols[0]-1+j))
			}
		}
		if t.Kind != syntax.Matrix {
			out = out.WithType(t, len(out.Data))
		}
		return out, nil
	}}
}
