package diagnostics

import (
	"context"
	"math"
	"math/rand/v2"

	"wgf/internal/parallel"
	"wgf/internal/rng"
	"wgf/internal/simd"
)

// labelling holds B+1 assignments of the pooled points to two samples of the sizes n and
// m: at[b][i] is 1 where point i belongs to the first. Assignment 0 is the observed one.
type labelling struct {
	n, m int
	at   [][]uint8
}

// newLabelling draws B uniform assignments, b from a random stream of its own.
func newLabelling(n, m, permutations int, seed uint64, threads int) labelling {
	l := labelling{n: n, m: m, at: make([][]uint8, permutations+1)}
	key := rng.New(seed, rng.Test)
	scratch := make([][]int32, parallel.Threads(threads))
	parallel.For(threads, permutations+1, func(worker, b int) {
		l.at[b] = make([]uint8, n+m)
		if b == 0 {
			for i := range n {
				l.at[0][i] = 1
			}
			return
		}
		if scratch[worker] == nil {
			scratch[worker] = make([]int32, n+m)
		}
		all := scratch[worker]
		for i := range all {
			all[i] = int32(i)
		}
		r := rand.New(key.Source(uint64(b), permutationStep))
		for i := range min(n, m) { // the smaller sample is drawn
			j := i + r.IntN(n+m-i)
			all[i], all[j] = all[j], all[i]
		}
		drawn, rest := uint8(1), uint8(0)
		if m < n {
			drawn, rest = rest, drawn
		}
		for k, i := range all {
			if k < min(n, m) {
				l.at[b][i] = drawn
			} else {
				l.at[b][i] = rest
			}
		}
	})
	return l
}

// significance is the p-value of the first statistic among all of them, and the mean of
// the others. Statistics that differ by less than slack count as equal: rounding must not
// break ties.
func significance(statistics []float64, slack float64) (p, null float64) {
	if len(statistics) < 2 {
		return math.NaN(), math.NaN()
	}
	count, total := 0, 0.0
	for _, s := range statistics[1:] {
		if s >= statistics[0]-slack {
			count++
		}
		total += s
	}
	b := float64(len(statistics) - 1)
	return (1 + float64(count)) / (1 + b), total / b
}

// quadraticForms computes s_b' K s_b for many vectors s_b over n points and a symmetric
// matrix K that is never stored: tile writes K for the points of block i against those of
// block j, tileSize x tileSize, row by row (what it writes for the fill-up points does not
// matter as long as it is finite), and vector writes s_b. The cost is n^2 multiply-adds a
// vector, near the speed of a matrix product, and memory for the vectors. Results do not
// depend on threads.
func quadraticForms(ctx context.Context, threads, n, vectors int, tile func(worker int, dst []float64, i, j int), vector func(dst []float64, b int)) ([]float64, error) {
	const t = tileSize
	count, groups := (n+t-1)/t, (vectors+t-1)/t
	// Entry i of vector b lies in the t x t square (i/t, b/t) at (i%t, b%t).
	s := make([]float64, count*groups*t*t)
	buffers := make([][]float64, parallel.Threads(threads))
	parallel.For(threads, groups, func(worker, g int) {
		if buffers[worker] == nil {
			buffers[worker] = make([]float64, n)
		}
		buffer := buffers[worker]
		for c := range min(t, vectors-g*t) {
			vector(buffer, g*t+c)
			for i, v := range buffer {
				s[((i/t*groups+g)*t+i%t)*t+c] = v
			}
		}
	})
	type scratch struct{ k, p []float64 }
	scratches := make([]*scratch, parallel.Threads(threads))
	part := make([]float64, count*groups*t) // by block of rows
	parallel.For(threads, count, func(worker, i int) {
		if scratches[worker] == nil {
			scratches[worker] = &scratch{make([]float64, t*t), make([]float64, groups*t*t)}
		}
		k, p := scratches[worker].k, scratches[worker].p
		clear(p)
		for j := i; j < count; j++ {
			if ctx.Err() != nil {
				return
			}
			tile(worker, k, i, j)
			if j > i { // stands for its mirror image too
				simd.Scale(k, 2, k)
			}
			for g := range groups {
				simd.MatMul(p[g*t*t:(g+1)*t*t], k, s[(j*groups+g)*t*t:(j*groups+g+1)*t*t], t, t, t, t, 1, true)
			}
		}
		out := part[i*groups*t : (i+1)*groups*t]
		for g := range groups {
			rows := s[(i*groups+g)*t*t:]
			for r := range t {
				for c := range t {
					out[g*t+c] += float64(rows[r*t+c] * p[(g*t+r)*t+c])
				}
			}
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	forms := make([]float64, vectors)
	for i := range count {
		for b := range forms {
			forms[b] += part[i*groups*t+b]
		}
	}
	return forms, nil
}

// differenceVector writes the signed measure of an assignment: 1/n on the first sample,
// -1/m on the second.
func (l labelling) differenceVector(dst []float64, b int) {
	first, second := 1/float64(l.n), -1/float64(l.m)
	for i, a := range l.at[b] {
		if a == 1 {
			dst[i] = first
		} else {
			dst[i] = second
		}
	}
}
