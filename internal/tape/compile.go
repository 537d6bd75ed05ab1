package tape

import "math"

// Options say what a program computes.
type Options struct {
	// Gradient adds the derivatives of the first output by every input.
	Gradient bool
}

// Stats describe a program.
type Stats struct {
	Recorded       int // operations recorded
	Optimised      int // operations, scalar, of value and gradient after optimisation
	Instructions   int // instructions, vector, of the program
	Block          int // particles worked on at a time
	WorkspaceBytes int // memory of one block
}

// prepare gives the graph of the outputs, guards applied to the first, followed by the gradient.
func (t *Trace) prepare(out []Num, gradient bool) (*graph, []Num) {
	outs := append([]Num(nil), out...)
	var ok []Num
	for _, g := range t.guards {
		ok = append(ok, g.ok)
	}
	src := t.g
	src.mask = false
	all := append(outs, ok...)
	g, all := optimise(src, all)
	outs, ok = all[:len(out):len(out)], all[len(out):]
	if gradient && len(outs) > 0 {
		outs = append(outs, g.gradient(outs[0], len(t.inputs))...)
	}
	if len(out) > 0 {
		outs[0] = g.guarded(outs[0], ok)
	}
	g, outs = optimise(g, outs)
	return fuse(g, outs)
}

// guarded is v where all conditions hold, else NaN.
func (g *graph) guarded(v Num, ok []Num) Num {
	for i, c := range ok {
		ok[i] = g.boolean(c)
	}
	all := g.extreme(opMinN, ok, 1)
	return g.op3(Select, all, v, Const(math.NaN()))
}
