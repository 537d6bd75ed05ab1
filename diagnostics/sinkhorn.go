package diagnostics

import (
	"context"
	"fmt"
	"math"

	"wgf/internal/parallel"
	"wgf/transport"
)

// sinkhornWork bounds the work of permutation tests by the Sinkhorn divergence: the number
// of permutations times the square of the number of points of both samples together.
const sinkhornWork = 1.6e8

// sinkhorn is the debiased Sinkhorn divergence
//
//	S_eps(a, b) = OT_eps(a, b) - OT_eps(a, a)/2 - OT_eps(b, b)/2
//
// for the cost |x-y|^2 (Feydy, Sejourne, Vialard, Amari, Trouve and Peyre 2019), which is
// on the scale of W2^2. The error is that of its first variation f_ab - f_aa, g_ab - g_bb
// at the points (Goldfeld, Kato, Rioux and Sadhu 2024, "Statistical inference with
// regularized optimal transport", Information and Inference 13). It looks at opt.Exact
// points of each sample.
func (p *pair) sinkhorn(ctx context.Context) (Distance, error) {
	d := Distance{P: math.NaN(), Null: math.NaN()}
	q, notes := p.reduced(p.opt.Exact, "The Sinkhorn divergence")
	d.Notes = notes
	solver := transport.Sinkhorn{Epsilon: p.opt.Epsilon, Threads: p.opt.Threads}
	s, err := transport.SinkhornDivergence(ctx, q.a.Cloud, q.b.Cloud, solver)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return d, err
	}
	d.References = append(append(d.References, s.References...),
		"Z. Goldfeld, K. Kato, G. Rioux, R. Sadhu (2024). Statistical inference with regularized optimal transport. Information and Inference 13.")
	d.Value = s.Value
	variance := q.a.influenceVariance(s.WeightGradientA()) + q.b.influenceVariance(s.WeightGradientB())
	d.Error = math.Sqrt(variance)
	d.Scale = s.Epsilon
	d.Notes = append(d.Notes, "The Sinkhorn divergence is on the scale of W2^2.")
	if p.a.D > 3 {
		d.Notes = append(d.Notes, upwardBias)
	}
	if s.Status != transport.Converged {
		d.Notes = append(d.Notes, fmt.Sprintf("The Sinkhorn divergence is not solved to the end (%s): marginals are off by %.2g.", s.Status, s.Residual))
	}
	total := float64(q.a.N + q.b.N)
	b := affordable(p.opt.Permutations, sinkhornWork/(total*total))
	switch {
	case p.opt.Permutations < 0:
	case p.weighted:
		d.Notes = append(d.Notes, noPermutation)
	case b == 0:
		d.Notes = append(d.Notes, "The Sinkhorn divergence has no p-value: permutations take too long at these sizes.")
	default:
		statistics, err := q.permuteSinkhorn(ctx, s.Epsilon, b)
		if err != nil && ctx.Err() != nil {
			return d, err
		}
		if err != nil {
			// Samples far apart are centred one by one; a mixture of them cannot be.
			d.Notes = append(d.Notes, "The Sinkhorn divergence has no p-value: the samples lie so far apart that its regularisation is below the rounding of distances between them.")
			break
		}
		d.judgeFew("the Sinkhorn divergence", statistics, 1, p.opt.Permutations)
	}
	return d, nil
}

// permuteSinkhorn computes the divergence for every assignment, with the regularisation
// of the observed samples and a tolerance that is enough for ranks.
func (p *pair) permuteSinkhorn(ctx context.Context, epsilon float64, permutations int) ([]float64, error) {
	l := newLabelling(p.a.N, p.b.N, permutations, p.opt.Seed, p.opt.Threads)
	pool := p.pooled()
	values := make([]float64, len(l.at))
	errs := make([]error, len(l.at))
	parallel.For(p.opt.Threads, len(l.at), func(_, b int) {
		if errs[b] = ctx.Err(); errs[b] != nil {
			return
		}
		first, second := split(pool, l, b)
		s, err := transport.SinkhornDivergence(ctx, first, second, transport.Sinkhorn{Epsilon: epsilon, Tolerance: 1e-4, MaxIterations: 1000, Threads: 1})
		if errs[b] = err; err == nil {
			values[b] = s.Value
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return values, nil
}
