package flow

import (
	"wgf/functional"
	"wgf/geometry"
)

// check holds every rule about which functional, geometry and scheme go together.
// Each sentence says what would work.
func (p *Planned) check() error {
	f, g, s := p.Triple.Functional.Traits(), p.Triple.Geometry.Traits(), p.Triple.Scheme.Traits()
	_, mobile := p.Triple.Geometry.(geometry.Mobile)
	_, reactor := p.Triple.Geometry.(geometry.Reactor)
	_, elsewhere := p.Triple.Functional.(functional.Elsewhere)
	_, mover := p.Triple.Geometry.(geometry.Mover)
	n, d := p.start.N, p.start.D

	// Motion and mass.
	switch {
	case reactor && !s.Reacts:
		return refuse("geometry %s changes masses and scheme %s does not: use splitting, noisy-splitting or birth-death", g.Name, s.Name)
	case s.Reacts && !reactor:
		return refuse("scheme %s changes masses and geometry %s has none that change: use geometry fisher-rao or wfr, or scheme euler", s.Name, g.Name)
	case g.Still && s.Noise:
		return refuse("geometry %s leaves particles where they are and scheme %s moves them by noise: use scheme splitting, or geometry wfr", g.Name, s.Name)
	case g.Witness && !f.Witness:
		return refuse("geometry %s needs the first variation itself, which functional %s does not give: use kl, blob or mmd", g.Name, f.Name)
	}

	// The entropy has exactly one place.
	inMass := g.Still && g.AbsorbsMass
	switch {
	case f.Entropy > 0 && g.Absorbs && s.Noise:
		return refuse("the entropy of %s would be counted twice, by geometry %s and by the noise of scheme %s: use scheme euler, or geometry wasserstein", f.Name, g.Name, s.Name)
	case f.Entropy > 0 && !g.Absorbs && !s.Noise && !s.Parametric && !inMass:
		return refuse("the entropy of %s has no place, and is infinite on particles: use scheme langevin (noise), geometry stein (a kernel), geometry bures or scheme jko (Gaussians), or functional blob (a density estimate)", f.Name)
	case f.Entropy == 0 && s.Noise:
		return refuse("scheme %s adds the noise of an entropy, and functional %s has none: use scheme euler, or functional kl", s.Name, f.Name)
	}

	// What schemes ask of geometries and functionals.
	switch {
	case s.Metropolis && !f.Independent:
		return refuse("scheme %s tests each particle on its own, and under functional %s they depend on each other: use kl, or scheme langevin", s.Name, f.Name)
	case s.Metropolis && !g.Constant:
		return refuse("scheme %s needs to know how likely the way back is, and under geometry %s it is not: use geometry wasserstein", s.Name, g.Name)
	case s.Metropolis && p.Options.Density == nil:
		return refuse("scheme %s needs the log density of the target", s.Name)
	case s.Noise && !mobile:
		return refuse("geometry %s has no noise that fits it, which scheme %s adds: use geometry wasserstein, kalman or wfr", g.Name, s.Name)
	case s.Euclidean && (mover || s.Noise && !g.Constant):
		return refuse("scheme %s takes steps in a flat space, and geometry %s is not flat: use geometry wasserstein, or scheme euler or langevin", s.Name, g.Name)
	case s.Parametric && !f.Independent:
		return refuse("scheme %s moves Gaussians by a potential, and functional %s has none: use kl or potential", s.Name, f.Name)
	case s.Parametric && !g.Constant:
		return refuse("scheme %s is a proximal step in the Wasserstein geometry, not in %s: use geometry wasserstein", s.Name, g.Name)
	case s.Elsewhere && (!elsewhere || !g.Constant):
		return refuse("scheme %s looks at the velocity away from the particles, which %s in geometry %s does not give: use mmd or energy in geometry wasserstein, or scheme euler", s.Name, f.Name, g.Name)
	case s.Energy && (!f.Exact || f.Entropy > 0 || g.Name != "wasserstein"):
		return refuse("scheme %s needs a function of the particles with an exact gradient, and %s in geometry %s is none: use mmd, energy or blob in geometry wasserstein", s.Name, f.Name, g.Name)
	}

	// How many particles.
	switch {
	case g.NeedsMany && n <= d+1:
		return refuse("geometry %s needs more than d+1 = %d particles, not %d", g.Name, d+1, n)
	case s.Line && d != 1:
		return refuse("scheme %s works on the line, and the target has %d coordinates: use scheme jko or forward-backward, on Gaussians", s.Name, d)
	case s.Line && n < 2:
		return refuse("scheme %s needs at least 2 particles", s.Name)
	case s.Potential && p.aimed() == nil:
		return refuse("scheme %s needs the log density of the target", s.Name)
	case s.Parametric && !s.Line && n <= d+1:
		return refuse("scheme %s moves the Gaussian of the cloud and needs more than d+1 = %d particles, not %d", s.Name, d+1, n)
	case n < max(f.MinParticles, g.MinParticles):
		return refuse("%s in geometry %s needs at least %d particles, not %d", f.Name, g.Name, max(f.MinParticles, g.MinParticles), n)
	}
	return nil
}
