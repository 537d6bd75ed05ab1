package tape

import (
	"sync"
	"unsafe"

	"wgf/internal/simd"
)

// Program evaluates the outputs of a trace for many particles.
type Program struct {
	rolled  *rolled
	layout  *layout
	one     int32 // where the constant 1 is
	inputs  int
	results int // outputs of the trace; the gradient follows them
	block   int
	stats   Stats

	mu   sync.Mutex
	free [maxBlock/8 + 1][]*workspace // by width
}

// workspace is the memory of one block of particles and the instructions bound to it.
type workspace struct {
	variant string
	cols    int
	data    []float64
	code    []command
}

// Compile makes a program that computes some numbers of the trace. The cost is about a microsecond an operation.
func (t *Trace) Compile(out []Num, opt Options) (*Program, error) {
	if t.err != nil {
		return nil, t.err
	}
	g, outs := t.prepare(out, opt.Gradient)
	return t.assemble(g, outs, len(t.inputs), len(out)), nil
}

// assemble makes the program of a graph.
func (t *Trace) assemble(g *graph, outs []Num, inputs, results int) *Program {
	r := roll(g, outs, inputs)
	r.consts = append(r.consts, 1)
	r.tile()
	p := &Program{rolled: r, layout: r.allocate(), one: int32(len(r.consts) - 1), inputs: inputs, results: results}
	p.block = r.blockSize(int(p.layout.total))
	p.stats = Stats{Recorded: t.Len(), Optimised: len(g.nodes) - 1, Instructions: len(r.steps),
		Block: p.block, WorkspaceBytes: int(p.layout.total) * p.block * 8}
	return p
}

// Stats describes the program.
func (p *Program) Stats() Stats { return p.stats }

// Run evaluates the program at n points: x[k*n+i] is coordinate k of particle i, out[m*n+i] output m, and grad[k*n+i]
// the derivative of output 0 by coordinate k (nil if not wanted; it has to be nil if the program was compiled without).
// Safe for concurrent use; allocates only while a concurrent call needs a further workspace.
func (p *Program) Run(out, grad, x []float64, n int) {
	if n <= 0 {
		return
	}
	if len(x) < n*p.inputs || len(out) < n*p.results || grad != nil && len(grad) < n*p.inputs {
		panic("tape: Run with short slices")
	}
	if grad != nil && len(p.rolled.outs) != p.results+p.inputs {
		panic("tape: Run with a gradient that was not compiled")
	}
	blocks := (n + p.block - 1) / p.block
	cols := ((n+blocks-1)/blocks + 7) &^ 7
	ws := p.get(cols)
	for from := 0; from < n; from += cols {
		w := min(cols, n-from)
		p.load(ws, x, n, from, w)
		for i := range ws.code {
			c := &ws.code[i]
			if c.kernel != nil {
				c.kernel(&c.args)
			} else {
				c.other()
			}
		}
		p.store(ws, out, 0, p.results, n, from, w)
		if grad != nil {
			p.store(ws, grad, p.results, len(p.rolled.outs), n, from, w)
		}
	}
	p.put(ws)
}

// load copies the coordinates of w particles; the rest of the block repeats the last one.
func (p *Program) load(ws *workspace, x []float64, n, from, w int) {
	for k := range p.inputs {
		row := ws.data[k*ws.cols : (k+1)*ws.cols]
		copy(row, x[k*n+from:k*n+from+w])
		for j := w; j < ws.cols; j++ {
			row[j] = row[w-1]
		}
	}
}

// store copies outputs [first, last) to dst.
func (p *Program) store(ws *workspace, dst []float64, first, last, n, from, w int) {
	for m := first; m < last; m++ {
		to := dst[(m-first)*n+from:][:w]
		if o := p.rolled.outs[m]; o.Ref == 0 {
			for j := range to {
				to[j] = o.V
			}
			continue
		}
		at := p.rolled.resolve(p.rolled.places[m])
		copy(to, ws.data[int(p.layout.base[at.array]+at.row)*ws.cols:])
	}
}

// get takes a workspace of a width, or makes one.
func (p *Program) get(cols int) *workspace {
	variant := simd.Active()
	p.mu.Lock()
	list := &p.free[cols/8]
	for len(*list) > 0 {
		ws := (*list)[len(*list)-1]
		*list = (*list)[:len(*list)-1]
		if ws.variant == variant {
			p.mu.Unlock()
			return ws
		}
	}
	p.mu.Unlock()
	ws := &workspace{variant: variant, cols: cols, data: aligned(int(p.layout.total) * cols)}
	ones := int(p.layout.base[onesArray]) * cols
	for j := range cols {
		ws.data[ones+j] = 1
	}
	b := binder{p: p, ws: ws, cols: cols}
	ws.code = make([]command, len(p.rolled.steps))
	for i := range p.rolled.steps {
		ws.code[i] = b.bind(&p.rolled.steps[i])
	}
	return ws
}

func (p *Program) put(ws *workspace) {
	p.mu.Lock()
	p.free[ws.cols/8] = append(p.free[ws.cols/8], ws)
	p.mu.Unlock()
}

// aligned allocates numbers on a boundary of 64 bytes.
func aligned(n int) []float64 {
	s := make([]float64, n+7)
	off := int(-uintptr(unsafe.Pointer(&s[0]))%64) / 8
	return s[off : off+n : off+n]
}
