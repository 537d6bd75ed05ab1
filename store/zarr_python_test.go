package store

import (
	"slices"
	"testing"
)

// testdata/make_zarr.py wrote the store with xarray and zarr-python.
func TestReadZarrPython(t *testing.T) {
	d, err := Read("testdata/python.zarr")
	if err != nil {
		t.Fatal(err)
	}
	if d.Chains != 2 || d.DrawsPerChain != 6 || len(d.Variables) != 4 || len(d.Stats) != 2 {
		t.Fatalf("%+v", d)
	}
	want := map[string]func(draw, element int) float64{
		"mu":        func(i, _ int) float64 { return float64(i) / 8 },
		"theta":     func(i, e int) float64 { return float64(i) + float64(e)/4 },
		"k":         func(i, _ int) float64 { return float64(i - 5) },
		"none":      func(int, int) float64 { return 0 },
		"lp":        func(i, _ int) float64 { return -float64(i) },
		"diverging": func(i, _ int) float64 { return map[bool]float64{true: 1}[i%5 == 0] },
	}
	types := map[string]Type{"k": Int, "none": Int, "diverging": Bool}
	for _, v := range append(slices.Clone(d.Variables), d.Stats...) {
		if v.Type != types[v.Name] {
			t.Errorf("%s has type %v", v.Name, v.Type)
		}
		for i, x := range v.Values {
			if w := want[v.Name](i/v.Size(), i%v.Size()); x != w {
				t.Errorf("%s: value %d is %v, want %v", v.Name, i, x, w)
				break
			}
		}
		if v.Name == "theta" && (!slices.Equal(v.DimNames, []string{"school"}) || len(v.Labels) != 1 || !slices.Equal(v.Labels[0], []string{"a", "bé", ""})) {
			t.Errorf("axes of theta: %v %v", v.DimNames, v.Labels)
		}
	}
}
