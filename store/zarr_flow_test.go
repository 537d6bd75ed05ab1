package store

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func flowDraws() *Draws {
	return &Draws{Chains: 1, DrawsPerChain: 2, Variables: []Variable{{Name: "x", Values: []float64{1, 2}}, {Name: "y", Values: []float64{3, 4}}},
		Flow: &Trajectory{N: 2, D: 2, Steps: []float64{0, 5}, Times: []float64{0, 0.5}, Seconds: []float64{0, 1},
			X: [][]float64{{0, 1, 2, 3}, {1, 2, 3, 4}}, LogW: [][]float64{{0, 0}, {0, -1}},
			Metrics: map[string][]float64{"energy": {2, 1}}, Names: []string{"x", "y"}, Attributes: map[string]string{"recipe": "svgd"}}}
}

func TestTrajectoryRoundTrip(t *testing.T) {
	at := filepath.Join(t.TempDir(), "run.zarr")
	want := flowDraws()
	if _, err := Write(at, want, Options{}); err != nil {
		t.Fatal(err)
	}
	got, err := Read(at)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Flow, want.Flow) {
		t.Errorf("%+v, want %+v", got.Flow, want.Flow)
	}
	points, err := ReadPoints(at)
	if err != nil || points.Cloud.N != 2 || points.Cloud.D != 2 {
		t.Errorf("%v, %v", points, err)
	}
}

func TestDamagedTrajectories(t *testing.T) {
	for name, damage := range map[string]func(dir string) error{
		"no particles": func(dir string) error { return os.RemoveAll(filepath.Join(dir, "flow", "particles")) },
		"no steps":     func(dir string) error { return os.RemoveAll(filepath.Join(dir, "flow", "step")) },
		"missing chunk": func(dir string) error {
			return os.RemoveAll(filepath.Join(dir, "flow", "particles", "c"))
		},
		"not JSON": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "flow", "zarr.json"), []byte("{"), 0o666)
		},
		"cut chunk": func(dir string) error {
			return os.Truncate(filepath.Join(dir, "flow", "particles", "c", "0", "0", "0"), 5)
		},
		"other shape": func(dir string) error {
			data, err := os.ReadFile(filepath.Join(dir, "flow", "log_weight", "zarr.json"))
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, "flow", "time", "zarr.json"), data, 0o666)
		},
	} {
		at := filepath.Join(t.TempDir(), "run.zarr")
		if _, err := Write(at, flowDraws(), Options{}); err != nil {
			t.Fatal(err)
		}
		if err := damage(at); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(at); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
	bad := flowDraws()
	bad.Flow.Metrics["time"] = []float64{math.NaN(), 1}
	at := filepath.Join(t.TempDir(), "run.zarr")
	if _, err := Write(at, bad, Options{}); err == nil {
		t.Error("a metric named time is written")
	} else if _, err := os.Stat(at); err == nil {
		t.Error("half a store is left")
	}
}
