//go:build bench

package main

import (
	"context"
	"log"

	"wgf/measure"
	"wgf/selection"
	"wgf/target"
)

// candidates are the exact draws that the greedy methods choose among.
const candidates = 20000

// greedy selects n of the candidates; the seeds of theirs are not those of the starts.
func greedy(name string, r selection.Request, density *target.Gaussian, n int, seed uint64) *measure.Cloud {
	r.Draws = measure.New(candidates, density.Dim())
	density.Sample(r.Draws.X, candidates, seed)
	r.Count, r.Raw, r.Seed = n, true, seed
	k := unit
	r.Kernel = &k
	out, err := selection.Select(context.Background(), name, r)
	if err != nil {
		log.Fatal(err)
	}
	return out.Cloud
}
