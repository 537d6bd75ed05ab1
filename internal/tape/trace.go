package tape

import "fmt"

// Ref is a node of a trace; 0 stands for no node, that is, a constant.
type Ref int32

// Num is a number while recording: a node, or (Ref 0) the constant V.
type Num struct {
	Ref Ref
	V   float64
}

// Const is a constant number.
func Const(v float64) Num { return Num{V: v} }

// IsConst tells that the number is a constant.
func (n Num) IsConst() bool { return n.Ref == 0 }

// DefaultLimit is the number of nodes a trace may have unless Limit says otherwise.
const DefaultLimit = 2_000_000

// Trace records scalar arithmetic. A trace is not safe for concurrent use.
type Trace struct {
	// Limit is the largest number of nodes, default DefaultLimit; a trace that grows beyond it records nothing more,
	// and Err says so.
	Limit int

	g      *graph
	inputs []Num
	guards []guard
	masks  []Num // the condition under which each open mask is active, outer masks included
	err    error
}

// New starts a trace of a function of some inputs (coordinates).
func New(inputs int) *Trace {
	t := &Trace{Limit: DefaultLimit, g: newGraph(1024), inputs: make([]Num, inputs)}
	for k := range t.inputs {
		t.inputs[k] = t.g.add(opInput, int32(k), 0, 0)
	}
	return t
}

// Inputs is the number of inputs.
func (t *Trace) Inputs() int { return len(t.inputs) }

// Input is the k-th coordinate.
func (t *Trace) Input(k int) Num { return t.inputs[k] }

// Len is the number of nodes recorded so far.
func (t *Trace) Len() int { return len(t.g.nodes) - 1 }

// Err is the first error of the recording: the trace grew beyond its limit.
func (t *Trace) Err() error { return t.err }

// full checks the limit; once exceeded, every operation gives the constant 0 and the error stays.
func (t *Trace) full(more int) bool {
	if t.err != nil {
		return true
	}
	if len(t.g.nodes)+more > t.Limit+1 {
		t.err = fmt.Errorf("the density needs more than %d operations", t.Limit)
		return true
	}
	return false
}

// Op1 records a one-operand operation. Constants fold; equal operations are stored once. About 50 ns.
func (t *Trace) Op1(op Op, a Num) Num {
	if a.Ref != 0 && t.full(1) {
		return Num{}
	}
	return t.g.op1(op, a)
}

// Op2 records a two-operand operation.
func (t *Trace) Op2(op Op, a, b Num) Num {
	if (a.Ref != 0 || b.Ref != 0) && t.full(1) {
		return Num{}
	}
	return t.g.op2(op, a, b)
}

// Op3 records a three-operand operation.
func (t *Trace) Op3(op Op, a, b, c Num) Num {
	if (a.Ref != 0 || b.Ref != 0 || c.Ref != 0) && t.full(1) {
		return Num{}
	}
	return t.g.op3(op, a, b, c)
}
