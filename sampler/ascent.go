package sampler

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// ascent climbs the log density from one start by the BFGS method (Nocedal and
// Wright, Numerical Optimization, 2006, section 6.1) with a line search for the
// weak Wolfe conditions by bisection (Lewis and Overton, 2013). It is driven
// from outside, one evaluation at a time, so that all starts are evaluated as
// one batch.
type ascent struct {
	x, g    []float64 // the last accepted point
	lp      float64
	h       []float64 // inverse Hessian of -log p, d x d, positive definite
	dir     []float64 // search direction h g
	slope   float64   // g . dir, twice the gain that a quadratic predicts
	t       float64   // trial step
	lo, hi  float64   // bracket
	trial   []float64 // the point to evaluate next
	tries   int       // evaluations of this line search
	iter    int
	done    bool
	passed  []waypoint // points on the way, thinned
	stride  int
	maxKeep int
}

// waypoint is a point of the climb with the inverse Hessian known there.
type waypoint struct {
	x, g, h []float64
}

// Constants of the climb.
const (
	armijo     = 1e-4
	wolfe      = 0.9
	maxTries   = 60   // evaluations of a line search
	curveStep  = 1e-3 // of finite differences, in units of the estimated scale
	gainEnough = 1e-4 // stop where the quadratic model promises less, in nats
)

func newAscent(x, g []float64, lp float64) *ascent {
	d := len(x)
	a := &ascent{
		x: clone(x), g: clone(g), lp: lp, h: make([]float64, d*d),
		dir: make([]float64, d), trial: make([]float64, d), stride: 1,
		maxKeep: max(2, min(24, (4<<20)/(d*d))),
	}
	scale := 1 / max(1, norm2(g))
	for k := range d {
		a.h[k*d+k] = scale
	}
	a.search()
	return a
}

// search starts a line search along h g.
func (a *ascent) search() {
	d := len(a.x)
	a.slope = 0
	for i := range d {
		a.dir[i] = dot(a.h[i*d:(i+1)*d], a.g)
		a.slope += float64(a.dir[i] * a.g[i])
	}
	a.t, a.lo, a.hi, a.tries = 1, 0, math.Inf(1), 0
	if !(a.slope > 2*gainEnough) || math.IsInf(a.slope, 1) {
		a.done = true
	}
	a.aim()
}

func (a *ascent) aim() {
	for k, v := range a.dir {
		a.trial[k] = a.x[k] + float64(a.t*v)
	}
}

// take receives the evaluation of the trial point.
func (a *ascent) take(lp float64, g []float64) {
	if a.done {
		return
	}
	a.tries++
	fine := !math.IsNaN(lp) && !math.IsInf(lp, 0) && finiteAll(g)
	switch {
	case !fine || lp < a.lp+armijo*a.t*a.slope:
		a.hi = a.t
	case dot(g, a.dir) > wolfe*a.slope && a.tries < maxTries:
		a.lo = a.t
	default:
		a.accept(lp, g)
		return
	}
	if a.tries >= maxTries {
		a.done = true
		return
	}
	if math.IsInf(a.hi, 1) {
		a.t = 2 * a.lo
	} else {
		a.t = (a.lo + a.hi) / 2
	}
	a.aim()
}

// accept moves to the trial point and updates the inverse Hessian.
func (a *ascent) accept(lp float64, g []float64) {
	d := len(a.x)
	s, y := make([]float64, d), make([]float64, d)
	for k := range d {
		s[k], y[k] = a.trial[k]-a.x[k], a.g[k]-g[k]
	}
	sy := dot(s, y)
	if sy > 1e-12*norm2(s)*norm2(y) {
		if a.iter == 0 {
			scale := sy / dot(y, y)
			for k := range d {
				a.h[k*d+k] = scale
			}
		}
		a.update(s, y, sy)
	}
	copy(a.x, a.trial)
	copy(a.g, g)
	a.lp = lp
	a.iter++
	if a.iter%a.stride == 0 {
		a.passed = append(a.passed, waypoint{clone(a.x), clone(a.g), clone(a.h)})
		if len(a.passed) >= a.maxKeep {
			// The first half stays: in a funnel the best points come early.
			keep := a.maxKeep / 2
			for i := keep + 1; i < len(a.passed); i += 2 {
				a.passed[keep] = a.passed[i]
				keep++
			}
			a.passed = a.passed[:keep]
			a.stride *= 2
		}
	}
	a.search()
}

// update is the BFGS formula H <- (I - s y^T/sy) H (I - y s^T/sy) + s s^T/sy.
func (a *ascent) update(s, y []float64, sy float64) {
	d := len(s)
	hy := make([]float64, d)
	for i := range d {
		hy[i] = dot(a.h[i*d:(i+1)*d], y)
	}
	c := (1 + dot(y, hy)/sy) / sy
	for i := range d {
		row := a.h[i*d : (i+1)*d]
		for j := range row {
			row[j] += float64(c*s[i])*s[j] - (float64(hy[i]*s[j])+float64(s[i]*hy[j]))/sy
		}
	}
}

// resume replaces the inverse Hessian where the climb has come to an end and
// goes on if the new one promises more; it reports whether. BFGS alone stops too
// early on bad scales: along directions that it has not tried its estimate is
// that of the steepest one, and so is the gain that it expects.
func (a *ascent) resume(h []float64) bool {
	copy(a.h, h)
	a.done = false
	a.search()
	return !a.done
}

// inverseCurvature is the inverse of the Hessian of -log p from the gradients g at
// x + h f_j and x - h f_j (columns j and d+j), f_j the columns of the factor f of
// an estimate: F V |Lambda|^-1 V^T F^T with V Lambda V^T the Hessian in the
// units of the estimate. Directions that are flat there, or curved the wrong way,
// get at most 1e6 times the estimate. It returns nil if numbers are not finite.
func inverseCurvature(g, f []float64, d int) []float64 {
	if !finiteAll(g) {
		return nil
	}
	gradient := mat.NewDense(d, 2*d, g)
	columns := mat.NewDense(d, d, f)
	var difference, m mat.Dense
	difference.Sub(gradient.Slice(0, d, d, 2*d), gradient.Slice(0, d, 0, d))
	m.Mul(columns.T(), &difference)
	sym := mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			sym.SetSym(i, j, (m.At(i, j)+m.At(j, i))/(4*curveStep))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(sym, true) {
		return nil
	}
	var v, w, h mat.Dense
	eigen.VectorsTo(&v)
	w.Mul(columns, &v)
	for j, e := range eigen.Values(nil) {
		scale := 1 / math.Sqrt(max(math.Abs(e), 1e-6))
		for i := range d {
			w.Set(i, j, w.At(i, j)*scale)
		}
	}
	h.Mul(&w, w.T())
	return h.RawMatrix().Data
}

// factor is the lower Cholesky factor of a symmetric matrix, row-major, nil if
// it is not positive definite.
func factor(h []float64, d int) []float64 {
	sym := mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			sym.SetSym(i, j, (h[i*d+j]+h[j*d+i])/2)
		}
	}
	var chol mat.Cholesky
	if !finiteAll(h) || !chol.Factorize(sym) {
		return nil
	}
	var l mat.TriDense
	chol.LTo(&l)
	out := make([]float64, d*d)
	for i := range d {
		for j := range i + 1 {
			out[i*d+j] = l.At(i, j)
		}
	}
	return out
}

func clone(v []float64) []float64 { return append([]float64(nil), v...) }

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += float64(v * b[i])
	}
	return sum
}

func norm2(v []float64) float64 { return math.Sqrt(dot(v, v)) }
