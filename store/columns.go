package store

import (
	"fmt"
	"slices"
)

// A Column is one scalar of the draws under its flat name, as a table shows it.
type Column struct {
	Name     string // lp__, mu, theta[1,2]
	Type     Type
	variable *Variable
	element  int
	draws    *Draws
}

// Columns lists all scalars of d: lp__ first where it is known, then the variables in
// their order, elements with the first index fastest as Stan writes them.
func (d *Draws) Columns() []Column {
	var out []Column
	for i := range d.Stats {
		if d.Stats[i].Name == "lp" {
			out = append(out, Column{Name: "lp__", variable: &d.Stats[i], draws: d})
		}
	}
	for i := range d.Variables {
		v := &d.Variables[i]
		for e, name := range ElementNames(v.Name, v.Dims) {
			out = append(out, Column{Name: name, Type: v.Type, variable: v, element: e, draws: d})
		}
	}
	return out
}

// Draws writes the draws of the column to dst, one slice a chain, reusing what dst holds.
func (c Column) Draws(dst [][]float64) [][]float64 {
	v, n := c.variable, c.draws.DrawsPerChain
	size, e := v.Size(), rowMajor(v.Dims, c.element)
	for len(dst) < c.draws.Chains {
		dst = append(dst, nil)
	}
	dst = dst[:c.draws.Chains]
	for chain := range dst {
		if cap(dst[chain]) < n {
			dst[chain] = make([]float64, n)
		}
		dst[chain] = dst[chain][:n]
		for t := range n {
			dst[chain][t] = v.Values[(chain*n+t)*size+e]
		}
	}
	return dst
}

// all returns the column ordered (chain, draw).
func (c Column) all() []float64 {
	return c.variable.Column(make([]float64, 0, c.draws.Chains*c.draws.DrawsPerChain), c.element)
}

// FromColumns assembles draws from flat columns, each ordered (chain, draw). Names are
// those of CmdStan's CSV (theta.1.2) or Stan's own (theta[1,2]); elements may come in any
// order. Columns whose names end in "__" become sampler statistics. Where the elements of
// a name do not fill an array, each stays a variable of its own.
func FromColumns(chains, draws int, names []string, columns [][]float64) (*Draws, error) {
	d := &Draws{Chains: chains, DrawsPerChain: draws}
	type array struct {
		members []int // columns
		index   [][]int
	}
	arrays := map[string]*array{}
	var order []string
	seen := map[string]bool{}
	for c, flat := range names {
		name, index := splitName(flat)
		full := displayName(name, index)
		if seen[full] {
			return nil, fmt.Errorf("two columns are named %q", full)
		}
		seen[full] = true
		if len(columns[c]) != chains*draws {
			return nil, fmt.Errorf("column %q has %d values, want %d", full, len(columns[c]), chains*draws)
		}
		if stat, ok := columnStat(flat); ok && stat != "" {
			d.Stats = append(d.Stats, Variable{Name: stat, Type: statType(stat, columns[c]), Values: columns[c]})
			continue
		}
		a := arrays[name]
		if a == nil {
			a = &array{}
			arrays[name] = a
			order = append(order, name)
		}
		a.members = append(a.members, c)
		a.index = append(a.index, index)
	}
	for _, name := range order {
		a := arrays[name]
		if dims := fullDims(a.index); dims != nil {
			v := d.NewVariable(munge(name), Float, dims...)
			size := v.Size()
			for m, c := range a.members {
				e := 0
				for k, i := range a.index[m] {
					e = e*dims[k] + i - 1
				}
				for t, x := range columns[c] {
					v.Values[t*size+e] = x
				}
			}
			d.Variables = append(d.Variables, v)
			continue
		}
		for m, c := range a.members {
			d.Variables = append(d.Variables, Variable{Name: displayName(name, a.index[m]), Values: columns[c]})
		}
	}
	return d, nil
}

// fullDims gives the dimensions of an array whose elements are exactly those at index,
// or nil.
func fullDims(index [][]int) []int {
	dims := slices.Clone(index[0])
	if len(dims) == 0 {
		return nil
	}
	for _, at := range index {
		if len(at) != len(dims) {
			return nil
		}
		for k, i := range at {
			dims[k] = max(dims[k], i)
		}
	}
	size := 1
	for _, n := range dims {
		if n > len(index) {
			return nil // also keeps the product from overflowing
		}
		if size *= n; size > len(index) {
			return nil
		}
	}
	if size != len(index) {
		return nil
	}
	return dims
}

// statType is the type of a sampler statistic, provided that the values fit it.
func statType(stat string, values []float64) Type {
	want := Float
	switch stat {
	case "diverging":
		want = Bool
	case "tree_depth", "n_steps":
		want = Int
	}
	for _, v := range values {
		if want == Bool && v != 0 && v != 1 || want == Int && v != float64(int64(v)) {
			return Float
		}
	}
	return want
}
