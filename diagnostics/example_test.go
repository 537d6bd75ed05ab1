package diagnostics_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"wgf/diagnostics"
	"wgf/measure"
)

// Four chains, one of which has stayed elsewhere.
func ExampleSummarize() {
	rng := rand.New(rand.NewPCG(1, 2))
	draws := make([][]float64, 4)
	for c := range draws {
		for range 250 {
			draws[c] = append(draws[c], rng.NormFloat64())
		}
	}
	s := diagnostics.Summarize(draws)
	fmt.Printf("agreeing: R-hat below 1.01: %t, ESS above 800: %t\n", s.RHat < 1.01, s.ESSBulk > 800)
	for t := range draws[3] {
		draws[3][t] += 3
	}
	s = diagnostics.Summarize(draws)
	fmt.Printf("one elsewhere: R-hat above 1.1: %t, ESS below 20: %t\n", s.RHat > 1.1, s.ESSBulk < 20)
	// Output:
	// agreeing: R-hat below 1.01: true, ESS above 800: true
	// one elsewhere: R-hat above 1.1: true, ESS below 20: true
}

func ExampleCompare() {
	// Two sets of points on the line, the second shifted by 2.
	a := &measure.Cloud{N: 5, D: 1, X: []float64{0, 1, 2, 3, 4}}
	b := &measure.Cloud{N: 5, D: 1, X: []float64{2, 3, 4, 5, 6}}
	list, err := diagnostics.Compare(context.Background(), a, b, diagnostics.CompareOptions{
		Metrics: []diagnostics.Metric{diagnostics.W2, diagnostics.EnergyDistance}, Seed: 1,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range list {
		fmt.Printf("%s %.2f\n", d.Metric, d.Value)
	}
	// Output:
	// w2 2.00
	// energy 1.44
}
