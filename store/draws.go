package store

import (
	"errors"
	"fmt"
)

// Draws is the output of a sampling run: what every format writes and reads.
//
// A chain of an ensemble sampler is a superchain, and its draws are particle-major: all
// draws of its first particle in time order, then those of the next. Time-major order
// would make every autocorrelation estimate of a reader wrong.
type Draws struct {
	Chains        int
	DrawsPerChain int
	// Variables are the parameters, transformed parameters and generated quantities in
	// declaration order.
	Variables []Variable
	// Stats holds one number a draw about the sampler (Dims nil), by ArviZ's names: lp,
	// acceptance_rate, step_size, tree_depth, n_steps, diverging, energy.
	Stats []Variable
	// LogWeight, if not nil, is the log weight of each draw (chain, draw).
	LogWeight []float64
	// Further groups of the Zarr store: the first two have chain and draw axes, observed
	// data have none. Other formats leave them out.
	PosteriorPredictive []Variable
	LogLikelihood       []Variable
	ObservedData        []Variable
	// Flow is the course of the particle flow that gave the draws, nil for none. Other
	// formats leave it out.
	Flow   *Trajectory
	Record Record
	// Notes say what a reader found worth telling, such as a run that did not finish.
	Notes []string
}

// A Variable is an array of numbers at every draw.
type Variable struct {
	Name string
	Dims []int // nil: one number
	// DimNames name the axes in the Zarr store; default NAME_dim_0, NAME_dim_1 ...
	DimNames []string
	// Labels, if not nil, gives the coordinate labels of an axis; a nil entry means 0, 1, 2 ...
	Labels [][]string
	Type   Type
	// Values are ordered (chain, draw, element), elements row-major: element (i, j) of
	// draw t in chain c lies at ((c*DrawsPerChain + t)*Dims[0] + i)*Dims[1] + j.
	Values []float64
}

// Type is the number type that a variable has in typed formats; in memory all are
// float64, which holds integers up to 2^53 exactly.
type Type uint8

const (
	Float Type = iota
	Int
	Bool
)

func (t Type) String() string { return [...]string{"float", "int", "bool"}[t] }

// Size is the number of elements at one draw.
func (v *Variable) Size() int {
	n := 1
	for _, d := range v.Dims {
		n *= d
	}
	return n
}

// NewVariable allocates a variable of d with one value for each draw and element.
func (d *Draws) NewVariable(name string, t Type, dims ...int) Variable {
	v := Variable{Name: name, Type: t, Dims: dims}
	v.Values = make([]float64, d.Chains*d.DrawsPerChain*v.Size())
	return v
}

// SetColumn stores the draws of one element of a variable of d, given in Stan's order:
// column counts the elements with the first index fastest. values are ordered
// (chain, draw).
func (v *Variable) SetColumn(column int, values []float64) {
	size, e := v.Size(), rowMajor(v.Dims, column)
	for i, x := range values {
		v.Values[i*size+e] = x
	}
}

// Column appends the draws of one element, ordered (chain, draw), to dst; the element is
// counted as in SetColumn.
func (v *Variable) Column(dst []float64, column int) []float64 {
	size, e := v.Size(), rowMajor(v.Dims, column)
	for i := e; i < len(v.Values); i += size {
		dst = append(dst, v.Values[i])
	}
	return dst
}

// rowMajor turns the number of an element counted with the first index fastest into that
// counted with the last index fastest.
func rowMajor(dims []int, column int) int {
	var at, stride = 0, 1
	for _, d := range dims[min(1, len(dims)):] {
		stride *= d
	}
	for k, d := range dims {
		at += column % d * stride
		column /= d
		if k+1 < len(dims) {
			stride /= dims[k+1]
		}
	}
	return at
}

// validate says what is inconsistent about d.
func (d *Draws) validate() error {
	if d.Chains < 1 || d.DrawsPerChain < 0 {
		return fmt.Errorf("store: %d chains of %d draws cannot be stored", d.Chains, d.DrawsPerChain)
	}
	n := d.Chains * d.DrawsPerChain
	if d.LogWeight != nil && len(d.LogWeight) != n {
		return fmt.Errorf("store: %d log weights for %d draws", len(d.LogWeight), n)
	}
	seen := map[string]bool{}
	for _, group := range [][]Variable{d.Variables, d.Stats, d.PosteriorPredictive, d.LogLikelihood} {
		clear(seen)
		for i := range group {
			if err := group[i].validate(n, seen); err != nil {
				return err
			}
		}
	}
	clear(seen)
	for i := range d.ObservedData {
		if err := d.ObservedData[i].validate(1, seen); err != nil {
			return err
		}
	}
	for _, s := range d.Stats {
		if len(s.Dims) > 0 {
			return fmt.Errorf("store: sampler statistic %q has more than one number a draw", s.Name)
		}
	}
	return nil
}

func (v *Variable) validate(draws int, seen map[string]bool) error {
	switch {
	case v.Name == "":
		return errors.New("store: a variable has no name")
	case seen[v.Name]:
		return fmt.Errorf("store: two variables are named %q", v.Name)
	case len(v.Values) != draws*v.Size():
		return fmt.Errorf("store: variable %q has %d values, want %d", v.Name, len(v.Values), draws*v.Size())
	case v.DimNames != nil && len(v.DimNames) != len(v.Dims):
		return fmt.Errorf("store: variable %q has %d axes and %d names for them", v.Name, len(v.Dims), len(v.DimNames))
	}
	seen[v.Name] = true
	return nil
}
