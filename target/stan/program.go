// Package stan reads Stan programs and their data and gives densities, in process and without a C++ compiler.
//
// Parse reads and checks a program and compiles it to Go closures. Bind holds data against its declarations, runs
// transformed data, and records the density once: the closures run over the numbers of a trace (internal/tape), loops
// over data are unrolled, and the recording becomes a program that evaluates the log density and its gradient for
// blocks of particles. The same closures, over constants, run transformed data, generated quantities, one draw at a
// time, and Explain.
//
// A condition that depends on parameters has both branches recorded under masks; an index, a loop bound or a while
// condition that depends on parameters is refused with line and column.
//
// Names, order and scale of the unconstrained coordinates, the constraining transforms with their Jacobians, and the
// constants that `~` drops are those of Stan 2.39.
package stan

import (
	"fmt"

	"wgf/target/stan/library"
	"wgf/target/stan/syntax"
)

// ParseOptions says how a program is read.
type ParseOptions struct {
	// Include returns the text of a file named by #include; nil: #include is an error.
	Include func(name string) ([]byte, error)
}

// Program is a Stan program, checked and compiled, without data. It does not change and may be bound to any number
// of data sets, also concurrently.
type Program struct {
	tree *syntax.Program

	data, tdata, params, tparams, generated []*variable
	// bodies of the blocks; those of data and parameters consist of declarations only
	tdataBody, tparamsBody, modelBody, generatedBody body
}

// body is a compiled block.
type body struct {
	run    stmtFn
	locals int
}

// Parse reads a program; file is the name that errors show. The error is a syntax.Errors: what is not valid Stan, or
// not supported, with its place in the text. Time is linear in the length of the program.
func Parse(file string, src []byte, opt ParseOptions) (*Program, error) {
	tree, err := syntax.Parse(file, src, syntax.ParseOptions{Include: opt.Include})
	if err != nil {
		return nil, err
	}
	lib := library.All()
	if err := syntax.Check(tree, lib); err != nil {
		return nil, err
	}
	c := &compiler{lib: lib, funcs: map[*syntax.FuncDecl]*function{}}
	for _, d := range tree.Functions {
		c.declare(d)
	}
	for _, d := range tree.Functions {
		c.define(d)
	}
	p := &Program{tree: tree}
	p.data = c.variables(tree.Data)
	p.tdata = c.variables(tree.TransData)
	p.params = c.variables(tree.Params)
	p.tparams = c.variables(tree.TransParams)
	p.generated = c.variables(tree.Generated)
	p.tdataBody = c.body(tree.TransData)
	p.tparamsBody = c.body(tree.TransParams)
	p.modelBody = c.body(tree.Model)
	p.generatedBody = c.body(tree.Generated)
	for _, v := range p.params {
		if v.typ.HasInt() {
			c.refuse(v.pos, "parameters must be real: %s is %s", v.name, v.typ)
		}
	}
	if len(c.errs) > 0 {
		return nil, c.errs
	}
	return p, nil
}

func (c *compiler) variables(b *syntax.ProgramBlock) []*variable {
	if b == nil {
		return nil
	}
	out := make([]*variable, len(b.Decls))
	for i, d := range b.Decls {
		out[i] = c.variable(d)
	}
	return out
}

func (c *compiler) body(b *syntax.ProgramBlock) body {
	if b == nil {
		return body{run: skip}
	}
	return body{run: c.block(b.Body), locals: b.Locals}
}

// Declaration describes a variable of a program.
type Declaration struct {
	Name string
	Kind string // "data", "transformed data", "parameter", "transformed parameter" or "generated quantity"
	Type string // as declared, such as "vector<lower=0>[J]" or "simplex[K]"
	Line int
}

// Declarations lists the variables of the program in the order of the text.
func (p *Program) Declarations() []Declaration {
	var out []Declaration
	for _, b := range []struct {
		kind string
		vars []*variable
	}{{"data", p.data}, {"transformed data", p.tdata}, {kindParameter, p.params}, {kindTransformed, p.tparams},
		{kindGenerated, p.generated}} {
		for _, v := range b.vars {
			out = append(out, Declaration{Name: v.name, Kind: b.kind, Type: v.spec.String(), Line: int(v.pos.Line)})
		}
	}
	return out
}

// NeedsData tells whether the program declares data.
func (p *Program) NeedsData() bool { return len(p.data) > 0 }

// declared shows a declaration for errors, such as "vector[N] y (model.stan:3:13)".
func (v *variable) declared() string { return fmt.Sprintf("%s %s (%s)", v.spec, v.name, v.pos) }

// The kinds of variables of a model.
const (
	kindParameter   = "parameter"
	kindTransformed = "transformed parameter"
	kindGenerated   = "generated quantity"
)
