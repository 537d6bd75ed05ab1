package diagnostics

import (
	"context"
	"math"

	"wgf/internal/parallel"
	"wgf/internal/simd"
)

const (
	// pairLimit is the number of points of each sample that sums over all pairs look at.
	pairLimit = 20000
	// permutationLimit is that of permutation tests on such sums.
	permutationLimit = 5000
)

// mmd is the maximum mean discrepancy MMD = |mean embedding of a - that of b| with the
// Gaussian kernel exp(-|x-y|^2/(2 h^2)), h^2 half the median squared distance of the
// pooled points (Gretton, Borgwardt, Rasch, Schoelkopf and Smola 2012, "A kernel
// two-sample test", JMLR 13):
//
//	MMD^2 = sum_ij w_i w_j k(x_i, x_j) + sum_ij v_i v_j k(y_i, y_j) - 2 sum_ij w_i v_j k(x_i, y_j),
//
// pairs of a point with itself included, so that it is never negative and zero for equal
// samples. The cost is (n+m)^2 d.
func (p *pair) mmd(ctx context.Context) (Distance, error) {
	d := Distance{References: []string{
		"A. Gretton, K. M. Borgwardt, M. J. Rasch, B. Schoelkopf, A. Smola (2012). A kernel two-sample test. JMLR 13, 723-773.",
	}}
	q, notes := p.reduced(pairLimit, "MMD")
	d.Notes = notes
	h := medianBandwidth(q.pooled(), q.opt.Seed)
	scale := -1 / (2 * h * h)
	gaussian := func(r2 []float64) {
		simd.Scale(r2, scale, r2)
		simd.Exp(r2, r2)
	}
	e, err := q.discrepancy(ctx, gaussian)
	if err != nil {
		return d, err
	}
	d.Value, d.Error = rooted(e.value, e.error)
	d.Scale = h
	d.Notes = append(d.Notes, "MMD uses the Gaussian kernel exp(-|x-y|^2/(2 h^2)), h^2 half the median squared distance of the pooled points.")
	return q.permutePairs(ctx, d, "MMD", 2, gaussian)
}

// energy is the energy distance 2 E|X-Y| - E|X-X'| - E|Y-Y'| of the empirical measures
// (Szekely and Rizzo 2013, "Energy statistics: a class of statistics based on distances",
// J. Statistical Planning and Inference 143), without a root: MMD^2 for the kernel
// -|x-y|. The cost is (n+m)^2 d.
func (p *pair) energy(ctx context.Context) (Distance, error) {
	d := Distance{References: []string{
		"G. J. Szekely, M. L. Rizzo (2013). Energy statistics: a class of statistics based on distances. J. Stat. Planning and Inference 143, 1249-1272.",
	}}
	q, notes := p.reduced(pairLimit, "The energy distance")
	d.Notes = notes
	e, err := q.discrepancy(ctx, negativeDistance)
	if err != nil {
		return d, err
	}
	d.Value, d.Error = e.value, e.error
	return q.permutePairs(ctx, d, "the energy distance", 1, negativeDistance)
}

func negativeDistance(r2 []float64) {
	simd.Sqrt(r2, r2)
	simd.Scale(r2, -1, r2)
}

// estimate is a value with its standard deviation over samples.
type estimate struct{ value, error float64 }

