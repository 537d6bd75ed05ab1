package syntax

import "strings"

// Kind is the shape of one element of a type, apart from its array dimensions.
type Kind uint8

// The kinds of the language, followed by the patterns that only signatures of library functions use.
const (
	Invalid Kind = iota // unknown: the type of an expression that has not been checked
	Void                // the result of a function that returns nothing
	Int
	Real
	Complex
	Vector
	RowVector
	Matrix
	ComplexVector
	ComplexRowVector
	ComplexMatrix
	Tuple // element types in Type.Elems
	Func  // a user function passed to a functional, described by Type.Func

	// Reals matches int, real, vector, row_vector, and one-dimensional arrays of int or real. As a result:
	// real where every argument that matched a pattern is a scalar, array[] real otherwise.
	Reals
	// Ints matches int and array[] int. As a result: int where every argument that matched a pattern is a
	// scalar, array[] int otherwise.
	Ints
	// Vectors matches vector, row_vector and one-dimensional arrays of them.
	Vectors
	// Each matches a real scalar, vector, row_vector, matrix, or array of these in any number of dimensions;
	// all Each arguments of one call must be scalars or share one type. As a result: that type, over the reals.
	Each
	// Any matches whatever is given. As a result: the type of the first argument that matched Any.
	Any
)

// Type is the type of an expression: ArrayDims array dimensions around elements of one kind.
// The zero value is Invalid.
type Type struct {
	Kind      Kind
	ArrayDims int
	Elems     []Type    // Tuple: the element types
	Func      *FuncType // Func: the parameters and the result
}

// FuncType is the type of a function that is passed as an argument.
type FuncType struct {
	Name     string // name of the function passed; "" in the signature of a functional
	Params   []Type
	DataOnly []bool // parameters declared data; nil: none
	Result   Type
}

// TypeOf returns the type of one element of kind k.
func TypeOf(k Kind) Type { return Type{Kind: k} }

// ArrayOf returns the type of arrays of dims dimensions whose elements are of type t.
func ArrayOf(t Type, dims int) Type {
	t.ArrayDims += dims
	return t
}

// TupleOf returns the type of tuples of the given element types.
func TupleOf(elems ...Type) Type { return Type{Kind: Tuple, Elems: elems} }

// Is tells whether t is of kind k with no array dimensions.
func (t Type) Is(k Kind) bool { return t.Kind == k && t.ArrayDims == 0 }

// Element returns the type with all array dimensions removed.
func (t Type) Element() Type {
	t.ArrayDims = 0
	return t
}

// Scalar tells whether t is int, real or complex.
func (t Type) Scalar() bool {
	return t.ArrayDims == 0 && (t.Kind == Int || t.Kind == Real || t.Kind == Complex)
}

// ElementDims is the number of indices that one element takes: 0 for scalars and tuples, 1 for vectors, 2 for matrices.
func (k Kind) ElementDims() int {
	switch k {
	case Vector, RowVector, ComplexVector, ComplexRowVector:
		return 1
	case Matrix, ComplexMatrix:
		return 2
	}
	return 0
}

// Dims is the number of indices that t takes: the array dimensions and those of the element.
func (t Type) Dims() int { return t.ArrayDims + t.Kind.ElementDims() }

// IsComplex tells whether the elements are complex numbers (tuples: any of them).
func (t Type) IsComplex() bool {
	for _, e := range t.Elems {
		if e.IsComplex() {
			return true
		}
	}
	switch t.Kind {
	case Complex, ComplexVector, ComplexRowVector, ComplexMatrix:
		return true
	}
	return false
}

// HasInt tells whether t is int, an array of int, or a tuple with such an element.
func (t Type) HasInt() bool {
	for _, e := range t.Elems {
		if e.HasInt() {
			return true
		}
	}
	return t.Kind == Int
}

// Equal tells whether two types are the same.
func (t Type) Equal(u Type) bool {
	if t.Kind != u.Kind || t.ArrayDims != u.ArrayDims || len(t.Elems) != len(u.Elems) {
		return false
	}
	for i := range t.Elems {
		if !t.Elems[i].Equal(u.Elems[i]) {
			return false
		}
	}
	if t.Kind != Func || t.Func == nil || u.Func == nil {
		return true
	}
	return t.Func.equal(u.Func)
}

func (f *FuncType) equal(g *FuncType) bool {
	if len(f.Params) != len(g.Params) || !f.Result.Equal(g.Result) {
		return false
	}
	for i := range f.Params {
		if !f.Params[i].Equal(g.Params[i]) {
			return false
		}
	}
	return true
}

var kindNames = [...]string{
	Invalid: "unknown type", Void: "void", Int: "int", Real: "real", Complex: "complex",
	Vector: "vector", RowVector: "row_vector", Matrix: "matrix",
	ComplexVector: "complex_vector", ComplexRowVector: "complex_row_vector", ComplexMatrix: "complex_matrix",
	Tuple: "tuple", Func: "function",
	Reals: "reals", Ints: "ints", Vectors: "vectors", Each: "T", Any: "any type",
}

// String is the name of the kind in Stan's spelling.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown type"
}

// String is the type in Stan's spelling, such as "array[,] vector" or "tuple(int, real)".
func (t Type) String() string {
	var b strings.Builder
	if t.ArrayDims > 0 {
		b.WriteString("array[")
		b.WriteString(strings.Repeat(",", t.ArrayDims-1))
		b.WriteString("] ")
	}
	switch {
	case t.Kind == Tuple:
		b.WriteString("tuple(")
		writeTypes(&b, t.Elems, nil)
		b.WriteString(")")
	case t.Kind == Func && t.Func != nil:
		b.WriteString(t.Func.String())
	default:
		b.WriteString(t.Kind.String())
	}
	return b.String()
}

// String is the function type in Stan's spelling, such as "(real, vector, data real) => vector".
func (f *FuncType) String() string {
	var b strings.Builder
	b.WriteString("(")
	writeTypes(&b, f.Params, f.DataOnly)
	b.WriteString(") => ")
	b.WriteString(f.Result.String())
	return b.String()
}

func writeTypes(b *strings.Builder, types []Type, data []bool) {
	for i, t := range types {
		if i > 0 {
			b.WriteString(", ")
		}
		if i < len(data) && data[i] {
			b.WriteString("data ")
		}
		b.WriteString(t.String())
	}
}
