package transport

import (
	"math"

	"wgf/internal/simd"
)

// anderson accelerates a fixed-point iteration g <- G(g) (Anderson 1965; type II
// in Walker and Ni 2011): among the affine combinations of the last points it
// takes the one whose residuals G(g) - g combine to the least norm, and goes to
// the same combination of the G(g). The norm is that of the weights, modulo
// constants, which potentials are defined up to.
type anderson struct {
	w, root     []float64   // weights and their square roots
	count, next int         // columns that are filled; the one to be filled
	dr, dg      [][]float64 // differences of successive residuals and of successive G(g)
	q           [][]float64 // orthonormal columns of dr, weighted
	triangle    [][]float64
	r, g        []float64 // the last residual and the last G(g)
	target      []float64
	any         bool
}

// A combination goes no further than this many residuals: where the iteration
// drifts, all residuals are alike and would lead out of sight.
const andersonReach = 1000

// The number of earlier steps that are combined: as many as fit into
// andersonMemory numbers.
const (
	andersonMost   = 20
	andersonLeast  = 5
	andersonMemory = 12 << 20
)

func newAnderson(w []float64) *anderson {
	n := len(w)
	memory := max(andersonLeast, min(andersonMost, andersonMemory/(3*n)))
	columns := func() [][]float64 {
		out := make([][]float64, memory)
		for i := range out {
			out[i] = make([]float64, n)
		}
		return out
	}
	a := &anderson{w: w, root: make([]float64, n), r: make([]float64, n), g: make([]float64, n), target: make([]float64, n),
		dr: columns(), dg: columns(), q: columns()}
	simd.Sqrt(a.root, w)
	for range memory {
		a.triangle = append(a.triangle, make([]float64, memory))
	}
	return a
}

// forget drops all earlier steps.
func (a *anderson) forget() { a.count, a.next, a.any = 0, 0, false }

// add records the step from g to next.
func (a *anderson) add(g, next []float64) {
	mean := simd.Dot(a.w, next) - simd.Dot(a.w, g)
	dr, dg := a.dr[a.next], a.dg[a.next]
	for i, v := range next {
		r := v - g[i] - mean
		dr[i], dg[i] = r-a.r[i], v-a.g[i]
		a.r[i], a.g[i] = r, v
	}
	if a.any {
		a.next = (a.next + 1) % len(a.q)
		a.count = min(a.count+1, len(a.q))
	}
	a.any = true
}

// extrapolate writes the combination to g. The least squares problem is solved by
// modified Gram-Schmidt orthogonalisation, newest differences first; columns that
// depend on the newer ones are left out. The cost is of order n memory^2.
func (a *anderson) extrapolate(g []float64) {
	memory := len(a.q)
	simd.Mul(a.target, a.root, a.r)
	columns, c := make([]int, 0, andersonMost), make([]float64, 0, andersonMost)
	for i := range a.count {
		k, column := len(c), (a.next-1-i+2*memory)%memory
		q := a.q[k]
		simd.Mul(q, a.root, a.dr[column])
		before := math.Sqrt(simd.Dot(q, q))
		for l := range k {
			t := simd.Dot(a.q[l], q)
			a.triangle[l][k] = t
			simd.AddScaled(q, -t, a.q[l])
		}
		norm := math.Sqrt(simd.Dot(q, q))
		if !(norm > 1e-8*before) {
			continue
		}
		a.triangle[k][k] = norm
		simd.Scale(q, 1/norm, q)
		t := simd.Dot(q, a.target)
		simd.AddScaled(a.target, -t, q)
		columns, c = append(columns, column), append(c, t)
	}
	copy(g, a.g)
	for i := len(c) - 1; i >= 0; i-- {
		for l := i + 1; l < len(c); l++ {
			c[i] -= float64(a.triangle[i][l] * c[l])
		}
		c[i] /= a.triangle[i][i]
		simd.AddScaled(g, -c[i], a.dg[columns[i]])
	}
	residual, step := 0.0, 0.0
	for i, w := range a.w {
		residual += float64(w * a.r[i] * a.r[i])
		step += float64(w * (g[i] - a.g[i]) * (g[i] - a.g[i]))
	}
	if part := andersonReach * math.Sqrt(residual/step); part < 1 {
		for i, v := range a.g {
			g[i] = v + float64(part*(g[i]-v))
		}
	}
}
