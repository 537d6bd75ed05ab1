package selection

import (
	"errors"
	"math"

	"wgf/internal/parallel"
)

// errLarge is what stops a selection whose sums leave the range of numbers.
var errLarge = errors.New("coordinates or scores are too large: the discrepancy is no finite number")

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// block is the number of draws that one call works on.
const block = 2048

func blocks(n int) int { return (n + block - 1) / block }

// smallest is the first index of the smallest finite number among those allowed, -1 if
// there is none.
func smallest(values []float64, allowed []bool, threads int) int {
	n := len(values)
	best := make([]int, blocks(n))
	parallel.For(threads, len(best), func(_, b int) {
		at := -1
		for i := b * block; i < min(n, (b+1)*block); i++ {
			if allowed[i] && finite(values[i]) && (at < 0 || values[i] < values[at]) {
				at = i
			}
		}
		best[b] = at
	})
	at := -1
	for _, i := range best {
		if i >= 0 && (at < 0 || values[i] < values[at]) {
			at = i
		}
	}
	return at
}
