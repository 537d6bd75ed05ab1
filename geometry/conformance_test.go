package geometry_test

import (
	"testing"

	"wgf/geometry"
	"wgf/geometry/geometrytest"
	"wgf/internal/spec"
	"wgf/kernel"
)

// Everything in the catalogue keeps the contract.
func TestConformance(t *testing.T) {
	for _, e := range geometry.Catalogue() {
		t.Run(e.Name, func(t *testing.T) {
			geometrytest.Check(t, func(d, threads int) (geometry.Geometry, error) {
				v, err := spec.Parse("geometry", e.Name, e.Params)
				if err != nil {
					return nil, err
				}
				s := geometry.Setting{Dim: d, Kernel: kernel.Kernel{Bandwidth: 0.8}, Params: v, Seed: 1, Threads: threads}
				for k := range d {
					s.Lower, s.Upper = append(s.Lower, -1), append(s.Upper, 2)
					for l := range d {
						c := 0.2
						if k == l {
							c = 1 + float64(k)
						}
						s.Covariance = append(s.Covariance, c)
					}
				}
				return e.Build(s)
			})
		})
	}
}
