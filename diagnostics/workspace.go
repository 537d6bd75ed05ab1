package diagnostics

import (
	"fmt"

	"gonum.org/v1/gonum/dsp/fourier"
)

// minDraws is the length of the shortest chain that has an autocorrelation.
const minDraws = 4

// workspace holds one quantity and the buffers that its diagnostics share. The draws
// lie chain after chain: draw t of chain c at x[c*length+t].
type workspace struct {
	chains, length int
	x              []float64

	order, foldedOrder []int32   // indices into x in ascending order
	sorted, folded     []float64 // x and |x - median| in ascending order

	y       []float64 // the sequence under study: half chains, one after another
	scratch []float64
	normal  normalScores
	sorter  sorter
	lags    autocovariance
	plans   map[int]*fourier.FFT // by length
}

// load copies the draws. It panics where the chains differ in length.
func (w *workspace) load(draws [][]float64) {
	w.chains, w.length = len(draws), 0
	if len(draws) > 0 {
		w.length = len(draws[0])
	}
	w.x = w.x[:0]
	for c, chain := range draws {
		if len(chain) != w.length {
			panic(fmt.Sprintf("diagnostics: chain %d has %d draws, chain 0 has %d", c, len(chain), w.length))
		}
		w.x = append(w.x, chain...)
	}
}

// resize returns a slice of n numbers, reusing s where it is large enough.
func resize[T int32 | uint64 | float64 | complex128](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// splitIndex maps draw i of x to its place among the half chains, -1 for the middle
// draw of a chain of odd length, which belongs to neither half.
func (w *workspace) splitIndex(i int) int {
	half := w.length / 2
	c, t := i/w.length, i%w.length
	switch {
	case t < half:
		return 2*c*half + t
	case t >= w.length-half:
		return (2*c+1)*half + t - (w.length - half)
	}
	return -1
}

// split fills y with the first and last halves of the chains in x.
func (w *workspace) split(x []float64) {
	half := w.length / 2
	w.y = resize(w.y, 2*w.chains*half)
	for c := range w.chains {
		chain := x[c*w.length : (c+1)*w.length]
		copy(w.y[2*c*half:], chain[:half])
		copy(w.y[(2*c+1)*half:], chain[w.length-half:])
	}
}

// splitIndicator fills y with 1 where a draw is at most q and 0 elsewhere.
func (w *workspace) splitIndicator(q float64) {
	w.split(w.x)
	indicator(w.y, q)
}

func indicator(y []float64, q float64) {
	for i, v := range y {
		if v <= q {
			y[i] = 1
		} else {
			y[i] = 0
		}
	}
}

func mean(x []float64) float64 {
	return sum(x) / float64(len(x))
}

// sum adds with four accumulators, which keeps the rounding error and the time low.
func sum(x []float64) float64 {
	var a, b, c, d float64
	i := 0
	for ; i+4 <= len(x); i += 4 {
		a += x[i]
		b += x[i+1]
		c += x[i+2]
		d += x[i+3]
	}
	for ; i < len(x); i++ {
		a += x[i]
	}
	return (a + b) + (c + d)
}

// sumSquares is the sum of (x - centre)^2.
func sumSquares(x []float64, centre float64) float64 {
	var a, b float64
	i := 0
	for ; i+2 <= len(x); i += 2 {
		p, q := x[i]-centre, x[i+1]-centre
		a += p * p
		b += q * q
	}
	if i < len(x) {
		p := x[i] - centre
		a += p * p
	}
	return a + b
}

// variance has the divisor len(x)-1.
func variance(x []float64) float64 {
	return sumSquares(x, mean(x)) / float64(len(x)-1)
}
