package parallel

import "testing"

func TestForRunsEveryBlockOnce(t *testing.T) {
	for _, threads := range []int{0, 1, 2, 7} {
		for _, blocks := range []int{0, 1, 5, 100} {
			done := make([]int, blocks)
			For(threads, blocks, func(worker, b int) {
				if worker < 0 || worker >= max(1, Threads(threads)) {
					t.Errorf("worker %d of %d", worker, Threads(threads))
				}
				done[b]++
			})
			for b, n := range done {
				if n != 1 {
					t.Errorf("%d threads: block %d of %d ran %d times", threads, b, blocks, n)
				}
			}
		}
	}
}
