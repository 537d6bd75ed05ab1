// Package parallel runs independent blocks of work on several goroutines.
//
// What a block computes must depend on its number only; sums over blocks are
// then taken in the order of the blocks, so that results are bit-identical for
// every number of threads.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Threads resolves a number of threads: 0 or less means one a processor.
func Threads(n int) int {
	if n <= 0 {
		return runtime.GOMAXPROCS(0)
	}
	return n
}

// For calls f(worker, block) once for every block in [0, blocks), from up to
// threads goroutines (0: one a processor); worker, less than threads, says
// which of them runs it, for scratch memory of its own. It returns when all
// calls have.
func For(threads, blocks int, f func(worker, block int)) {
	threads = min(Threads(threads), blocks)
	if threads <= 1 {
		for b := range blocks {
			f(0, b)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for worker := range threads {
		wg.Go(func() {
			for {
				b := int(next.Add(1)) - 1
				if b >= blocks {
					return
				}
				f(worker, b)
			}
		})
	}
	wg.Wait()
}
