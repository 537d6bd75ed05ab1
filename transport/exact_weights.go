package transport

import (
	"math"
	"math/rand/v2"
	"slices"
)

// positive lists the points that have weight.
func positive(w []float64) []int32 {
	var out []int32
	for i, v := range w {
		if v > 0 {
			out = append(out, int32(i))
		}
	}
	return out
}

func gather(w []float64, at []int32) []float64 {
	out := make([]float64, len(at))
	for k, i := range at {
		out[k] = w[i]
	}
	unitMass(out)
	return out
}

// unitMass makes positive weights sum to 1 as closely as their digits allow;
// equal ones become 1/n.
func unitMass(w []float64) {
	if equalWeights(w) {
		for i := range w {
			w[i] = 1 / float64(len(w))
		}
		return
	}
	total := sum(w)
	for i := range w {
		w[i] /= total
	}
}

// sum adds with compensation (Neumaier 1974).
func sum(x []float64) float64 {
	s, low := 0.0, 0.0
	for _, v := range x {
		t := s + v
		if math.Abs(s) >= math.Abs(v) {
			low += s - t + v
		} else {
			low += v - t + s
		}
		s = t
	}
	return s + low
}

// shuffle puts the points in an order that is random but always the same, so
// that leading parts are samples.
func shuffle(at []int32) {
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(at), func(i, j int) { at[i], at[j] = at[j], at[i] })
}

// units writes weights as integers with equal sums. Equal weights on both
// sides become exact.
func units(a, b []float64) (sup, dem []int64) {
	sup, dem = make([]int64, len(a)), make([]int64, len(b))
	if equalWeights(a) && equalWeights(b) {
		for i := range sup {
			sup[i] = int64(len(b))
		}
		for j := range dem {
			dem[j] = int64(len(a))
		}
		return sup, dem
	}
	round := func(dst []int64, w []float64) {
		total, given, top := sum(w), int64(0), 0
		for k, v := range w {
			dst[k] = max(1, int64(math.Round(v/total*(1<<61))))
			given += dst[k]
			if dst[k] > dst[top] {
				top = k
			}
		}
		dst[top] += 1<<61 - given
	}
	round(sup, a)
	round(dem, b)
	return sup, dem
}

func equalWeights(w []float64) bool { return slices.Min(w) == slices.Max(w) }
