package selection

import (
	"context"
	"math"

	"wgf/internal/rng"
	"wgf/measure"
)

func steinPointsEntry() Entry {
	return Entry{
		Name:      "stein-points",
		Formula:   "x_1 = argmax p, x_k = argmin_x k_pi(x,x)/2 + sum_(l<k) k_pi(x,x_l), over the draws, then near the best",
		Cost:      "N count d time, N d memory; a round of refinement: 32 densities and 32 count d a point",
		Needs:     "draws and the density of the target",
		Reference: "Chen, Mackey, Gorham, Briol, Oates 2018, ICML, arXiv 1803.10161",
		Scores:    true,
		Indices:   true,
		Kernel:    true,
		run:       steinPoints,
	}
}

// steinPoints is the greedy algorithm of Chen et al. (2018, section 2.2.1) with the
// draws as candidates. With refinement, each point then moves to the best of 32
// normal proposals around it in each round, whose spread is half the spread of the
// draws at first and shrinks by half in rounds without success.
func steinPoints(ctx context.Context, r *Request) (*Result, error) {
	lp, score, err := r.scores(ctx)
	if err != nil {
		return nil, err
	}
	start, allowed := -1, r.candidates()
	for i, v := range lp {
		if allowed[i] && (start < 0 || v > lp[start]) {
			start = i
		}
	}
	if r.Refine == 0 {
		return steinGreedy(ctx, r, score, start)
	}
	k, err := newStein(r)
	if err != nil {
		return nil, err
	}
	n, d := r.Draws.N, r.Draws.D
	all := k.places(r.Draws, score)
	gain := make([]float64, n)
	k.diagonal(gain, all)
	spread := deviations(r.Draws)
	var points, scores [][]float64
	out := &Result{Metric: "ksd"}
	total := 0.0
	for step := range r.Count {
		j := start
		if step > 0 {
			j = smallest(gain, allowed, r.Threads)
		}
		if j < 0 || !finite(gain[j]) {
			return nil, errLarge
		}
		x, s := make([]float64, d), make([]float64, d)
		for c := range d {
			x[c], s[c] = r.Draws.X[c*n+j], score[c*n+j]
		}
		best := gain[j]
		soFar := k.places(stack(points, d), stack(scores, d).X)
		size := 0.5
		for round := range r.Refine {
			if ctx.Err() != nil {
				out.Interrupted = true
				break
			}
			near := proposals(r.Seed, x, spread, size, step, round)
			value, at, ns := k.bestOf(r, near, soFar)
			if at < 0 || !(value < best) {
				size /= 2
				continue
			}
			best = value
			for c := range d {
				x[c], s[c] = near.X[c*near.N+at], ns[c*near.N+at]
			}
		}
		if out.Interrupted {
			break
		}
		points, scores = append(points, x), append(scores, s)
		total += best
		one := k.places(stack(points[step:], d), s)
		k.add(gain, 2, all, one, 0, r.Threads)
		ksd := math.Sqrt(math.Max(0, total)) / float64(step+1)
		out.Trace = append(out.Trace, Record{Step: step + 1, Count: step + 1, Discrepancy: ksd})
		r.progress(step+1, r.Count, ksd)
	}
	if len(points) == 0 {
		return nil, ctx.Err()
	}
	out.Cloud = stack(points, d)
	return out, nil
}

// bestOf finds the best of some points given those chosen so far; at is -1 if none has a
// finite density.
func (k *steinKernel) bestOf(r *Request, near *measure.Cloud, soFar places) (value float64, at int, score []float64) {
	lp, score, _ := scoresAt(context.Background(), r.Density, near, 1)
	for i, v := range lp {
		ok := !math.IsNaN(v) && !math.IsInf(v, 0)
		for c := range near.D {
			ok = ok && !math.IsNaN(score[c*near.N+i]) && !math.IsInf(score[c*near.N+i], 0)
		}
		if !ok {
			lp[i] = math.NaN()
			for c := range near.D {
				score[c*near.N+i] = 0
			}
		}
	}
	p := k.places(near, score)
	gain := make([]float64, near.N)
	k.diagonal(gain, p)
	for l := range soFar.n {
		k.add(gain, 2, p, soFar, l, 1)
	}
	at = -1
	for i, v := range gain {
		if !math.IsNaN(lp[i]) && (at < 0 || v < value) {
			value, at = v, i
		}
	}
	return value, at, score
}

// proposals are 32 normal points around x.
func proposals(seed uint64, x []float64, spread scaling, size float64, step, round int) *measure.Cloud {
	const m = 32
	near := measure.New(m, len(x))
	rng.New(seed, rng.Sample).Normals(near.X, len(x), m, step*m, uint64(round))
	for c, v := range x {
		for i := range m {
			near.X[c*m+i] = v + float64(size*spread[c]*near.X[c*m+i])
		}
	}
	return near
}

// stack makes a cloud of points.
func stack(points [][]float64, d int) *measure.Cloud {
	out := measure.New(len(points), d)
	for i, x := range points {
		for c, v := range x {
			out.X[c*out.N+i] = v
		}
	}
	return out
}
