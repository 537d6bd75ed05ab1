package library

import (
	"fmt"

	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// Value is a value of the Stan language: a scalar, vector, row vector, matrix or an array of these, whose numbers are
// constants, nodes of the trace, or a mixture.
//
// Numbers lie row-major in all dimensions, array dimensions first: element (i, j) of a matrix with c columns is
// Data[i*c+j], and the rows of an array of vectors follow each other. Ints are held exactly in float64.
type Value struct {
	Type syntax.Type
	Dims []int      // array dimensions, then those of the vector or matrix; empty for int and real
	Data []float64  // the constants; the entry of a traced element carries no meaning
	Refs []tape.Ref // nil: everything is constant; otherwise one for each element, 0 where Data holds a constant
}

// Shorthands for the types of results.
var (
	IntType       = syntax.TypeOf(syntax.Int)
	RealType      = syntax.TypeOf(syntax.Real)
	VectorType    = syntax.TypeOf(syntax.Vector)
	RowVectorType = syntax.TypeOf(syntax.RowVector)
	MatrixType    = syntax.TypeOf(syntax.Matrix)
)

// New returns a value of the given type and dimensions whose numbers are all the constant 0.
// The number of dimensions must be t.Dims().
func New(t syntax.Type, dims ...int) Value {
	if len(dims) != t.Dims() {
		panic(fmt.Sprintf("library: %d dimensions for a value of type %s", len(dims), t))
	}
	return Value{Type: t, Dims: dims, Data: make([]float64, product(dims))}
}

// Filled is New with every number set to the constant v.
func Filled(t syntax.Type, v float64, dims ...int) Value {
	x := New(t, dims...)
	for i := range x.Data {
		x.Data[i] = v
	}
	return x
}

// Int returns a constant int.
func Int(v int) Value { return Value{Type: IntType, Data: []float64{float64(v)}} }

// Bool returns the int 1 or 0.
func Bool(b bool) Value {
	if b {
		return Int(1)
	}
	return Int(0)
}

// Real returns a constant real.
func Real(v float64) Value { return Value{Type: RealType, Data: []float64{v}} }

// Scalar returns a real that is the number x.
func Scalar(x tape.Num) Value {
	v := Real(x.V)
	if x.Ref != 0 {
		v.Refs = []tape.Ref{x.Ref}
	}
	return v
}

// FromNums returns the value of type t and dimensions dims with the given numbers, row-major.
func FromNums(t syntax.Type, dims []int, nums []tape.Num) Value {
	v := New(t, dims...)
	if len(nums) != len(v.Data) {
		panic(fmt.Sprintf("library: %d numbers for a value of dimensions %v", len(nums), dims))
	}
	for i, x := range nums {
		v.Set(i, x)
	}
	return v
}

// VectorOf returns the vector of the given numbers.
func VectorOf(nums []tape.Num) Value { return FromNums(VectorType, []int{len(nums)}, nums) }

// Constants returns a constant value; data is kept, not copied.
func Constants(t syntax.Type, dims []int, data []float64) Value {
	if len(dims) != t.Dims() || product(dims) != len(data) {
		panic(fmt.Sprintf("library: %d numbers for a value of type %s and dimensions %v", len(data), t, dims))
	}
	return Value{Type: t, Dims: dims, Data: data}
}

// Ints returns a constant array of ints.
func Ints(v ...int) Value {
	x := New(syntax.ArrayOf(IntType, 1), len(v))
	for i, n := range v {
		x.Data[i] = float64(n)
	}
	return x
}

// Len is the number of numbers held.
func (v Value) Len() int { return len(v.Data) }

// At returns number i in row-major order.
func (v Value) At(i int) tape.Num {
	if v.Refs != nil && v.Refs[i] != 0 {
		return tape.Num{Ref: v.Refs[i]}
	}
	return tape.Num{V: v.Data[i]}
}

// Num returns the number of a scalar.
func (v Value) Num() tape.Num { return v.At(0) }

// Nums returns all numbers, row-major.
func (v Value) Nums() []tape.Num {
	out := make([]tape.Num, len(v.Data))
	for i := range out {
		out[i] = v.At(i)
	}
	return out
}

// Set puts x at place i. The value must own its storage (see Copy).
func (v *Value) Set(i int, x tape.Num) {
	v.Data[i] = x.V
	if x.Ref != 0 && v.Refs == nil {
		v.Refs = make([]tape.Ref, len(v.Data))
	}
	if v.Refs != nil {
		v.Refs[i] = x.Ref
	}
}

// Int returns a scalar as int.
func (v Value) Int() int { return int(v.Data[0]) }

// IntAt returns number i as int.
func (v Value) IntAt(i int) int { return int(v.Data[i]) }

// IsConst tells whether no number is traced.
func (v Value) IsConst() bool {
	for _, r := range v.Refs {
		if r != 0 {
			return false
		}
	}
	return true
}

// IsScalar tells whether v is an int or a real.
func (v Value) IsScalar() bool { return len(v.Dims) == 0 }

// Size is the length of the first dimension, 1 for a scalar: the size() of the language for all but matrices.
func (v Value) Size() int {
	if len(v.Dims) == 0 {
		return 1
	}
	return v.Dims[0]
}

// Copy returns a value with storage of its own.
func (v Value) Copy() Value {
	v.Data = append([]float64(nil), v.Data...)
	if v.Refs != nil {
		v.Refs = append([]tape.Ref(nil), v.Refs...)
	}
	return v
}

// Slice returns numbers from (inclusive) to to (exclusive) as a value of type t and dimensions dims, sharing storage.
func (v Value) Slice(t syntax.Type, dims []int, from, to int) Value {
	s := Value{Type: t, Dims: dims, Data: v.Data[from:to:to]}
	if v.Refs != nil {
		s.Refs = v.Refs[from:to:to]
	}
	return s
}

// Element returns v[i], i from 0: of an array its element, of a vector the scalar, of a matrix the row.
// Storage is shared.
func (v Value) Element(i int) Value {
	t := v.Type
	switch {
	case t.ArrayDims > 0:
		t.ArrayDims--
	case t.Kind == syntax.Matrix:
		t.Kind = syntax.RowVector
	default:
		t.Kind = syntax.Real
	}
	stride := product(v.Dims[1:])
	return v.Slice(t, v.Dims[1:], i*stride, (i+1)*stride)
}

// WithType returns the same numbers under another type and dimensions, sharing storage; the counts must agree.
func (v Value) WithType(t syntax.Type, dims ...int) Value {
	if len(dims) != t.Dims() || product(dims) != len(v.Data) {
		panic(fmt.Sprintf("library: a value of dimensions %v cannot be seen as %s of dimensions %v", v.Dims, t, dims))
	}
	v.Type, v.Dims = t, dims
	return v
}

// Promote returns v as type t where int became real; the dimensions stay and storage is shared.
func (v Value) Promote(t syntax.Type) Value {
	v.Type = t
	return v
}

// SameDims tells whether two values have equal dimensions.
func SameDims(a, b Value) bool {
	if len(a.Dims) != len(b.Dims) {
		return false
	}
	for i, d := range a.Dims {
		if d != b.Dims[i] {
			return false
		}
	}
	return true
}

func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}
