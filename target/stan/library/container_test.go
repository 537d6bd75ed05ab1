package library

import (
	"math"
	"testing"

	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// Containers and matrices against results written out by hand.
func TestContainerFunctions(t *testing.T) {
	table := All()
	m := matrix(2, 3, 1, 2, 3, 4, 5, 6)
	vectors := Constants(syntax.ArrayOf(VectorType, 1), []int{2, 2}, []float64{1, 2, 3, 4})
	for _, test := range []struct {
		f    string
		args []Value
		want Value
	}{
		{"rep_vector", []Value{Real(2), Int(3)}, vector(2, 2, 2)},
		{"rep_matrix", []Value{vector(1, 2), Int(2)}, matrix(2, 2, 1, 1, 2, 2)},
		{"rep_matrix", []Value{rowVector(1, 2), Int(2)}, matrix(2, 2, 1, 2, 1, 2)},
		{"rep_array", []Value{Int(7), Int(2)}, Ints(7, 7)},
		{"rep_array", []Value{vector(1, 2), Int(2)}, Constants(syntax.ArrayOf(VectorType, 1), []int{2, 2}, []float64{1, 2, 1, 2})},
		{"size", []Value{m}, Int(6)}, {"size", []Value{vectors}, Int(2)}, {"size", []Value{Real(1)}, Int(1)},
		{"rows", []Value{m}, Int(2)}, {"cols", []Value{m}, Int(3)}, {"rows", []Value{rowVector(1, 2)}, Int(1)},
		{"num_elements", []Value{vectors}, Int(4)},
		{"dims", []Value{m}, Ints(2, 3)}, {"dims", []Value{Real(1)}, Ints()},
		{"to_vector", []Value{m}, vector(1, 4, 2, 5, 3, 6)},
		{"to_row_vector", []Value{Ints(1, 2)}, rowVector(1, 2)},
		{"to_array_1d", []Value{m}, realArray(1, 4, 2, 5, 3, 6)},
		{"to_matrix", []Value{vector(1, 2, 3, 4, 5, 6), Int(2), Int(3)}, matrix(2, 3, 1, 3, 5, 2, 4, 6)},
		{"to_matrix", []Value{vector(1, 2, 3, 4, 5, 6), Int(2), Int(3), Int(0)}, m},
		{"to_matrix", []Value{m, Int(3), Int(2)}, matrix(3, 2, 1, 5, 4, 3, 2, 6)},
		{"to_matrix", []Value{rowVector(1, 2)}, matrix(1, 2, 1, 2)},
		{"append_row", []Value{vector(1), Real(2)}, vector(1, 2)},
		{"append_row", []Value{m, rowVector(7, 8, 9)}, matrix(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9)},
		{"append_col", []Value{m, vector(7, 8)}, matrix(2, 4, 1, 2, 3, 7, 4, 5, 6, 8)},
		{"append_array", []Value{Ints(1, 2), Ints(3)}, Ints(1, 2, 3)},
		{"head", []Value{Ints(1, 2, 3), Int(2)}, Ints(1, 2)}, {"tail", []Value{vector(1, 2, 3), Int(2)}, vector(2, 3)},
		{"segment", []Value{rowVector(1, 2, 3, 4), Int(2), Int(2)}, rowVector(2, 3)},
		{"segment", []Value{vectors, Int(2), Int(1)}, Constants(syntax.ArrayOf(VectorType, 1), []int{1, 2}, []float64{3, 4})},
		{"reverse", []Value{vectors}, Constants(syntax.ArrayOf(VectorType, 1), []int{2, 2}, []float64{3, 4, 1, 2})},
		{"row", []Value{m, Int(2)}, rowVector(4, 5, 6)}, {"col", []Value{m, Int(2)}, vector(2, 5)},
		{"block", []Value{m, Int(1), Int(2), Int(2), Int(2)}, matrix(2, 2, 2, 3, 5, 6)},
		{"sub_row", []Value{m, Int(2), Int(2), Int(2)}, rowVector(5, 6)}, {"sub_col", []Value{m, Int(1), Int(3), Int(2)}, vector(3, 6)},
		{"diagonal", []Value{m}, vector(1, 5)}, {"transpose", []Value{m}, matrix(3, 2, 1, 4, 2, 5, 3, 6)},
		{"diag_matrix", []Value{vector(1, 2)}, matrix(2, 2, 1, 0, 0, 2)}, {"identity_matrix", []Value{Int(2)}, matrix(2, 2, 1, 0, 0, 1)},
		{"diag_pre_multiply", []Value{vector(1, 2), m}, matrix(2, 3, 1, 2, 3, 8, 10, 12)},
		{"diag_post_multiply", []Value{m, vector(1, 2, 0)}, matrix(2, 3, 1, 4, 0, 4, 10, 0)},
		{"add_diag", []Value{m, Real(10)}, matrix(2, 3, 11, 2, 3, 4, 15, 6)},
		{"columns_dot_self", []Value{m}, rowVector(17, 29, 45)}, {"rows_dot_self", []Value{m}, vector(14, 77)},
		{"linspaced_vector", []Value{Int(3), Real(1), Real(2)}, vector(1, 1.5, 2)},
		{"linspaced_int_array", []Value{Int(3), Int(1), Int(7)}, Ints(1, 4, 7)},
		{"one_hot_vector", []Value{Int(3), Int(2)}, vector(0, 1, 0)}, {"ones_int_array", []Value{Int(2)}, Ints(1, 1)},
		{"zeros_row_vector", []Value{Int(2)}, rowVector(0, 0)}, {"cumulative_sum", []Value{Ints(1, 2, 3)}, Ints(1, 3, 6)},
		{"sort_desc", []Value{Ints(2, 3, 1)}, Ints(3, 2, 1)}, {"sort_indices_asc", []Value{vector(2, 3, 1)}, Ints(3, 1, 2)},
		{"rank", []Value{vector(2, 3, 1), Int(1)}, Int(1)}, {"to_int", []Value{Real(-2.7)}, Int(-2)},
		{"sum", []Value{Ints(1, 2)}, Int(3)}, {"prod", []Value{vector(2, 3)}, Real(6)}, {"max", []Value{Ints(1, 5, 2)}, Int(5)},
		{"min", []Value{vector()}, Real(inf)}, {"sum", []Value{vector()}, Real(0)}, {"log_sum_exp", []Value{vector()}, Real(-inf)},
		{"sd", []Value{vector(3)}, Real(0)}, {"variance", []Value{vector(1, 3)}, Real(2)}, {"quantile", []Value{vector(3, 1, 2), Real(0.25)}, Real(1.5)},
		{"choose", []Value{Int(5), Int(2)}, Int(10)}, {"abs", []Value{Ints(-1, 2)}, Ints(1, 2)},
		{"multiply", []Value{m, vector(1, 0, -1)}, vector(-2, -2)}, {"multiply", []Value{rowVector(1, -1), m}, rowVector(-3, -3, -3)},
		{"multiply", []Value{vector(1, 2), rowVector(3, 4)}, matrix(2, 2, 3, 4, 6, 8)}, {"matrix_power", []Value{matrix(2, 2, 1, 1, 1, 0), Int(5)}, matrix(2, 2, 8, 5, 5, 3)},
		{"divide", []Value{Int(-7), Int(2)}, Int(-3)}, {"modulus", []Value{Int(-7), Int(2)}, Int(-1)},
		{"mdivide_left_tri_low", []Value{matrix(2, 2, 2, 0, 1, 4), vector(2, 9)}, vector(1, 2)},
		{"cholesky_decompose", []Value{matrix(2, 2, 4, 2, 2, 5)}, matrix(2, 2, 2, 0, 1, 2)},
		{"is_nan", []Value{Real(math.NaN())}, Int(1)}, {"is_inf", []Value{Real(inf)}, Int(1)}, {"int_step", []Value{Int(0)}, Int(0)},
		{"step", []Value{Real(0)}, Real(1)},
	} {
		got, err := table.Call(&Context{}, test.f, test.args...)
		if err != nil {
			t.Errorf("%s: %v", test.f, err)
			continue
		}
		same := got.Type.Equal(test.want.Type) && SameDims(got, test.want)
		for i := range got.Data {
			same = same && closeTo(got.Data[i], test.want.Data[i], 1e-14)
		}
		if !same {
			t.Errorf("%s: %v %v %v, want %v %v %v", test.f, got.Type, got.Dims, got.Data, test.want.Type, test.want.Dims, test.want.Data)
		}
	}
}

// Sizes of zero are fine everywhere.
func TestEmptyMatrices(t *testing.T) {
	table := All()
	empty := matrix(0, 3)
	for f, args := range map[string][]Value{
		"multiply": {empty, vector(1, 2, 3)}, "transpose": {empty}, "to_vector": {empty}, "crossprod": {empty},
		"rows_dot_self": {empty}, "columns_dot_self": {empty}, "reverse": {vector()}, "append_row": {empty, empty},
		"softmax": {vector()}, "sort_asc": {vector()}, "cumulative_sum": {vector()}, "diag_matrix": {vector()},
	} {
		if _, err := table.Call(&Context{}, f, args...); err != nil {
			t.Errorf("%s of nothing: %v", f, err)
		}
	}
}

// Operators take the shapes of Stan and keep ints.
func TestOperators(t *testing.T) {
	c := &Context{}
	for _, test := range []struct {
		op   syntax.BinaryOp
		x, y Value
		want Value
	}{
		{syntax.Add, Int(1), Int(2), Int(3)}, {syntax.Div, Int(7), Int(2), Int(3)}, {syntax.IntDiv, Int(-7), Int(2), Int(-3)},
		{syntax.Mod, Int(7), Int(4), Int(3)}, {syntax.Pow, Int(2), Int(3), Real(8)}, {syntax.Div, Int(7), Real(2), Real(3.5)},
		{syntax.Mul, rowVector(1, 2), vector(3, 4), Real(11)}, {syntax.EltMul, vector(1, 2), vector(3, 4), vector(3, 8)},
		{syntax.EltPow, Real(2), vector(1, 3), vector(2, 8)}, {syntax.Sub, Real(1), rowVector(1, 2), rowVector(0, -1)},
		{syntax.LeftDiv, matrix(2, 2, 2, 1, 1, 3), vector(3, 4), vector(1, 1)},
		{syntax.Div, rowVector(3, 4), matrix(2, 2, 2, 1, 1, 3), rowVector(1, 1)},
		{syntax.Pow, matrix(1, 2, 2, 3), Int(2), matrix(1, 2, 4, 9)}, // by elements, unlike matrix_power
		{syntax.Lt, Int(1), Real(2), Int(1)}, {syntax.Eq, Real(1), Real(2), Int(0)},
	} {
		got, err := Binary(c, test.op, test.x, test.y)
		if err != nil || !got.Type.Equal(test.want.Type) {
			t.Errorf("%v: %v %v, want %v", test.op, got, err, test.want)
			continue
		}
		for i := range got.Data {
			if !closeTo(got.Data[i], test.want.Data[i], 1e-14) {
				t.Errorf("%v: %v, want %v", test.op, got.Data, test.want.Data)
			}
		}
	}
	if _, err := Binary(c, syntax.Div, Int(1), Int(0)); err == nil {
		t.Error("division of ints by zero")
	}
	if v, _ := Unary(c, syntax.Neg, Int(0)); math.Signbit(v.Data[0]) {
		t.Error("-0 among ints")
	}
}

// Powers of negative numbers with whole exponents have derivatives, and so has x^0 at 0.
func TestPowersOfNegativeNumbers(t *testing.T) {
	for _, test := range []struct{ x, y, value, slope float64 }{{-2, 3, -8, 12}, {-2, 2, 4, -4}, {-2, -1, -0.5, -0.25}, {-2, 4, 16, -32}, {0, 0, 1, 0}, {0, 3, 0, 0}} {
		tr := tape.New(1)
		v, err := Binary(&Context{T: tr}, syntax.Pow, Scalar(tr.Input(0)), Real(test.y))
		if err != nil {
			t.Fatal(err)
		}
		p, err := tr.Compile([]tape.Num{v.Num()}, tape.Options{Gradient: true})
		if err != nil {
			t.Fatal(err)
		}
		out, grad := make([]float64, 1), make([]float64, 1)
		p.Run(out, grad, []float64{test.x}, 1)
		if !closeTo(out[0], test.value, 1e-14) || !closeTo(grad[0], test.slope, 1e-14) {
			t.Errorf("%g^%g: %g with derivative %g, want %g and %g", test.x, test.y, out[0], grad[0], test.value, test.slope)
		}
	}
}
