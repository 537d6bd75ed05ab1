package tape

// Second gives the second derivatives of a Func by its name: Second[name][k] writes row k of their matrix, the
// derivatives of the k-th partial derivative by every argument, to dx. A row that is nil is not known, which matters
// only where argument k is not constant. Rows must be safe for concurrent use.
type Second map[string][]func(x, dx []float64)

// CompileCurvature makes a program of the products of the matrix of second derivatives of out with vectors. It has two
// inputs for every coordinate, first all coordinates x, then the components of u, and an output for every coordinate:
//
//	out[k] = sum_l d^2 f / dx_k dx_l (x) u_l.
//
// The gradient is recorded as the reverse sweep and its derivative along u taken forwards through both sweeps (Griewank
// and Walther, Evaluating Derivatives (2008), section 5.1); the optimisations of Compile apply to all. Guards do not
// matter: where a condition fails the products are numbers without meaning. Where a function is not differentiable the
// derivative of one side is taken, and that of a jump is 0, as of gradients. The error names an operation that has no
// second derivative; calls of Go functions take theirs from second. Run it with grad nil; the cost is one to three times that of a gradient.
func (t *Trace) CompileCurvature(out Num, second Second) (*Program, error) {
	if t.err != nil {
		return nil, t.err
	}
	d := len(t.inputs)
	t.g.mask = false
	g, outs := optimise(t.g, []Num{out})
	g, outs = optimise(g, g.gradient(outs[0], d))
	outs, err := g.tangents(outs, d, second)
	if err != nil {
		return nil, err
	}
	g, outs = optimise(g, outs)
	g, outs = fuse(g, outs)
	return t.assemble(g, outs, 2*d, d), nil
}
