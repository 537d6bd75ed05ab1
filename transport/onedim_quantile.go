package transport

import (
	"fmt"
	"math"
	"sort"

	"wgf/internal/radix"
	"wgf/measure"
)

// Quantile is a measure on the line as its quantile function: its atoms in
// ascending order. Points without weight are left out; repeated points stay
// atoms of their own.
type Quantile struct {
	X     []float64 // positions, ascending
	W     []float64 // weights, positive, normalised
	Cum   []float64 // W[0] + ... + W[k]; the last one is exactly 1
	Index []int32   // the point of the cloud that atom k is

	equal bool    // all weights are 1/len(X)
	order []int32 // all points in ascending order, those without weight too
	rank  []int32 // where atom k stands in it
}

// NewQuantile sorts a cloud in dimension 1, in order n time. Errors are a cloud
// that is empty, not on a line or not finite, and weights that are no measure.
func NewQuantile(c *measure.Cloud) (*Quantile, error) {
	if c == nil || c.N == 0 {
		return nil, fmt.Errorf("transport: a quantile function needs a point")
	}
	if err := c.Check(); err != nil {
		return nil, fmt.Errorf("transport: %w", err)
	}
	if c.D != 1 {
		return nil, fmt.Errorf("transport: quantile functions are for points on a line, these have %d coordinates", c.D)
	}
	for i, v := range c.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("transport: point %d is %v", i, v)
		}
	}
	return newQuantile(c), nil
}

// newQuantile is NewQuantile for clouds that have been checked.
func newQuantile(c *measure.Cloud) *Quantile {
	n := c.N
	var s radix.Sorter
	order := make([]int32, n)
	s.Argsort(order, c.X)
	w := c.Weights()
	q := &Quantile{X: make([]float64, 0, n), W: make([]float64, 0, n), Index: make([]int32, 0, n),
		order: order, rank: make([]int32, 0, n)}
	for k, i := range order {
		if w[i] > 0 {
			q.rank = append(q.rank, int32(k))
			q.X, q.W, q.Index = append(q.X, c.X[i]), append(q.W, w[i]), append(q.Index, i)
		}
	}
	unitMass(q.W)
	q.equal = equalWeights(q.W)
	q.Cum = make([]float64, len(q.X))
	at, low := 0.0, 0.0 // compensated, so that Cum is right to its last digits
	for k, v := range q.W {
		v += low
		t := at + v
		at, low = t, v-(t-at)
		q.Cum[k] = math.Min(1, at)
		if q.equal {
			q.Cum[k] = float64(k+1) / float64(len(q.X))
		}
	}
	q.Cum[len(q.X)-1] = 1
	return q
}

// At is the quantile function inf {x : F(x) > u} for 0 <= u < 1, and the
// largest atom from 1 on: it is continuous from the right.
func (q *Quantile) At(u float64) float64 {
	k := sort.Search(len(q.Cum), func(k int) bool { return q.Cum[k] > u })
	return q.X[min(k, len(q.X)-1)]
}

// CDF is the mass at and below x.
func (q *Quantile) CDF(x float64) float64 {
	k := sort.Search(len(q.X), func(k int) bool { return q.X[k] > x })
	if k == 0 {
		return 0
	}
	return q.Cum[k-1]
}

// Mean is the expectation, sum_k W_k X_k.
func (q *Quantile) Mean() float64 { return q.X[0] + q.above() }

// above is the mean as seen from the lowest atom.
func (q *Quantile) above() float64 {
	s := 0.0
	for k, w := range q.W {
		s += float64(w * (q.X[k] - q.X[0]))
	}
	return s
}

// width is the distance between the outermost atoms.
func (q *Quantile) width() float64 { return q.X[len(q.X)-1] - q.X[0] }
