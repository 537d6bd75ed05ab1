package selection_test

import (
	"context"
	"fmt"
	"log"

	"wgf/measure"
	"wgf/selection"
)

// Three points for the whole numbers from 1 to 9: the middle first, then what lowers the discrepancy most.
func ExampleSelect() {
	draws := measure.New(9, 1)
	for i := range draws.X {
		draws.X[i] = float64(i + 1)
	}
	r, err := selection.Select(context.Background(), "herding", selection.Request{Draws: draws, Count: 3, Distinct: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Cloud.X)
	// Output: [5 9 2]
}
