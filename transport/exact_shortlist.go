package transport

import "math"

// arc is a pair of points that the network may use: row i, column j of the
// level (not a node number), and its cost.
type arc struct {
	i, j int32
	c    float64
}

// best keeps the k smallest values of a scan, in ascending order.
type best struct {
	v  []float64
	at []int32
	c  []float64

	buffer []float64
}

func (b *best) row(m int) []float64 {
	b.buffer = grow(b.buffer, m)
	return b.buffer
}

func newBest(k int) *best {
	return &best{v: make([]float64, 0, k), at: make([]int32, 0, k), c: make([]float64, 0, k)}
}

// scan finds the k columns with the smallest row[j] - g[j]. Of equal ones those
// count that come first from column `first` on, cyclically: where all points
// are alike, rows should not all choose the same columns.
func (b *best) scan(row, g []float64, first int) {
	b.v, b.at, b.c = b.v[:0], b.at[:0], b.c[:0]
	limit := b.part(row, g, first, len(row), math.Inf(1))
	b.part(row, g, 0, first, limit)
}

func (b *best) part(row, g []float64, from, to int, limit float64) float64 {
	k := cap(b.v)
	row, g = row[from:to], g[from:to]
	g = g[:len(row)]
	for j, c := range row {
		v := c - g[j]
		if v >= limit {
			continue
		}
		if len(b.v) < k {
			b.v, b.at, b.c = append(b.v, 0), append(b.at, 0), append(b.c, 0)
		}
		at := len(b.v) - 1
		for ; at > 0 && b.v[at-1] > v; at-- {
			b.v[at], b.at[at], b.c[at] = b.v[at-1], b.at[at-1], b.c[at-1]
		}
		b.v[at], b.at[at], b.c[at] = v, int32(from+j), c
		if len(b.v) == k {
			limit = b.v[k-1]
		}
	}
	return limit
}

// shortlist gives the k best arcs of every row and every column of the leading
// n x m part, by reduced cost. f becomes min_j c_ij - g_j on the way.
func (c *costs) shortlist(n, m, k int, f, g []float64, threads int) []arc {
	k = min(k, m)
	lists := make([]arc, n*k)
	limit := make([]float64, n)
	c.scan(n, m, k, threads, false, func(i int, row []float64, b *best) {
		b.scan(row, g, i*m/n)
		for r, j := range b.at {
			lists[i*k+r] = arc{int32(i), j, b.c[r]}
		}
		f[i], limit[i] = b.v[0], b.v[k-1]
	})
	k = min(k, n)
	byCol := make([]arc, m*k)
	c.scan(m, n, k, threads, true, func(j int, col []float64, b *best) {
		b.scan(col, f, j*n/m)
		for r, i := range b.at {
			byCol[j*k+r] = arc{i, int32(j), b.c[r]}
		}
	})
	for _, a := range byCol {
		if a.c-g[a.j] >= limit[a.i] { // the others are there already
			lists = append(lists, a)
		}
	}
	return lists
}

// scanFrom is scan for the costs that are left above base potentials: v is
// row[j] - (f0 + g0[j]) - g[j], in which the sum cancels without rounding where
// both are large.
func (b *best) scanFrom(row []float64, f0 float64, g0, g []float64, first int, buffer []float64) {
	for j, c := range row {
		buffer[j] = c - (f0 + g0[j])
	}
	b.scan(buffer[:len(row)], g, first)
	for r, j := range b.at {
		b.c[r] = row[j]
	}
}

// violated prices all pairs: it sets f_i = min_j c_ij - g_j and lists up to k
// pairs of every row whose reduced cost c_ij - f_i - g_j at the old f_i is below
// -tol.
func (c *costs) violated(n, m, k int, f, g []float64, tol float64, threads int) []arc {
	lists := make([][]arc, n)
	c.scan(n, m, min(k, m), threads, false, func(i int, row []float64, b *best) {
		if c.f0 == nil {
			b.scan(row, g, i*m/n)
		} else {
			b.scanFrom(row, c.f0[i], c.g0, g, i*m/n, b.row(m))
		}
		for r, j := range b.at {
			if b.v[r] >= f[i]-tol {
				break
			}
			lists[i] = append(lists[i], arc{int32(i), j, b.c[r]})
		}
		f[i] = b.v[0]
	})
	var out []arc
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}
