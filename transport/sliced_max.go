package transport

import (
	"context"
	"fmt"
	"math"
	"sort"

	"wgf/internal/parallel"
	"wgf/internal/simd"
	"wgf/measure"
)

// MaxSliced computes the max-sliced Wasserstein distance
//
//	max over |theta| = 1 of W_p(theta#a, theta#b)
//
// by projected gradient ascent with a line search, from several starts: the best
// of random directions, the difference of the means, and the axis along which
// the variances differ most. The problem is not concave: what is found is a local
// maximum, a lower bound of the distance, and never less than along any of
// the random directions.
//
// The step is theta <- g/|g| (that of a power iteration, for g = grad W_p^p), scaled
// up after a success and down until the value rises. An evaluation costs what a
// direction of Sliced costs.
//
// Reference: Deshpande et al. 2019, Max-sliced Wasserstein distance and its use
// for GANs; Kolouri, Nadjahi, Simsekli, Badeau and Rohde 2019, Generalized sliced
// Wasserstein distances, section 3.
type MaxSliced struct {
	// P is the exponent, at least 1; 0: 2.
	P float64
	// Directions is the number of random directions that are tried first; 0: 64, or
	// 2d where that is more.
	Directions int
	// Starts is the number of ascents from the best random directions; 0: 4.
	Starts int
	// Seed chooses the random directions.
	Seed uint64
	// Tolerance ends an ascent when a step raises W_p^p by less than that, relative;
	// 0: 1e-10.
	Tolerance float64
	// MaxIterations bounds the steps of an ascent; 0: 200.
	MaxIterations int
	// Threads is the number of goroutines; 0: one a processor. Results do not
	// depend on it.
	Threads int
}

// MaxSlicedResult is a max-sliced distance.
type MaxSlicedResult struct {
	P          float64
	Power      float64   // the largest W_p^p found
	Distance   float64   // Power^(1/p)
	Direction  []float64 // where, the largest coordinate positive
	Random     float64   // the largest W_p^p along the random directions
	Iterations int       // of all ascents
	Status     Status    // Budget where the best ascent ran out of iterations
	References []string
}

// Distance maximises. Errors are those of Problem.Check, and options out of range.
func (s MaxSliced) Distance(ctx context.Context, a, b *measure.Cloud) (MaxSlicedResult, error) {
	_, r, err := s.run(ctx, a, b, false)
	return r, err
}

// Gradient also gives the gradient of Power in the points of a, coordinate-major.
// By the envelope theorem the direction counts as fixed.
func (s MaxSliced) Gradient(ctx context.Context, a, b *measure.Cloud) ([]float64, MaxSlicedResult, error) {
	return s.run(ctx, a, b, true)
}

func (s MaxSliced) run(ctx context.Context, a, b *measure.Cloud, gradient bool) ([]float64, MaxSlicedResult, error) {
	r := MaxSlicedResult{References: []string{
		"Deshpande, Hu, Sun, Pyrros, Siddiqui, Koyejo, Zhao, Forsyth and Schwing (2019), Max-sliced Wasserstein distance and its use for GANs, CVPR",
	}}
	if s.Directions < 0 || s.Starts < 0 || s.MaxIterations < 0 || !(s.Tolerance >= 0) {
		return nil, r, fmt.Errorf("transport: an option of the max-sliced distance is negative")
	}
	pair, err := newSlicedPair(a, b, s.P)
	if err != nil {
		return nil, r, err
	}
	d := a.D
	count, starts := s.Directions, s.Starts
	if count == 0 {
		count = max(64, 2*d)
	}
	if starts == 0 {
		starts = 4
	}
	if d <= 1 {
		count, starts = 1, 0
	}
	random, err := Sliced{P: s.P, Directions: count, Seed: s.Seed, Threads: s.Threads}.Distance(ctx, a, b)
	if err != nil {
		return nil, r, err
	}
	r.P, r.Status = random.P, random.Status
	begin := pair.starts(random, starts)
	if r.Status == Interrupted {
		begin = begin[:1]
	}
	found := make([]ascent, len(begin))
	parallel.For(s.Threads, len(begin), func(_, i int) {
		found[i] = s.ascend(ctx, pair, begin[i])
	})
	best := 0
	for i := range found {
		r.Iterations += found[i].iterations
		if found[i].value > found[best].value {
			best = i
		}
	}
	for _, v := range random.Values {
		r.Random = math.Max(r.Random, v)
	}
	top := found[best]
	r.Status = max(r.Status, top.status)
	r.Power, r.Distance, r.Direction = top.value, math.Pow(top.value, 1/r.P), top.theta
	if !gradient {
		positiveAxis(r.Direction)
		return nil, r, nil
	}
	grad := make([]float64, d*a.N)
	for k, t := range r.Direction {
		for j, g := range top.gx[:pair.a.n] {
			i, w := pair.a.point(j)
			if pair.p == 2 { // what centring took out
				g += 2 * w * pair.shiftAlong(r.Direction)
			}
			grad[k*a.N+i] = g * t
		}
	}
	positiveAxis(r.Direction)
	return grad, r, nil
}

// starts lists where to begin: the best random direction first.
func (s *slicedPair) starts(random SlicedResult, count int) [][]float64 {
	d := s.a.d
	order := make([]int, len(random.Values))
	for l := range order {
		order[l] = l
	}
	sort.SliceStable(order, func(i, j int) bool { return random.Values[order[i]] > random.Values[order[j]] })
	var out [][]float64
	for _, l := range order[:min(len(order), max(count, 1))] {
		out = append(out, append([]float64(nil), random.Lines[l*d:(l+1)*d]...))
	}
	if d <= 1 {
		return out
	}
	mean := append([]float64(nil), s.shift...)
	if normalise(mean) > 0 {
		out = append(out, mean)
	}
	return append(out, s.varianceAxis())
}

// varianceAxis is the dominant eigenvector of the difference of the covariances,
// roughly, by power iteration.
func (s *slicedPair) varianceAxis() []float64 {
	d := s.a.d
	v, next := make([]float64, d), make([]float64, d)
	for k := range v {
		v[k] = 1 / math.Sqrt(float64(d)+float64(k))
	}
	normalise(v)
	for range 20 {
		clear(next)
		for i, side := range []*slicedSide{&s.a, &s.b} {
			t := make([]float64, side.stride)
			simd.MatMul(t, v, side.x, 1, d, side.stride, d, 1, false)
			for j := range t[:side.n] {
				if side.w != nil {
					t[j] *= side.w[j]
				} else {
					t[j] /= float64(side.n)
				}
			}
			for k := range next {
				next[k] += float64(1-2*i) * simd.Dot(t, side.x[k*side.stride:(k+1)*side.stride])
			}
		}
		if normalise(next) == 0 {
			break
		}
		copy(v, next)
	}
	return v
}

func positiveAxis(v []float64) {
	top := 0
	for k, x := range v {
		if math.Abs(x) > math.Abs(v[top]) {
			top = k
		}
	}
	if len(v) > 0 && v[top] < 0 {
		for k := range v {
			v[k] = -v[k]
		}
	}
}
