package flow

import (
	"strconv"

	"wgf/functional"
	"wgf/geometry"
	"wgf/internal/spec"
	"wgf/scheme"
)

// Description is what the three nouns of a recipe say about themselves.
type Description struct {
	Formula, Cost [3]string // of functional, geometry, scheme
	Needs         []string  // log density, gradient, hessian, samples
	MinParticles  int
	Spanning      bool // more than d+1 particles are needed, whatever MinParticles says
}

// Least is the smallest number of particles as text.
func (d Description) Least() string {
	if d.Spanning {
		return "d+2"
	}
	return strconv.Itoa(d.MinParticles)
}

// Describe looks the nouns of a recipe up in their catalogues.
func (r Recipe) Describe() Description {
	d := Description{MinParticles: 1, Needs: []string{}}
	for _, e := range functional.Catalogue() {
		if e.Name != spec.Name(r.Functional) {
			continue
		}
		d.Formula[0], d.Cost[0] = e.Formula, e.Cost
		if e.Needs&functional.Score != 0 {
			d.Needs = append(d.Needs, "log density", "gradient")
		}
		if e.Needs&functional.Curvature != 0 {
			d.Needs = append(d.Needs, "hessian")
		}
		if e.Needs&functional.Samples != 0 {
			d.Needs = append(d.Needs, "samples")
		}
	}
	for _, e := range geometry.Catalogue() {
		if e.Name == spec.Name(r.Geometry) {
			d.Formula[1], d.Cost[1] = e.Formula, e.Cost
			v, _ := spec.Parse("geometry", r.Geometry, e.Params)
			if g, err := e.Build(geometry.Setting{Dim: 1, Params: v}); err == nil {
				d.MinParticles = max(1, g.Traits().MinParticles)
				if g.Traits().NeedsMany {
					d.MinParticles, d.Spanning = 3, true // d = 1
				}
			}
		}
	}
	if spec.Name(r.Functional) == "blob" {
		d.MinParticles = max(d.MinParticles, (&functional.Blob{}).Traits().MinParticles)
	}
	for _, e := range scheme.Catalogue() {
		if e.Name == spec.Name(r.Scheme) {
			d.Formula[2], d.Cost[2] = e.Formula, e.Cost
			if s, err := buildScheme(&Options{Scheme: r.Scheme, StepSize: r.StepSize}); err == nil && s.Traits().Parametric {
				d.MinParticles, d.Spanning = 3, true // d = 1
			}
		}
	}
	return d
}

// FindRecipe returns the recipe of a name; a [Refusal] lists the known ones.
func FindRecipe(name string) (Recipe, error) { return find(name) }
