package syntax

// Expr is an expression: one of *IntLit, *RealLit, *ImagLit, *StringLit, *Var, *Unary, *Binary, *Ternary, *IndexExpr,
// *FieldExpr, *ArrayLit, *RowLit, *TupleLit, *Call, *FuncRef, *Promote.
type Expr interface {
	Pos() Pos
	Type() Type   // set by Check
	Level() Level // set by Check: whether it may depend on parameters
	info() *exprInfo
}

type exprInfo struct {
	pos    Pos
	typ    Type
	level  Level
	parens bool // written in parentheses
	depth  int32
}

func (e *exprInfo) Pos() Pos        { return e.pos }
func (e *exprInfo) Type() Type      { return e.typ }
func (e *exprInfo) Level() Level    { return e.level }
func (e *exprInfo) info() *exprInfo { return e }

// IntLit is an integer constant.
type IntLit struct {
	exprInfo
	Value int
}

// RealLit is a real constant; Text is as written.
type RealLit struct {
	exprInfo
	Value float64
	Text  string
}

// ImagLit is an imaginary constant such as 3i; Text is as written.
type ImagLit struct {
	exprInfo
	Value float64
	Text  string
}

// StringLit is a text, which only print, reject, fatal_error and profile take. Its type is Void.
type StringLit struct {
	exprInfo
	Value string
}

// Var is the use of a variable.
type Var struct {
	exprInfo
	Name string
	Sym  *Symbol
}

// UnaryOp is an operator of one operand.
type UnaryOp uint8

// The unary operators.
const (
	Neg       UnaryOp = iota // -x
	Plus                     // +x
	Not                      // !x
	Transpose                // x'
)

// Unary is an operator applied to one operand.
type Unary struct {
	exprInfo
	Op UnaryOp
	X  Expr
}

// BinaryOp is an operator of two operands.
type BinaryOp uint8

// The binary operators.
const (
	Or      BinaryOp = iota // ||
	And                     // &&
	Eq                      // ==
	Ne                      // !=
	Lt                      // <
	Le                      // <=
	Gt                      // >
	Ge                      // >=
	Add                     // +
	Sub                     // -
	Mul                     // *
	Div                     // /
	Mod                     // %
	IntDiv                  // %/%
	LeftDiv                 // \
	EltMul                  // .*
	EltDiv                  // ./
	Pow                     // ^
	EltPow                  // .^
)

var (
	unaryNames  = [...]string{"-", "+", "!", "'"}
	binaryNames = [...]string{"||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "%/%", "\\",
		".*", "./", "^", ".^"}
)

func (op UnaryOp) String() string  { return unaryNames[op] }
func (op BinaryOp) String() string { return binaryNames[op] }

// Binary is an operator applied to two operands. Operators promote by themselves: an operand may be int where the
// result is real. Div of two ints is the integer division of Stan (truncating), so is IntDiv.
type Binary struct {
	exprInfo
	Op   BinaryOp
	X, Y Expr
	OpAt Pos // place of the operator
}

// Ternary is Cond ? Then : Else, both branches promoted to the type of the whole.
type Ternary struct {
	exprInfo
	Cond, Then, Else Expr
}

// IndexKind says what one index selects.
type IndexKind uint8

// The kinds of index.
const (
	IndexSingle IndexKind = iota // x[i]: Lo is an int; takes one element and drops the dimension
	IndexMulti                   // x[is]: Lo is an array[] int
	IndexAll                     // x[] or x[:]
	IndexFrom                    // x[lo:]
	IndexUpTo                    // x[:hi]
	IndexRange                   // x[lo:hi]; empty where hi < lo
)

// Index is one index of a list; Lo and Hi are nil where the kind has none.
type Index struct {
	Kind   IndexKind
	Lo, Hi Expr
	At     Pos
}

// IndexExpr is X[Indices]. Dimensions beyond the indices are kept whole.
type IndexExpr struct {
	exprInfo
	X       Expr
	Indices []Index
}

// FieldExpr is X.Field of a tuple; fields count from 1.
type FieldExpr struct {
	exprInfo
	X     Expr
	Field int
}

// ArrayLit is {a, b, c}; elements are promoted to one type.
type ArrayLit struct {
	exprInfo
	Elems []Expr
}

// RowLit is [a, b, c]: a row_vector of scalars or a matrix of row vectors.
type RowLit struct {
	exprInfo
	Elems []Expr
}

// TupleLit is (a, b, c).
type TupleLit struct {
	exprInfo
	Elems []Expr
}

// Call is a function call. Exactly one of Decl and Lib is set by Check; target() has neither.
type Call struct {
	exprInfo
	Name string // as written
	Args []Expr // promoted to the parameter types
	Bar  bool   // the first argument is followed by |
	// Decl is the user function called: the definition where there is one in the program.
	Decl *FuncDecl
	// Lib is the library signature called; Lib.Name is the name to look up (_lupdf resolved to _lpdf).
	Lib *Resolved
	// Unnormalized is true for _lupdf and _lupmf: constant terms may be dropped.
	Unnormalized bool
	// Target is true for target().
	Target bool
}

// FuncRef is a function passed by name to a functional: a user function (Decl) or a library function (Decl nil).
type FuncRef struct {
	exprInfo
	Name string
	Decl *FuncDecl
}

// Promote is a conversion that the program does not write: X to the type of the whole, such as int to real,
// array[] int to array[] real, real to complex, or elementwise inside a tuple.
type Promote struct {
	exprInfo
	X Expr
}
