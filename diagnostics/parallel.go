package diagnostics

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A Quantity names one row of a table and hands out its draws.
type Quantity struct {
	Name string
	// Draws writes the draws to dst, which it may grow, and returns it: draws[chain][time],
	// or draws[particle][time] for an ensemble. It is called by several goroutines, each
	// with a dst of its own.
	Draws func(dst [][]float64) [][]float64
}

// SummarizeAll summarises chains with the given number of goroutines, 0 for one a
// processor. The result does not depend on it.
func SummarizeAll(q []Quantity, threads int) []Summary {
	return summarizeAll(q, threads, func(s *Summarizer, x [][]float64) Summary { return s.Chains(x) })
}

// SummarizeEnsembles is [SummarizeAll] with the estimators of [Ensemble].
func SummarizeEnsembles(q []Quantity, superchains, threads int) []Summary {
	return summarizeAll(q, threads, func(s *Summarizer, x [][]float64) Summary { return s.Ensemble(x, superchains) })
}

func summarizeAll(q []Quantity, threads int, f func(*Summarizer, [][]float64) Summary) []Summary {
	if threads < 1 {
		threads = runtime.GOMAXPROCS(0)
	}
	out := make([]Summary, len(q))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(threads, len(q)) {
		wg.Go(func() {
			var s Summarizer
			var x [][]float64
			for {
				i := int(next.Add(1)) - 1
				if i >= len(q) {
					return
				}
				x = q[i].Draws(x)
				out[i] = f(&s, x)
				out[i].Name = q[i].Name
			}
		})
	}
	wg.Wait()
	return out
}
