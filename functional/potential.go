package functional

import (
	"context"

	"wgf/measure"
	"wgf/target"
)

// Potential is the energy F(mu) = int V dmu of the potential V = -log p, without
// entropy: its flow is gradient descent on V by each particle on its own, and ends in
// the modes. The cost is one gradient of the log density a particle.
// Ambrosio, Gigli and Savare 2008, example 9.3.1.
type Potential struct{ kl KL }

// NewPotential returns the potential energy of -log p.
func NewPotential(density target.Density, threads int) *Potential {
	return &Potential{KL{Density: density, Threads: threads}}
}

func potentialEntry() Entry {
	return Entry{
		Name:      "potential",
		Formula:   "int V dmu, V = -log p: no entropy, particles go to the modes",
		Cost:      "n gradients of the log density",
		Reference: "Ambrosio, Gigli, Savare 2008, example 9.3.1",
		Needs:     Score,
		Build: func(s Setting) (Functional, error) {
			if s.Density == nil {
				return nil, errDensity("potential")
			}
			return NewPotential(s.Density, s.Threads), nil
		},
	}
}

func (f *Potential) Traits() Traits {
	return Traits{Name: "potential", Needs: Score, Exact: true, Value: true, Witness: true, Independent: true}
}

func (f *Potential) Evaluate(_ context.Context, out *Evaluation, c *measure.Cloud) error {
	return f.kl.potential(out, c)
}
