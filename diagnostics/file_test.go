package diagnostics_test

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"wgf/diagnostics"
	"wgf/store"
)

// An AR(0.98) ensemble of 128 particles in 8 superchains is written particle-major and
// read back as chains: the ESS of the chains is within 25 % of the truth, in every
// format. The estimate from 8 chains of 16 particles has a relative standard error of
// about 15 %, so that 25 % is exceeded with a probability near 10 % for a random seed;
// the seed is fixed.
func TestEnsembleThroughFile(t *testing.T) {
	const particles, superchains, times, rho = 128, 8, 100, 0.98
	rng := rand.New(rand.NewPCG(11, 12))
	d := &store.Draws{Chains: superchains, DrawsPerChain: particles / superchains * times}
	x := d.NewVariable("x", store.Float)
	for i := range particles { // chain = superchain, within it one particle after another
		v := rng.NormFloat64()
		for k := range times {
			x.Values[i*times+k] = v
			v = rho*v + math.Sqrt(1-rho*rho)*rng.NormFloat64()
		}
	}
	d.Variables = []store.Variable{x}

	variance := 1.0
	for lag := 1; lag < times; lag++ {
		variance += 2 * (1 - float64(lag)/times) * math.Pow(rho, float64(lag))
	}
	truth := particles * times / variance
	for _, name := range []string{"draws.csv", "draws.zarr", "draws.npz"} {
		path := filepath.Join(t.TempDir(), name)
		if _, err := store.Write(path, d, store.Options{}); err != nil {
			t.Fatal(err)
		}
		back, err := store.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		column := back.Columns()[0]
		if column.Name == "lp__" {
			column = back.Columns()[1]
		}
		s := diagnostics.Summarize(column.Draws(nil))
		if math.Abs(s.ESSBulk-truth) > 0.25*truth {
			t.Errorf("%s: ESS %.0f, truth %.0f", name, s.ESSBulk, truth)
		}
	}
}
