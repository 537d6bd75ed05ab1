package transport

import (
	"fmt"
	"math"

	"wgf/measure"
)

// Geodesic is displacement interpolation along the plan of a result,
//
//	mu_t = sum_k mass_k delta at (1-t) x_{I[k]} + t y_{J[k]},
//
// a geodesic of W_p between A (t = 0) and B (t = 1) where the plan is optimal
// for |x-y|^p with p > 1. It has as many particles as the plan has atoms, at most
// n+m-1 for exact ones. t may lie outside [0, 1], where it is no geodesic.
//
// Reference: McCann 1997, A convexity principle for interacting gases.
func Geodesic(r *Result, t float64) (*measure.Cloud, error) {
	a, b := r.Problem.A, r.Problem.B
	if r.Problem.Cost.Exponent() == 0 || a.D != b.D {
		return nil, fmt.Errorf("transport: a geodesic needs a cost |x-y|^p, not a matrix or a function")
	}
	if math.IsNaN(t) || math.IsInf(t, 0) {
		return nil, fmt.Errorf("transport: the time of the geodesic is %v", t)
	}
	p := r.Plan()
	return along(a.D, len(p.Mass), p.Mass, func(k, c int) float64 {
		x, y := a.X[c*a.N+int(p.I[k])], b.X[c*b.N+int(p.J[k])]
		return x + t*(y-x)
	}), nil
}

// GeneralisedGeodesic is the interpolation of B0 and B1 through a base,
//
//	mu_t = sum_k mass_k delta at (1-t) y0_k + t y1_k,
//
// where (x_k, y0_k, y1_k) is a coupling of all three whose pairs with x are the
// plans of r0 (base to B0) and r1 (base to B1). Half the squared W2 distance to
// the base is 1-convex along it, which it is not along geodesics.
//
// Both results start at the same base: r0.Problem.A and r1.Problem.A have the
// same points and weights. Given x, the two plans are joined atom by atom in
// their order, so that there are at most as many particles as both have atoms.
//
// Reference: Ambrosio, Gigli and Savaré 2008, Gradient Flows, definition 9.2.2.
func GeneralisedGeodesic(r0, r1 *Result, t float64) (*measure.Cloud, error) {
	b0, b1 := r0.Problem.B, r1.Problem.B
	if math.IsNaN(t) || math.IsInf(t, 0) {
		return nil, fmt.Errorf("transport: the time of the geodesic is %v", t)
	}
	if r0.Problem.A.N != r1.Problem.A.N || b0.D != b1.D {
		return nil, fmt.Errorf("transport: a generalised geodesic needs two plans from one base")
	}
	var j0, j1 []int32
	var mass []float64
	p, q := r0.Plan(), r1.Plan()
	k, l := 0, 0
	for i := range int32(p.N) {
		left, room := 0.0, 0.0
		for {
			for left <= 0 && k < len(p.I) && p.I[k] == i {
				left, k = p.Mass[k], k+1
			}
			for room <= 0 && l < len(q.I) && q.I[l] == i {
				room, l = q.Mass[l], l+1
			}
			if left <= 0 || room <= 0 { // what is over is rounding
				break
			}
			m := math.Min(left, room)
			j0, j1, mass = append(j0, p.J[k-1]), append(j1, q.J[l-1]), append(mass, m)
			left, room = left-m, room-m
		}
		for ; k < len(p.I) && p.I[k] == i; k++ {
		}
		for ; l < len(q.I) && q.I[l] == i; l++ {
		}
	}
	return along(b0.D, len(mass), mass, func(k, c int) float64 {
		y, z := b0.X[c*b0.N+int(j0[k])], b1.X[c*b1.N+int(j1[k])]
		return y + t*(z-y)
	}), nil
}

// Mixture is the linear interpolation (1-t) A + t B, 0 <= t <= 1, all points of
// both with their weights scaled: what a geodesic is not.
func Mixture(a, b *measure.Cloud, t float64) (*measure.Cloud, error) {
	if a.D != b.D {
		return nil, fmt.Errorf("transport: the measures live in %d and %d dimensions", a.D, b.D)
	}
	if !(t >= 0 && t <= 1) {
		return nil, fmt.Errorf("transport: a mixture needs a time from 0 to 1, not %v", t)
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

// along is the cloud of n atoms with the given masses; equal ones need no weights.
func along(d, n int, mass []float64, at func(k, c int) float64) *measure.Cloud {
	out := measure.New(n, d)
	for c := range d {
		row := out.Coordinate(c)
		for k := range row {
			row[k] = at(k, c)
		}
	}
	equal := true
	for _, m := range mass {
		equal = equal && math.Abs(m-mass[0]) <= 1e-14*mass[0]
	}
	if !equal {
		out.LogW = make([]float64, n)
		for k, m := range mass {
			out.LogW[k] = math.Log(m)
		}
	}
	return out
}
