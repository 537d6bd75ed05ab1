package diagnostics

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

type fixture struct {
	Name  string
	Draws [][]float64
	Want  map[string]*float64
}

func readFixtures(t testing.TB) []fixture {
	t.Helper()
	data, err := os.ReadFile("testdata/chains.json")
	if err != nil {
		t.Fatal(err)
	}
	var f []fixture
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// The reference is ArviZ; see testdata/make_fixtures.py.
func TestChainsAgreeWithReference(t *testing.T) {
	var kept Summarizer // buffers kept between the cases must not leak
	for _, f := range readFixtures(t) {
		t.Run(f.Name, func(t *testing.T) {
			s := kept.Chains(f.Draws)
			if other := Summarize(f.Draws); other != s {
				t.Errorf("kept buffers change the summary: %+v, fresh %+v", s, other)
			}
			got := map[string]float64{
				"mean": s.Mean, "sd": s.SD, "mad": s.MAD, "mcse_mean": s.MCSEMean, "mcse_sd": s.MCSESD,
				"ess_bulk": s.ESSBulk, "ess_tail": s.ESSTail, "r_hat": s.RHat,
				"q5": s.Q5, "q50": s.Q50, "q95": s.Q95,
				"ess_mean": ESSMean(f.Draws), "ess_sd": ESSSD(f.Draws), "ess_median": ESSQuantile(f.Draws, 0.5),
				"mcse_q5": MCSEQuantile(f.Draws, 0.05), "mcse_q50": MCSEQuantile(f.Draws, 0.5),
				"mcse_q95": MCSEQuantile(f.Draws, 0.95),
			}
			for name, want := range f.Want {
				v, ok := got[name]
				if !ok {
					t.Fatalf("no value computed for %q", name)
				}
				if want == nil {
					if !math.IsNaN(v) && !math.IsInf(v, 0) {
						t.Errorf("%s = %g, want an undefined value", name, v)
					}
					continue
				}
				if math.Abs(v-*want) > 1e-10*math.Abs(*want) {
					t.Errorf("%s = %.15g, want %.15g", name, v, *want)
				}
			}
		})
	}
}
