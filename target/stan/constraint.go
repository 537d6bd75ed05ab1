package stan

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"wgf/internal/tape"
	"wgf/target/stan/library"
	"wgf/target/stan/syntax"
)

// transform is a constraint on vectors or matrices as a whole, such as simplex: the map from unconstrained numbers to
// values of the constrained type, its inverse, and the test whether a value satisfies it. size holds the sizes of one
// vector or matrix; matrices are row-major. Each constraint is a file constraint_NAME.go. Reference: Stan Reference
// Manual 2.39, chapter "Constraint Transforms".
type transform struct {
	// free is the number of unconstrained numbers.
	free func(size []int) int
	// constrain maps x to the constrained value and gives the log absolute Jacobian determinant.
	constrain func(m *machine, x []tape.Num, size []int) (y []tape.Num, jacobian tape.Num)
	// unconstrain is the inverse of constrain, for a y that satisfies check.
	unconstrain func(y []float64, size []int) []float64
	// check calls need with each condition and with what is wrong where it does not hold.
	check func(m *machine, y []tape.Num, size []int, need needFn)
}

// needFn demands a condition; problem says what is wrong with the value called name.
type needFn func(ok tape.Num, problem func(name string) string)

// tolerance is how far sums and the like may be off.
const tolerance = 1e-8

func transformOf(k syntax.ConstraintKind) *transform {
	switch k {
	case syntax.Simplex:
		return &simplex
	case syntax.Ordered:
		return &ordered
	case syntax.PositiveOrdered:
		return &positiveOrdered
	case syntax.UnitVector:
		return &unitVector
	case syntax.SumToZeroVector:
		return &sumToZeroVector
	case syntax.SumToZeroMatrix:
		return &sumToZeroMatrix
	case syntax.ColumnStochastic:
		return &columnStochastic
	case syntax.RowStochastic:
		return &rowStochastic
	case syntax.CholeskyFactorCorr:
		return &choleskyFactorCorr
	case syntax.CholeskyFactorCov:
		return &choleskyFactorCov
	case syntax.CorrMatrix:
		return &corrMatrix
	case syntax.CovMatrix:
		return &covMatrix
	}
	return nil
}

// variable is a declaration at the top level of a block, compiled.
type variable struct {
	name   string
	pos    syntax.Pos
	slot   int
	typ    syntax.Type
	spec   *syntax.TypeSpec
	sizes  func(f *frame) []int
	whole  *transform // constraint on vectors or matrices
	lower  valFn      // nil: none
	upper  valFn
	offset valFn
	scale  valFn
}

// variable compiles a declaration with its constraint.
func (c *compiler) variable(d *syntax.VarDecl) *variable {
	v := &variable{name: d.Name, pos: d.Pos(), slot: d.Sym.Slot, typ: d.Spec.Type, spec: d.Spec}
	if !c.supported(d.Pos(), v.typ) {
		return v
	}
	v.sizes = c.sizes(d.Spec)
	k := &d.Spec.Constraint
	switch k.Kind {
	case syntax.NoConstraint:
	case syntax.BoundsConstraint:
		v.lower, v.upper = c.bound(k.Lower), c.bound(k.Upper)
	case syntax.OffsetMultiplier:
		v.offset, v.scale = c.bound(k.Offset), c.bound(k.Multiplier)
	default:
		if v.whole = transformOf(k.Kind); v.whole == nil {
			c.refuse(d.Pos(), "%s is part of Stan but not supported by wgf", k.Kind.TypeName())
		}
	}
	return v
}

func (c *compiler) bound(e syntax.Expr) valFn {
	if e == nil {
		return nil
	}
	return c.value(e)
}

// elements splits dims into the number of array elements and the sizes of one vector or matrix.
func (v *variable) elements(dims []int) (count int, size []int) {
	count = 1
	for _, d := range dims[:v.typ.ArrayDims] {
		count *= d
	}
	return count, dims[v.typ.ArrayDims:]
}

// free is the number of unconstrained numbers of the variable.
func (v *variable) free(dims []int) int {
	count, size := v.elements(dims)
	if v.whole != nil {
		if count == 0 {
			return 0
		}
		return count * v.whole.free(size)
	}
	for _, d := range size {
		count *= d
	}
	return count
}

// freeDims are the sizes of the unconstrained numbers of one vector or matrix, as their names show them.
func (v *variable) freeDims(size []int) []int {
	switch v.spec.Constraint.Kind {
	case syntax.SumToZeroMatrix:
		return []int{max(0, size[0]-1), max(0, size[1]-1)}
	case syntax.ColumnStochastic:
		return []int{max(0, size[0]-1), size[1]}
	case syntax.RowStochastic:
		return []int{size[0], max(0, size[1]-1)}
	}
	return []int{v.whole.free(size)}
}

// args are the bounds, or offset and multiplier, of one run.
type args struct{ lower, upper, offset, scale library.Value }

func (v *variable) args(f *frame, dims []int) args {
	get := func(fn valFn, what string) library.Value {
		if fn == nil {
			return library.Value{}
		}
		x := fn(f)
		if !x.IsScalar() && !sameDims(x.Dims, dims) {
			fail(broken, v.pos, "the %s of %s has size %s, the variable has size %s", what, v.name, dimsText(x.Dims), dimsText(dims))
		}
		return x
	}
	return args{get(v.lower, "lower bound"), get(v.upper, "upper bound"), get(v.offset, "offset"), get(v.scale, "multiplier")}
}

