package stan

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"wgf/internal/rng"
	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// Variable describes a parameter, transformed parameter or generated quantity of a model.
type Variable struct {
	Name string
	Kind string // "parameter", "transformed parameter" or "generated quantity"
	Dims []int  // array sizes, then those of the vector or matrix; none for a scalar
	Int  bool
	// Type is the declared type with its constraint, such as "vector<lower=0>[J]".
	Type string
}

// Size is the number of numbers in the variable.
func (v Variable) Size() int { return volume(v.Dims) }

// Variables lists parameters, transformed parameters and generated quantities in the order of their declaration.
func (mod *Model) Variables() []Variable {
	var out []Variable
	mod.each(func(kind string, v *variable) {
		out = append(out, Variable{Name: v.name, Kind: kind, Dims: slices.Clone(mod.dims[v]),
			Int: v.typ.Kind == syntax.Int, Type: v.spec.String()})
	})
	return out
}

func (mod *Model) each(f func(kind string, v *variable)) {
	for _, v := range mod.prog.params {
		f(kindParameter, v)
	}
	for _, v := range mod.prog.tparams {
		f(kindTransformed, v)
	}
	for _, v := range mod.prog.generated {
		f(kindGenerated, v)
	}
}

// VariableNames are the names of all numbers, such as "theta[1,2]": parameters, transformed parameters, generated
// quantities, each in the order in which Stan writes it, the first index running fastest.
func (mod *Model) VariableNames() []string {
	var names []string
	mod.each(func(_ string, v *variable) {
		dims := mod.dims[v]
		columnMajor(dims, func(_ []int, place int) { names = append(names, elementName(v.name, dims, place)) })
	})
	return names
}

// NumConstrained is the number of numbers of parameters and transformed parameters, NumGenerated that of generated
// quantities.
func (mod *Model) NumConstrained() int { return mod.counts[0] + mod.counts[1] }

// NumGenerated is the number of numbers of the generated quantities.
func (mod *Model) NumGenerated() int { return mod.counts[2] }

// Constrain computes parameters and transformed parameters of n points: x[k*n+i] is unconstrained coordinate k of
// point i, and dst[m*n+i] receives the number named VariableNames()[m], m < NumConstrained().
func (mod *Model) Constrain(dst, x []float64, n int) error {
	size := mod.NumConstrained()
	if len(x) != n*mod.dim || len(dst) != n*size {
		panic("stan: batch and dimension do not fit")
	}
	if n == 0 || size == 0 {
		return nil
	}
	prog, err := mod.constrained.get(mod.recordConstrain)
	if err != nil {
		return err
	}
	// The first output is a dummy that takes the guards of the density, which are no business of the transform.
	out := make([]float64, (size+1)*n)
	prog.Run(out, nil, x, n)
	copy(dst, out[n:])
	return nil
}

func (mod *Model) recordConstrain() (*tape.Program, error) {
	t := mod.newTrace()
	m := newMachine(mod.base, &Options{Seed: mod.opt.Seed})
	m.ctx.T = t
	out := []tape.Num{{}}
	err := protect(func() {
		mod.evaluate(m, inputs(t), false)
		for _, list := range [][]*variable{mod.prog.params, mod.prog.tparams} {
			for _, v := range list {
				x := v.get(m)
				columnMajor(mod.dims[v], func(_ []int, place int) { out = append(out, x.At(place)) })
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return t.Compile(out, tape.Options{})
}

// Generate computes the generated quantities of one draw: x is an unconstrained point, dst receives NumGenerated()
// numbers. Random numbers depend on the seed of the model and on draw, and on nothing else. A draw whose generated
// quantities are rejected gets NaN and an error.
func (mod *Model) Generate(dst, x []float64, draw uint64) error {
	if len(x) != mod.dim || len(dst) != mod.counts[2] {
		panic("stan: point and dimension do not fit")
	}
	if len(dst) == 0 {
		return nil
	}
	m := newMachine(mod.base, &mod.opt)
	print := m.print
	m.print = nil
	err := protect(func() {
		mod.evaluate(m, constants(x), false)
		m.print = print
		m.ctx.RNG = rand.New(rng.New(mod.opt.Seed, rng.Generated).Source(draw, 0))
		f := m.start(mod.prog.generatedBody)
		mod.prog.generatedBody.run(f)
		for _, v := range mod.prog.generated {
			v.check(f, v.get(m), rejected)
		}
	})
	if err != nil {
		for i := range dst {
			dst[i] = math.NaN()
		}
		return err
	}
	at := 0
	for _, v := range mod.prog.generated {
		x := v.get(m)
		columnMajor(mod.dims[v], func(_ []int, place int) {
			dst[at] = x.Data[place]
			at++
		})
	}
	return nil
}

// Unconstrain maps values of parameters, on the constrained scale, to the unconstrained scale. Parameters may be
// absent: their coordinates are 0 and given is false for them. Transformed parameters and generated quantities among
// the values are ignored; other names, wrong sizes and values outside the support are errors.
func (mod *Model) Unconstrain(values *Data) (x []float64, given []bool, err error) {
	if err := mod.knownNames(values); err != nil {
		return nil, nil, err
	}
	m := newMachine(mod.base, &Options{})
	f := m.start(body{})
	x, given = make([]float64, mod.dim), make([]bool, mod.dim)
	at := 0
	for _, v := range mod.prog.params {
		n := v.free(mod.dims[v])
		var failed error
		err := protect(func() {
			if values.lookup(v.name) == nil {
				set(&m.globals[v.slot], v.constrain(f, mod.dims[v], make([]tape.Num, n), func(tape.Num) {}))
				return
			}
			y, err := values.fetch(v, mod.dims[v], "the program declares")
			if err != nil {
				failed = err
				return
			}
			set(&m.globals[v.slot], y)
			v.check(f, y, broken)
			copy(x[at:], v.unconstrain(f, y))
			for i := range n {
				given[at+i] = true
				if u := x[at+i]; math.IsNaN(u) || math.IsInf(u, 0) {
					failed = fmt.Errorf("%s: %s lies on the boundary of its support or is not finite; the program declares %s",
						values.where(values.lookup(v.name)), v.name, v.declared())
				}
			}
		})
		if failed != nil {
			return nil, nil, failed
		}
		if err != nil {
			return nil, nil, values.violation(v, err)
		}
		at += n
	}
	return x, given, nil
}

func (mod *Model) knownNames(values *Data) error {
	known := map[string]bool{}
	var params []string
	mod.each(func(kind string, v *variable) {
		known[v.name] = true
		if kind == kindParameter {
			params = append(params, v.name)
		}
	})
	for _, e := range values.entries {
		if !known[e.name] {
			return fmt.Errorf("%s: %q is not a parameter of the program; its parameters are %s", values.where(e), e.name,
				strings.Join(params, ", "))
		}
	}
	return nil
}
