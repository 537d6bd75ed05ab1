package transport

import (
	"context"
	"fmt"
	"math"
)

// GridOptions are the options of entropic transport on grids. Costs are squared
// distances in grid steps. The zero value is a good default.
type GridOptions struct {
	// Epsilon is the regularisation in squared grid steps; 0: (0.03 s)^2, at
	// least 1, where s is the root of the mean squared distance of the mass from
	// its mean, averaged over the measures. Below 1 the grid shows: masses that
	// should move by half a step are drawn to whole ones (by about exp(-pi^2 eps)).
	Epsilon float64

	// Tolerance is the total variation between marginals and masses at which a
	// solver stops; 0: 1e-5.
	Tolerance float64

	// MaxIterations bounds the iterations at the final Epsilon; 0: 2000.
	MaxIterations int

	// Annealing is the factor of Epsilon between the stages of the descent from
	// the size of the grid; 0: 0.5. 1 switches the descent off.
	Annealing float64

	// Biased gives the entropic barycentre without debiasing, which is blurred by
	// the regularisation.
	Biased bool

	// Threads is the number of goroutines; 0: one a processor. Results do not
	// depend on it.
	Threads int

	// Progress, if set, is called after each iteration.
	Progress func(iteration int, residual float64)
}

func (o GridOptions) check() error {
	for _, v := range []struct {
		name  string
		value float64
	}{{"Epsilon", o.Epsilon}, {"Tolerance", o.Tolerance}, {"Annealing", o.Annealing}} {
		if !(v.value >= 0) || math.IsInf(v.value, 0) {
			return fmt.Errorf("transport: grids: %s is %v, want a positive number, or 0 for the default", v.name, v.value)
		}
	}
	if o.Annealing > 1 {
		return fmt.Errorf("transport: grids: Annealing is %v, want a factor of at most 1", o.Annealing)
	}
	if o.MaxIterations < 0 {
		return fmt.Errorf("transport: grids: MaxIterations is %d, want a positive number, or 0 for the default", o.MaxIterations)
	}
	return nil
}

// resolved puts defaults in the place of zeros.
func (o GridOptions) resolved(grids []Grid) GridOptions {
	if o.Tolerance == 0 {
		o.Tolerance = 1e-5
	}
	if o.MaxIterations == 0 {
		o.MaxIterations = 2000
	}
	if o.Annealing == 0 {
		o.Annealing = 0.5
	}
	if o.Epsilon == 0 {
		s := 0.0
		for _, g := range grids {
			s += math.Sqrt(g.variance()) / float64(len(grids))
		}
		o.Epsilon = math.Max(1, 0.03*s*0.03*s)
	}
	return o
}

// levels are the regularisations of the descent, the last one excluded.
func (o GridOptions) levels(shape []int) []float64 {
	var out []float64
	if o.Annealing < 1 {
		top := 0.0
		for _, n := range shape {
			top += float64((n - 1) * (n - 1))
		}
		for level := top; level > o.Epsilon; level *= o.Annealing {
			out = append(out, level)
		}
	}
	return out
}

// variance is the trace of the covariance.
func (g Grid) variance() float64 {
	total := 0.0
	mean, square := make([]float64, len(g.Shape)), make([]float64, len(g.Shape))
	for i, m := range g.Mass {
		total += m
		for k, v := range g.at(i) {
			mean[k] += m * float64(v)
			square[k] += m * float64(v) * float64(v)
		}
	}
	s := 0.0
	for k := range mean {
		mean[k] /= total
		s += math.Max(0, square[k]/total-mean[k]*mean[k])
	}
	return s
}

// GridTransport is the solution of an entropic problem between two grids.
type GridTransport struct {
	// Cost is <P, c> for the normalised measures, Dual the regularised value
	// sum a f + sum b g.
	Cost, Dual float64
	F, G       []float64 // potentials at all grid points, in squared grid steps

	Status     Status
	Iterations int
	Residual   float64 // total variation between marginal and masses
	Epsilon    float64
	References []string
}

var gridReferences = []string{
	"Solomon et al. (2015), Convolutional Wasserstein distances, ACM Transactions on Graphics 34",
}

// GridSinkhorn solves the entropic problem of [Sinkhorn] between two measures on
// grids of the same shape for the cost |x-y|^2, masses normalised. An iteration
// takes two soft minima, of n (n1 + n2 + ...) multiplications each for n = n1 n2 ...
// points, in the log domain, so that small regularisations are no problem; memory
// is O(n).
//
// Reference: Solomon et al. 2015.
func GridSinkhorn(ctx context.Context, a, b Grid, o GridOptions) (*GridTransport, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if err := sameShape([]Grid{a, b}); err != nil {
		return nil, err
	}
	o = o.resolved([]Grid{a, b})
	k := newGridKernel(a.Shape, o.Threads)
	la, lb := a.logMass(), b.logMass()
	run := o.alternate(ctx, k, la, lb)
	r := &GridTransport{Status: run.status, Iterations: run.iterations, Residual: run.residual, Epsilon: o.Epsilon, References: gridReferences}
	r.F, r.G = run.f, run.g
	for i := range r.F {
		r.Dual += gridTerm(la[i], r.F[i]) + gridTerm(lb[i], r.G[i])
	}
	r.Cost = k.cost(r.F, r.G, la, lb)
	return r, nil
}

// gridTerm is exp(logw) f, 0 for no mass.
func gridTerm(logw, f float64) float64 { return float64(math.Exp(logw) * f) }

func rescale(by float64, v []float64) {
	for i := range v {
		v[i] *= by
	}
}
