package stan

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"wgf/internal/tape"
	"wgf/target"
)

var (
	_ target.Density   = (*Model)(nil)
	_ target.Named     = (*Model)(nil)
	_ target.Explainer = (*Model)(nil)
)

// Model is a program bound to data: a target.Density over the unconstrained parameters, with names, explanations,
// the constraining transform and generated quantities. It is safe for concurrent use.
type Model struct {
	prog *Program
	opt  Options
	base []cell // global variables after transformed data

	dims   map[*variable][]int
	dim    int // unconstrained numbers
	counts [3]int

	density  *tape.Program // nil where every point is rejected
	rejected error         // why every point is rejected
	stats    Stats

	full        onceProgram
	constrained onceProgram
	curvature   onceProgram
	pairs       sync.Pool // *[]float64: points and vectors side by side, as curvature takes them
}

// onceProgram is a tape program that is recorded when it is first needed.
type onceProgram struct {
	once sync.Once
	prog *tape.Program
	err  error
}

func (o *onceProgram) get(f func() (*tape.Program, error)) (*tape.Program, error) {
	o.once.Do(func() { o.prog, o.err = f() })
	return o.prog, o.err
}

// Stats describes the recorded density.
type Stats struct {
	Recorded       int           // operations recorded
	Optimised      int           // operations left after optimisation, gradient included
	Instructions   int           // vector instructions that are replayed
	Block          int           // particles evaluated at a time
	WorkspaceBytes int           // memory of one block
	Compile        time.Duration // recording, differentiating and optimising
}

// Bind checks data against the declarations of the program, runs transformed data and records the density. data may
// be nil for a program without data. Errors name the file and the variable, or the place in the program.
func (p *Program) Bind(data *Data, opt Options) (*Model, error) {
	if opt.Print != nil {
		opt.Print = &lines{w: opt.Print}
	}
	m := newMachine(make([]cell, len(p.tree.Globals)), &opt)
	if err := p.readData(m, data); err != nil {
		return nil, err
	}
	dims, err := p.prepare(m, opt.Seed)
	if err != nil {
		return nil, err
	}
	model := &Model{prog: p, opt: opt, base: m.globals, dims: map[*variable][]int{}}
	for i, list := range [][]*variable{p.params, p.tparams, p.generated} {
		for _, v := range list {
			d := dims[0]
			dims = dims[1:]
			model.dims[v] = d
			model.counts[i] += volume(d)
			if i == 0 {
				model.dim += v.free(d)
			}
		}
	}
	start := time.Now()
	model.density, err = model.record(true, opt)
	if isReject(err) {
		model.rejected, err = err, nil
	}
	if err != nil {
		return nil, err
	}
	model.stats.Compile = time.Since(start)
	if model.density != nil {
		s := model.density.Stats()
		model.stats.Recorded, model.stats.Optimised, model.stats.Instructions = s.Recorded, s.Optimised, s.Instructions
		model.stats.Block, model.stats.WorkspaceBytes = s.Block, s.WorkspaceBytes
	}
	return model, nil
}

func volume(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}

// evaluate runs parameters, transformed parameters and, where model is set, the model block, over the numbers x.
func (mod *Model) evaluate(m *machine, x []tape.Num, model bool) {
	p := mod.prog
	f := m.start(p.tparamsBody)
	for _, v := range p.params {
		n := v.free(mod.dims[v])
		set(&m.globals[v.slot], v.constrain(f, mod.dims[v], x[:n], m.addJacobian))
		x = x[n:]
	}
	p.tparamsBody.run(f)
	for _, v := range p.tparams {
		v.check(f, v.get(m), rejected)
	}
	if model {
		p.modelBody.run(m.start(p.modelBody))
	}
}

func (m *machine) addJacobian(x tape.Num) {
	if m.jacobian {
		m.add(x)
	}
}

// record makes the tape program of the log density with its gradient.
func (mod *Model) record(propto bool, opt Options) (*tape.Program, error) {
	t, out, err := mod.trace(propto, opt)
	if err != nil {
		return nil, err
	}
	return t.Compile([]tape.Num{out}, tape.Options{Gradient: true})
}

// trace records the log density.
func (mod *Model) trace(propto bool, opt Options) (t *tape.Trace, out tape.Num, err error) {
	t = mod.newTrace()
	m := newMachine(mod.base, &opt)
	m.ctx.T, m.ctx.Propto, m.jacobian = t, propto, true
	err = protect(func() {
		mod.evaluate(m, inputs(t), true)
		out = m.total()
	})
	if err == nil {
		err = t.Err()
	}
	return t, out, err
}

