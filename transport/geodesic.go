package transport

import (
	"fmt"
	"math"
	"slices"

	"wgf/measure"
)

// Geodesic is displacement interpolation along the plan of a result,
//
//	mu_t = sum_k mass_k delta at (1-t) x_{I[k]} + t y_{J[k]},
//
// a geodesic of W_p between A (t = 0) and B (t = 1), W_p(mu_s, mu_t) = |t-s| W_p(A, B),
// where the plan is optimal for |x-y|^p with p > 1. It has as many particles as
// the plan has atoms, at most n+m-1 for exact ones, in the order of the plan.
// t may lie outside [0, 1], where it is no geodesic. The cost is of order n d.
//
// Errors are costs that are a matrix or a function, plans without mass and times
// that are not finite.
//
// Reference: McCann 1997, A convexity principle for interacting gases.
func Geodesic(r *Result, t float64) (*measure.Cloud, error) {
	if r.Problem.Cost.Exponent() == 0 {
		return nil, fmt.Errorf("transport: a geodesic needs a cost |x-y|^p, not a matrix or a function")
	}
	return along(r.Problem.A, r.Problem.B, r.Plan(), t)
}

// GeneralisedGeodesic is the interpolation of B0 and B1 through a base,
//
//	mu_t = sum_k mass_k delta at (1-t) y0_k + t y1_k,
//
// where (x_k, y0_k, y1_k) is a coupling of all three whose pairs with x are the
// plans of r0 (base to B0) and r1 (base to B1): the interpolation along
// Glue(r0.Plan(), r1.Plan()). Half the squared W2 distance to the base is
// 1-convex along it, which it is not along geodesics:
//
//	W2^2(mu_t, base) <= (1-t) W2^2(B0, base) + t W2^2(B1, base) - t (1-t) D^2
//
// with D^2 = sum_k mass_k |y0_k - y1_k|^2, the Value of the glued plan, which is at
// least W2^2(B0, B1).
//
// Both results start at the same base: r0.Problem.A and r1.Problem.A have the
// same points and weights. Errors are bases or dimensions that differ, and those
// of Geodesic.
//
// Reference: Ambrosio, Gigli and Savaré 2008, Gradient Flows, definition 9.2.2
// and lemma 9.2.1.
func GeneralisedGeodesic(r0, r1 *Result, t float64) (*measure.Cloud, error) {
	if r0.Problem.Cost.Exponent() == 0 || r1.Problem.Cost.Exponent() == 0 {
		return nil, fmt.Errorf("transport: a geodesic needs a cost |x-y|^p, not a matrix or a function")
	}
	a, b := r0.Problem.A, r1.Problem.A
	if a != b && (a.N != b.N || a.D != b.D || !slices.Equal(a.X, b.X) || !slices.Equal(a.Weights(), b.Weights())) {
		return nil, fmt.Errorf("transport: a generalised geodesic needs two plans from one base, these start at different measures")
	}
	return along(r0.Problem.B, r1.Problem.B, Glue(r0.Plan(), r1.Plan()), t)
}

// LinearInterpolation is the mixture (1-t) A + t B, 0 <= t <= 1: all points of both
// with their weights scaled. It moves no mass, and is a geodesic of no W_p, p > 1.
func LinearInterpolation(a, b *measure.Cloud, t float64) (*measure.Cloud, error) {
	if err := (Problem{A: a, B: b}).Check(); err != nil {
		return nil, err
	}
	if !(t >= 0 && t <= 1) {
		return nil, fmt.Errorf("transport: linear interpolation needs a time from 0 to 1, not %v", t)
	}
	out := measure.New(a.N+b.N, a.D)
	out.LogW = make([]float64, out.N)
	for c := range a.D {
		copy(out.Coordinate(c), a.Coordinate(c))
		copy(out.Coordinate(c)[a.N:], b.Coordinate(c))
	}
	for i, w := range a.Weights() {
		out.LogW[i] = math.Log((1 - t) * w)
	}
	for j, w := range b.Weights() {
		out.LogW[a.N+j] = math.Log(t * w)
	}
	return out, nil
}

// along interpolates between a and b along a plan.
func along(a, b *measure.Cloud, p *Plan, t float64) (*measure.Cloud, error) {
	switch {
	case a.D != b.D:
		return nil, fmt.Errorf("transport: the measures live in %d and %d dimensions", a.D, b.D)
	case math.IsNaN(t) || math.IsInf(t, 0):
		return nil, fmt.Errorf("transport: the time of the geodesic is %v", t)
	case p == nil || len(p.Mass) == 0:
		return nil, fmt.Errorf("transport: there is no geodesic along a plan without mass")
	}
	out := measure.New(len(p.Mass), a.D)
	for k := range a.D {
		x, y, row := a.Coordinate(k), b.Coordinate(k), out.Coordinate(k)
		for l := range row {
			u, v := x[p.I[l]], y[p.J[l]]
			if t < 0.5 { // exact at both ends
				row[l] = u + float64(t*(v-u))
			} else {
				row[l] = v - float64((1-t)*(v-u))
			}
		}
	}
	out.LogW = logMasses(p.Mass)
	return out, nil
}

// logMasses are log weights, nil where the masses are equal up to rounding.
func logMasses(mass []float64) []float64 {
	equal := true
	for _, m := range mass {
		equal = equal && math.Abs(m-mass[0]) <= 1e-14*mass[0]
	}
	if equal {
		return nil
	}
	out := make([]float64, len(mass))
	for k, m := range mass {
		out[k] = math.Log(m)
	}
	return out
}
