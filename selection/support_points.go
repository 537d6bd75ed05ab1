package selection

import (
	"context"
	"math"

	"wgf/internal/parallel"
	"wgf/internal/rng"
	"wgf/internal/simd"
	"wgf/measure"
)

func supportPointsEntry() Entry {
	return Entry{
		Name:      "support-points",
		Formula:   "min_x 2/n sum_i E|x_i-Y| - 1/n^2 sum_ij |x_i-x_j|, by the convex-concave procedure; the points leave the draws",
		Cost:      "R count d time an iteration, at most 500, and R^2 d; N d memory; R draws, 10000 at most, are the target",
		Needs:     "draws",
		Reference: "Mak, Joseph 2018, Annals of Statistics 46(6A)",
		run:       supportPoints,
	}
}

// supportPoints minimises the energy distance to the draws Y of weights w by
//
//	x_i <- [sum_m w_m y_m/|x_i-y_m| + 1/n sum_j (x_i-x_j)/|x_i-x_j|] / sum_m w_m/|x_i-y_m|
//
// for all i at once, which never raises it (Mak and Joseph 2018, theorem 4 and eq. 22);
// nor do steps less than twice as long, as each minimises a quadratic majorant with the
// same curvature in all directions of a point: steps here are 1.8 times as long.
// Distances are sqrt(r^2 + e^2), e a millionth of the spread, so that points that meet
// do no harm; the descent holds for them as it does for the distance. The start is a
// systematic sample of the draws, moved a little.
func supportPoints(ctx context.Context, r *Request) (*Result, error) {
	scale, draws := r.scaled(deviations)
	n, d := r.Count, draws.D
	mean, spread := draws.Mean(), deviations(draws)
	for k := range d { // centred, so that differences are exact
		y := draws.Coordinate(k)
		for i := range y {
			y[i] -= mean[k]
		}
	}
	size := 0.0
	for k, v := range deviations(draws) {
		if flat(draws, k) {
			v, spread[k] = 0, 0
		}
		size += v * v
	}
	size = math.Sqrt(size)
	out := &Result{Metric: "energy distance"}
	x := draws.Resample(n, r.Seed)
	if size == 0 {
		out.Converged = true
		return finish(out, x, mean, scale), nil
	}
	jitter := make([]float64, n*d)
	rng.New(r.Seed, rng.Init).Normals(jitter, d, n, 0, 0)
	by := 0.2 * math.Pow(float64(n), -1/float64(d))
	for i, v := range jitter {
		x.X[i] += float64(by * spread[i/n] * v)
	}
	ref := r.reference(draws)
	step := &ccp{y: ref, w: ref.Weights(), eps2: 1e-12 * size * size}
	within := step.within(ctx, r.Threads) // E|Y-Y'|
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	iterations := r.Iterations
	if iterations == 0 {
		iterations = 500
	}
	next := measure.New(n, d)
	for it := range iterations {
		if ctx.Err() != nil {
			out.Interrupted = true
			break
		}
		energy := math.Max(0, step.move(next.X, x.X, n, r.Threads)-within)
		if !finite(energy) {
			return nil, errLarge
		}
		out.Trace = append(out.Trace, Record{Step: it, Count: n, Discrepancy: energy})
		moved := 0.0
		for i, v := range next.X {
			moved = math.Max(moved, math.Abs(v-x.X[i]))
		}
		x, next = next, x
		r.progress(it+1, iterations, energy)
		const back = 20
		if moved < 1e-5*size || it >= back && out.Trace[it-back].Discrepancy-energy < 1e-5*energy {
			out.Converged = true
			break
		}
	}
	return finish(out, x, mean, scale), nil
}

// finish undoes centre and scale.
func finish(out *Result, x *measure.Cloud, mean []float64, scale scaling) *Result {
	for k, m := range mean {
		c := x.Coordinate(k)
		for i := range c {
			c[i] += m
		}
	}
	scale.up(x)
	out.Cloud = x
	return out
}

// flat says whether a coordinate is constant.
func flat(c *measure.Cloud, k int) bool {
	w, x := c.Weights(), c.Coordinate(k)
	lo, hi := math.Inf(1), math.Inf(-1)
	for i, v := range x {
		if w[i] > 0 {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
	}
	return !(hi-lo > 1e-12*math.Max(math.Abs(lo), math.Abs(hi)))
}

// ccp is one step of the convex-concave procedure towards draws y of weights w.
type ccp struct {
	y    *measure.Cloud
	w    []float64
	eps2 float64
}

// stretch is the length of a step as a multiple of the one to the minimum.
const stretch = 1.8

// tile is the number of draws whose distances are kept at a time.
const tile = 1024

// move writes the next points and returns 2 E|X-Y| - E|X-X'| of the old ones.
func (p *ccp) move(next, x []float64, n, threads int) float64 {
	d := p.y.D
	to := make([]float64, n)
	among := make([]float64, n)
	parallel.For(threads, n, func(_, i int) {
		point, sum := make([]float64, d), make([]float64, d)
		for c := range d {
			point[c] = x[c*n+i]
		}
		total, distance := p.pull(sum, point)
		to[i] = distance
		inv := 1 / float64(n)
		for j := range n {
			r2 := 0.0
			for c, v := range point {
				t := v - x[c*n+j]
				r2 += float64(t * t)
			}
			r := math.Sqrt(r2 + p.eps2)
			among[i] += inv * r
			for c, v := range point {
				sum[c] += float64(inv * (v - x[c*n+j]) / r)
			}
		}
		for c := range d {
			next[c*n+i] = point[c] + float64(stretch*sum[c])/total
		}
	})
	energy := 0.0
	for i := range n {
		energy += 2*to[i] - among[i]
	}
	return energy / float64(n)
}

// pull adds sum_m w_m (y_m - x)/|x-y_m| to sum and returns sum_m w_m/|x-y_m| and
// sum_m w_m |x-y_m|.
func (p *ccp) pull(sum, x []float64) (total, distance float64) {
	m := p.y.N
	var r2, inverse [tile]float64
	for first := 0; first < m; first += tile {
		size := min(tile, m-first)
		r, q, w := r2[:size], inverse[:size], p.w[first:first+size]
		for i := range r {
			r[i] = p.eps2
		}
		for c, v := range x {
			for i, y := range p.y.X[c*m+first : c*m+first+size] {
				t := y - v
				r[i] += float64(t * t)
			}
		}
		simd.Sqrt(r, r)
		distance += simd.Dot(w, r)
		simd.Div(q, w, r)
		all := simd.Sum(q)
		total += all
		for c, v := range x {
			sum[c] += simd.Dot(q, p.y.X[c*m+first:c*m+first+size]) - float64(all*v)
		}
	}
	return total, distance
}

// within is E|Y-Y'|.
func (p *ccp) within(ctx context.Context, threads int) float64 {
	m, d := p.y.N, p.y.D
	sums := make([]float64, m)
	parallel.For(threads, m, func(_, i int) {
		if ctx.Err() != nil {
			return
		}
		point, scratch := make([]float64, d), make([]float64, d)
		for c := range d {
			point[c] = p.y.X[c*m+i]
		}
		_, sums[i] = p.pull(scratch, point)
	})
	total := 0.0
	for i, v := range sums {
		total += float64(p.w[i] * v)
	}
	return total
}