func (mod *Model) newTrace() *tape.Trace {
	t := tape.New(mod.dim)
	if mod.opt.Limit > 0 {
		t.Limit = mod.opt.Limit
	}
	return t
}

func inputs(t *tape.Trace) []tape.Num {
	x := make([]tape.Num, t.Inputs())
	for k := range x {
		x[k] = t.Input(k)
	}
	return x
}

// Dim is the number of unconstrained parameters.
func (mod *Model) Dim() int { return mod.dim }

// Stats describes the recorded density.
func (mod *Model) Stats() Stats { return mod.stats }

// LogDensity evaluates the log density up to a constant, with the log Jacobian of the constraining transform, and its
// gradient; see target.Density. A point that the program rejects, or where the density is not finite, gets NaN or
// -Inf. Constants are dropped as Stan drops them: those of `~` and of _lupdf and _lupmf.
func (mod *Model) LogDensity(lp, grad, x []float64) { mod.run(mod.density, lp, grad, x) }

// LogDensityFull evaluates the log density with all constants and the log Jacobian, without a gradient. Where the
// program can be recorded without constants but not with them, all points get NaN.
func (mod *Model) LogDensityFull(lp, x []float64) {
	prog, _ := mod.full.get(func() (*tape.Program, error) {
		quiet := mod.opt
		quiet.Print = nil
		return mod.record(false, quiet)
	})
	mod.run(prog, lp, nil, x)
}

func (mod *Model) run(prog *tape.Program, lp, grad, x []float64) {
	if len(x) != len(lp)*mod.dim || grad != nil && len(grad) != len(x) {
		panic("stan: batch and dimension do not fit")
	}
	if prog == nil {
		for i := range lp {
			lp[i] = math.NaN()
		}
		return
	}
	prog.Run(lp, grad, x, len(lp))
	for i, v := range lp {
		if v > math.MaxFloat64 {
			lp[i] = math.NaN()
		}
	}
}

// Names are the names of the unconstrained parameters, such as "theta.1", as Stan lists them. For arrays of vectors,
// matrices or arrays Stan's list runs through the first index fastest while the coordinates themselves run through
// the last array index fastest; both are kept as they are.
func (mod *Model) Names() []string {
	var names []string
	for _, v := range mod.prog.params {
		dims := mod.dims[v]
		if v.whole != nil {
			count, size := v.elements(dims)
			dims = slices.Clone(dims[:v.typ.ArrayDims])
			if count > 0 {
				dims = append(dims, v.freeDims(size)...)
			}
		}
		columnMajor(dims, func(index []int, _ int) {
			var b strings.Builder
			b.WriteString(v.name)
			for _, i := range index {
				b.WriteString("." + strconv.Itoa(i+1))
			}
			names = append(names, b.String())
		})
	}
	return names
}

// columnMajor calls f with every index into dims, the first running fastest, and its place in row-major order.
func columnMajor(dims []int, f func(index []int, place int)) {
	index := make([]int, len(dims))
	for range volume(dims) {
		place := 0
		for d, k := range index {
			place = place*dims[d] + k
		}
		f(index, place)
		for d := range index {
			if index[d]++; index[d] < dims[d] {
				break
			}
			index[d] = 0
		}
	}
}

// Explain evaluates the density at one point over constants and says why there is none, with the place in the
// program; nil where there is a finite density.
func (mod *Model) Explain(x []float64) error {
	if len(x) != mod.dim {
		panic("stan: point and dimension do not fit")
	}
	m := newMachine(mod.base, &mod.opt)
	m.jacobian = true // and all constants: over constants nothing would be left of a density without them
	var lp float64
	err := protect(func() {
		mod.evaluate(m, constants(x), true)
		lp = m.total().V
	})
	switch {
	case err != nil:
		return err
	case math.IsNaN(lp):
		return errors.New("the log density is not a number (NaN)")
	case math.IsInf(lp, 0):
		return errors.New("the log density is " + formatReal(lp))
	}
	return nil
}

func constants(x []float64) []tape.Num {
	out := make([]tape.Num, len(x))
	for i, v := range x {
		out[i] = tape.Num{V: v}
	}
	return out
}

// Rejected says why no point has a density, where that does not depend on the parameters; nil otherwise.
func (mod *Model) Rejected() error { return mod.rejected }
