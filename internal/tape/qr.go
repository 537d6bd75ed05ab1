package tape

import "math"

// maxQRWork bounds rows*columns^2 of a factorisation, about half a second of work.
const maxQRWork = 300_000_000

// triangular accumulates the triangular factor R of the QR factorisation of a tall matrix, given row by row: rows are
// gathered in a panel below the current R, and the panel is eliminated by Householder reflections when it is full
// (Golub and Van Loan, Matrix Computations, 5.2 and 5.3). |A x| = |R x| to rounding, without squaring the condition.
type triangular struct {
	k     int
	panel []float64 // row-major: R, then rows not yet eliminated
	rows  int       // of the panel that are in use
}

const panelRows = 256

func newTriangular(k int) *triangular {
	return &triangular{k: k, panel: make([]float64, (k+panelRows)*k), rows: k}
}

func (q *triangular) add(row []float64) {
	copy(q.panel[q.rows*q.k:], row)
	if q.rows++; q.rows == q.k+panelRows {
		q.eliminate()
	}
}

// factor gives R, row-major, and whether it is finite.
func (q *triangular) factor() (r []float64, finite bool) {
	q.eliminate()
	r = q.panel[:q.k*q.k]
	for _, v := range r {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
	}
	return r, true
}

// eliminate reduces the panel to its triangular factor.
func (q *triangular) eliminate() {
	k, m, a := q.k, q.rows, q.panel
	s := make([]float64, k)
	for j := range k {
		largest := 0.0
		for i := j; i < m; i++ {
			largest = math.Max(largest, math.Abs(a[i*k+j]))
		}
		if largest == 0 {
			continue
		}
		norm := 0.0
		for i := j; i < m; i++ {
			v := a[i*k+j] / largest
			norm += v * v
		}
		norm = largest * math.Sqrt(norm)
		pivot := a[j*k+j]
		if pivot > 0 {
			norm = -norm
		}
		// Reflect with v = (pivot-norm, column below), beta = 1/(norm*(norm-pivot)).
		a[j*k+j] = pivot - norm
		beta := 1 / (norm * (norm - pivot))
		clear(s)
		for i := j; i < m; i++ {
			v, row := a[i*k+j], a[i*k:(i+1)*k]
			for c := j + 1; c < k; c++ {
				s[c] += v * row[c]
			}
		}
		for i := j; i < m; i++ {
			v, row := beta*a[i*k+j], a[i*k:(i+1)*k]
			for c := j + 1; c < k; c++ {
				row[c] -= v * s[c]
			}
			row[j] = 0
		}
		a[j*k+j] = norm
	}
	q.rows = k
}
