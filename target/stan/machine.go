package stan

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"wgf/internal/tape"
	"wgf/target/stan/library"
	"wgf/target/stan/syntax"
)

// machine is one run of a program: over constants (transformed data, generated quantities, Explain), or over the
// nodes of a trace (density, constraining transform). The compiled program is the same for all of them; a number
// knows by itself whether it is a constant.
//
// Inside the evaluator what goes wrong travels as a panic with a *failure, which guard turns into an error at the
// border; everywhere else of the package errors are returned.
type machine struct {
	ctx     library.Context
	globals []cell // by Symbol.Slot
	print   io.Writer

	jacobian bool  // jacobian += counts
	sum            // what has been added to the target under the mask of the branch being recorded
	outer    []sum // what had been added outside of it, branch by branch

	state                     // of masking
	masks     int             // serial number of the last mask
	calls     int             // depth of user function calls
	limitSite []syntax.Pos    // loops that are running, outermost first
	args      []library.Value // stack of the arguments of library functions
}

// sum is what has been added to the target.
type sum struct {
	terms    []tape.Num // what depends on parameters
	target   float64    // the rest
	termMask int        // mask under which the list was begun
}

// state says which particles the statements being recorded are for.
type state struct {
	mask  tape.Num // condition, where maskID is not 0
	id    int      // serial number of the mask, 0: all particles
	depth int      // open masks of the trace
}

// cell is the storage of one variable: num for int and real, val for everything else.
type cell struct {
	num  tape.Num
	val  library.Value
	mask int // serial number of the mask under which the variable was declared
}

// frame holds the local variables of a block or of one call of a user function.
type frame struct {
	m     *machine
	cells []cell
	// What a function returns, collected over the returns of particles that part ways.
	ret      cell
	hasRet   bool
	returned tape.Num // particles that have returned while others went on
	entry    int      // mask at the entry
	leaves   int      // how often particles left a loop or the function under a mask
	loop     *loop
}

// failKind says what a failure means for a density.
type failKind uint8

const (
	// rejected: there is no density at this point (reject, an argument outside the domain, a violated constraint).
	rejected failKind = iota
	// broken: the statement cannot be executed (an index out of range, sizes that do not match).
	broken
	// refused: the program asks for something that cannot be recorded, whatever the point.
	refused
)

// failure is what stops a run.
type failure struct {
	kind failKind
	pos  syntax.Pos
	msg  string
}

func fail(kind failKind, pos syntax.Pos, format string, args ...any) {
	panic(&failure{kind, pos, fmt.Sprintf(format, args...)})
}

// Error shows the place as errors of the parser do.
func (e *failure) Error() string { return syntax.Errorf(e.pos, "%s", e.msg).Error() }

// protect runs f and returns the failure that stopped it.
func protect(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			fl, ok := r.(*failure)
			if !ok {
				panic(r)
			}
			err = fl
		}
	}()
	f()
	return nil
}

// isReject tells whether an error of protect means that there is no density, rather than that the program is at fault.
func isReject(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.kind == rejected
}

func (m *machine) op1(op tape.Op, a tape.Num) tape.Num {
	if a.Ref == 0 {
		return tape.Num{V: tape.Eval1(op, a.V)}
	}
	return m.ctx.T.Op1(op, a)
}

func (m *machine) op2(op tape.Op, a, b tape.Num) tape.Num {
	if a.Ref == 0 && b.Ref == 0 {
		return tape.Num{V: tape.Eval2(op, a.V, b.V)}
	}
	return m.ctx.T.Op2(op, a, b)
}

// pick is cond ? a : b for a traced condition.
func (m *machine) pick(cond, a, b tape.Num) tape.Num {
	if a == b {
		return a
	}
	if cond.Ref == 0 {
		if cond.V != 0 {
			return a
		}
		return b
	}
	return m.ctx.T.Op3(tape.Select, cond, a, b)
}

// add adds a number to the target.
func (m *machine) add(x tape.Num) {
	if m.id != m.termMask {
		x = m.pick(m.mask, x, tape.Num{})
	}
	if x.Ref == 0 {
		m.target += x.V
		return
	}
	m.terms = append(m.terms, x)
}

// total is what has been added in the branch being recorded.
func (m *machine) total() tape.Num {
	if len(m.terms) == 0 {
		return tape.Num{V: m.target}
	}
	if m.target != 0 {
		return m.ctx.T.Sum(append(m.terms[:len(m.terms):len(m.terms)], tape.Num{V: m.target}))
	}
	return m.ctx.T.Sum(m.terms)
}

// targetSoFar is target().
func (m *machine) targetSoFar() tape.Num {
	v := m.total()
	inner := m.sum
	for _, s := range m.outer {
		m.sum = s
		v = m.op2(tape.Add, m.total(), v)
	}
	m.sum = inner
	return v
}

// watch stops a run whose trace has grown beyond its limit, naming the outermost loop.
func (m *machine) watch(pos syntax.Pos) {
	if m.ctx.T == nil {
		return
	}
	if err := m.ctx.T.Err(); err != nil {
		if len(m.limitSite) > 0 {
			pos = m.limitSite[0]
		}
		fail(refused, pos, "%v; this is where it grew beyond that: use vectors instead of a loop, or fewer data", err)
	}
}

// call runs a function of the library.
func (m *machine) call(pos syntax.Pos, fn *library.Function, args []library.Value) library.Value {
	v, err := fn.Eval(&m.ctx, args)
	if err != nil {
		m.libraryFailure(pos, err)
	}
	return v
}

// libraryFailure stops the run for an error of the library: an argument outside the domain rejects the point, sizes
// that do not match are a fault of the program or its data.
func (m *machine) libraryFailure(pos syntax.Pos, err error) {
	kind := rejected
	for _, sizes := range [...]string{"must match in size", "must be the same size", "consistently sized"} {
		if strings.Contains(err.Error(), sizes) {
			kind = broken
		}
	}
	fail(kind, pos, "%s", err)
}
