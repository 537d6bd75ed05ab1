package scheme_test

import (
	"testing"

	"wgf/internal/spec"
	"wgf/scheme"
	"wgf/scheme/schemetest"
)

// Everything in the catalogue keeps the contract.
func TestConformance(t *testing.T) {
	for _, e := range scheme.Catalogue() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			schemetest.Check(t, func(h float64) (scheme.Scheme, error) {
				v, err := spec.Parse("scheme", e.Name, e.Params)
				if err != nil {
					return nil, err
				}
				return e.Build(scheme.Setting{StepSize: h, Params: v, Seed: 1, Threads: 1})
			})
		})
	}
}
