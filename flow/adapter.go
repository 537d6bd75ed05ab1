package flow

import (
	"context"

	"wgf/functional"
	"wgf/geometry"
	"wgf/kernel"
	"wgf/measure"
	"wgf/scheme"
	"wgf/target"
)

// problem is the flow of a triple as its scheme consumes it.
func (p *Planned) problem() *scheme.Problem {
	f, g := p.Triple.Functional, p.Triple.Geometry
	out := &scheme.Problem{Entropy: f.Traits().Entropy, Seed: p.Options.Seed, Threads: p.Options.Threads}
	n, d := p.start.N, p.start.D
	gradient, witness := make([]float64, n*d), make([]float64, n)

	field := func(ctx context.Context, c *measure.Cloud, mass bool) (geometry.Field, error) {
		e := functional.Evaluation{Gradient: gradient}
		if mass {
			e = functional.Evaluation{Witness: witness}
		}
		err := f.Evaluate(ctx, &e, c)
		return geometry.Field{Cloud: c, Gradient: e.Gradient, Witness: e.Witness, Entropy: out.Entropy}, err
	}
	still := g.Traits().Still
	out.Velocity = func(ctx context.Context, dst []float64, c *measure.Cloud) error {
		if still {
			clear(dst)
			return nil
		}
		at, err := field(ctx, c, false)
		if err != nil {
			return err
		}
		return g.Velocity(dst, at)
	}
	if r, ok := g.(geometry.Reactor); ok {
		out.Reaction = func(ctx context.Context, dst []float64, c *measure.Cloud) error {
			at, err := field(ctx, c, true)
			if err != nil {
				return err
			}
			return r.Reaction(dst, at)
		}
	}
	if e, ok := f.(functional.Elsewhere); ok && g.Traits().Constant {
		out.VelocityAt = func(ctx context.Context, dst, z []float64, c *measure.Cloud) error {
			if err := e.WitnessAt(ctx, nil, dst, kernel.Points{N: c.N, D: c.D, X: z}, c); err != nil {
				return err
			}
			for i := range dst {
				dst[i] = -dst[i]
			}
			return nil
		}
	}
	if m, ok := g.(geometry.Mobile); ok {
		out.Rank, out.Noise, out.Correction = m.Rank, m.Noise, m.Correction
	}
	if m, ok := g.(geometry.Mover); ok {
		out.Move = m.Move
	}
	if f.Traits().Exact {
		out.Energy = func(ctx context.Context, grad []float64, c *measure.Cloud) (float64, error) {
			e := functional.Evaluation{WantValue: true, Gradient: grad}
			err := f.Evaluate(ctx, &e, c)
			return e.Value, err
		}
	}
	if q := p.aimed(); q != nil {
		out.LogDensity = q.LogDensity
		if curved, ok := q.(target.Curved); ok && p.Triple.Scheme.Traits().Potential && p.curved() {
			out.Curvature = curved.HessianVector
		}
	}
	return out
}

// curved reports whether the target has all its second derivatives.
func (p *Planned) curved() bool {
	c, ok := p.Options.Density.(interface{ Curvature() error })
	return !ok || c.Curvature() == nil
}
