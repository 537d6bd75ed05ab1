// Package target says what is aimed at: a probability density on R^d, known up
// to a constant, evaluated for a whole batch of points at once.
//
// Density is the contract. What a target can do besides is a small extra
// interface (Named, Explainer, Sampler, Moments), asked for before a run by a
// type assertion. New turns a plain Go function of one point into a Density;
// Parse builds a member of the analytic zoo from text such as
// "gaussian:dim=10,condition=1e4"; package targettest holds every Density to
// the contract.
//
// Clouds are coordinate-major everywhere: coordinate k of point i of n lies at
// x[k*n+i].
package target

import "sync"

// Density is a log density on R^d, known up to a constant, for batches of points.
type Density interface {
	// Dim is the number d of coordinates.
	Dim() int

	// LogDensity writes log p(x_i) to lp[i] and, if grad is not nil, the
	// partial derivatives of log p to grad[k*n+i], where n = len(lp) and
	// coordinate k of point i is x[k*n+i]. A point without density gets NaN
	// or -Inf, and its gradient is then unspecified.
	//
	// It is safe for concurrent calls, leaves x as it was, and the result for a
	// point does not depend, in any bit, on which other points are in the
	// batch: samplers rely on it for draws that are the same for any number
	// of threads.
	LogDensity(lp, grad, x []float64)
}

// Named is a Density whose coordinates have names.
type Named interface {
	// Names returns Dim() names of the unconstrained coordinates.
	Names() []string
}

// Explainer is a Density that can say why a point has no density.
type Explainer interface {
	// Explain returns the reason why there is no density at x (one point,
	// Dim() numbers), nil if there is density.
	Explain(x []float64) error
}

// Sampler is a Density that can be sampled exactly.
type Sampler interface {
	// Sample writes n independent draws to dst, coordinate-major, the same
	// ones for the same seed.
	Sample(dst []float64, n int, seed uint64)
}

// Moments is a Density whose mean and covariance are known exactly.
type Moments interface {
	// Mean returns E[x], Dim() numbers. Where an expectation does not exist
	// its entries are NaN or +Inf.
	Mean() []float64
	// Covariance returns Cov[x], row-major, Dim() x Dim() numbers.
	Covariance() []float64
}

// Curved is a Density with second derivatives.
//
// A Curved density that may lack some of them has a method Curvature() error, which
// says before a run why; after an error products are NaN.
type Curved interface {
	// HessianVector writes the products of the Hessians of log p with vectors,
	//
	//	dst_i = hess log p(x_i) u_i,
	//
	// all three coordinate-major, n = len(x)/Dim() points. It is safe for concurrent
	// calls and the result for a point does not depend on the others, as of
	// LogDensity. A point without density gets anything.
	HessianVector(dst, x, u []float64)
}

// New makes a Density of a function of one point. f returns log p(x) and, if
// grad is not nil, writes the dim partial derivatives to grad; x and grad hold
// dim numbers each, are only valid during the call, and x must not be changed.
// f must be safe for concurrent calls. New panics if dim is negative or f nil.
func New(dim int, f func(x, grad []float64) float64) Density {
	if dim < 0 {
		panic("target: negative dimension")
	}
	if f == nil {
		panic("target: nil function")
	}
	return &pointwise{dim: dim, f: f}
}

// pointwise evaluates a batch point by point, gathering each into a contiguous
// scratch vector kept in a pool.
type pointwise struct {
	dim  int
	f    func(x, grad []float64) float64
	pool sync.Pool // *[]float64 of 2*dim numbers
}

func (p *pointwise) Dim() int { return p.dim }

func (p *pointwise) LogDensity(lp, grad, x []float64) {
	n, d := len(lp), p.dim
	if len(x) != n*d || (grad != nil && len(grad) != n*d) {
		panic("target: batch and dimension do not fit")
	}
	scratch, _ := p.pool.Get().(*[]float64)
	if scratch == nil {
		s := make([]float64, 2*d)
		scratch = &s
	}
	point, partial := (*scratch)[:d:d], (*scratch)[d:]
	if grad == nil {
		partial = nil
	}
	for i := range lp {
		for k := range point {
			point[k] = x[k*n+i]
		}
		lp[i] = p.f(point, partial)
		for k, g := range partial {
			grad[k*n+i] = g
		}
	}
	p.pool.Put(scratch)
}
