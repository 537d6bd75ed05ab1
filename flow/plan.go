package flow

import (
	"strings"

	"wgf/functional"
	"wgf/geometry"
	"wgf/internal/rng"
	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
	"wgf/scheme"
	"wgf/target"
)

// Planned is a flow that was found possible, with every option resolved.
type Planned struct {
	Options Options // resolved
	Recipe  Recipe
	Triple  Triple
	start   *measure.Cloud
	way     *way        // of the target; nil: it stays
	mark    [][2]string // see fingerprint
	taken   *checkpoint // that the run goes on from; nil: from the start
}

// Plan resolves options and refuses, by an error of type [Refusal], what cannot work.
func Plan(o Options) (*Planned, error) {
	r := Recipe{Particles: 500, Steps: 1000, StepSize: 0.01, Kernel: "gaussian:median"}
	if o.Recipe != "" {
		var err error
		if r, err = find(o.Recipe); err != nil {
			return nil, err
		}
	}
	fill(&o.Functional, r.Functional)
	fill(&o.Geometry, r.Geometry)
	fill(&o.Scheme, r.Scheme)
	fill(&o.Kernel, r.Kernel)
	fill(&o.Kernel, "gaussian:median")
	fill(&o.Particles, r.Particles)
	fill(&o.Steps, r.Steps)
	fill(&o.StepSize, r.StepSize)
	fill(&o.InitScale, 1)
	fill(&o.Seed, 1)
	fill(&o.Every, max(1, o.Steps/50))
	if o.Density == nil && o.Samples == nil && o.Own.Functional == nil {
		return nil, refuse("no target: give a density or samples")
	}
	switch {
	case o.Particles < 1:
		return nil, refuse("%d particles: want at least 1", o.Particles)
	case o.Steps < 1:
		return nil, refuse("%d steps: want at least 1", o.Steps)
	case !(o.StepSize > 0) || o.StepSize > 1e100:
		return nil, refuse("step size %v: want a positive number", o.StepSize)
	case !(o.InitScale > 0) || o.InitScale > 1e100:
		return nil, refuse("scale %v of the start: want a positive number", o.InitScale)
	}
	fill(&o.Path, r.Path)
	p := &Planned{Options: o, Recipe: r}
	if o.Path != "" {
		var err error
		if p.way, err = newWay(&o); err != nil {
			return nil, err
		}
	}
	if err := p.begin(); err != nil {
		return nil, err
	}
	if err := p.build(); err != nil {
		return nil, err
	}
	if err := p.enclose(); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	p.mark = p.fingerprint()
	return p, nil
}

func fill[T comparable](at *T, v T) {
	var zero T
	if *at == zero {
		*at = v
	}
}

// begin makes the starting cloud.
func (p *Planned) begin() error {
	o := &p.Options
	d := 0
	switch {
	case o.Density != nil:
		d = o.Density.Dim()
	case o.Samples != nil:
		if err := o.Samples.Check(); err != nil {
			return err
		}
		d = o.Samples.D
	case o.Init != nil:
		d = o.Init.D
	}
	if d < 1 {
		return refuse("the target has no coordinates")
	}
	if o.Init != nil {
		if err := o.Init.Check(); err != nil {
			return err
		}
		if o.Init.D != d {
			return refuse("the start has %d coordinates, the target %d", o.Init.D, d)
		}
		p.start, o.Particles = o.Init.Clone(), o.Init.N
		return nil
	}
	mean := make([]float64, d)
	if o.Samples != nil {
		mean = o.Samples.Mean()
	}
	p.restart(mean)
	return nil
}

// restart makes the cloud N(mean, InitScale^2 I) the start.
func (p *Planned) restart(mean []float64) {
	o, d := &p.Options, len(mean)
	c := measure.New(o.Particles, d)
	rng.New(o.Seed, rng.Init).Normals(c.X, d, c.N, 0, 0)
	for k := range d {
		for i := range c.N {
			c.X[k*c.N+i] = mean[k] + float64(o.InitScale*c.X[k*c.N+i])
		}
	}
	p.start = c
}

