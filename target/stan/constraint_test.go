package stan

import (
	"math"
	"os"
	"testing"
)

func program(t testing.TB, src string) *Program {
	t.Helper()
	p, err := Parse("test.stan", []byte(src), ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func bound(t testing.TB, src, data string) *Model {
	t.Helper()
	d, err := ReadData("test.json", []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	m, err := program(t, src).Bind(d, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestConstraints holds every constraint of the language, in scalars, vectors, matrices and arrays, against Stan.
func TestConstraints(t *testing.T) {
	src, err := os.ReadFile("testdata/constraints.stan")
	if err != nil {
		t.Fatal(err)
	}
	model := bound(t, string(src), "{}")
	ref := readReference(t, "testdata/constraints.json")
	t.Logf("gradient error %.1e", agree(t, model, ref))

	// Unconstrain undoes Constrain, except for the length of the point behind a unit vector.
	values := NewData("init")
	p := ref.Points[0]
	at := 0
	for _, v := range model.Variables() {
		row := make([]float64, v.Size())
		columnMajor(v.Dims, func(_ []int, place int) { row[place] = p.Constrained[at]; at++ })
		values.Set(v.Name, v.Dims, row...)
	}
	x, given, err := model.Unconstrain(values)
	if err != nil {
		t.Fatal(err)
	}
	for k, name := range model.Names() {
		if !given[k] {
			t.Errorf("%s is not given", name)
		}
		if name[0] != 'u' && math.Abs(x[k]-p.X[k]) > 1e-8 {
			t.Errorf("%s: unconstrained %v, was %v", name, x[k], p.X[k])
		}
	}
}
