package syntax_test

import (
	"sort"

	. "wgf/target/stan/syntax"
)

// table is a small function library for the tests.
type table map[string][]Signature

func (t table) Signatures(name string) []Signature { return t[name] }

func (t table) Names() []string {
	var out []string
	for n := range t {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

var (
	tInt   = TypeOf(Int)
	tReal  = TypeOf(Real)
	tReals = TypeOf(Reals)
	tInts  = TypeOf(Ints)
	tVec   = TypeOf(Vector)
	arReal = ArrayOf(TypeOf(Real), 1)
	arInt  = ArrayOf(TypeOf(Int), 1)
)

func testLibrary() table {
	t := table{}
	add := func(name string, result Type, args ...Type) {
		t[name] = append(t[name], Signature{Args: args, Result: result})
	}
	add("sum", tInt, arInt)
	add("sum", tReal, arReal)
	for _, k := range []Kind{Vector, RowVector, Matrix} {
		add("sum", tReal, TypeOf(k))
	}
	add("exp", TypeOf(Each), TypeOf(Each))
	add("fmax", TypeOf(Each), TypeOf(Each), TypeOf(Each))
	add("num_elements", tInt, TypeOf(Any))
	add("reverse", ArrayOf(TypeOf(Any), 1), ArrayOf(TypeOf(Any), 1))
	add("normal_lpdf", tReal, tReals, tReals, tReals)
	add("normal_lcdf", tReal, tReals, tReals, tReals)
	add("normal_lccdf", tReal, tReals, tReals, tReals)
	add("normal_rng", tReals, tReals, tReals)
	add("std_normal_lpdf", tReal, tReals)
	add("multi_normal_lpdf", tReal, TypeOf(Vectors), TypeOf(Vectors), TypeOf(Matrix))
	add("poisson_lpmf", tReal, tInts, tReals)
	add("poisson_lcdf", tReal, tInts, tReals)
	add("poisson_lccdf", tReal, tInts, tReals)
	add("poisson_rng", tInts, tReals)
	f := Type{Kind: Func, Func: &FuncType{Params: []Type{tReal, arReal, arReal, arReal, arInt},
		DataOnly: []bool{false, false, false, true, true}, Result: arReal}}
	ode := Signature{Args: []Type{f, arReal, tReal, arReal, arReal, arReal, arInt}, Result: ArrayOf(tReal, 2),
		DataOnly: []bool{false, false, false, false, false, true, true}}
	tol := ode
	tol.Args = append(append([]Type{}, ode.Args...), tReal, tReal, tReal)
	t["integrate_ode_rk45"] = []Signature{ode, tol}
	t["ode_rk45"] = []Signature{{Text: "((real, vector, ...) => vector, vector, real, array[] real, ...) => array[] vector", Match: matchODE, Supplied: 2}}
	t["reduce_sum"] = []Signature{{Text: "((array[] T, int, int, ...) => real, array[] T, int, ...) => real", Match: matchReduce, Supplied: 3}}
	return t
}

// matchODE passes the arguments after the fourth on to the function.
func matchODE(args []Type) ([]Type, Type, bool) {
	if len(args) < 4 || args[0].Kind != Func {
		return nil, Type{}, false
	}
	f := args[0].Func
	if len(f.Params) < 2 || len(f.Params)+2 != len(args) || !f.Params[1].Equal(tVec) {
		return nil, Type{}, false
	}
	return append([]Type{args[0], tVec, tReal, arReal}, f.Params[2:]...), ArrayOf(tVec, 1), true
}

func matchReduce(args []Type) ([]Type, Type, bool) {
	if len(args) < 3 || args[0].Kind != Func || len(args[0].Func.Params) != len(args) {
		return nil, Type{}, false
	}
	f := args[0].Func
	return append([]Type{args[0], f.Params[0], tInt}, f.Params[3:]...), tReal, true
}
