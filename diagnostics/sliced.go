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
	// slicedLimit is the number of points of each sample that permutations look at, and
	// slicedLines that of lines.
	slicedLimit = 5000
	slicedLines = 50
)

// sliced is the sliced Wasserstein distance: the root of the mean, over random lines, of
// W2^2 between the projections (Rabin, Peyre, Delon and Bernot 2012; Bonneel, Rabin,
// Peyre and Pfister 2015). Its error holds that of the samples, from the mean over the
// lines of the potentials on the line, as for W2, and that of taking opt.Directions lines
// instead of all. The cost is (n+m) (d + log(n+m)) a line.
func (p *pair) sliced(ctx context.Context) (Distance, error) {
	d := Distance{P: math.NaN(), Null: math.NaN(), References: []string{
		"N. Bonneel, J. Rabin, G. Peyre, H. Pfister (2015). Sliced and Radon Wasserstein barycenters of measures. J. Math. Imaging and Vision 51, 22-45.",
	}}
	lines := randomLines(p.a.D, p.opt.Directions, p.opt.Seed)
	costs := make([]float64, len(lines))
	errs := make([]error, len(lines))
	f, g := make([]float64, p.a.N), make([]float64, p.b.N)
	const chunk = 8 // potentials are added in the order of the lines
	potentials := make([][2][]float64, chunk)
	for from := 0; from < len(lines); from += chunk {
		part := lines[from:min(from+chunk, len(lines))]
		parallel.For(p.opt.Threads, len(part), func(_, at int) {
			if errs[from+at] = ctx.Err(); errs[from+at] != nil {
				return
			}
			x := &measure.Cloud{N: p.a.N, D: 1, X: make([]float64, p.a.N), LogW: p.a.LogW}
			y := &measure.Cloud{N: p.b.N, D: 1, X: make([]float64, p.b.N), LogW: p.b.LogW}
			project(x.X, p.a.Cloud, part[at])
			project(y.X, p.b.Cloud, part[at])
			r, err := transport.OneDimensional{}.Solve(ctx, transport.Problem{A: x, B: y})
			if errs[from+at] = err; err == nil {
				costs[from+at] = r.Cost
				potentials[at] = [2][]float64{r.F, r.G}
			}
		})
		for at := range part {
			if err := errs[from+at]; err != nil {
				return d, err
			}
			addScaled(f, 1/float64(len(lines)), potentials[at][0])
			addScaled(g, 1/float64(len(lines)), potentials[at][1])
		}
	}
	spread := p.a.influenceVariance(f) + p.b.influenceVariance(g)
	if len(lines) > 1 {
		spread += variance(costs) / float64(len(lines))
	}
	d.Value, d.Error = rooted(mean(costs), math.Sqrt(spread))

	switch {
	case p.opt.Permutations == 0:
	case p.weighted:
		d.Notes = append(d.Notes, noPermutation)
	default:
		q, notes := p.reduced(slicedLimit, "The p-value of sliced W2")
		d.Notes = append(d.Notes, notes...)
		used := lines[:min(slicedLines, len(lines))]
		statistics, err := q.permuteLines(ctx, used, 2)
		if err != nil {
			return d, err
		}
		d.judge(statistics, 2)
		if len(used) < len(lines) {
			d.Notes = append(d.Notes, fmt.Sprintf("Sliced W2 uses %d random lines, its p-value the first %d of them.", len(lines), len(used)))
		}
	}
	return d, nil
}

func addScaled(dst []float64, scale float64, x []float64) {
	for i, v := range x {
		dst[i] += float64(scale * v)
	}
}
