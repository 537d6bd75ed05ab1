package syntax

// VarDecl is the declaration of one variable; a list `real a, b = 2;` gives one VarDecl for each name, with one Spec.
// As a Stmt its Pos is that of the name.
type VarDecl struct {
	stmtInfo
	Name string
	Spec *TypeSpec
	Init Expr // definition, promoted to the type of the variable; nil: none
	Sym  *Symbol
}

// TypeSpec is the type of a declaration with its sizes and constraint.
type TypeSpec struct {
	At         Pos
	Type       Type   // unsized, with array dimensions
	Dims       []Expr // array sizes, outermost first
	Sizes      []Expr // sizes of the element: vector 1, matrix 2, cholesky_factor_cov 1 or 2, none for scalars
	Constraint Constraint
	Elems      []*TypeSpec // tuple elements
	checked    bool
}

// ConstraintKind says what values a declaration admits, or how a parameter is transformed.
type ConstraintKind uint8

// The constraints of the language.
const (
	NoConstraint     ConstraintKind = iota
	BoundsConstraint                // lower, upper or both
	OffsetMultiplier                // offset, multiplier or both
	Simplex
	UnitVector
	Ordered
	PositiveOrdered
	SumToZeroVector
	SumToZeroMatrix
	ColumnStochastic
	RowStochastic
	CholeskyFactorCorr
	CholeskyFactorCov
	CorrMatrix
	CovMatrix
)

var constraintNames = [...]string{"", "", "", "simplex", "unit_vector", "ordered", "positive_ordered",
	"sum_to_zero_vector", "sum_to_zero_matrix", "column_stochastic_matrix", "row_stochastic_matrix",
	"cholesky_factor_corr", "cholesky_factor_cov", "corr_matrix", "cov_matrix"}

// TypeName is the type that the constraint stands for in a declaration, such as "simplex"; "" for bounds and offset.
func (k ConstraintKind) TypeName() string { return constraintNames[k] }

// Constraint is the constraint of a declaration. Expressions that are absent are nil; they may be scalars or, for
// containers, containers of the shape of the variable.
type Constraint struct {
	Kind               ConstraintKind
	Lower, Upper       Expr
	Offset, Multiplier Expr
}

// FuncDecl is a user function.
type FuncDecl struct {
	At     Pos
	Name   string
	Params []*Param
	Result Type
	Body   *Block // nil: a forward declaration
	// Locals is the number of slots of the frame, parameters included. Filled by Check.
	Locals int
	// Def is the definition that a forward declaration announces, itself for a definition. Filled by Check.
	Def *FuncDecl
}

// Param is a parameter of a user function.
type Param struct {
	At       Pos
	Name     string
	Type     Type
	DataOnly bool
	Sym      *Symbol // its slot is its index
}

// Type is the type of the function.
func (f *FuncDecl) Type() *FuncType {
	t := &FuncType{Name: f.Name, Result: f.Result}
	for _, p := range f.Params {
		t.Params = append(t.Params, p.Type)
		t.DataOnly = append(t.DataOnly, p.DataOnly)
	}
	return t
}