// at is number i of a bound, or the default where there is none.
func at(v library.Value, i int, def float64) tape.Num {
	switch len(v.Data) {
	case 0:
		return tape.Num{V: def}
	case 1:
		return v.At(0)
	}
	return v.At(i)
}

// number gives the transform of one number.
func (v *variable) number(a *args, i int) scalarTransform {
	if v.offset != nil || v.scale != nil {
		return affine{v, at(a.offset, i, 0), at(a.scale, i, 1)}
	}
	return bounds{v, at(a.lower, i, math.Inf(-1)), at(a.upper, i, math.Inf(1))}
}

// scalarTransform is a constraint on single numbers.
type scalarTransform interface {
	constrain(m *machine, x tape.Num) (y, jacobian tape.Num)
	unconstrain(y float64) float64
	check(m *machine, y tape.Num, need needFn)
}

// order calls f with the row-major place of every number of a variable without whole-object constraint in the order
// of the unconstrained numbers: array elements one after another, matrices column by column.
func (v *variable) order(dims []int, f func(place int)) {
	count, size := v.elements(dims)
	if len(size) < 2 {
		for _, d := range size {
			count *= d
		}
		for i := range count {
			f(i)
		}
		return
	}
	rows, cols := size[0], size[1]
	for e := range count {
		for j := range cols {
			for i := range rows {
				f(e*rows*cols + i*cols + j)
			}
		}
	}
}

// constrain makes the value of a parameter of unconstrained numbers; add receives the log Jacobian.
func (v *variable) constrain(f *frame, dims []int, x []tape.Num, add func(tape.Num)) library.Value {
	m, out := f.m, library.New(v.typ, dims...)
	if v.whole == nil {
		a := v.args(f, dims)
		k := 0
		v.order(dims, func(i int) {
			y, jacobian := v.number(&a, i).constrain(m, x[k])
			k++
			out.Set(i, y)
			add(jacobian)
		})
		return out
	}
	count, size := v.elements(dims)
	if count == 0 {
		return out
	}
	n, step := v.whole.free(size), len(out.Data)/count
	for e := range count {
		y, jacobian := v.whole.constrain(m, x[e*n:(e+1)*n], size)
		for i, u := range y {
			out.Set(e*step+i, u)
		}
		add(jacobian)
	}
	return out
}

// unconstrain is the inverse of constrain for a constant value that satisfies check.
func (v *variable) unconstrain(f *frame, y library.Value) []float64 {
	var x []float64
	if v.whole == nil {
		a := v.args(f, y.Dims)
		v.order(y.Dims, func(i int) { x = append(x, v.number(&a, i).unconstrain(y.Data[i])) })
		return x
	}
	count, size := v.elements(y.Dims)
	for e := range count {
		step := len(y.Data) / count
		x = append(x, v.whole.unconstrain(y.Data[e*step:(e+1)*step], size)...)
	}
	return x
}

// check demands that a value satisfies the constraint.
func (v *variable) check(f *frame, y library.Value, kind failKind) {
	m := f.m
	demand := func(name func() string) needFn {
		return func(ok tape.Num, problem func(string) string) {
			m.require(v.pos, kind, ok, func() string { return problem(name()) })
		}
	}
	if v.whole == nil {
		if v.lower == nil && v.upper == nil {
			return
		}
		a := v.args(f, y.Dims)
		for i := range y.Data {
			v.number(&a, i).check(m, y.At(i), demand(func() string { return elementName(v.name, y.Dims, i) }))
		}
		return
	}
	count, size := v.elements(y.Dims)
	for e := range count {
		step := len(y.Data) / count
		part := y.Slice(library.VectorType, []int{step}, e*step, (e+1)*step)
		v.whole.check(m, part.Nums(), size, demand(func() string {
			return elementName(v.name, y.Dims[:v.typ.ArrayDims], e)
		}))
	}
}

// checked tells whether values of the variable need a check.
func (v *variable) checked() bool { return v.whole != nil || v.lower != nil || v.upper != nil }

// elementName is name[i,j] for the row-major place at in dims.
func elementName(name string, dims []int, at int) string {
	if len(dims) == 0 {
		return name
	}
	index := make([]string, len(dims))
	for d := len(dims) - 1; d >= 0; d-- {
		index[d] = strconv.Itoa(at%dims[d] + 1)
		at /= dims[d]
	}
	return name + "[" + strings.Join(index, ",") + "]"
}

// addUp adds numbers up.
func (m *machine) addUp(xs []tape.Num) tape.Num {
	var s float64
	for i, x := range xs {
		if x.Ref != 0 {
			return m.ctx.T.Sum(append(append([]tape.Num(nil), xs[i:]...), tape.Num{V: s}))
		}
		s += x.V
	}
	return tape.Num{V: s}
}

func must(what string, v tape.Num, name string) string {
	return fmt.Sprintf("%s is %s, but must be %s", name, formatNum(v), what)
}
