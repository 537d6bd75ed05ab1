package functional_test

import (
	"fmt"
	"math"
	"testing"

	"wgf/functional"
	"wgf/functional/functionaltest"
	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
	"wgf/target"
)

// Everything in the catalogue, with a density and with samples, keeps the contract.
func TestConformance(t *testing.T) {
	for _, e := range functional.Catalogue() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			functionaltest.Check(t, entry(e, e.Name))
		})
	}
	for _, text := range []string{"mied:mollifier=1,eps=0.5", "mied:mollifier=2,eps=0.5", "interaction:sign=-1", "interaction:confine=0"} {
		for _, e := range functional.Catalogue() {
			if e.Name == spec.Name(text) {
				t.Run(text, func(t *testing.T) { functionaltest.Check(t, entry(e, text)) })
			}
		}
	}
}

func entry(e functional.Entry, text string) functionaltest.Build {
	return func(d, threads int) (functional.Functional, error) {
		density, err := target.Parse(fmt.Sprintf("gaussian:dim=%d", d))
		if err != nil {
			return nil, err
		}
		y := measure.New(9, d)
		for i := range y.X {
			y.X[i] = 0.5 + 1.3*math.Cos(2.1*float64(i)*float64(i)+0.3)
		}
		v, err := spec.Parse("functional", text, e.Params)
		if err != nil {
			return nil, err
		}
		return e.Build(functional.Setting{Density: density, Samples: y, Kernel: kernel.Kernel{Bandwidth: 0.8}, Params: v, Seed: 1, Threads: threads})
	}
}
