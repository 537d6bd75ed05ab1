package transport

import (
	"fmt"
	"math"
	"sort"

	"wgf/internal/parallel"
	"wgf/internal/radix"
	"wgf/measure"
)

// Extend carries the map of a result to new points, coordinate-major in and out.
//
//   - Entropic results: the entropic map, see [Result.EntropicMap], smooth.
//   - On the line: linear between the images of neighbouring points of A, monotone
//     as the plan is, and the displacement of the last point beyond it.
//   - Otherwise: the displacement T(x_i) - x_i, T(x_i) the barycentric projection
//     of the plan, averaged over the k = 4(d+1) points of A nearest to x with weights
//     a_i ((R-r_i)/(R r_i))^2, r_i the distance and R that of the next point
//     (modified Shepard interpolation). It is continuous and costs n N d time for n new
//     points.
//
// Except for entropic results a point of A gets its own image, coinciding ones the
// mean of theirs. Averaging takes out much of the noise of the sample that the
// displacement of the one nearest point carries on; where the clouds are samples and the
// map is wanted for their distributions, the entropic map is as good or better, and in
// many dimensions the affine one, GaussianMap(a.Gaussian(), b.Gaussian()), where that is a
// fair model.
//
// Errors are costs that are a matrix or a function, and points of another
// dimension or not finite.
//
// References: Franke and Nielson 1980 (interpolation); Manole, Balakrishnan,
// Niles-Weed and Wasserman 2024, Plugin estimation of smooth optimal transport maps
// (nearest neighbours); Pooladian and Niles-Weed 2021 (entropic map).
func Extend(r *Result, points *measure.Cloud) ([]float64, error) {
	a := r.Problem.A
	switch {
	case r.Problem.Cost.Exponent() == 0:
		return nil, fmt.Errorf("transport: a cost that is a matrix or a function says nothing about new points")
	case r.entropic != nil:
		return r.EntropicMap(points)
	case points.D != a.D:
		return nil, fmt.Errorf("transport: the points have %d coordinates, the measures %d", points.D, a.D)
	case len(points.X) != points.N*points.D:
		return nil, fmt.Errorf("transport: %d numbers for %d points in dimension %d", len(points.X), points.N, points.D)
	}
	for at, v := range points.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("transport: coordinate %d of point %d is %v", at/points.N+1, at%points.N+1, v)
		}
	}
	m := newDisplacement(r)
	if len(m.mass) == 0 {
		return nil, fmt.Errorf("transport: a plan without mass has no map")
	}
	if m.d == 1 {
		return m.onLine(points.X), nil
	}
	out := make([]float64, len(points.X))
	const size = 32
	scratch := make([]neighbours, parallel.Threads(0))
	parallel.For(0, (points.N+size-1)/size, func(worker, block int) {
		for p := block * size; p < min(points.N, (block+1)*size); p++ {
			m.at(out, points, p, &scratch[worker])
		}
	})
	return out, nil
}

// displacement is the points that send mass and where they go.
type displacement struct {
	n, d  int
	x, to []float64 // coordinate-major
	mass  []float64
}

func newDisplacement(r *Result) *displacement {
	a, plan := r.Problem.A, r.Plan()
	image := plan.Barycentric(a, r.Problem.B)
	mass, _ := plan.Marginals()
	at := positive(mass)
	m := &displacement{n: len(at), d: a.D}
	for k := range a.D {
		for _, i := range at {
			m.x = append(m.x, a.X[k*a.N+int(i)])
			m.to = append(m.to, image[k*a.N+int(i)])
		}
	}
	for _, i := range at {
		m.mass = append(m.mass, mass[i])
	}
	return m
}

// onLine interpolates between neighbours.
func (m *displacement) onLine(points []float64) []float64 {
	var s radix.Sorter
	order := make([]int32, m.n)
	s.Argsort(order, m.x)
	var x, y []float64 // coinciding points become one
	last := 0.0
	for _, i := range order {
		if n := len(x) - 1; n >= 0 && x[n] == m.x[i] {
			last += m.mass[i]
			y[n] += (m.to[i] - y[n]) * m.mass[i] / last
			continue
		}
		last = m.mass[i]
		x, y = append(x, m.x[i]), append(y, m.to[i])
	}
	out := make([]float64, len(points))
	for p, v := range points {
		hi := sort.SearchFloat64s(x, v)
		switch {
		case hi < len(x) && x[hi] == v:
			out[p] = y[hi]
		case hi == 0:
			out[p] = y[0] + (v - x[0])
		case hi == len(x):
			out[p] = y[hi-1] + (v - x[hi-1])
		default:
			t := (v - x[hi-1]) / (x[hi] - x[hi-1])
			out[p] = y[hi-1] + float64(t*(y[hi]-y[hi-1]))
		}
	}
	return out
}
