package diagnostics

import (
	"context"
	"fmt"
	"math"

	"wgf/internal/parallel"
	"wgf/measure"
	"wgf/transport"
)

// exactWork bounds the work of permutation tests by exact transport: the number of
// permutations times the cube of the number of points.
const exactWork = 1e10

// wasserstein is W_p between the empirical measures, p = 1 or 2, exact: by sorting in one
// dimension, by the exact solver of package transport otherwise, on at most opt.Exact
// points of each sample, at about the cube of their number.
//
// The error comes from the potentials f, g of the optimal plan: W_p^p of samples of sizes
// n and m varies by Var f(X)/n + Var g(Y)/m about its own mean (del Barrio and Loubes
// 2019, "Central limit theorems for empirical transportation cost in general dimension",
// Annals of Probability 47, theorem 4.1). That mean lies above W_p^p of the laws, by the
// order of n^(-2/d) for d > 4 and p = 2.
func (p *pair) wasserstein(ctx context.Context, exponent float64) (Distance, error) {
	name := fmt.Sprintf("W%g", exponent)
	d := Distance{P: math.NaN(), Null: math.NaN(), References: []string{
		"E. del Barrio, J.-M. Loubes (2019). Central limit theorems for empirical transportation cost in general dimension. Annals of Probability 47, 926-951.",
	}}
	q := p
	if p.a.D > 1 {
		q, d.Notes = p.reduced(p.opt.Exact, name)
	}
	cost := transport.Power(exponent)
	r, err := q.solve(ctx, q.a.Cloud, q.b.Cloud, cost)
	if err != nil {
		return d, err
	}
	if r.Status != transport.Converged {
		d.Notes = append(d.Notes, fmt.Sprintf("%s: the solver stopped before the optimum (%s).", name, r.Status))
	}
	d.References = append(d.References, r.References...)
	variance := q.a.influenceVariance(r.F) + q.b.influenceVariance(r.G)
	d.Value, d.Error = r.Cost, math.Sqrt(variance)
	if exponent == 2 {
		d.Value, d.Error = rooted(r.Cost, math.Sqrt(variance))
	}
	if p.a.D > 3 {
		d.Notes = append(d.Notes, upwardBias)
	}
	switch {
	case p.opt.Permutations < 0:
	case p.weighted:
		d.Notes = append(d.Notes, noPermutation)
	case p.a.D == 1:
		statistics, err := q.permuteLines(ctx, [][]float64{{1}}, exponent)
		if err != nil {
			return d, err
		}
		d.judge(statistics, exponent)
	default:
		n := float64(max(q.a.N, q.b.N))
		b := affordable(p.opt.Permutations, exactWork/(n*n*n))
		statistics, err := q.permuteExact(ctx, cost, max(b, 1))
		if err != nil {
			return d, err
		}
		d.judgeFew(name, statistics, exponent, p.opt.Permutations)
	}
	return d, nil
}

// fewest is the number of permutations below which there is no p-value, only Null.
const fewest = 19

// affordable is the number of permutations, of those asked for, that a budget allows.
func affordable(asked int, budget float64) int { return int(math.Min(float64(asked), budget)) }

// judgeFew is judge for statistics that are too costly for all permutations asked for.
func (d *Distance) judgeFew(name string, statistics []float64, exponent float64, asked int) {
	d.judge(statistics, exponent)
	used := len(statistics) - 1
	many := fmt.Sprintf("%d permutations", used)
	if used == 1 {
		many = "one permutation"
	}
	switch {
	case used < fewest && used < asked:
		d.P = math.NaN()
		d.Notes = append(d.Notes, fmt.Sprintf("%s has no p-value: at these sizes there is time for %s only, which gives the value under one law.", upperFirst(name), many))
	case used < asked:
		d.Notes = append(d.Notes, fmt.Sprintf("The p-value of %s is from %s, for which there is time at these sizes.", name, many))
	}
}

// upwardBias is the note on empirical transport in d > 3 (Fournier and Guillin 2015: the
// rate n^(-1/d)).
const upwardBias = "In more than three dimensions W1, W2 and the Sinkhorn divergence of samples lie well above those of the laws, at any practical size: compare them with the value under one law, not with 0."

// judge sets P and Null from permuted values of the p-th power of the distance.
func (d *Distance) judge(statistics []float64, exponent float64) {
	scale := 0.0
	for _, s := range statistics {
		scale = math.Max(scale, math.Abs(s))
	}
	d.P, _ = significance(statistics, 1e-12*scale)
	for i, s := range statistics {
		statistics[i] = math.Pow(math.Max(s, 0), 1/exponent)
	}
	_, d.Null = significance(statistics, 0)
}

func (p *pair) solve(ctx context.Context, a, b *measure.Cloud, cost transport.Cost) (*transport.Result, error) {
	var solver transport.Solver = transport.Exact{Threads: p.opt.Threads}
	if a.D == 1 {
		solver = transport.OneDimensional{}
	}
	r, err := solver.Solve(ctx, transport.Problem{A: a, B: b, Cost: cost})
	if err == nil {
		err = ctx.Err()
	}
	return r, err
}

// permuteExact solves the problem for every assignment.
func (p *pair) permuteExact(ctx context.Context, cost transport.Cost, permutations int) ([]float64, error) {
	l := newLabelling(p.a.N, p.b.N, permutations, p.opt.Seed, p.opt.Threads)
	pool := p.pooled()
	costs := make([]float64, len(l.at))
	errs := make([]error, len(l.at))
	parallel.For(p.opt.Threads, len(l.at), func(_, b int) {
		if errs[b] = ctx.Err(); errs[b] != nil {
			return
		}
		first, second := split(pool, l, b)
		r, err := transport.Exact{Threads: 1}.Solve(ctx, transport.Problem{A: first, B: second, Cost: cost})
		if errs[b] = err; err == nil {
			costs[b] = r.Cost
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return costs, nil
}

// split divides the pooled points by an assignment.
func split(pool *measure.Cloud, l labelling, b int) (first, second *measure.Cloud) {
	var keep [2][]int
	for i, label := range l.at[b] {
		keep[label] = append(keep[label], i)
	}
	return take(pool, keep[1]), take(pool, keep[0])
}
