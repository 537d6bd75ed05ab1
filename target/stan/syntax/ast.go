// Package syntax reads Stan programs: tokens, syntax tree, types, type checker, and errors that show their place.
//
// The language is that of Stan 2.39. Parse makes the tree, resolving #include; Check resolves every name, gives every
// expression its type and refuses what is not valid. What the function library offers is passed in as Functions, so
// that this package knows the language and nothing of numerics. References: the Stan Reference Manual 2.39, chapters
// "Expressions", "Statements", "Program Blocks", "User-Defined Functions" and "Syntax".
package syntax

// Program is a Stan program. Blocks that are absent are nil.
type Program struct {
	Source      *Source
	Functions   []*FuncDecl // in the order of the text, forward declarations included
	Data        *ProgramBlock
	TransData   *ProgramBlock
	Params      *ProgramBlock
	TransParams *ProgramBlock
	Model       *ProgramBlock
	Generated   *ProgramBlock
	// Globals are the variables declared at the top level of the blocks, in the order of their declaration;
	// Globals[i].Slot is i. Filled by Check.
	Globals []*Symbol
}

// Blocks returns the blocks that are present, in the order of the language.
func (p *Program) Blocks() []*ProgramBlock {
	var out []*ProgramBlock
	for _, b := range []*ProgramBlock{p.Data, p.TransData, p.Params, p.TransParams, p.Model, p.Generated} {
		if b != nil {
			out = append(out, b)
		}
	}
	return out
}

// BlockKind names a block of a program.
type BlockKind uint8

// The blocks in the order of the language; FunctionsBlock also marks parameters and locals of functions.
const (
	NoBlock BlockKind = iota
	FunctionsBlock
	DataBlock
	TransDataBlock
	ParamsBlock
	TransParamsBlock
	ModelBlock
	GeneratedBlock
)

var blockNames = [...]string{"", "functions", "data", "transformed data", "parameters",
	"transformed parameters", "model", "generated quantities"}

// String is the heading of the block, such as "transformed data".
func (k BlockKind) String() string { return blockNames[k] }

// ProgramBlock is one block of a program.
type ProgramBlock struct {
	Kind BlockKind
	At   Pos
	End  Pos // the closing brace
	Body []Stmt
	// Decls are the declarations at the top level of the block, in order (in the model block these are local).
	Decls []*VarDecl
	// Locals is the number of slots that the local variables of the block need. Filled by Check.
	Locals int
}

// Level says what an expression depends on.
type Level uint8

const (
	// DataLevel expressions can be computed from data alone.
	DataLevel Level = iota
	// ParamLevel expressions may depend on parameters.
	ParamLevel
)

// Symbol is a variable: one declared in a program block, a local variable, a function parameter or a loop variable.
type Symbol struct {
	Name  string
	Type  Type
	Block BlockKind // block that declares it; FunctionsBlock inside functions
	// Global symbols are declared at the top level of a block other than the model block; Slot indexes Program.Globals.
	// The slot of a local symbol indexes the frame of its block (ProgramBlock.Locals) or function (FuncDecl.Locals);
	// no two symbols of one frame share a slot, and function parameters have the slots 0, 1, ... of their order.
	Global bool
	Slot   int
	Level  Level
	Decl   *VarDecl // nil for loop variables and function parameters
	At     Pos
	Kind   SymbolKind
}

// SymbolKind says what introduced a variable.
type SymbolKind uint8

const (
	// DeclaredVar is introduced by a declaration.
	DeclaredVar SymbolKind = iota
	// LoopVar is the variable of a for loop; it cannot be assigned to.
	LoopVar
	// ParamVar is a function parameter; it cannot be assigned to.
	ParamVar
)
