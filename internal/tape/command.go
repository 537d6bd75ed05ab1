package tape

import (
	"wgf/internal/simd"
)

// command is an instruction with addresses, for one workspace.
type command struct {
	kernel func(*simd.RowArgs) // if not nil
	args   simd.RowArgs
	other  func() // else
}

// rowOps are the operations that are row kernels as they stand.
var rowOps = map[Op]simd.RowOp{
	Add: simd.RowAdd, Sub: simd.RowSub, Mul: simd.RowMul, Div: simd.RowDiv, Max: simd.RowMax, Min: simd.RowMin,
	opMaxStop: simd.RowMax, LT: simd.RowLT, LE: simd.RowLE, EQ: simd.RowEQ, opMulZ: simd.RowMulZ, FMA: simd.RowFMA,
	opNegFMA: simd.RowNegFMA, Select: simd.RowSelect, Neg: simd.RowNeg, Abs: simd.RowAbs, opCopy: simd.RowCopy,
}

// flatOps are the operations that are kernels over contiguous numbers.
var flatOps = map[Op]func(dst, x []float64){
	Exp: simd.Exp, Log: simd.Log, opLogSum: simd.Log, Log1p: simd.Log1p, Expm1: simd.Expm1, Log1pExp: simd.Log1pExp,
	InvLogit: simd.InvLogit, Tanh: simd.Tanh, Lgamma: simd.Lgamma, Digamma: simd.Digamma, Sqrt: simd.Sqrt,
}

// binder makes commands for a workspace.
type binder struct {
	p    *Program
	ws   *workspace
	cols int
}

// rows is the memory of n rows from an operand on.
func (b *binder) rows(o operand, n int32) []float64 {
	o = b.p.rolled.root(o)
	at := int(b.p.layout.base[o.array]+o.row) * b.cols
	return b.ws.data[at : at+int(n)*b.cols]
}

func (b *binder) row(p place) []float64 {
	p = b.p.rolled.resolve(p)
	at := int(b.p.layout.base[p.array]+p.row) * b.cols
	return b.ws.data[at : at+b.cols]
}

// pointer gives address, kind and stride of an operand.
func (b *binder) pointer(o operand) (*float64, simd.Kind, int) {
	switch o.kind {
	case isRows:
		return &b.rows(o, 1)[0], simd.V, int(o.stride) * b.cols
	case isConst:
		return &b.p.rolled.consts[o.row], simd.C, int(o.stride)
	}
	return nil, simd.V, 0
}

// bind makes the command of a step.
func (b *binder) bind(s *step) command {
	switch s.form {
	case formOp:
		return b.operation(s)
	case formSum, formDot:
		return b.reduction(s)
	case formGather:
		return b.gather(s)
	case formProduct:
		return b.product(s)
	}
	return b.call(s)
}

func (b *binder) operation(s *step) command {
	switch s.op {
	case Square:
		return b.kernel(simd.RowMul, s, s.args[0], s.args[0])
	case Inv:
		return b.kernel(simd.RowDiv, s, operand{kind: isConst, row: b.p.one}, s.args[0])
	}
	if op, ok := rowOps[s.op]; ok {
		return b.kernel(op, s, s.args[:]...)
	}
	dst := b.rows(s.dst, s.n)
	if f, ok := flatOps[s.op]; ok {
		x := b.rows(s.args[0], s.n)
		return command{other: func() { f(dst, x) }}
	}
	return b.loop(s, dst)
}

func (b *binder) kernel(op simd.RowOp, s *step, args ...operand) command {
	var c command
	var kinds [3]simd.Kind
	for j, o := range args {
		p, kind, stride := b.pointer(o)
		kinds[j] = kind
		switch j {
		case 0:
			c.args.A, c.args.SA = p, stride
		case 1:
			c.args.B, c.args.SB = p, stride
		case 2:
			c.args.C, c.args.SC = p, stride
		}
	}
	c.args.Dst = &b.rows(s.dst, 1)[0]
	c.args.Rows, c.args.Cols = int(s.n), b.cols
	c.kernel = simd.RowKernel(op, kinds[0], kinds[1], kinds[2])
	if c.kernel == nil {
		panic("tape: no kernel for " + s.op.String())
	}
	return c
}

func (b *binder) reduction(s *step) command {
	op := simd.RowSum
	if s.form == formDot {
		op = simd.RowDot
	}
	c := b.kernel(op, s, s.args[0], s.args[1])
	if s.add {
		c.args.C = c.args.Dst
	}
	return c
}

func (b *binder) gather(s *step) command {
	index := make([]int32, len(s.places))
	for i, p := range s.places {
		p = b.p.rolled.resolve(p)
		index[i] = b.p.layout.base[p.array] + p.row
	}
	return command{
		kernel: simd.RowKernel(simd.RowGather, simd.V, simd.V, simd.V),
		args: simd.RowArgs{Dst: &b.rows(s.dst, 1)[0], A: &b.ws.data[0], SA: b.cols, Rows: len(index), Cols: b.cols,
			Idx: &index[0]},
	}
}

func (b *binder) product(s *step) command {
	m := s.matrix
	dst, x := b.rows(s.dst, s.n), b.rows(s.args[0], int32(m.cols))
	mRow, mInner := m.leading(), 1
	if m.transposed {
		mRow, mInner = 1, m.leading()
	}
	cols, add := b.cols, s.add
	return command{other: func() { simd.MatMul(dst, m.data, x, m.rows, m.cols, cols, mRow, mInner, add) }}
}

// loop runs an operation without a vector kernel number by number.
func (b *binder) loop(s *step, dst []float64) command {
	op, rows, cols := s.op, int(s.n), b.cols
	var at [3]func(r, j int) float64
	for k := range op.arity() {
		o := s.args[k]
		if o.kind == isConst {
			consts, step := b.p.rolled.consts[o.row:], int(o.stride)
			at[k] = func(r, j int) float64 { return consts[r*step] }
			continue
		}
		n := int32(1)
		if o.stride == 1 {
			n = s.n
		}
		data, step := b.rows(o, n), int(o.stride)*cols
		at[k] = func(r, j int) float64 { return data[r*step+j] }
	}
	if op.arity() == 1 {
		x := b.rows(s.args[0], s.n)
		return command{other: func() {
			for i := range dst {
				dst[i] = Eval1(op, x[i])
			}
		}}
	}
	return command{other: func() {
		for r := range rows {
			for j := range cols {
				dst[r*cols+j] = Eval2(op, at[0](r, j), at[1](r, j))
			}
		}
	}}
}

// call runs a Go function, or its partial derivatives, particle by particle.
func (b *binder) call(s *step) command {
	args := make([][]float64, len(s.places))
	step := make([]int, len(s.places))
	for i, p := range s.places {
		if p.array < 0 {
			args[i] = b.p.rolled.consts[p.row : p.row+1]
			continue
		}
		args[i], step[i] = b.row(p), 1
	}
	x, dx := make([]float64, len(args)), make([]float64, len(args))
	dst, cols, f, index := b.rows(s.dst, s.n), b.cols, s.fn, s.index
	return command{other: func() {
		for j := range cols {
			for i := range x {
				x[i] = args[i][j*step[i]]
			}
			if index == nil {
				dst[j] = f.Value(x)
				continue
			}
			f.Partials(x, dx)
			for r, k := range index {
				dst[r*cols+j] = dx[k]
			}
		}
	}}
}
