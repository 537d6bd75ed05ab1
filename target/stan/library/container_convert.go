package library

import (
	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// conversions lists the functions that change the type of a container. Matrices are read and filled column by column.
func conversions() []*Function {
	flat := func(name string, t syntax.Type, result string) *Function {
		return &Function{name, sigs("vector|row_vector|matrix|array[] real|array[] int => " + result), func(c *Context, a []Value) (Value, error) {
			v := columnMajor(a[0])
			return v.WithType(t, v.Len()), nil
		}}
	}
	return []*Function{
		flat("to_vector", VectorType, "vector"), flat("to_row_vector", RowVectorType, "row_vector"),
		toArray1D(), toMatrix(),
		{"to_array_2d", sigs("matrix => array[,] real"), func(c *Context, a []Value) (Value, error) {
			return a[0].WithType(syntax.ArrayOf(RealType, 2), a[0].Dims...), nil
		}},
	}
}

// columnMajor returns a matrix with its numbers in the order of the columns, anything else as it is.
func columnMajor(v Value) Value {
	if v.Type.Is(syntax.Matrix) {
		return transpose(v)
	}
	return v
}

func toArray1D() *Function {
	match := func(given []syntax.Type) ([]syntax.Type, syntax.Type, bool) {
		if len(given) != 1 || !numeric(given[0]) || given[0].Scalar() || given[0].ArrayDims > 0 && given[0].Kind.ElementDims() > 0 {
			return nil, syntax.Type{}, false
		}
		kind := syntax.Real
		if given[0].Kind == syntax.Int {
			kind = syntax.Int
		}
		return given, syntax.ArrayOf(syntax.TypeOf(kind), 1), true
	}
	s := syntax.Signature{Text: "(T) => array[] real", Args: []syntax.Type{syntax.TypeOf(syntax.Any)}, Match: match}
	return &Function{"to_array_1d", []syntax.Signature{s}, func(c *Context, a []Value) (Value, error) {
		v := columnMajor(a[0])
		_, t, _ := match([]syntax.Type{v.Type})
		return v.WithType(t, v.Len()), nil
	}}
}

func toMatrix() *Function {
	s := sigs("matrix => matrix", "vector => matrix", "row_vector => matrix", "array[] row_vector => matrix",
		"array[,] int => matrix", "array[,] real => matrix",
		"vector|row_vector|matrix|array[] real|array[] int, int, int => matrix",
		"vector|row_vector|matrix|array[] real|array[] int, int, int, int => matrix")
	return &Function{"to_matrix", s, func(c *Context, a []Value) (Value, error) {
		v := a[0]
		if len(a) == 1 {
			rows, cols := v.Dims[0], 1
			switch {
			case len(v.Dims) == 2:
				cols = v.Dims[1]
			case v.Type.Kind == syntax.RowVector:
				rows, cols = 1, v.Dims[0]
			}
			return v.WithType(MatrixType, rows, cols), nil
		}
		rows, cols := a[1].Int(), a[2].Int()
		if rows < 0 || cols < 0 || rows*cols != v.Len() {
			return Value{}, sizeMismatch("to_matrix", "rows * columns", rows*cols, "vector size", v.Len())
		}
		v = columnMajor(v)
		if len(a) == 4 && a[3].Int() == 0 {
			return v.WithType(MatrixType, rows, cols), nil
		}
		return fill(rows, cols, func(i, j int) tape.Num { return v.At(j*rows + i) }), nil
	}}
}
