package store

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The bytes of small outputs are pinned: a change of format must be seen and meant, and
// tried with testdata/verify_readers.py.
func TestGolden(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, d *Draws, f Format) {
		if _, err := Write(filepath.Join(dir, name), d, Options{Format: f}); err != nil {
			t.Fatal(err)
		}
	}
	write("ensemble.csv", sampleDraws(2, 3), CmdStanCSV)
	write("nuts.csv", hamiltonianDraws(2, 3), CmdStanCSV)
	write("table.csv", sampleDraws(2, 3), Table)
	write("draws.zarr", sampleDraws(2, 3), Zarr)
	for golden, name := range map[string]string{
		"ensemble_2.csv": "ensemble_2.csv", "nuts_1.csv": "nuts_1.csv", "table.csv": "table.csv",
		"zarr_theta.json": "draws.zarr/posterior/theta/zarr.json", "zarr_labels.json": "draws.zarr/posterior/theta_dim_0/zarr.json",
		"zarr_flag.json": "draws.zarr/posterior/flag/zarr.json", "zarr_group.json": "draws.zarr/posterior/zarr.json",
	} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", "golden", golden)
		if *update {
			if err := os.WriteFile(path, got, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-golden +got):\n%s", golden, diff)
		}
	}
}

// The consolidated metadata of the root repeat every document below it.
func TestConsolidated(t *testing.T) {
	whole := smallZarr(t)
	var root struct {
		Consolidated struct {
			Kind     string
			Metadata map[string]any
		} `json:"consolidated_metadata"`
	}
	if err := json.Unmarshal(whole["zarr.json"].Data, &root); err != nil {
		t.Fatal(err)
	}
	found := map[string]any{}
	for name, file := range whole {
		if dir, ok := strings.CutSuffix(name, "/zarr.json"); ok {
			var document any
			if err := json.Unmarshal(file.Data, &document); err != nil {
				t.Fatal(err)
			}
			found[dir] = document
		}
	}
	if diff := cmp.Diff(found, root.Consolidated.Metadata); diff != "" || root.Consolidated.Kind != "inline" {
		t.Errorf("-documents +consolidated:\n%s", diff)
	}
}

// Systematic resampling: each draw appears as often as its weight asks for, in order.
func TestResampled(t *testing.T) {
	d := &Draws{Chains: 2, DrawsPerChain: 2, LogWeight: []float64{-1000 + 0.6931471805599453, -1000, -1000, math.Inf(-1)}}
	x := d.NewVariable("x", Float, 2)
	for i := range x.Values {
		x.Values[i] = float64(i)
	}
	d.Variables = []Variable{x}
	back := writeRead(t, "d.csv", d, Options{})
	if diff := cmp.Diff([]float64{0, 1, 0, 1, 2, 3, 4, 5}, back.Variables[0].Values); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{0, 1, 2}, systematic([]float64{math.Inf(-1), math.Inf(-1), math.Inf(-1)})); diff != "" {
		t.Error(diff)
	}
	keep := writeRead(t, "d.zarr", d, Options{})
	if diff := cmp.Diff(d.LogWeight, keep.LogWeight); diff != "" {
		t.Error(diff)
	}
}