// build makes the three nouns by name where the program gave none of its own.
func (p *Planned) build() error {
	o := &p.Options
	k, rule, err := ParseKernel(o.Kernel)
	if err != nil {
		return Refusal{err.Error()}
	}
	p.Triple = o.Own
	if p.Triple.Functional == nil {
		if p.Triple.Functional, err = p.buildFunctional(k, rule); err != nil {
			return Refusal{err.Error()}
		}
	}
	if p.Triple.Geometry == nil {
		if p.Triple.Geometry, err = buildGeometry(o, p.start.D, k, rule); err != nil {
			return Refusal{err.Error()}
		}
	}
	if p.Triple.Scheme == nil {
		if p.Triple.Scheme, err = buildScheme(o); err != nil {
			return Refusal{err.Error()}
		}
	}
	return nil
}

func unknown(kind, text string, names []string) error {
	if text == "" {
		return refuse("no %s: name one of %s", kind, strings.Join(names, ", "))
	}
	return refuse("unknown %s %q: known are %s", kind, spec.Name(text), strings.Join(names, ", "))
}

func (p *Planned) buildFunctional(k kernel.Kernel, rule kernel.Rule) (functional.Functional, error) {
	o := &p.Options
	var names []string
	for _, e := range functional.Catalogue() {
		names = append(names, e.Name)
		if e.Name != spec.Name(o.Functional) {
			continue
		}
		v, err := spec.Parse("functional", o.Functional, e.Params)
		if err != nil {
			return nil, err
		}
		return e.Build(functional.Setting{Density: p.aimed(), Samples: o.Samples, Kernel: k, Rule: rule, Params: v, Seed: o.Seed, Threads: o.Threads})
	}
	return nil, unknown("functional", o.Functional, names)
}

func buildGeometry(o *Options, d int, k kernel.Kernel, rule kernel.Rule) (geometry.Geometry, error) {
	var names []string
	for _, e := range geometry.Catalogue() {
		names = append(names, e.Name)
		if e.Name != spec.Name(o.Geometry) {
			continue
		}
		v, err := spec.Parse("geometry", o.Geometry, e.Params)
		if err != nil {
			return nil, err
		}
		setting := geometry.Setting{Dim: d, Kernel: k, Rule: rule, Params: v, Seed: o.Seed, Threads: o.Threads}
		if t, ok := o.Density.(target.Bounded); ok {
			setting.Lower, setting.Upper = t.Box()
		}
		if t, ok := o.Density.(target.Moments); ok {
			setting.Covariance = t.Covariance()
		} else if o.Samples != nil {
			setting.Covariance = o.Samples.Covariance()
		}
		return e.Build(setting)
	}
	return nil, unknown("geometry", o.Geometry, names)
}

func buildScheme(o *Options) (scheme.Scheme, error) {
	var names []string
	for _, e := range scheme.Catalogue() {
		names = append(names, e.Name)
		if e.Name != spec.Name(o.Scheme) {
			continue
		}
		v, err := spec.Parse("scheme", o.Scheme, e.Params)
		if err != nil {
			return nil, err
		}
		return e.Build(scheme.Setting{StepSize: o.StepSize, Params: v, Seed: o.Seed, Threads: o.Threads})
	}
	return nil, unknown("scheme", o.Scheme, names)
}

// aimed is the density that the run aims at: the target, or where it is on its path.
func (p *Planned) aimed() target.Density {
	if p.way != nil {
		return p.way.density()
	}
	return p.Options.Density
}

// BuildFunctional makes a functional by its specification, target and kernel of the
// options, as a plan would; the other options are not looked at.
func BuildFunctional(o Options) (functional.Functional, error) {
	fill(&o.Kernel, "gaussian:median")
	fill(&o.Seed, 1)
	k, rule, err := ParseKernel(o.Kernel)
	if err != nil {
		return nil, Refusal{err.Error()}
	}
	return (&Planned{Options: o}).buildFunctional(k, rule)
}
