package sampler_test

import (
	"context"
	"fmt"
	"math"

	"wgf/sampler"
	"wgf/target"
)

// A log density of one's own: 6 heads in 9 tosses of a coin with a uniform
// prior, on the logit scale, whose posterior is Beta(7, 4) with mean 7/11.
func Example() {
	coin := target.New(1, func(x, grad []float64) float64 {
		p := 1 / (1 + math.Exp(-x[0]))
		if grad != nil {
			grad[0] = 7 - 11*p
		}
		return 7*math.Log(p) + 4*math.Log1p(-p)
	})
	result, err := sampler.Run(context.Background(), coin, sampler.Options{Seed: 1})
	if err != nil {
		panic(err)
	}
	sum := 0.0
	for _, x := range result.X {
		sum += 1 / (1 + math.Exp(-x))
	}
	fmt.Printf("%v: %.1f\n", result.Status, sum/float64(len(result.X)))
	// Output: ok: 0.6
}
