package transport

import (
	"fmt"
	"sort"

	"wgf/measure"
)

// BarycentreOnLine is the exact W2 barycentre of clouds on the line, whose
// quantile function is the weighted mean of theirs (nil: equal weights). It has
// at most as many points as all clouds together. The cost is that of sorting.
//
// Reference: Agueh and Carlier 2011, section 6.1.
func BarycentreOnLine(clouds []*measure.Cloud, weights []float64) (*measure.Cloud, error) {
	w, err := mixingWeights(len(clouds), weights)
	if err != nil {
		return nil, err
	}
	qs := make([]*Quantile, len(clouds))
	var cuts []float64
	for i, c := range clouds {
		if qs[i], err = NewQuantile(c); err != nil {
			return nil, fmt.Errorf("measure %d of the barycentre: %w", i+1, err)
		}
		if w[i] > 0 {
			cuts = append(cuts, qs[i].Cum...)
		}
	}
	sort.Float64s(cuts)
	at := make([]int, len(qs))
	var x, mass []float64
	low := 0.0
	for _, cut := range cuts {
		if cut-low <= 1e-15 { // the same cut, but for rounding
			continue
		}
		v := 0.0
		for i, q := range qs {
			for at[i] < len(q.Cum)-1 && q.Cum[at[i]] <= low+1e-15 {
				at[i]++
			}
			v += w[i] * q.X[at[i]]
		}
		x, mass = append(x, v), append(mass, cut-low)
		low = cut
	}
	return &measure.Cloud{N: len(x), D: 1, X: x, LogW: logMasses(mass)}, nil
}
