package sampler

import (
	"math"
	"slices"

	"wgf/internal/rng"
)

// maxPathDim is the largest dimension in which the starts climb first: the
// climb keeps a dense d x d matrix for every start.
const maxPathDim = 512

// laplaceDim is the largest dimension in which the curvature at the top is
// measured by differences, at 2d gradients a start.
const laplaceDim = 256

// maxRefine bounds how often a climb goes on with the measured curvature.
const maxRefine = 6

// approximation is a Gaussian N(mean, F F^T) with the evidence lower bound that
// it gives.
type approximation struct {
	mean, factor []float64
	logDet       float64 // of F F^T, halved
	elbo         float64
}

// climb gives every superchain a better start than a random point: from its
// start point a quasi-Newton ascent, the Gaussian approximations along the way
// and at the top, and of these the one with the largest evidence lower bound
// ELBO = E_q[log p] + H(q), from which the particles are drawn. This is
// Pathfinder (Zhang, Carpenter, Gelman, Vehtari, JMLR 2022) with dense BFGS and
// the true curvature at the top as one more candidate. It is what carries the
// ensemble over the worst scales: regressions on raw covariates have condition
// numbers beyond 1e6, which a cloud that starts with W = I takes thousands of
// steps to learn.
//
// A superchain whose best bound lies more than 20 + 2d nats below the best of
// all stands on a mode without mass and is drawn from the best approximation
// instead; the number of those is returned. A superchain for which nothing
// works keeps its jittered start. Modes of comparable mass keep their superchains.
func (r *run) climb(starts [][]float64) (moved int) {
	en := r.en
	d := en.d
	if d > maxPathDim {
		return 0
	}
	ascents := make([]*ascent, superchains)
	x, g, lp := make([]float64, d*superchains), make([]float64, d*superchains), make([]float64, superchains)
	pack := func(at func(s int) []float64) {
		for s := range superchains {
			for k, v := range at(s) {
				x[k*superchains+s] = v
			}
		}
	}
	column := make([]float64, d)
	pick := func(s int) []float64 {
		for k := range column {
			column[k] = g[k*superchains+s]
		}
		return column
	}
	pack(func(s int) []float64 { return starts[s] })
	en.density.LogDensity(lp, g, x)
	en.extra += superchains
	for s := range ascents {
		ascents[s] = newAscent(starts[s], pick(s), lp[s])
	}
	rounds := 0
	for range 200 + 10*d {
		busy := false
		for _, a := range ascents {
			busy = busy || !a.done
		}
		if !busy && (rounds == maxRefine || !r.refine(ascents)) || r.stopped() {
			break
		}
		if !busy {
			rounds++
		}
		pack(func(s int) []float64 {
			if ascents[s].done {
				return ascents[s].x
			}
			return ascents[s].trial
		})
		en.density.LogDensity(lp, g, x)
		en.extra += superchains
		for s, a := range ascents {
			a.take(lp[s], pick(s))
		}
	}
	best := make([]*approximation, superchains)
	top := -1
	en.tasks(superchains, func(s int) { best[s] = r.approximate(s, ascents[s]) })
	for s := range best {
		if best[s] != nil && (top < 0 || best[s].elbo > best[top].elbo) {
			top = s
		}
	}
	if top < 0 {
		return 0
	}
	for s := range best {
		if best[s] == nil || best[s].elbo < best[top].elbo-20-2*float64(d) {
			best[s] = best[top]
			moved++
		}
	}
	r.scatterFrom(best)
	r.climbed = true
	return moved
}

// refine gives climbs that have ended the true curvature there, and reports
// whether any goes on with it.
func (r *run) refine(ascents []*ascent) bool {
	if r.en.d > laplaceDim {
		return false
	}
	on := make([]bool, len(ascents))
	r.en.tasks(len(ascents), func(s int) {
		if h := r.curvature(ascents[s]); h != nil {
			on[s] = ascents[s].resume(h)
		}
	})
	return slices.Contains(on, true)
}

