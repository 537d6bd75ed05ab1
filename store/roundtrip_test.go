package store

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// sameBits compares numbers exactly, NaN equal to NaN.
var sameBits = cmp.Comparer(func(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
})

func writeRead(t *testing.T, name string, d *Draws, opt Options) *Draws {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	names, err := Write(path, d, opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if _, err := os.Stat(n); err != nil {
			t.Error(err)
		}
	}
	back, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != len(names) {
		t.Errorf("%d files for the %d names %v, %v", len(entries), len(names), names, err)
	}
	return back
}

// textual is what a format without types, labels and further groups keeps of d.
func textual(d *Draws) *Draws {
	out := *d
	out.PosteriorPredictive, out.LogLikelihood, out.ObservedData = nil, nil, nil
	out.Variables = append([]Variable(nil), d.Variables...)
	for i := range out.Variables {
		out.Variables[i].Type, out.Variables[i].Labels = Float, nil
	}
	return &out
}

func TestRoundTripZarr(t *testing.T) {
	for _, d := range []*Draws{sampleDraws(4, 50), sampleDraws(1, 1), hamiltonianDraws(2, 7)} {
		if diff := cmp.Diff(d, writeRead(t, "a.zarr", d, Options{}), sameBits); diff != "" {
			t.Errorf("-written +read:\n%s", diff)
		}
	}
}

func TestRoundTripZarrChunks(t *testing.T) {
	d := &Draws{Chains: 3, DrawsPerChain: 500, LogWeight: make([]float64, 1500)}
	v := d.NewVariable("big", Float, 37, 41)
	v.DimNames = []string{"row", "column"}
	n := d.NewVariable("n", Int, 1000)
	for i := range v.Values {
		v.Values[i] = float64(i) * 0x1p-10
	}
	for i := range n.Values {
		n.Values[i] = float64(i - 700000)
	}
	d.Variables = []Variable{v, n, d.NewVariable("none", Float, 0), d.NewVariable("wide", Float, 2, 0, 3)}
	back := writeRead(t, "a.zarr", d, Options{})
	for i := range d.Variables { // cmp is slow for millions of numbers
		if !slices.Equal(back.Variables[i].Values, d.Variables[i].Values) {
			t.Errorf("%s: values differ", d.Variables[i].Name)
		}
	}
	if diff := cmp.Diff(d, back, cmpopts.IgnoreFields(Variable{}, "Values")); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
}

func TestRoundTripCmdStan(t *testing.T) {
	for _, d := range []*Draws{sampleDraws(4, 50), sampleDraws(1, 1), hamiltonianDraws(2, 7)} {
		back := writeRead(t, "a.csv", d, Options{})
		ignore := cmpopts.IgnoreFields(Draws{}, "Stats") // CmdStan's order
		if diff := cmp.Diff(textual(d), back, sameBits, ignore); diff != "" {
			t.Errorf("-written +read:\n%s", diff)
		}
		sorted := cmpopts.SortSlices(func(a, b Variable) bool { return a.Name < b.Name })
		if diff := cmp.Diff(d.Stats, back.Stats, sameBits, sorted); diff != "" {
			t.Errorf("statistics -written +read:\n%s", diff)
		}
	}
}

func TestRoundTripTable(t *testing.T) {
	d := sampleDraws(3, 20)
	d.LogWeight = make([]float64, 60)
	for i := range d.LogWeight {
		d.LogWeight[i] = -float64(i) / 7
	}
	back := writeRead(t, "a.csv", d, Options{Format: Table})
	want := textual(d)
	want.Record = Record{}
	if diff := cmp.Diff(want, back, sameBits); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
}

func TestRoundTripNPZ(t *testing.T) {
	d := sampleDraws(3, 20)
	want := *d
	want.Record = Record{}
	want.PosteriorPredictive, want.LogLikelihood, want.ObservedData = nil, nil, nil
	want.Variables = append([]Variable(nil), d.Variables...)
	want.Variables[1].Labels = nil
	if diff := cmp.Diff(&want, writeRead(t, "a.npz", d, Options{}), sameBits); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
}

// NPY has no names: the columns of Stan's order come back as elements of x.
func TestRoundTripNPY(t *testing.T) {
	d := sampleDraws(3, 20)
	back := writeRead(t, "a.npy", d, Options{})
	columns := d.Columns()[1:] // without lp__
	x := back.Variables[0]
	if back.Chains != 3 || back.DrawsPerChain != 20 || len(x.Dims) != 1 || x.Dims[0] != len(columns) {
		t.Fatalf("%d chains of %d draws of %v", back.Chains, back.DrawsPerChain, x.Dims)
	}
	for k, c := range columns {
		if diff := cmp.Diff(c.all(), x.Column(nil, k), sameBits); diff != "" {
			t.Errorf("%s: %s", c.Name, diff)
		}
	}
}

// A variable that announces integers but holds others is stored as it is.
func TestTypeFollowsValues(t *testing.T) {
	d := &Draws{Chains: 1, DrawsPerChain: 3}
	v := d.NewVariable("k", Int)
	v.Values = []float64{1, math.NaN(), 3}
	d.Variables = []Variable{v}
	back := writeRead(t, "a.zarr", d, Options{})
	if got := back.Variables[0]; got.Type != Float || !math.IsNaN(got.Values[1]) {
		t.Errorf("read back as %v", got)
	}
}
