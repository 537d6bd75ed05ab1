// Package functional holds what is minimised over measures: energies F(mu) whose
// minimiser is the target, with their first variations F'(mu) and the gradients of
// these at the particles.
//
// The entropy of a cloud of particles is infinite. A functional that has one says
// with which coefficient, Traits.Entropy, and gives value and gradient of the rest.
package functional

import (
	"context"

	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
	"wgf/target"
)

// Functional is an energy F on probability measures, seen at weighted clouds.
//
// Functionals may keep scratch memory: one is used by one goroutine at a time.
type Functional interface {
	// Traits says what the functional is, needs and gives.
	Traits() Traits
	// Evaluate fills out at the cloud mu = sum_i w_i delta_{x_i}. An error says in
	// one sentence what could not be evaluated; numbers that are not finite are
	// never written without one.
	Evaluate(ctx context.Context, out *Evaluation, c *measure.Cloud) error
}

// Evaluation is what a functional gives at a cloud of n particles in d dimensions.
type Evaluation struct {
	WantValue bool
	Value     float64   // F(mu) without its entropy; set if WantValue
	Gradient  []float64 // n*d coordinate-major, or nil if not wanted: grad F'(mu)(x_i), without the entropy
	Witness   []float64 // n, or nil if not wanted: F'(mu)(x_i) without the entropy, up to one constant
}

// Needs is a set of what a functional asks of the target.
type Needs uint8

const (
	Score     Needs = 1 << iota // log density, up to a constant, and its gradient
	Curvature                   // Hessian-vector products of the log density
	Samples                     // points of the target
)

// Traits are facts that the planner of a flow goes by.
type Traits struct {
	Name         string
	Needs        Needs
	Entropy      float64 // tau of tau int mu log mu, which Evaluate leaves out; 0: nothing is left out
	Exact        bool    // the derivative of Value by particle i is w_i times Gradient, so that line searches and L-BFGS may be used
	Value        bool    // Evaluate gives Value
	Witness      bool    // Evaluate gives Witness
	Independent  bool    // F is linear in mu (beside the entropy): particle i's gradient does not depend on the others
	Random       bool    // Evaluate depends on random numbers drawn by Update
	MinParticles int     // smallest number of distinct particles that make sense; 0: 1
}

// Updater is a functional with slow variables: a bandwidth fitted to the cloud,
// random directions, a minibatch. Update is called once before each step and not
// within it, so that line searches compare like with like. What it sets must be a
// function of the cloud, the step and what Save returns.
type Updater interface {
	Update(c *measure.Cloud, step uint64) error
}

// Keeper is a functional whose values depend on its past in ways that a resumed run
// must know of, such as warm starts of inner solvers.
type Keeper interface {
	Save() []float64
	Load(kept []float64) error
}

// Elsewhere is a functional whose witness can be evaluated away from the particles:
// grad F'(mu)(z_i), for noise injection and plots.
type Elsewhere interface {
	// WitnessAt writes F'(mu)(z_i) to value and grad F'(mu)(z_i) to gradient; either may be nil.
	WitnessAt(ctx context.Context, value, gradient []float64, z kernel.Points, c *measure.Cloud) error
}

// Setting is what a functional is built from by name.
type Setting struct {
	Density target.Density // nil: the target is known through samples only
	Samples *measure.Cloud // nil: the target is known as a density only
	Kernel  kernel.Kernel  // bandwidth 0: by Rule
	Rule    kernel.Rule    // bandwidth rule, fitted at Update
	Frozen  bool           // fit the bandwidth once, at the first Update
	Params  spec.Values    // of Entry.Params
	Seed    uint64
	Threads int
}

// Entry describes a functional that can be asked for by name.
type Entry struct {
	Name      string
	Formula   string // one line
	Cost      string // of one gradient, in n, m, d
	Reference string
	Needs     Needs
	Kernel    bool // takes a kernel
	Params    []spec.Param
	Build     func(s Setting) (Functional, error)
}
