package transport

import (
	"wgf/internal/parallel"
	"wgf/internal/simd"
)

// tiles are points laid out for simd.SoftminSquares: as targets, SoftminLanes
// at a time, and as sources, one after the other.
type tiles struct {
	d       int
	targets []float64 // coordinate k of point t*SoftminLanes+l at (t*d+k)*SoftminLanes+l
	sources []float64 // coordinate k of point i at i*d+k
}

// newTiles lays n coordinate-major points out. Tiles are filled up with zeros.
func newTiles(x []float64, n, d int) tiles {
	const lanes = simd.SoftminLanes
	full := (n + lanes - 1) / lanes * lanes
	t := tiles{d, make([]float64, full*d), make([]float64, full*d)}
	for k := range d {
		for i, v := range x[k*n : (k+1)*n] {
			t.targets[(i/lanes*d+k)*lanes+i%lanes] = v
			t.sources[i*d+k] = v
		}
	}
	return t
}

const scanned = 16 // rows that are computed together

// scanner is what a worker needs to scan rows of costs.
type scanner struct {
	rows [scanned][]float64
	tile [scanned * simd.SoftminLanes]float64
	best *best
}

// scan visits every row (or column) of the leading n x m part of the costs, in
// parallel; f is called with the row and a worker's own list.
func (c *costs) scan(n, m, k, threads int, byCol bool, f func(i int, row []float64, b *best)) {
	threads = parallel.Threads(threads)
	scanners := make([]*scanner, threads)
	parallel.For(threads, (n+scanned-1)/scanned, func(worker, block int) {
		s := scanners[worker]
		if s == nil {
			s = &scanner{best: newBest(k)}
			const lanes = simd.SoftminLanes
			for r := range s.rows {
				s.rows[r] = make([]float64, (m+lanes-1)/lanes*lanes)
			}
			scanners[worker] = s
		}
		from := block * scanned
		to := min(n, from+scanned)
		c.fill(s, from, to, m, byCol)
		for i := from; i < to; i++ {
			row := s.rows[i-from]
			if c.matrix != nil && !byCol {
				row = c.matrix[i*len(c.cols):]
			}
			f(i, row[:m], s.best)
		}
	})
}

// fill computes rows (columns) from ... to-1, the first m numbers of each.
func (c *costs) fill(s *scanner, from, to, m int, byCol bool) {
	switch {
	case c.matrix != nil && byCol:
		for j := range m { // the matrix is read along its rows
			for r, v := range c.matrix[j*len(c.cols)+from : j*len(c.cols)+to] {
				s.rows[r][j] = v
			}
		}
		return
	case c.matrix != nil:
		return
	case c.d == 0:
		return // all in one place: the rows stay zero
	case byCol:
		c.squares(s, c.colTiles.sources[from*c.d:], c.rowTiles.targets, m)
	default:
		c.squares(s, c.rowTiles.sources[from*c.d:], c.colTiles.targets, m)
	}
	for r := range to - from {
		c.power(s.rows[r][:m])
	}
}

// squares computes squared distances of the next sources to the first m targets.
func (c *costs) squares(s *scanner, sources, targets []float64, m int) {
	const lanes = simd.SoftminLanes
	args := simd.SoftminArgs{Y: &sources[0], C: &s.tile[0], D: c.d, M: scanned}
	for j := 0; j < m; j += lanes {
		args.X = &targets[j*c.d]
		simd.SoftminSquares(&args)
		for r := range s.rows {
			copy(s.rows[r][j:j+lanes], s.tile[r*lanes:(r+1)*lanes])
		}
	}
}

// power turns squared distances into costs.
func (c *costs) power(row []float64) {
	switch c.p {
	case 2:
	case 1:
		simd.Sqrt(row, row)
	default: // exp(p/2 log s), also at 0
		simd.Log(row, row)
		simd.Scale(row, c.p/2, row)
		simd.Exp(row, row)
	}
}
