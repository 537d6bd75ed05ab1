package transport

import (
	"fmt"
	"math"

	"wgf/internal/parallel"
	"wgf/measure"
)

// Extend carries the map of a result to new points, coordinate-major in and out:
//
//   - entropic results: the entropic map, see [Result.EntropicMap];
//   - others: the displacement of the nearest point of A that sends mass,
//     T(x) = x + (T(x_i) - x_i), T(x_i) the barycentric projection of the plan. A
//     point of A gets its own image. It costs n N d time for n new points.
//
// Errors are costs that are a matrix or a function, and points of another
// dimension or not finite.
func Extend(r *Result, points *measure.Cloud) ([]float64, error) {
	if r.entropic != nil {
		return r.EntropicMap(points)
	}
	a := r.Problem.A
	if r.Problem.Cost.Exponent() == 0 {
		return nil, fmt.Errorf("transport: a cost that is a matrix or a function says nothing about new points")
	}
	if points.D != a.D {
		return nil, fmt.Errorf("transport: the points have %d coordinates, the measures %d", points.D, a.D)
	}
	for at, v := range points.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("transport: coordinate %d of point %d is %v", at/points.N+1, at%points.N+1, v)
		}
	}
	plan := r.Plan()
	image := plan.Barycentric(a, r.Problem.B)
	sends := make([]bool, a.N)
	for _, i := range plan.I {
		sends[i] = true
	}
	n := points.N
	out := make([]float64, n*a.D)
	const size = 64
	parallel.For(0, (n+size-1)/size, func(_, block int) {
		dist := make([]float64, a.N)
		for p := block * size; p < min(n, (block+1)*size); p++ {
			clear(dist)
			for k := range a.D {
				v := points.X[k*n+p]
				for i, x := range a.Coordinate(k) {
					dist[i] += float64((x - v) * (x - v))
				}
			}
			best, at := math.Inf(1), 0
			for i, v := range dist {
				if sends[i] && v < best {
					best, at = v, i
				}
			}
			for k := range a.D {
				out[k*n+p] = points.X[k*n+p] - a.X[k*a.N+at] + image[k*a.N+at]
				if best == 0 {
					out[k*n+p] = image[k*a.N+at]
				}
			}
		}
	})
	return out, nil
}
