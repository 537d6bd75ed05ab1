package library

import (
	"fmt"
	"sort"
	"strings"

	"wgf/target/stan/syntax"
)

// Table is the function library: functions by name. It implements syntax.Functions.
type Table struct {
	functions     map[string]*Function
	distributions map[string]Distribution
	names         []string
}

// All returns the table of everything that is supported.
func All() *Table {
	t := &Table{functions: map[string]*Function{}, distributions: map[string]Distribution{}}
	for _, group := range functionGroups() {
		for _, f := range group {
			t.functions[f.Name] = f
		}
	}
	for _, d := range distributions() {
		t.distributions[d.name()] = d
		for _, f := range d.functions() {
			t.functions[f.Name] = f
		}
	}
	for name := range t.functions {
		if !strings.HasSuffix(name, "_lupdf") && !strings.HasSuffix(name, "_lupmf") {
			t.names = append(t.names, name)
		}
	}
	sort.Strings(t.names)
	return t
}

// Function returns the function of that name, nil if there is none. Distributions are there under their full names:
// normal_lpdf with all constants, normal_lupdf without them where Context.Propto is set, normal_cdf, normal_lcdf,
// normal_lccdf, normal_rng.
func (t *Table) Function(name string) *Function { return t.functions[name] }

// Distribution returns the distribution of that name (without suffix), nil if there is none.
func (t *Table) Distribution(name string) Distribution { return t.distributions[name] }

// Signatures returns the ways of calling a function, nil if there is none of that name.
func (t *Table) Signatures(name string) []syntax.Signature {
	if f := t.functions[name]; f != nil {
		return f.Signatures
	}
	return nil
}

// Names returns the names of all functions in alphabetical order; _lupdf and _lupmf are left to _lpdf and _lpmf.
func (t *Table) Names() []string { return t.names }

// Call resolves name against its signatures for the given arguments, promotes these and evaluates: what a checked
// program does in two steps.
func (t *Table) Call(c *Context, name string, args ...Value) (Value, error) {
	f := t.functions[name]
	if f == nil {
		return Value{}, fmt.Errorf("there is no function %s", name)
	}
	types := make([]syntax.Type, len(args))
	for i, a := range args {
		types[i] = a.Type
	}
	for _, s := range f.Signatures {
		params, result, ok := s.Match(types)
		if !ok {
			continue
		}
		promoted := make([]Value, len(args))
		for i, a := range args {
			promoted[i] = a.Promote(params[i])
		}
		v, err := f.Eval(c, promoted)
		if err == nil && !v.Type.Equal(result) {
			panic(fmt.Sprintf("library: %s gives %s where its signature says %s", name, v.Type, result))
		}
		return v, err
	}
	return Value{}, fmt.Errorf("%s cannot be called with arguments of these types", name)
}

// functionGroups lists the functions that are not part of a distribution.
func functionGroups() [][]*Function {
	return [][]*Function{
		constants(), elementwise(), elementwise2(), operatorFunctions(), reductions(), sizes(), repetitions(), made(), maps(),
		conversions(), joins(), sorting(), rowsCols(), matrixFunctions(), linearAlgebra(), scalarFunctions(),
	}
}