// approximate returns the best Gaussian approximation along one climb, nil if
// none gives a finite bound. It counts its evaluations in the ensemble later,
// by the number of waypoints.
func (r *run) approximate(s int, a *ascent) *approximation {
	var best *approximation
	consider := func(q *approximation) {
		if q != nil && !math.IsNaN(q.elbo) && (best == nil || q.elbo > best.elbo) {
			best = q
		}
	}
	points := a.passed
	points = append(points, waypoint{a.x, a.g, a.h})
	for i, w := range points {
		consider(r.bound(s, i, w.x, w.g, w.h))
	}
	if !a.done && len(a.x) <= laplaceDim { // it did not come to an end
		if h := r.curvature(a); h != nil {
			consider(r.bound(s, len(points), a.x, a.g, h))
		}
	}
	return best
}

// bound makes the approximation N(x + H g, H) and estimates its ELBO from
// 2 max(8, N/16) antithetic draws.
func (r *run) bound(s, index int, x, g, h []float64) *approximation {
	d := len(x)
	f := factor(h, d)
	if f == nil {
		return nil
	}
	q := &approximation{mean: make([]float64, d), factor: f}
	for i := range d {
		q.mean[i] = x[i] + dot(h[i*d:(i+1)*d], g)
		q.logDet += math.Log(f[i*d+i])
	}
	n := max(8, r.en.n/(2*superchains))
	xi, cloud, lp := make([]float64, d*n), make([]float64, 2*d*n), make([]float64, 2*n)
	rng.New(r.opt.Seed, rng.Init).Normals(xi, d, n, 0, uint64(1<<20+s<<10+index))
	for i := range d {
		for j := range n {
			v := 0.0
			for l := range i + 1 {
				v += float64(f[i*d+l] * xi[l*n+j])
			}
			cloud[i*2*n+j], cloud[i*2*n+n+j] = q.mean[i]+v, q.mean[i]-v
		}
	}
	r.en.density.LogDensity(lp, nil, cloud)
	r.en.count(2 * n)
	for _, v := range lp {
		if math.IsNaN(v) {
			v = math.Inf(-1)
		}
		q.elbo += v / float64(2*n)
	}
	q.elbo += q.logDet
	if math.IsInf(q.elbo, 1) {
		return nil
	}
	return q
}

// curvature is the inverse of the Hessian of -log p where a climb ended, by
// central differences of the gradient along the columns of the factor of the
// climb's own estimate.
func (r *run) curvature(a *ascent) []float64 {
	d := len(a.x)
	f := factor(a.h, d)
	if f == nil {
		return nil
	}
	x, g, lp := make([]float64, 2*d*d), make([]float64, 2*d*d), make([]float64, 2*d)
	for k := range d {
		for j := range d {
			x[k*2*d+j], x[k*2*d+d+j] = a.x[k]+curveStep*f[k*d+j], a.x[k]-curveStep*f[k*d+j]
		}
	}
	r.en.density.LogDensity(lp, g, x)
	r.en.count(2 * d)
	return inverseCurvature(g, f, d)
}

// scatterFrom draws the particles of every superchain from its approximation. A
// particle without density, or with one far below its superchain's best, is
// drawn again from a narrower one, and in the end put at the mean.
func (r *run) scatterFrom(best []*approximation) {
	en := r.en
	d, size := en.d, en.n/superchains
	key := rng.New(r.opt.Seed, rng.Init)
	one, g, lp := make([]float64, d), make([]float64, d), make([]float64, 1)
	xi := make([]float64, d)
	en.particles(func(b *block, i int) {
		q := best[(b.first+i)/size]
		if q == nil {
			return
		}
		shrink := 1.0
		for try := range 12 {
			key.Normals(xi, d, 1, b.first+i, uint64(2000+try))
			if try == 11 {
				shrink = 0
			}
			for k := range d {
				one[k] = q.mean[k] + shrink*dot(q.factor[k*d:k*d+k+1], xi[:k+1])
			}
			en.density.LogDensity(lp, g, one)
			en.extra++
			if finiteAll(lp) && finiteAll(g) && lp[0] > q.elbo-q.logDet-20-3*float64(d) {
				break
			}
			shrink /= 2
		}
		if !finiteAll(lp) || !finiteAll(g) {
			return
		}
		b.lp[i] = lp[0]
		for k := range d {
			b.x[k*b.n+i], b.g[k*b.n+i] = one[k], g[k]
		}
	})
}
