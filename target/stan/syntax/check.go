package syntax

import "slices"

// maxErrors is the number of errors after which Check gives up.
const maxErrors = 10

// Check resolves the names of a program, gives every expression its type and refuses what Stan does not allow. It
// completes the tree in place: types, symbols with slots, calls with their targets, conversions as Promote nodes.
// funcs tells what the function library offers. The error is an Errors with up to ten entries, in the order of the
// text except that functions come first.
func Check(prog *Program, funcs Functions) error {
	c := &checker{prog: prog, lib: funcs, users: map[string][]*FuncDecl{}}
	c.run()
	if len(c.errs) > 0 {
		return c.errs
	}
	return nil
}

type checker struct {
	prog   *Program
	lib    Functions
	errs   Errors
	users  map[string][]*FuncDecl // one entry for each signature: the definition where there is one
	scopes []map[string]*Symbol
	block  BlockKind
	fn     *FuncDecl // function being checked, nil outside
	slots  int       // slots of the frame used so far
	loops  int       // depth of loops
	known  []string  // names for suggestions, made when first asked for
}

// giveUp ends the check when there are enough errors.
type giveUp struct{}

func (c *checker) run() {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(giveUp); !ok {
				panic(r)
			}
		}
	}()
	c.push()
	c.declareFunctions()
	for _, f := range c.prog.Functions {
		c.functionBody(f)
	}
	for _, b := range c.prog.Blocks() {
		c.programBlock(b)
	}
}

// try runs a part of the check; an error inside ends that part only.
func (c *checker) try(part func()) {
	defer func() {
		if r := recover(); r != nil {
			b, ok := r.(*bailout)
			if !ok {
				panic(r)
			}
			c.errs = append(c.errs, b.err)
			if len(c.errs) >= maxErrors {
				panic(giveUp{})
			}
		}
	}()
	part()
}

// fail ends the part of the check at hand.
func (c *checker) fail(pos Pos, format string, args ...any) {
	panic(&bailout{Errorf(pos, format, args...)})
}

func (c *checker) push() { c.scopes = append(c.scopes, map[string]*Symbol{}) }
func (c *checker) pop()  { c.scopes = c.scopes[:len(c.scopes)-1] }

// lookup finds the variable that a name stands for, nil if there is none.
func (c *checker) lookup(name string) *Symbol {
	for _, s := range slices.Backward(c.scopes) {
		if sym := s[name]; sym != nil {
			return sym
		}
	}
	return nil
}

// declare adds a variable to the innermost scope and gives it its slot.
func (c *checker) declare(sym *Symbol) {
	if old := c.lookup(sym.Name); old != nil {
		c.try(func() {
			c.fail(sym.At, "the name %q is already in use: it was declared in line %d", clip(sym.Name), old.At.Line)
		})
		return
	}
	sym.Block = c.block
	sym.Global = c.fn == nil && len(c.scopes) == 1
	if sym.Global {
		sym.Slot = len(c.prog.Globals)
		c.prog.Globals = append(c.prog.Globals, sym)
	} else {
		sym.Slot = c.slots
		c.slots++
	}
	c.scopes[len(c.scopes)-1][sym.Name] = sym
}

// localLevel is the level of a variable of type t declared here.
func (c *checker) localLevel(t Type) Level {
	switch c.block {
	case DataBlock, TransDataBlock, GeneratedBlock:
		return DataLevel
	}
	if t.Kind == Int {
		return DataLevel
	}
	return ParamLevel
}

// programBlock checks one block. The variables of the model block are local to it.
func (c *checker) programBlock(b *ProgramBlock) {
	c.block, c.slots, c.loops = b.Kind, 0, 0
	if b.Kind == ModelBlock {
		c.push()
		defer c.pop()
	}
	c.stmts(b.Body)
	b.Locals = c.slots
}
