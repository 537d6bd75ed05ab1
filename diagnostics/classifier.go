package diagnostics

import (
	"context"
	"math"
	"strings"

	"wgf/internal/parallel"
	"wgf/measure"
)

// classifierLimit is the number of points of each sample that the classifier looks at.
const classifierLimit = 10000

// classifier is the two-sample test by a 1-nearest-neighbour classifier (Lopez-Paz and
// Oquab 2017, "Revisiting classifier two-sample tests"), with every pooled point
// classified by its nearest other point (leave-one-out, as Schilling 1986 and Henze 1988
// count neighbours). The value is the balanced accuracy
//
//	(share of hits in the first sample + share of hits in the second)/2:
//
// 1/2 where the samples cannot be told apart, 1 where they are separate, below 1/2 where
// points are copied from one sample to the other; identical samples have 0. Its error
// counts the dependence of points that share a neighbour, given the positions. The
// p-value keeps the graph of neighbours and permutes the labels. Ties between neighbours
// are broken at random. The cost is (n+m)^2 d.
func (p *pair) classifier(ctx context.Context) (Distance, error) {
	q, notes := p.reduced(classifierLimit, "The classifier's accuracy")
	pool := q.pooled()
	neighbour, err := nearestNeighbours(ctx, pool, q.opt.Seed, q.opt.Threads)
	if err != nil {
		return Distance{}, err
	}
	d := Distance{P: math.NaN(), Null: math.NaN(), Notes: notes, References: []string{
		"D. Lopez-Paz, M. Oquab (2017). Revisiting classifier two-sample tests. ICLR.",
		"M. F. Schilling (1986). Multivariate two-sample tests based on nearest neighbors. JASA 81, 799-806.",
	}}
	n, m := q.a.N, q.b.N
	if n+m < 3 {
		d.Value, d.Error = math.NaN(), math.NaN()
		d.Notes = append(d.Notes, "The classifier needs three points or more.")
		return d, nil
	}
	// A hit of point i counts share_i, half its weight within its own sample.
	share := make([]float64, n+m)
	first := make([]uint8, n+m)
	for i := range share {
		if i < n {
			share[i], first[i] = q.a.weight(i)/2, 1
		} else {
			share[i] = q.b.weight(i-n) / 2
		}
	}
	d.Value = balancedAccuracy(neighbour, first, share)
	d.Error = q.accuracyError(neighbour, first, share)
	switch {
	case q.opt.Permutations < 0:
	case p.weighted:
		d.Notes = append(d.Notes, noPermutation)
	default:
		l := newLabelling(n, m, q.opt.Permutations, q.opt.Seed, q.opt.Threads)
		statistics := make([]float64, len(l.at))
		parallel.For(q.opt.Threads, len(l.at), func(_, b int) {
			hits := [2]int{}
			for i, label := range l.at[b] {
				if l.at[b][neighbour[i]] == label {
					hits[label]++
				}
			}
			statistics[b] = (float64(hits[1])/float64(n) + float64(hits[0])/float64(m)) / 2
		})
		d.P, d.Null = significance(statistics, 1e-12)
	}
	return d, nil
}

// noPermutation is the note of tests that weights make impossible.
const noPermutation = "There are no p-values: weighted points cannot be exchanged between samples."

func balancedAccuracy(neighbour []int32, label []uint8, share []float64) float64 {
	t := 0.0
	for i, j := range neighbour {
		if label[i] == label[j] {
			t += share[i]
		}
	}
	return t
}

// accuracyError is the standard deviation of the balanced accuracy, given the positions:
// hits of two points depend on each other where the pairs (point, neighbour) have a point
// in common, so that
//
//	Var = sum_i r_i^2 + sum of r_i r_j over such i != j,  r_i = share_i (hit_i - mean of hits of the sample).
func (p *pair) accuracyError(neighbour []int32, label []uint8, share []float64) float64 {
	var mean [2]float64
	for i, j := range neighbour {
		if label[i] == label[j] {
			mean[label[i]] += 2 * share[i]
		}
	}
	n := len(neighbour)
	r, into := make([]float64, n), make([]float64, n)
	for i, j := range neighbour {
		hit := 0.0
		if label[i] == label[j] {
			hit = 1
		}
		r[i] = share[i] * (hit - mean[label[i]])
		into[j] += r[i]
	}
	// Pairs (i, nn i) and (j, nn j) meet where nn i = nn j, j = nn i, or both (mutual).
	t := 0.0
	for i, j := range neighbour {
		t += float64(r[i] * into[j]) // nn k = nn i, k = i included
		if int(neighbour[j]) == i {
			t += float64(r[i] * r[j]) // mutual: k = nn i, and i = nn k
		} else {
			t += float64(2 * r[i] * r[j]) // k = nn i, counted for i and for k
		}
	}
	floor := 0.0 // of independent hits, should the sum be negative
	for _, v := range r {
		floor += float64(v * v)
	}
	return math.Sqrt(math.Max(t, floor))
}

// nearestNeighbours is, for each point, the number of the nearest other one; of several
// equally near ones the one that is first in a random order of all points.
func nearestNeighbours(ctx context.Context, c *measure.Cloud, seed uint64, threads int) ([]int32, error) {
	order := shuffle(c.N, seed)
	b := newBlocks(take(c, order))
	out := make([]int32, c.N)
	type scratch struct {
		row  *pairRow
		dist []float64
		best [tileSize]float64
		at   [tileSize]int32
	}
	scratches := make([]*scratch, parallel.Threads(threads))
	parallel.For(threads, b.count, func(worker, i int) {
		if scratches[worker] == nil {
			scratches[worker] = &scratch{row: newPairRow(c.D), dist: make([]float64, tileSize)}
		}
		s := scratches[worker]
		for r := range s.best {
			s.best[r], s.at[r] = math.Inf(1), -1
		}
		for j := range b.count {
			if ctx.Err() != nil {
				return
			}
			for r := range b.size(i) {
				b.point(s.row.x, i*tileSize+r)
				s.row.squares(s.dist, b, j)
				dist := s.dist[:b.size(j)]
				if j == i {
					dist[r] = math.Inf(1)
				}
				best, at := s.best[r], s.at[r]
				for k, v := range dist {
					if v < best {
						best, at = v, int32(j*tileSize+k)
					}
				}
				s.best[r], s.at[r] = best, at
			}
		}
		for r := range b.size(i) {
			if s.at[r] >= 0 {
				out[order[i*tileSize+r]] = int32(order[s.at[r]])
			}
		}
	})
	return out, ctx.Err()
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
