package store_test

import (
	"fmt"
	"os"
	"path/filepath"

	"wgf/store"
)

func ExampleWrite() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)

	d := &store.Draws{Chains: 2, DrawsPerChain: 3}
	theta := d.NewVariable("theta", store.Float, 2)
	theta.SetColumn(0, []float64{1, 2, 3, 4, 5, 6}) // theta[1], chain after chain
	theta.SetColumn(1, []float64{7, 8, 9, 7, 8, 9}) // theta[2]
	d.Variables = []store.Variable{theta}

	files, err := store.Write(filepath.Join(dir, "draws.csv"), d, store.Options{})
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		fmt.Println(filepath.Base(f))
	}
	back, err := store.Read(filepath.Join(dir, "draws.csv"))
	if err != nil {
		panic(err)
	}
	for _, c := range back.Columns() {
		fmt.Println(c.Name, c.Draws(nil))
	}
	// Output:
	// draws_1.csv
	// draws_2.csv
	// lp__ [[0 0 0] [0 0 0]]
	// theta[1] [[1 2 3] [4 5 6]]
	// theta[2] [[7 8 9] [7 8 9]]
}
