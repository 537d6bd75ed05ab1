package flow

import (
	"context"
	"testing"
)

// The defaults of recipe mied reach what they are meant for.
func TestMIEDConverges(t *testing.T) {
	for _, name := range []string{"banana", "gaussian:dim=2"} {
		p, err := Plan(Options{Recipe: "mied", Density: parse(t, name), Particles: 150, Steps: 300})
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Run(context.Background(), nil)
		if err != nil {
			t.Fatal(err)
		}
		first, last := r.Trace[0].Metrics, r.Trace[len(r.Trace)-1].Metrics
		if !(last["energy"] < first["energy"]-1 && last["ksd"] < 0.06 && last["energy_distance"] < 0.03) {
			t.Errorf("%s: energy %g to %g, ksd %g, energy distance %g", name, first["energy"], last["energy"], last["ksd"], last["energy_distance"])
		}
	}
}
