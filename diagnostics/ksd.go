package diagnostics

import (
	"context"
	"fmt"
	"math"

	"wgf/internal/parallel"
	"wgf/internal/rng"
	"wgf/measure"
	"wgf/target"
)

// steinPermutationLimit is the number of points that the wild bootstrap of KSD looks at.
const steinPermutationLimit = 5000

// SteinDiscrepancy is the kernel Stein discrepancy KSD between a sample and a density
// known up to a constant, of which it needs the gradient of the logarithm s:
//
//	KSD^2 = sum_ij w_i w_j k_pi(x_i, x_j),
//	k_pi(x, y) = s(x).s(y) k + s(x).grad_y k + s(y).grad_x k + tr grad_x grad_y k,
//
// pairs of a point with itself included (Liu, Lee and Jordan 2016; Chwialkowski,
// Strathmann and Gretton 2016), for the inverse multiquadric kernel k = (1 +
// |x-y|^2/h^2)^(-1/2), with which KSD controls convergence (Gorham and Mackey 2017,
// "Measuring sample quality with kernels", theorem 8), h^2 half the median squared
// distance of the points. Its error holds both terms of Hoeffding's decomposition. The
// p-value is that of the wild bootstrap with random signs e,
//
//	sum_ij e_i e_j k_pi(x_i, x_j)/n^2,
//
// which is accurate for many points and approximate for few; it assumes independent
// points, and there is none for weighted ones. KSD barely sees weights of modes that
// are far apart. The cost is n^2 d. An error is for a point where the density has no
// finite gradient, and for dimensions that differ.
func SteinDiscrepancy(ctx context.Context, c *measure.Cloud, density target.Density, opt CompareOptions) (Distance, error) {
	opt = opt.resolve()
	d := Distance{Metric: KSD, P: math.NaN(), Null: math.NaN(), References: []string{
		"Q. Liu, J. D. Lee, M. I. Jordan (2016). A kernelized Stein discrepancy for goodness-of-fit tests. ICML.",
		"K. Chwialkowski, H. Strathmann, A. Gretton (2016). A kernel test of goodness of fit. ICML.",
		"J. Gorham, L. Mackey (2017). Measuring sample quality with kernels. ICML.",
	}}
	all, err := newSample(c, "compared")
	if err != nil {
		return d, err
	}
	if all.D != density.Dim() {
		return d, fmt.Errorf("diagnostics: the sample has dimension %d, the target %d", all.D, density.Dim())
	}
	s := all.subsample(pairLimit, opt.Seed, 0)
	if s.N < all.N {
		d.Notes = append(d.Notes, fmt.Sprintf("KSD is that of a random subsample of %d of the %d points.", s.N, all.N))
	}
	score, err := scores(s.Cloud, density)
	if err != nil {
		return d, err
	}
	h := medianBandwidth(s.Cloud, opt.Seed)
	d.Scale = h
	d.Notes = append(d.Notes, "KSD uses the kernel (1 + |x-y|^2/h^2)^(-1/2), h^2 half the median squared distance of the points.")
	if err := ctx.Err(); err != nil {
		return d, err
	}
	st := newStein(s.Cloud, score, h, opt.Threads)
	rows, square := pairMeans(ctx, opt.Threads, st.x, st.x, &s, &s, st.row)
	if err := ctx.Err(); err != nil {
		return d, err
	}
	value := s.expectation(rows)
	n := s.effective()
	second := 0.0
	if n > 1 {
		second = 2 / (n * (n - 1)) * centredSquare(square, s, rows, s, rows)
	}
	d.Value, d.Error = rooted(value, math.Sqrt(hoeffding(4*s.influenceVariance(rows), second)))

	switch {
	case opt.Permutations < 0:
	case all.w != nil:
		d.Notes = append(d.Notes, "KSD has no p-value: the points have weights.")
	default:
		if s.N > steinPermutationLimit {
			part := s.subsample(steinPermutationLimit, opt.Seed, 1)
			d.Notes = append(d.Notes, fmt.Sprintf("The p-value of KSD is that of a random subsample of %d of the %d points.", part.N, all.N))
			if score, err = scores(part.Cloud, density); err != nil {
				return d, err
			}
			st = newStein(part.Cloud, score, h, opt.Threads)
		}
		forms, err := st.wild(ctx, opt)
		if err != nil {
			return d, err
		}
		d.judge(forms, 2)
		d.Null *= math.Sqrt(float64(st.x.n) / float64(s.N))
	}
	return d, nil
}

