package library

import (
	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// joins lists the functions that join, cut and reverse containers.
func joins() []*Function {
	return []*Function{
		{"append_col", sigs("real, row_vector => row_vector", "row_vector, real => row_vector",
			"row_vector, row_vector => row_vector", "vector|matrix, vector|matrix => matrix"), appendCol},
		{"append_row", sigs("real, vector => vector", "vector, real => vector", "vector, vector => vector",
			"row_vector|matrix, row_vector|matrix => matrix"), appendRow},
		{"append_array", sigs("array[] T, array[] T => array[] T"), appendArray},
		cut("head", "int", func(n int, k []int) (from, count int) { return 0, k[0] }),
		cut("tail", "int", func(n int, k []int) (from, count int) { return n - k[0], k[0] }),
		cut("segment", "int, int", func(n int, k []int) (from, count int) { return k[0] - 1, k[1] }),
		{"reverse", sigs("vector => vector", "row_vector => row_vector", "array[] T => array[] T"), func(c *Context, a []Value) (Value, error) {
			v := a[0]
			out := New(v.Type, v.Dims...)
			stride := product(v.Dims[1:])
			for i := range out.Data {
				from := (v.Dims[0]-1-i/max(stride, 1))*stride + i%max(stride, 1)
				out.Set(i, v.At(from))
			}
			return out, nil
		}},
	}
}

func appendRow(c *Context, a []Value) (Value, error) {
	x, y := a[0], a[1]
	nums := append(x.Nums(), y.Nums()...)
	if x.Type.Kind == syntax.Vector || y.Type.Kind == syntax.Vector {
		return VectorOf(nums), nil
	}
	rows, cols := shape(x)
	rows2, cols2 := shape(y)
	if cols != cols2 {
		return Value{}, sizeMismatch("append_row", "columns of A", cols, "columns of B", cols2)
	}
	return matrixOf(rows+rows2, cols, nums), nil
}

func appendCol(c *Context, a []Value) (Value, error) {
	x, y := a[0], a[1]
	if x.Type.Kind == syntax.RowVector || y.Type.Kind == syntax.RowVector {
		nums := append(x.Nums(), y.Nums()...)
		return FromNums(RowVectorType, []int{len(nums)}, nums), nil
	}
	rows, cols := shape(x)
	rows2, cols2 := shape(y)
	if rows != rows2 {
		return Value{}, sizeMismatch("append_col", "rows of A", rows, "rows of B", rows2)
	}
	return fill(rows, cols+cols2, func(i, j int) tape.Num {
		if j < cols {
			return x.At(i*cols + j)
		}
		return y.At(i*cols2 + j - cols)
	}), nil
}

func appendArray(c *Context, a []Value) (Value, error) {
	x, y := a[0], a[1]
	if x.Dims[0] == 0 {
		return y, nil
	}
	if y.Dims[0] == 0 {
		return x, nil
	}
	for i := 1; i < len(x.Dims); i++ {
		if x.Dims[i] != y.Dims[i] {
			return Value{}, sizeMismatch("append_array", "dimension of x", x.Dims[i], "dimension of y", y.Dims[i])
		}
	}
	dims := append([]int{x.Dims[0] + y.Dims[0]}, x.Dims[1:]...)
	return FromNums(x.Type, dims, append(x.Nums(), y.Nums()...)), nil
}

// cut takes count elements from a place on.
func cut(name, ints string, f func(n int, k []int) (from, count int)) *Function {
	s := sigs("vector, "+ints+" => vector", "row_vector, "+ints+" => row_vector", "array[] T, "+ints+" => array[] T")
	return &Function{name, s, func(c *Context, a []Value) (Value, error) {
		v := a[0]
		k := make([]int, len(a)-1)
		for i := range k {
			k[i] = a[i+1].Int()
		}
		n := v.Dims[0]
		from, count := f(n, k)
		if count < 0 {
			return Value{}, errorf("%s: n is %d, but must be nonnegative!", name, count)
		}
		if count > 0 && (from < 0 || from+count > n) {
			at := from + 1
			if from+count > n {
				at = from + count
			}
			return Value{}, errorf("%s: accessing element out of range. index %d out of range; expecting index to be between 1 and %d", name, at, n)
		}
		if count == 0 {
			from = 0
		}
		stride := product(v.Dims[1:])
		dims := append([]int{count}, v.Dims[1:]...)
		return v.Slice(v.Type, dims, from*stride, (from+count)*stride), nil
	}}
}
