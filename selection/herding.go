package selection

import (
	"context"
	"math"

	"wgf/internal/parallel"
	"wgf/kernel"
)

func herdingEntry() Entry {
	return Entry{
		Name:      "herding",
		Formula:   "x_(k+1) = argmax_x E k(x,Y) - 1/(k+1) sum_(l<=k) k(x,x_l), over the draws",
		Cost:      "N (R + count) d time, N d memory; R draws, 10000 at most, are behind the mean embedding",
		Needs:     "draws",
		Reference: "Chen, Welling, Smola 2010, UAI, arXiv 1203.3472",
		Indices:   true,
		Kernel:    true,
		run:       herding,
	}
}

// herding chooses draws one by one, each the one that lowers the MMD most: for a
// kernel with k(x,x) constant the rule of Chen, Welling and Smola (2010, eq. 8) is
// the greedy minimiser of MMD. Ties go to the first draw.
func herding(ctx context.Context, r *Request) (*Result, error) {
	_, draws := r.scaled(deviations)
	n, d := draws.N, draws.D
	k := kernel.Kernel{}
	if r.Kernel != nil {
		k = *r.Kernel
	}
	all := kernel.Points{N: n, D: d, X: draws.X}
	ref := kernel.Of(r.reference(draws))
	k, _ = k.Fit(ref, r.Rule)

	// The embedding, a part at a time so that a run can be stopped.
	embedding := make([]float64, n)
	const part = 8 * block
	for first := 0; first < n; first += part {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		m := min(part, n-first)
		some := kernel.Points{N: m, D: d, X: make([]float64, m*d)}
		for c := range d {
			copy(some.X[c*m:(c+1)*m], draws.X[c*n+first:])
		}
		if r.Embedding != nil {
			r.Embedding.Embed(k, embedding[first:first+m], nil, some)
		} else {
			k.Sum(embedding[first:first+m], some, ref, r.Threads)
		}
		r.progress(0, r.Count, math.NaN())
	}
	norm := 0.0
	if r.Embedding != nil {
		norm = r.Embedding.Norm2(k)
	} else {
		norm = k.MeanPair(ref, ref, r.Threads)
	}

	allowed := r.candidates()
	sums, gain := make([]float64, n), make([]float64, n)
	out := &Result{Metric: "mmd"}
	own, cross := 0.0, 0.0 // sum of k(x_l,x_m), of the embedding at x_l
	self, _, _ := k.At(0)
	for step := range r.Count {
		if ctx.Err() != nil {
			out.Interrupted = true
			break
		}
		parallel.For(r.Threads, blocks(n), func(_, b int) {
			for i := b * block; i < min(n, (b+1)*block); i++ {
				gain[i] = sums[i] - float64(float64(step+1)*embedding[i])
			}
		})
		j := smallest(gain, allowed, r.Threads)
		if j < 0 || !finite(norm) {
			return nil, errLarge
		}
		if r.Distinct {
			allowed[j] = false
		}
		own += float64(2*sums[j]) + self
		cross += embedding[j]
		addColumn(sums, k, all, j, r.Threads)
		m := float64(step + 1)
		mmd := math.Sqrt(math.Max(0, own/(m*m)-2*cross/m+norm))
		out.Indices = append(out.Indices, j)
		out.Trace = append(out.Trace, Record{Step: step + 1, Count: step + 1, Discrepancy: mmd})
		r.progress(step+1, r.Count, mmd)
	}
	if len(out.Indices) == 0 {
		return nil, ctx.Err()
	}
	out.Cloud = chosen(r.Draws, out.Indices)
	return out, nil
}

// addColumn adds k(x_i, x_j) to every number i.
func addColumn(dst []float64, k kernel.Kernel, x kernel.Points, j, threads int) {
	parallel.For(threads, blocks(x.N), func(_, b int) {
		var r2 [block]float64
		first, last := b*block, min(x.N, (b+1)*block)
		for c := range x.D {
			y := x.X[c*x.N+j]
			for i, v := range x.X[c*x.N+first : c*x.N+last] {
				t := v - y
				r2[i] += float64(t * t)
			}
		}
		for i := first; i < last; i++ {
			phi, _, _ := k.At(r2[i-first])
			dst[i] += phi
		}
	})
}
