package diagnostics

import (
	"cmp"
	"context"
	"math"
	"slices"

	"wgf/internal/parallel"
	"wgf/measure"
)

// project writes <x_i, line> to dst.
func project(dst []float64, c *measure.Cloud, line []float64) {
	clear(dst)
	for k, v := range line {
		for i, x := range c.Coordinate(k) {
			dst[i] += float64(v * x)
		}
	}
}

// permuteLines is, for each assignment, the mean over the lines of W_p^p between the
// projections, p = 1 or 2: one sort a line, then n+m steps an assignment and line.
func (p *pair) permuteLines(ctx context.Context, lines [][]float64, exponent float64) ([]float64, error) {
	l := newLabelling(p.a.N, p.b.N, p.opt.Permutations, p.opt.Seed, p.opt.Threads)
	pool := p.pooled()
	sorted, order := make([][]float64, len(lines)), make([][]int32, len(lines))
	parallel.For(p.opt.Threads, len(lines), func(_, at int) {
		z := make([]float64, pool.N)
		project(z, pool, lines[at])
		order[at] = make([]int32, pool.N)
		for i := range order[at] {
			order[at][i] = int32(i)
		}
		slices.SortFunc(order[at], func(i, j int32) int { return cmp.Or(cmp.Compare(z[i], z[j]), int(i-j)) })
		sorted[at] = make([]float64, pool.N)
		for k, i := range order[at] {
			sorted[at][k] = z[i]
		}
	})

	const chunk = 16 // assignments a block of work
	out := make([]float64, len(l.at))
	buffers := make([][2][]float64, parallel.Threads(p.opt.Threads))
	parallel.For(p.opt.Threads, (len(l.at)+chunk-1)/chunk, func(worker, block int) {
		if buffers[worker][0] == nil {
			buffers[worker] = [2][]float64{make([]float64, pool.N+1), make([]float64, pool.N+1)}
		}
		first, second := buffers[worker][0], buffers[worker][1]
		for at, z := range sorted {
			if ctx.Err() != nil {
				return
			}
			for b := block * chunk; b < min((block+1)*chunk, len(l.at)); b++ {
				label := l.at[b]
				// Every number goes to the end of both lists; the one that owns it grows.
				n, m := 0, 0
				for k, i := range order[at] {
					first[n], second[m] = z[k], z[k]
					n += int(label[i])
					m += 1 - int(label[i])
				}
				out[b] += lineCost(first[:n], second[:m], exponent) / float64(len(lines))
			}
		}
	})
	return out, ctx.Err()
}

// lineCost is W_p^p, p = 1 or 2, between two ascending lists of equally weighted points.
func lineCost(a, b []float64, exponent float64) float64 {
	n, m := len(a), len(b)
	if n == m {
		t := 0.0
		if exponent == 1 {
			for i, x := range a {
				t += math.Abs(x - b[i])
			}
		} else {
			for i, x := range a {
				d := x - b[i]
				t += float64(d * d)
			}
		}
		return t / float64(n)
	}
	// Masses in units of 1/(n m): m for each point of a, n for each of b.
	t := 0.0
	i, j, left, right := 0, 0, m, n
	for i < n && j < m {
		mass := min(left, right)
		d := math.Abs(a[i] - b[j])
		if exponent == 2 {
			d *= d
		}
		t += float64(float64(mass) * d)
		if left -= mass; left == 0 {
			i++
			left = m
		}
		if right -= mass; right == 0 {
			j++
			right = n
		}
	}
	return t / (float64(n) * float64(m))
}
