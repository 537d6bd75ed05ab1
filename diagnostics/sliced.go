package diagnostics

import (
	"context"
	"fmt"
	"math"

	"wgf/internal/parallel"
	"wgf/measure"
	"wgf/transport"
)

const (
	// slicedLimit is the number of points of each sample that permutations and potentials
	// look at, and slicedLines that of lines.
	slicedLimit = 5000
	slicedLines = 50
)

// sliced is the sliced Wasserstein distance: the root of the mean, over random lines, of
// W2^2 between the projections ([transport.Sliced]). Its error holds that of the samples,
// from the mean over lines of the potentials on the line, as for W2, and that of taking
// some lines instead of all. The cost is (n+m) (d + log(n+m)) a line.
func (p *pair) sliced(ctx context.Context) (Distance, error) {
	d := Distance{P: math.NaN(), Null: math.NaN()}
	r, err := transport.Sliced{Directions: p.opt.Directions, Seed: p.opt.Seed, Threads: p.opt.Threads}.Distance(ctx, p.a.Cloud, p.b.Cloud)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return d, err
	}
	d.References = r.References
	lines := make([][]float64, len(r.Values))
	for l := range lines {
		lines[l] = r.Lines[l*p.a.D : (l+1)*p.a.D]
	}
	some := lines[:min(slicedLines, len(lines))]
	q, notes := p.reduced(slicedLimit, "The p-value of sliced W2")
	f, g, err := q.linePotentials(ctx, some)
	if err != nil {
		return d, err
	}
	spread := q.a.influenceVariance(f)*q.a.effective()/p.a.effective() + q.b.influenceVariance(g)*q.b.effective()/p.b.effective()
	if !math.IsNaN(r.PowerError) {
		spread += float64(r.PowerError * r.PowerError)
	}
	d.Value, d.Error = rooted(r.Power, math.Sqrt(spread))

	switch {
	case p.opt.Permutations < 0:
	case p.weighted:
		d.Notes = append(d.Notes, noPermutation)
	default:
		d.Notes = append(d.Notes, notes...)
		statistics, err := q.permuteLines(ctx, some, 2)
		if err != nil {
			return d, err
		}
		d.judge(statistics, 2)
		d.scaleNull(p, q, 2)
		if len(some) < len(lines) {
			d.Notes = append(d.Notes, fmt.Sprintf("Sliced W2 uses %d random lines, its p-value the first %d of them.", len(lines), len(some)))
		}
	}
	return d, nil
}

// linePotentials is the mean over the lines of the potentials of the projections, at the
// points of both samples.
func (p *pair) linePotentials(ctx context.Context, lines [][]float64) (f, g []float64, err error) {
	f, g = make([]float64, p.a.N), make([]float64, p.b.N)
	const chunk = 8 // solved at once, added in the order of the lines
	potentials := make([][2][]float64, chunk)
	errs := make([]error, chunk)
	for from := 0; from < len(lines); from += chunk {
		part := lines[from:min(from+chunk, len(lines))]
		parallel.For(p.opt.Threads, len(part), func(_, at int) {
			x := &measure.Cloud{N: p.a.N, D: 1, X: make([]float64, p.a.N), LogW: p.a.LogW}
			y := &measure.Cloud{N: p.b.N, D: 1, X: make([]float64, p.b.N), LogW: p.b.LogW}
			project(x.X, p.a.Cloud, part[at])
			project(y.X, p.b.Cloud, part[at])
			r, err := transport.OneDimensional{}.Solve(ctx, transport.Problem{A: x, B: y})
			if errs[at] = err; err == nil {
				potentials[at] = [2][]float64{r.F, r.G}
			}
		})
		for at := range part {
			if errs[at] != nil {
				return nil, nil, errs[at]
			}
			addScaled(f, 1/float64(len(lines)), potentials[at][0])
			addScaled(g, 1/float64(len(lines)), potentials[at][1])
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
	}
	return f, g, nil
}

func addScaled(dst []float64, scale float64, x []float64) {
	for i, v := range x {
		dst[i] += float64(scale * v)
	}
}
