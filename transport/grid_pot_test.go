package transport_test

import (
	"testing"

	"wgf/transport"
)

// The barycentres of POT at the same regularisation, after 3000 plain
// iterations there (testdata/extras_grid.py).
func TestGridBarycentreAgainstPOT(t *testing.T) {
	var file []struct {
		N                   int
		Epsilon             float64
		Weights, Barycentre []float64
		Pictures            [][]float64
	}
	readFixture(t, "extras_grid.json", &file)
	if len(file) != 2 {
		t.Fatalf("%d problems", len(file))
	}
	for _, p := range file {
		var grids []transport.Grid
		for _, m := range p.Pictures {
			grids = append(grids, transport.Grid{Shape: []int{p.N, p.N}, Mass: m})
		}
		r := barycentre(t, grids, p.Weights, transport.GridOptions{Epsilon: p.Epsilon, Tolerance: 1e-6, MaxIterations: 20000})
		want := transport.Grid{Shape: []int{p.N, p.N}, Mass: p.Barycentre}
		within(t, "distance to the barycentre of POT", apart(r.Grid, want), 0, 5e-4)
	}
}
