// Package scheme discretises time: it takes a cloud of particles one step along a
// flow that is given as a Problem of plain functions.
package scheme

import (
	"context"
	"maps"
	"slices"

	"wgf/internal/spec"
	"wgf/measure"
)

// Problem is the flow that a scheme integrates. Functions that are nil are not
// available; a scheme says in its Traits which ones it uses.
type Problem struct {
	// Velocity writes dx_i/dt, coordinate-major.
	Velocity func(ctx context.Context, dst []float64, c *measure.Cloud) error
	// VelocityAt writes the velocity that particles at z_i would have in the field of
	// the cloud c.
	VelocityAt func(ctx context.Context, dst, z []float64, c *measure.Cloud) error
	// Reaction writes d/dt log w_i.
	Reaction func(ctx context.Context, dst []float64, c *measure.Cloud) error
	// Move writes the particles after a step delta; nil: x + delta.
	Move func(dst []float64, c *measure.Cloud, delta []float64) error
	// Entropy is the coefficient tau of the entropy that the scheme is left with.
	Entropy float64
	// Rank, Noise and Correction are the mobility B B^T: Noise writes B xi_i for xi of
	// Rank numbers a particle, Correction adds tau div(B B^T). nil: B = I.
	Rank       func(c *measure.Cloud) int
	Noise      func(dst, xi []float64, c *measure.Cloud) error
	Correction func(dst []float64, tau float64, c *measure.Cloud) error
	// Energy returns F of the cloud and, if grad is not nil, writes the gradient of the
	// first variation at the particles: the derivative of F by x_i is w_i grad_i.
	Energy func(ctx context.Context, grad []float64, c *measure.Cloud) (float64, error)
	// LogDensity writes the log density that each particle on its own aims at, the
	// potential -V, and its gradient if not nil.
	LogDensity func(lp, grad, x []float64)
	// Curvature writes Hessian-vector products of that log density.
	Curvature func(dst, x, u []float64)
	Seed      uint64
	Threads   int
}

// State is where a run is: all that its next step depends on beside the problem.
type State struct {
	Cloud *measure.Cloud
	Step  uint64
	Time  float64
	Slots map[string][]float64 // what the scheme carries from step to step, by name
}

// Clone is a deep copy.
func (s *State) Clone() *State {
	out := &State{Cloud: s.Cloud.Clone(), Step: s.Step, Time: s.Time, Slots: maps.Clone(s.Slots)}
	for k, v := range out.Slots {
		out.Slots[k] = slices.Clone(v)
	}
	return out
}

// Slot returns the carried vector of a name, made of n zeros when it is new.
func (s *State) Slot(name string, n int) []float64 {
	if s.Slots == nil {
		s.Slots = map[string][]float64{}
	}
	v, ok := s.Slots[name]
	if !ok || len(v) != n {
		v = make([]float64, n)
		s.Slots[name] = v
	}
	return v
}

// Info is what a step reports.
type Info struct {
	StepSize   float64 // used
	Acceptance float64 // of Metropolis tests, NaN without
	Speed2     float64 // sum_i w_i |v_i|^2 at the start of the step; NaN if no velocity was evaluated
	Done       bool    // the scheme has converged: further steps change nothing
}

// Scheme takes a state to the next one. Schemes may keep scratch memory between
// steps but nothing that a step depends on: that goes into State.Slots.
type Scheme interface {
	Traits() Traits
	// Step replaces s by the next state and advances Step by one and Time by the step
	// size. After an error the state is as before.
	Step(ctx context.Context, s *State, p *Problem) (Info, error)
}

// Traits are facts that the planner of a flow goes by.
type Traits struct {
	Name       string
	Noise      bool // adds the noise of an entropy: (a)
	Parametric bool // handles the entropy in a family of its own: Gaussians, one-dimensional quantiles: (d)
	Line       bool // works in one dimension only
	Metropolis bool // needs LogDensity, independent particles and a constant metric
	Energy     bool // needs Problem.Energy: an exact particle gradient
	Elsewhere  bool // needs Problem.VelocityAt
	Potential  bool // needs LogDensity (and Curvature if Curvature)
	Curvature  bool
	Moves      bool    // uses Velocity: there must be a motion
	Reacts     bool    // uses Reaction: there must be a reaction
	Euclidean  bool    // steps are x + delta: refuses mirror maps and mobilities
	Kills      bool    // particles are removed and duplicated: their order means nothing
	StepSize   float64 // the step that was asked for; 0: none
	Order      int     // strong order of deterministic schemes, weak order of noisy ones; 0: none claimed
}

// Setting is what a scheme is built from by name.
type Setting struct {
	StepSize float64
	Params   spec.Values
	Seed     uint64
	Threads  int
}

// Entry describes a scheme that can be asked for by name.
type Entry struct {
	Name      string
	Formula   string
	Cost      string
	Reference string
	Params    []spec.Param
	Build     func(s Setting) (Scheme, error)
}
