package tape

const (
	maxBlock = 128
	// cacheBytes is the workspace that stays in half of a second-level cache of 1 MiB.
	cacheBytes = 512 << 10
	// Recurrences take many instructions of few rows, and touch most rows twice only, forwards and backwards: there the
	// start of an instruction costs more than a row from the third-level cache.
	fewRows       = 5
	recurrentMin  = 64
	recurrentMost = 8 << 20 // bytes of a workspace
)

// blockSize is the number of particles worked on at a time: a multiple of 8 up to 128, such that the workspace of that
// many rows stays in the cache.
func (r *rolled) blockSize(rows int) int {
	fit := func(bytes int) int { return bytes / 8 / max(1, rows) &^ 7 }
	block := fit(cacheBytes)
	worked := 0
	for i := range r.steps {
		worked += int(r.steps[i].n)
	}
	if worked < fewRows*len(r.steps) {
		block = max(block, min(recurrentMin, fit(recurrentMost)))
	}
	return max(8, min(maxBlock, block))
}
