package tape

import (
	"math"
	"sync"
)

// Program evaluates the outputs of a trace for many particles.
type Program struct {
	g       *graph
	outs    []Num
	inputs  int
	results int // outputs of the trace; the gradient follows them in outs
	pool    sync.Pool
	stats   Stats
}

const simpleBlock = 64

// Compile makes a program that computes some numbers of the trace.
func (t *Trace) Compile(out []Num, opt Options) (*Program, error) {
	if t.err != nil {
		return nil, t.err
	}
	g, outs := t.prepare(out, opt.Gradient)
	p := &Program{g: g, outs: outs, inputs: len(t.inputs), results: len(out)}
	p.stats = Stats{Recorded: t.Len(), Optimised: len(g.nodes) - 1, Instructions: len(g.nodes) - 1,
		Block: simpleBlock, WorkspaceBytes: len(g.nodes) * simpleBlock * 8}
	p.pool.New = func() any { s := make([]float64, len(g.nodes)*simpleBlock); return &s }
	return p, nil
}

// Stats describes the program.
func (p *Program) Stats() Stats { return p.stats }

// Run evaluates the program at n points: x[k*n+i] is coordinate k of particle i, out[m*n+i] output m, and grad[k*n+i]
// the derivative of output 0 by coordinate k (grad may be nil, and has to be if the program was compiled without).
// Safe for concurrent use.
func (p *Program) Run(out, grad, x []float64, n int) {
	ws := p.pool.Get().(*[]float64)
	for from := 0; from < n; from += simpleBlock {
		p.block(*ws, out, grad, x, n, from, min(simpleBlock, n-from))
	}
	p.pool.Put(ws)
}

func (p *Program) block(ws, out, grad, x []float64, n, from, w int) {
	g := p.g
	at := func(ref int32, j int) float64 {
		if ref > 0 {
			return ws[int(ref)*simpleBlock+j]
		}
		return g.consts[-ref-1]
	}
	for id := 1; id < len(g.nodes); id++ {
		nd := &g.nodes[id]
		dst := ws[id*simpleBlock : id*simpleBlock+w]
		for j := range dst {
			switch nd.op.arity() {
			case 1:
				dst[j] = Eval1(nd.op, at(nd.a, j))
			case 2:
				dst[j] = Eval2(nd.op, at(nd.a, j), at(nd.b, j))
			case 3:
				dst[j] = Eval3(nd.op, at(nd.a, j), at(nd.b, j), at(nd.c, j))
			default:
				if nd.op == opInput {
					dst[j] = x[int(nd.a)*n+from+j]
				} else {
					dst[j] = g.evalList(nd, func(r int32) float64 { return at(r, j) })
				}
			}
		}
	}
	copyOut := func(dst []float64, outs []Num) {
		for m, o := range outs {
			for j := range w {
				if o.Ref != 0 {
					dst[m*n+from+j] = ws[int(o.Ref)*simpleBlock+j]
				} else {
					dst[m*n+from+j] = o.V
				}
			}
		}
	}
	copyOut(out, p.outs[:p.results])
	if grad != nil {
		copyOut(grad, p.outs[p.results:])
	}
}

// evalList evaluates an operation on a list.
func (g *graph) evalList(n *node, at func(ref int32) float64) float64 {
	items := g.items(n.a)
	switch n.op {
	case opLin:
		s := 0.0
		if n.c != 0 {
			s = g.consts[-n.c-1]
		}
		coefs := g.linCoefs(n)
		for k, r := range items {
			s += coefAt(coefs, k) * at(r)
		}
		return s
	case opMaxN:
		m := g.consts[-n.c-1]
		for _, r := range items {
			m = math.Max(m, at(r))
		}
		return m
	case opMinN:
		m := math.Inf(1)
		for _, r := range items {
			m = math.Min(m, at(r))
		}
		return m
	case opCall, opPartial:
		x := make([]float64, len(items))
		for k, r := range items {
			x[k] = at(r)
		}
		f := g.funcs[n.b]
		if n.op == opCall {
			return f.Value(x)
		}
		dx := make([]float64, len(items))
		f.Partials(x, dx)
		return dx[n.c]
	}
	panic("tape: no list operation")
}