// discrepancy is MMD^2 for a kernel, given by shape, which turns squared distances into its
// values, with the standard deviation from both terms of Hoeffding's decomposition: with
// the influences
//
//	g_i = sum_j w_j k(x_i, x_j) - sum_j v_j k(x_i, y_j)   and likewise for y,
//
// the first is 4 (Var g(X)/n + Var g(Y)/m), the second, all there is where both laws are
// one, 2 E c(X,X')^2/n^2 + 2 E c(Y,Y')^2/m^2 + 4 E c(X,Y)^2/(nm), c the kernel centred in
// both arguments. For weights, n is the effective number of points. Nothing of size n x m
// is stored.
func (p *pair) discrepancy(ctx context.Context, shape func(r2 []float64)) (estimate, error) {
	x, y := newBlocks(p.a.Cloud), newBlocks(p.b.Cloud)
	sums := func(x, y *blocks, of, over *sample) ([]float64, float64) {
		return pairMeans(ctx, p.opt.Threads, x, y, of, over, func(r *pairRow, dst []float64, i, j int) {
			x.point(r.x, i)
			r.squares(dst, y, j)
			shape(dst)
		})
	}
	xx, squareXX := sums(x, x, &p.a, &p.a)
	xy, squareXY := sums(x, y, &p.a, &p.b)
	yx, _ := sums(y, x, &p.b, &p.a)
	yy, squareYY := sums(y, y, &p.b, &p.b)
	if err := ctx.Err(); err != nil {
		return estimate{}, err
	}
	g, h := make([]float64, x.n), make([]float64, y.n)
	for i := range g {
		g[i] = xx[i] - xy[i]
	}
	for i := range h {
		h[i] = yy[i] - yx[i]
	}
	e := estimate{value: p.a.expectation(g) + p.b.expectation(h)}
	// What is left of sums that cancel is rounding.
	if size := math.Abs(p.a.expectation(xx)) + math.Abs(p.b.expectation(yy)); e.value < 1e-14*size {
		e.value = 0
	}
	first := 4 * (p.a.influenceVariance(g) + p.b.influenceVariance(h))
	second := 0.0
	n, m := p.a.effective(), p.b.effective()
	if n > 1 {
		second += 2 / (n * (n - 1)) * centredSquare(squareXX, p.a, xx, p.a, xx)
	}
	if m > 1 {
		second += 2 / (m * (m - 1)) * centredSquare(squareYY, p.b, yy, p.b, yy)
	}
	if n > 1 && m > 1 {
		second += 4 / (n * m) * centredSquare(squareXY, p.a, xy, p.b, yx)
	}
	e.error = math.Sqrt(hoeffding(first, second))
	return e, ctx.Err()
}

// permutePairs completes d by the permutation test of sum_ij s_i s_j k(x_i, x_j) over the
// pooled points, s the signed measure of the two samples. shape turns squared distances
// into the kernel; the value is the 1/exponent-th power of the statistic.
func (p *pair) permutePairs(ctx context.Context, d Distance, name string, exponent float64, shape func(r2 []float64)) (Distance, error) {
	d.P, d.Null = math.NaN(), math.NaN()
	switch {
	case p.opt.Permutations < 0:
		return d, nil
	case p.weighted:
		d.Notes = append(d.Notes, noPermutation)
		return d, nil
	}
	q, notes := p.reduced(permutationLimit, "The p-value of "+name)
	d.Notes = append(d.Notes, notes...)
	l := newLabelling(q.a.N, q.b.N, q.opt.Permutations, q.opt.Seed, q.opt.Threads)
	pool := newBlocks(q.pooled())
	rows := make([]*pairRow, parallel.Threads(q.opt.Threads))
	tile := func(worker int, dst []float64, i, j int) {
		if rows[worker] == nil {
			rows[worker] = newPairRow(pool.d)
		}
		r := rows[worker]
		for at := range tileSize {
			pool.point(r.x, i*tileSize+at)
			r.squares(dst[at*tileSize:(at+1)*tileSize], pool, j)
		}
		shape(dst)
	}
	forms, err := quadraticForms(ctx, q.opt.Threads, pool.n, len(l.at), tile, l.differenceVector)
	if err != nil {
		return d, err
	}
	d.judge(forms, exponent)
	d.scaleNull(p, q, exponent)
	return d, nil
}

// scaleNull brings Null from the sizes of q, where the test was made, to those of p, whose
// value it stands beside: under one law the squares of these distances fall like 1/n + 1/m.
func (d *Distance) scaleNull(p, q *pair, exponent float64) {
	size := func(p *pair) float64 { return 1/float64(p.a.N) + 1/float64(p.b.N) }
	d.Null *= math.Pow(size(p)/size(q), 1/exponent)
}
