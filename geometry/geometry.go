// Package geometry holds what turns the gradient of a functional into a motion:
// metrics on the space of probability measures, each by the velocity and the mass
// rate of steepest descent in it.
package geometry

import (
	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
)

// Geometry is a metric on probability measures: mu moves by d/dt mu = -G(mu) F'(mu).
//
// Geometries may keep scratch memory: one is used by one goroutine at a time.
type Geometry interface {
	Traits() Traits
	// Velocity writes the velocity of every particle, coordinate-major. A geometry
	// without motion (Fisher-Rao) writes zeros.
	Velocity(dst []float64, f Field) error
}

// Field is the first variation of a functional at the particles, its entropy left out.
type Field struct {
	Cloud    *measure.Cloud
	Gradient []float64 // grad F'(mu)(x_i), coordinate-major
	Witness  []float64 // F'(mu)(x_i); nil unless Traits.Witness
	Entropy  float64   // tau, the coefficient of the entropy that was left out
}

// Traits are facts that the planner of a flow goes by.
type Traits struct {
	Name         string
	Absorbs      bool // Velocity includes the entropy tau of the field: by a kernel or a parametric family
	AbsorbsMass  bool // Reaction includes the entropy tau of the field, by a density estimate
	Witness      bool // Reaction needs Field.Witness
	Still        bool // particles do not move, only masses change
	Descent      bool // dF/dt <= 0 along the velocity for every functional
	Constant     bool // the metric does not depend on particle or cloud: Metropolis tests know the proposal
	NeedsMany    bool // asks for more than d+1 particles
	MinParticles int  // 0: 1
}

// Reactor is a geometry in which masses change.
type Reactor interface {
	// Reaction writes d/dt log w_i of every particle, of mean 0 under the weights.
	Reaction(dst []float64, f Field) error
}

// Mobile is a geometry whose mobility B B^T noise can follow.
type Mobile interface {
	// Rank is the number q of normal numbers that the noise of one particle takes.
	Rank(c *measure.Cloud) int
	// Noise writes B(x_i) xi_i for xi of q numbers a particle, coordinate-major.
	Noise(dst, xi []float64, c *measure.Cloud) error
	// Correction adds tau times the drift that makes the noise leave the target
	// unchanged, the divergence of B B^T with corrections for finitely many particles.
	Correction(dst []float64, tau float64, c *measure.Cloud) error
}

// Mover is a geometry in whose coordinates a step is not x + delta: mirror maps.
type Mover interface {
	// Move writes the particles after a step delta, coordinate-major in the
	// geometry's own coordinates (for a mirror map: grad phi(x) + delta, mapped back).
	Move(dst []float64, c *measure.Cloud, delta []float64) error
}

// Boxed is a geometry on a box: particles must start inside and stay there.
type Boxed interface {
	// Box returns the bounds of every coordinate.
	Box() (lower, upper []float64)
}

// Updater is a geometry with a bandwidth or preconditioner fitted to the cloud.
// Update is called once before each step; what it sets is a function of cloud and step.
type Updater interface {
	Update(c *measure.Cloud, step uint64) error
}

// Setting is what a geometry is built from by name.
type Setting struct {
	Dim     int
	Kernel  kernel.Kernel // bandwidth 0: by Rule
	Rule    kernel.Rule
	Frozen  bool
	Params  spec.Values
	Seed    uint64
	Threads int

	Lower, Upper []float64 // the box of the target; nil: none is known
	Covariance   []float64 // of the target, row-major; nil: not known
}

// Entry describes a geometry that can be asked for by name.
type Entry struct {
	Name      string
	Formula   string
	Cost      string
	Reference string
	Kernel    bool // takes a kernel
	Params    []spec.Param
	Build     func(s Setting) (Geometry, error)
}
