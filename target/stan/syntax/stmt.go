package syntax

// Stmt is a statement: one of *VarDecl, *Assign, *TupleAssign, *TargetAdd, *JacobianAdd, *Tilde, *If, *For, *ForEach,
// *While, *Break, *Continue, *Return, *Print, *Profile, *Block, *CallStmt, *Empty.
type Stmt interface {
	Pos() Pos
	stmt()
}

type stmtInfo struct{ At Pos }

func (s *stmtInfo) Pos() Pos { return s.At }
func (s *stmtInfo) stmt()    {}

// AssignOp is the operator of an assignment: plain, or compound as x += y for x = x + y.
type AssignOp struct {
	Compound bool
	Op       BinaryOp // where Compound: Add, Sub, Mul, Div, EltMul or EltDiv
}

// Assign is LHS = RHS or LHS op= RHS; RHS is promoted to the type of LHS where the assignment is plain.
type Assign struct {
	stmtInfo
	LHS *LValue
	Op  AssignOp
	RHS Expr
}

// LValue is the place that an assignment writes to: a variable, then indices and tuple fields in the order written.
type LValue struct {
	At    Pos
	Name  string
	Sym   *Symbol
	Steps []Step
	Type  Type // of the place; set by Check
}

// Step goes from a value into a part of it: by indices where Field is 0, else to tuple field Field (from 1).
type Step struct {
	At      Pos
	Indices []Index
	Field   int
	Type    Type // after the step; set by Check
}

// TupleAssign is (a, b[1], (c, d)) = RHS.
type TupleAssign struct {
	stmtInfo
	Targets []TupleTarget
	RHS     Expr
}

// TupleTarget is one place on the left of a tuple assignment: an LValue, or nested targets.
type TupleTarget struct {
	LValue *LValue
	Nested []TupleTarget
	Type   Type // of the place, to which the element is promoted; set by Check
}

// TargetAdd is target += X, where all elements of a container are added.
type TargetAdd struct {
	stmtInfo
	X Expr
}

// JacobianAdd is jacobian += X.
type JacobianAdd struct {
	stmtInfo
	X Expr
}

// Tilde is X ~ Dist(Args) T[Lower, Upper]: target += Dist_lupdf(X | Args), or _lupmf.
type Tilde struct {
	stmtInfo
	X     Expr
	Dist  string // as written
	Args  []Expr
	Trunc *Truncation // nil: none
	// Func is the full name: Dist_lpdf or Dist_lpmf. Exactly one of Decl and Lib is set.
	Func string
	Decl *FuncDecl
	Lib  *Resolved
}

// Truncation is T[Lower, Upper]; a bound that is absent is nil. The calls that normalise are ready to be evaluated, nil
// where the bounds do not need them: with L and U the bounds (L less one for a mass function) subtract
// lcdf(U) for an upper bound, lccdf(L) for a lower one, log_diff_exp(lcdf(U), lcdf(L)) for both. A variate that is a
// container counts once for each element: where all parameters are scalars the term is multiplied by its length, where
// one is a container a single bound's function is already a sum, and log_diff_exp is summed over the elements.
// A variate outside the bounds has density zero.
type Truncation struct {
	At           Pos
	Lower, Upper Expr
	CDF          *Call // lcdf at the upper bound
	CCDF         *Call // lccdf at the lower bound; only where there is no upper bound
	LowerCDF     *Call // lcdf at the lower bound; only where there is an upper bound
}

// If is if (Cond) Then else Else; Else is nil where absent.
type If struct {
	stmtInfo
	Cond       Expr
	Then, Else Stmt
}

// For is for (Var in Lo:Hi) Body; it runs no iteration where Hi < Lo.
type For struct {
	stmtInfo
	Var    *Symbol
	Lo, Hi Expr
	Body   Stmt
}

// ForEach is for (Var in X) Body over the elements of an array, vector or row_vector, or over a matrix column by column.
type ForEach struct {
	stmtInfo
	Var  *Symbol
	X    Expr
	Body Stmt
}

// While is while (Cond) Body.
type While struct {
	stmtInfo
	Cond Expr
	Body Stmt
}

// Break leaves the innermost loop.
type Break struct{ stmtInfo }

// Continue goes on with the next iteration of the innermost loop.
type Continue struct{ stmtInfo }

// Return ends a function; X is nil in void functions, else promoted to the result type.
type Return struct {
	stmtInfo
	X Expr
}

// PrintKind tells print, reject and fatal_error apart.
type PrintKind uint8

// The statements that take a list of texts and values.
const (
	PrintStmt PrintKind = iota
	RejectStmt
	FatalStmt
)

// Print is print, reject or fatal_error; texts among the arguments are *StringLit.
type Print struct {
	stmtInfo
	Kind PrintKind
	Args []Expr
}

// Profile is profile("name") { ... }, a block for all purposes but timing.
type Profile struct {
	stmtInfo
	Name string
	Body []Stmt
}

// Block is { ... }, a scope of its own.
type Block struct {
	stmtInfo
	Body []Stmt
}

// CallStmt is a call of a function that returns nothing.
type CallStmt struct {
	stmtInfo
	Call *Call
}

// Empty is a lone semicolon.
type Empty struct{ stmtInfo }
