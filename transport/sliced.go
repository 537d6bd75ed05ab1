package transport

import (
	"context"
	"fmt"
	"math"

	"wgf/internal/parallel"
	"wgf/measure"
)

// Sliced computes the sliced Wasserstein distance
//
//	SW_p^p(a, b) = E W_p^p(theta#a, theta#b),
//
// the mean over directions theta uniform on the unit sphere of the distances
// between the projections <theta, x>, by sorting. Clouds may have any weights and
// sizes. With this normalisation SW_2 of a translation by v is |v|/sqrt(d), and SW_p
// is W_p on the line.
//
// The mean is estimated from random directions in orthonormal blocks, which have
// a smaller variance than independent ones (Rowland et al. 2019); in the plane
// the angles are stratified too. For p = 2 the share of the means, |difference|^2/d, is not
// sampled: means, and with whole blocks variances too, enter exactly. The
// estimate of SW_p^p is unbiased over seeds for the clouds given; as an estimate
// for the distributions behind the clouds it is biased upwards, as W_p.
//
// A direction costs d (n+m) for the projection and order n+m for sorting. The
// memory is O((n+m) d).
//
// References: Rabin, Peyré, Delon and Bernot 2012; Bonneel, Rabin, Peyré and
// Pfister 2015; Rowland, Hron, Tang, Choromanski, Sarlos and Weller
// 2019, Orthogonal estimation of Wasserstein distances.
type Sliced struct {
	// P is the exponent, at least 1; 0: 2.
	P float64

	// Directions is their number; 0: the smallest multiple of d from 200 on. The
	// error falls like 1/sqrt(Directions); whole multiples of d are best. On the
	// line one is enough, and taken.
	Directions int

	// Seed and Draw choose the random directions. A flow counts its steps in Draw.
	Seed, Draw uint64

	// Independent takes directions independent of each other, without blocks.
	Independent bool

	// Threads is the number of goroutines; 0: one a processor. Results do not
	// depend on it.
	Threads int
}

// SlicedResult is a sliced distance.
type SlicedResult struct {
	P        float64
	Power    float64 // the estimate of SW_p^p
	Distance float64 // Power^(1/p)

	// PowerError and Error are the standard errors of Power and Distance for
	// taking so many directions instead of all: the spread between blocks of
	// directions, or between directions where blocks are fewer than eight, which is
	// too large then. They are 0 on the line and NaN for a single direction.
	PowerError, Error float64

	Lines  []float64 // the directions, coordinate k of direction l at Lines[l*d+k]
	Values []float64 // W_p^p along each

	Status     Status
	References []string
}

// Distance estimates SW_p. Errors are those of Problem.Check, and options out of
// range. When the context ends the directions done so far are used.
func (s Sliced) Distance(ctx context.Context, a, b *measure.Cloud) (SlicedResult, error) {
	r, _, err := s.run(ctx, a, b, false)
	return r, err
}

// Gradient also gives the gradient of Power in the points of a, coordinate-major:
//
//	grad_i = E theta sum_j P_ij p |t_ij|^(p-1) sign t_ij,  t_ij = <theta, x_i - y_j>,
//
// P the monotone plan along theta. It is exact for the directions used where no two
// projections coincide, and one of the subgradients there. A flow divides by
// the weights: the velocity of particle i is -grad_i/w_i.
func (s Sliced) Gradient(ctx context.Context, a, b *measure.Cloud) ([]float64, SlicedResult, error) {
	r, g, err := s.run(ctx, a, b, true)
	return g, r, err
}

// slicedBatch is the number of directions between two looks at the context, and
// of those whose gradients along the line are held at a time.
const slicedBatch = 16

func (s Sliced) run(ctx context.Context, a, b *measure.Cloud, gradient bool) (SlicedResult, []float64, error) {
	if s.Directions < 0 {
		return SlicedResult{}, nil, fmt.Errorf("transport: the sliced distance along %d directions", s.Directions)
	}
	pair, err := newSlicedPair(a, b, s.P)
	if err != nil {
		return SlicedResult{}, nil, err
	}
	d := a.D
	count := s.Directions
	switch {
	case d <= 1:
		count = 1
	case count == 0:
		count = d * ((200 + d - 1) / d)
	}
	r := SlicedResult{P: pair.p, Lines: s.directions(d, count), Values: make([]float64, count), References: []string{
		"Bonneel, Rabin, Peyré and Pfister (2015), Sliced and Radon Wasserstein barycenters of measures, Journal of Mathematical Imaging and Vision 51",
		"Rowland, Hron, Tang, Choromanski, Sarlos and Weller (2019), Orthogonal estimation of Wasserstein distances, AISTATS",
	}}
	stride := pair.a.stride
	var grad, along []float64
	if gradient {
		grad, along = make([]float64, d*stride), make([]float64, slicedBatch*stride)
	}
	scratch := make([]slicedScratch, parallel.Threads(s.Threads))
	group := pair.group() // directions that are projected together
	done := 0
	for ; done < count && ctx.Err() == nil; done += min(slicedBatch, count-done) {
		lines := r.Lines[done*d : min(done+slicedBatch, count)*d]
		values := r.Values[done:min(done+slicedBatch, count)]
		parallel.For(s.Threads, (len(values)+group-1)/group, func(worker, block int) {
			from, to := block*group, min(len(values), (block+1)*group)
			w := &scratch[worker]
			w.project(pair, lines[from*d:to*d])
			for l := from; l < to; l++ {
				x, y := w.x[(l-from)*stride:], w.y[(l-from)*pair.b.stride:]
				var g []float64
				if gradient {
					g = along[l*stride : (l+1)*stride]
				}
				values[l] = w.line(pair, lines[l*d:(l+1)*d], x, y, g, nil)
			}
		})
		if gradient {
			pair.spread(grad, along, lines, len(values), s.Threads)
		}
	}
	if done < count {
		if done == 0 {
			return SlicedResult{}, nil, ctx.Err()
		}
		r.Status = Interrupted
		r.Lines, r.Values = r.Lines[:done*d], r.Values[:done]
	}
	s.estimate(&r, pair)
	if gradient {
		grad = pair.finish(grad, done)
	}
	return r, grad, nil
}

// estimate turns the values, for p = 2 those of centred clouds, into the estimate
// and its error.
func (s Sliced) estimate(r *SlicedResult, pair *slicedPair) {
	d := pair.a.d
	mean, shift := 0.0, 0.0
	for _, v := range r.Values {
		mean += v
	}
	mean /= float64(len(r.Values))
	if d > 1 {
		r.PowerError = s.standardError(r.Values, mean, d, r.Status == Interrupted)
	}
	if pair.p == 2 {
		for _, v := range pair.shift {
			shift += float64(v * v)
		}
		shift /= float64(max(d, 1))
		for l := range r.Values {
			t := pair.shiftAlong(r.Lines[l*d : (l+1)*d])
			r.Values[l] += float64(t * t)
		}
	}
	r.Power = shift + mean
	r.Distance = math.Pow(r.Power, 1/r.P)
	if r.Power > 0 {
		r.Error = r.PowerError * r.Distance / (r.P * r.Power)
	}
}
