package diagnostics

import (
	"math"

	"wgf/measure"
)

// ThinToESS keeps as many draws as they are worth: [Thin] to round([SmallestESS]). Tests of
// two samples assume independent points, which such draws nearly are. All draws are kept
// where ess is NaN or exceeds their number.
func ThinToESS(c *measure.Cloud, chains int) (thinned *measure.Cloud, ess float64) {
	ess = SmallestESS(c, chains)
	if math.IsNaN(ess) {
		return c, ess
	}
	return Thin(c, max(1, int(math.Round(ess)))), ess
}

// SmallestESS is the minimum over coordinates of [ESSBulk] for a cloud whose points are the
// draws of chains of equal length, chain after chain; NaN where no coordinate has one
// (constant draws, chains of fewer than four draws). It panics where the points do not
// divide into chains. The cost is of order d N log N.
func SmallestESS(c *measure.Cloud, chains int) float64 {
	if chains < 1 || c.N%chains != 0 {
		panic("diagnostics: points do not divide into chains")
	}
	length := c.N / chains
	draws := make([][]float64, chains)
	ess := math.Inf(1)
	var s Summarizer
	for k := range c.D {
		x := c.Coordinate(k)
		for j := range draws {
			draws[j] = x[j*length : (j+1)*length]
		}
		if e := s.Chains(draws).ESSBulk; !math.IsNaN(e) {
			ess = math.Min(ess, e)
		}
	}
	if math.IsInf(ess, 1) {
		return math.NaN()
	}
	return ess
}

// Thin returns n equally spaced points of the cloud in their order, or the cloud itself
// where it has no more.
func Thin(c *measure.Cloud, n int) *measure.Cloud {
	if n >= c.N {
		return c
	}
	keep := make([]int, n)
	for j := range keep {
		keep[j] = int((float64(j) + 0.5) * float64(c.N) / float64(n))
	}
	return take(c, keep)
}