// steins is KSD of both samples of the pair.
func (p *pair) steins(ctx context.Context) ([]Distance, error) {
	if p.opt.Target == nil {
		return nil, fmt.Errorf("diagnostics: KSD measures against a density: name a target")
	}
	var out []Distance
	for of, c := range p.original {
		d, err := SteinDiscrepancy(ctx, c, p.opt.Target, p.opt)
		if err != nil {
			return out, err
		}
		d.Of = of
		out = append(out, d)
	}
	return out, nil
}

// scores are the gradients of the log density at the points.
func scores(c *measure.Cloud, density target.Density) ([]float64, error) {
	lp, grad := make([]float64, c.N), make([]float64, c.N*c.D)
	density.LogDensity(lp, grad, c.X)
	for i, v := range lp {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("diagnostics: the target has no density at point %d of the sample (log density %v)", i+1, v)
		}
	}
	for at, v := range grad {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("diagnostics: the target has no finite gradient at point %d of the sample (%v in coordinate %d)", at%c.N+1, v, at/c.N+1)
		}
	}
	return grad, nil
}

// stein computes k_pi for pairs of points.
type stein struct {
	x, s *blocks
	h    float64
	rows []*pairRow // a worker each
}

func newStein(c *measure.Cloud, score []float64, h float64, threads int) *stein {
	return &stein{
		x: newBlocks(c), s: newBlocks(&measure.Cloud{N: c.N, D: c.D, X: score}), h: h,
		rows: make([]*pairRow, parallel.Threads(threads)),
	}
}

// row writes k_pi of point i against the points of block j. With k = phi(r^2),
//
//	k_pi = phi s(x).s(y) - 2 phi' (s(x)-s(y)).(x-y) - 2 d phi' - 4 r^2 phi''.
func (t *stein) row(r *pairRow, dst []float64, i, j int) {
	cross, inner := r.cross, r.inner
	d, h2 := float64(t.x.d), t.h*t.h
	t.x.point(r.x, i)
	t.s.point(r.s, i)
	r.squares(dst, t.x, j)
	r.crossed(cross, t.x, t.s, j)
	r.products(inner, t.s, j, r.s)
	for c, r2 := range dst {
		u := 1 / (1 + r2/h2)
		phi := math.Sqrt(u)
		first := -phi * u / (2 * h2)
		second := 3 * phi * u * u / (4 * h2 * h2)
		dst[c] = phi*inner[c] - 2*first*cross[c] - 2*d*first - 4*r2*second
	}
}

// tile writes k_pi of the points of block i against those of block j.
func (t *stein) tile(worker int, dst []float64, i, j int) {
	if t.rows[worker] == nil {
		t.rows[worker] = newPairRow(t.x.d)
	}
	for at := range tileSize {
		t.row(t.rows[worker], dst[at*tileSize:(at+1)*tileSize], i*tileSize+at, j)
	}
}

// crossed writes (s_r - s).(y_r - x) for the points y_r of block j and their scores.
func (r *pairRow) crossed(dst []float64, x, s *blocks, j int) {
	for k := 0; k < x.d; k += band {
		rows := min(band, x.d-k)
		r.difference(r.diff, x, j, k, rows, r.x)
		r.difference(r.diffS, s, j, k, rows, r.s)
		r.accumulate(dst, r.diff, r.diffS, rows, k == 0)
	}
}

// wild is the statistic with signs all 1 and with random signs.
func (t *stein) wild(ctx context.Context, opt CompareOptions) ([]float64, error) {
	key := rng.New(opt.Seed, rng.Test)
	inverse := 1 / float64(t.x.n)
	return quadraticForms(ctx, opt.Threads, t.x.n, opt.Permutations+1, t.tile, func(dst []float64, b int) {
		if b == 0 {
			for i := range dst {
				dst[i] = inverse
			}
			return
		}
		source := key.Source(uint64(b), wildStep)
		for i := 0; i < len(dst); i += 64 {
			bits := source.Uint64()
			for k := i; k < min(i+64, len(dst)); k++ {
				dst[k] = inverse
				if bits>>(k-i)&1 == 1 {
					dst[k] = -inverse
				}
			}
		}
	})
}
