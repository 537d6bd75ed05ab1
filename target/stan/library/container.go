package library

import (
	"fmt"

	"wgf/target/stan/syntax"
)

func errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }

// anyArgs matches any number of arguments of numeric types within the given bounds; the result is fixed.
func anyType(text string, result syntax.Type, accepts func(t syntax.Type) bool) []syntax.Signature {
	return []syntax.Signature{{Text: text, Args: []syntax.Type{syntax.TypeOf(syntax.Any)}, Result: result,
		Match: func(given []syntax.Type) ([]syntax.Type, syntax.Type, bool) {
			if len(given) != 1 || !numeric(given[0]) || !accepts(given[0]) {
				return nil, syntax.Type{}, false
			}
			return given, result, true
		}}}
}

// sizes lists the functions that ask for the size of a container.
func sizes() []*Function {
	all := func(syntax.Type) bool { return true }
	containers := func(t syntax.Type) bool { return t.ArrayDims == 0 && t.Kind.ElementDims() > 0 }
	count := func(name string, accepts func(syntax.Type) bool, f func(v Value) int) *Function {
		return &Function{name, anyType("(T) => int", IntType, accepts), func(c *Context, a []Value) (Value, error) { return Int(f(a[0])), nil }}
	}
	return []*Function{
		count("size", all, func(v Value) int {
			if v.Type.Is(syntax.Matrix) {
				return v.Len()
			}
			return v.Size()
		}),
		count("num_elements", func(t syntax.Type) bool { return t.Dims() > 0 }, Value.Len),
		count("rows", containers, func(v Value) int { r, _ := shape(v); return r }),
		count("cols", containers, func(v Value) int { _, c := shape(v); return c }),
		{"dims", anyType("(T) => array[] int", syntax.ArrayOf(IntType, 1), all), func(c *Context, a []Value) (Value, error) {
			return Ints(a[0].Dims...), nil
		}},
	}
}

// checkCount checks a size given by a program.
func checkCount(function, name string, n Value) error {
	if n.Int() < 0 {
		return errorf("%s: %s is %d, but must be greater than or equal to 0", function, name, n.Int())
	}
	return nil
}

// repeat fills the given dimensions with copies of v.
func repeat(v Value, t syntax.Type, dims []int) Value {
	out := New(t, dims...)
	if v.Len() == 0 {
		return out
	}
	for i := range out.Data {
		out.Set(i, v.At(i%v.Len()))
	}
	return out
}

// repetitions lists rep_array and its kin.
func repetitions() []*Function {
	repeated := func(name, line string, t syntax.Type) *Function {
		return &Function{name, sigs(line), func(c *Context, a []Value) (Value, error) {
			dims := make([]int, len(a)-1)
			for i := range dims {
				if err := checkCount(name, "n", a[i+1]); err != nil {
					return Value{}, err
				}
				dims[i] = a[i+1].Int()
			}
			result := t
			if t.Kind == syntax.Invalid { // an array of whatever is given
				result = syntax.ArrayOf(a[0].Type, len(dims))
				dims = append(dims, a[0].Dims...)
			}
			return repeat(a[0], result, dims), nil
		}}
	}
	array := repeated("rep_array", "T, int => array[] T", syntax.Type{})
	array.Signatures = sigs("T, int => array[] T", "T, int, int => array[,] T", "T, int, int, int => array[,,] T")
	matrix := repeated("rep_matrix", "real, int, int => matrix", MatrixType)
	scalar := matrix.Eval
	matrix.Signatures = sigs("real, int, int => matrix", "vector, int => matrix", "row_vector, int => matrix")
	matrix.Eval = func(c *Context, a []Value) (Value, error) {
		if len(a) == 3 {
			return scalar(c, a)
		}
		n := a[1].Int()
		if err := checkCount("rep_matrix", "n", a[1]); err != nil {
			return Value{}, err
		}
		rows := repeat(a[0], MatrixType, []int{n, a[0].Len()})
		if a[0].Type.Kind == syntax.Vector {
			return transpose(rows), nil
		}
		return rows, nil
	}
	return []*Function{array, matrix,
		repeated("rep_vector", "real, int => vector", VectorType), repeated("rep_row_vector", "real, int => row_vector", RowVectorType)}
}
