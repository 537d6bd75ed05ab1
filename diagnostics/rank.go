package diagnostics

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// normalScores holds the normal scores of the ranks 1..n, Blom's (1958) with offset
// 3/8: the standard normal quantile of (r - 3/8)/(n + 1/4).
type normalScores struct {
	score []float64
}

func (s *normalScores) prepare(n int) {
	if len(s.score) == n {
		return
	}
	s.score = resize(s.score, n)
	for i := range s.score {
		s.score[i] = blom(float64(i+1), n)
	}
}

func blom(rank float64, n int) float64 {
	p := (rank - 0.375) / (float64(n) + 0.25)
	return mathext.NormalQuantile(p)
}

// rankNormalise fills y with the normal scores of the split draws, given an order of x
// and the values in that order. Equal values share the mean of their ranks.
func (w *workspace) rankNormalise(order []int32, values []float64) {
	n := 2 * w.chains * (w.length / 2)
	w.y = resize(w.y, n)
	w.normal.prepare(n)
	even := w.length%2 == 0
	rank := 0 // draws ranked so far
	for i := 0; i < len(values); {
		j := i + 1
		for j < len(values) && values[j] == values[i] {
			j++
		}
		if j == i+1 {
			if k := w.splitIndex(int(order[i])); k >= 0 {
				w.y[k] = w.normal.score[rank]
				rank++
			}
			i = j
			continue
		}
		ties := j - i
		if !even {
			ties = 0
			for _, o := range order[i:j] {
				if w.splitIndex(int(o)) >= 0 {
					ties++
				}
			}
		}
		if ties > 0 {
			score := w.normal.shared(rank, ties)
			for _, o := range order[i:j] {
				if k := w.splitIndex(int(o)); k >= 0 {
					w.y[k] = score
				}
			}
			rank += ties
		}
		i = j
	}
}

// shared is the score of the mean of the ranks first+1 .. first+ties.
func (s *normalScores) shared(first, ties int) float64 {
	if ties%2 == 1 {
		return s.score[first+ties/2]
	}
	return blom(float64(first)+float64(ties+1)/2, len(s.score))
}

// fold orders the draws by their distance from the median, by merging the two sides of
// the sorted draws.
func (w *workspace) fold(median float64) {
	n := len(w.sorted)
	w.folded = resize(w.folded, n)
	w.foldedOrder = resize(w.foldedOrder, n)
	right := 0
	for lo, hi := 0, n; lo < hi; { // first draw above the median
		mid := (lo + hi) / 2
		if w.sorted[mid] > median {
			hi = mid
		} else {
			lo = mid + 1
		}
		right = lo
	}
	left := right - 1
	for k := range n {
		takeLeft := left >= 0
		if takeLeft && right < n {
			takeLeft = median-w.sorted[left] <= w.sorted[right]-median
		}
		if takeLeft {
			w.folded[k], w.foldedOrder[k] = math.Abs(w.sorted[left]-median), w.order[left]
			left--
		} else {
			w.folded[k], w.foldedOrder[k] = math.Abs(w.sorted[right]-median), w.order[right]
			right++
		}
	}
}
