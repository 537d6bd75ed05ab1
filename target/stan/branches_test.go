package stan

import (
	"os"
	"testing"
)

const branchesData = `{"N": 4, "y": [0.5, 1.5, -0.3, 2.2], "g": [1, 2, 3, 2]}`

// TestBranches holds a program full of conditions that depend on parameters, loops that end early, user functions,
// truncations and indices of every kind against Stan, at points that take different branches.
func TestBranches(t *testing.T) {
	src, err := os.ReadFile("testdata/branches.stan")
	if err != nil {
		t.Fatal(err)
	}
	model := bound(t, string(src), branchesData)
	t.Logf("gradient error %.1e", agree(t, model, readReference(t, "testdata/branches.json")))
}

// TestVaried holds a program with bounds, offsets and multipliers that are vectors or parameters, infinite bounds,
// user densities, jacobian += and many functions of the library against Stan.
func TestVaried(t *testing.T) {
	src, err := os.ReadFile("testdata/varied.stan")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/varied.data.json")
	if err != nil {
		t.Fatal(err)
	}
	model := bound(t, string(src), string(data))
	t.Logf("gradient error %.1e", agree(t, model, readReference(t, "testdata/varied.json")))
}
