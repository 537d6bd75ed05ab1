package diagnostics

import (
	"context"
	"math"
	"slices"

	"wgf/internal/parallel"
	"wgf/internal/simd"
	"wgf/measure"
)

// pairMeans is, for each point of a first sample, the weighted mean of what row writes for
// it and the points of block j of a second, and the weighted mean of the squares of all
// of it.
func pairMeans(ctx context.Context, threads int, x, y *blocks, of, over *sample, row func(r *pairRow, dst []float64, i, j int)) (means []float64, square float64) {
	means = make([]float64, x.n)
	squares := make([]float64, x.count)
	type scratch struct {
		row *pairRow
		dst []float64
	}
	scratches := make([]*scratch, parallel.Threads(threads))
	equal := 1 / float64(y.n)
	parallel.For(threads, x.count, func(worker, block int) {
		if scratches[worker] == nil {
			scratches[worker] = &scratch{newPairRow(x.d), make([]float64, tileSize)}
		}
		s := scratches[worker]
		for j := range y.count {
			if ctx.Err() != nil {
				return
			}
			for i := block * tileSize; i < block*tileSize+x.size(block); i++ {
				row(s.row, s.dst, i, j)
				dst := s.dst[:y.size(j)]
				if over.w == nil {
					means[i] += equal * simd.Sum(dst)
					squares[block] += of.weight(i) * equal * simd.Dot(dst, dst)
					continue
				}
				w := over.w[j*tileSize : j*tileSize+len(dst)]
				means[i] += simd.Dot(w, dst)
				simd.Mul(dst, dst, dst)
				squares[block] += of.weight(i) * simd.Dot(w, dst)
			}
		}
	})
	return means, sum(squares)
}

// hoeffding joins the terms of the variance of a double sum. The first is estimated from
// influences that are means over the sample themselves; their own variance adds twice the
// second term to it, which is taken off again. Where both laws are one the second term is
// all there is.
func hoeffding(first, second float64) float64 { return math.Max(first-second, second) }

// centredSquare is the mean of the squares of a doubly centred matrix, from the mean of
// its squares and its row and column means.
func centredSquare(square float64, a sample, rows []float64, b sample, columns []float64) float64 {
	mean := a.expectation(rows)
	r, c := 0.0, 0.0
	for i, v := range rows {
		r += a.weight(i) * (v - mean) * (v - mean)
	}
	for i, v := range columns {
		c += b.weight(i) * (v - mean) * (v - mean)
	}
	return math.Max(square-mean*mean-r-c, 0)
}

// expectation is the weighted mean.
func (s *sample) expectation(x []float64) float64 {
	if s.w == nil {
		return mean(x)
	}
	t := 0.0
	for i, v := range x {
		t += float64(s.w[i] * v)
	}
	return t
}

// medianPoints is the number of points that the median rule looks at.
const medianPoints = 1000

// medianBandwidth is h with h^2 half the median of |x-y|^2 over pairs of different points
// of the pool, of a random part of a large one; where that is 0, half the mean, and 1 where
// all points are one.
func medianBandwidth(pool *measure.Cloud, seed uint64) float64 {
	order := shuffle(pool.N, seed)
	b := newBlocks(take(pool, order[:min(len(order), medianPoints)]))
	row, dst := newPairRow(b.d), make([]float64, tileSize)
	var r2 []float64
	for i := range b.n {
		b.point(row.x, i)
		for j := range i/tileSize + 1 {
			row.squares(dst, b, j)
			r2 = append(r2, dst[:min(tileSize, i-j*tileSize)]...)
		}
	}
	if len(r2) == 0 {
		return 1
	}
	slices.Sort(r2)
	median := (r2[(len(r2)-1)/2] + r2[len(r2)/2]) / 2
	if median == 0 {
		median = mean(r2)
	}
	if median == 0 || math.IsInf(median, 1) {
		return 1
	}
	return math.Sqrt(median / 2)
}
