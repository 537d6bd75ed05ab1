package transport

import (
	"context"
	"fmt"
	"math"

	"wgf/measure"
)

// Barycentre finds a W2 barycentre of clouds,
//
//	min over nu of sum_i w_i W2^2(mu_i, nu),
//
// among the measures on a given number of freely placed points with equal
// weights (or with those of Start).
type Barycentre struct {
	// Weights of the clouds, normalised; nil: equal.
	Weights []float64
	// Support is the number of points; 0: that of the largest cloud.
	Support int
	// Start is where the points start, with their weights. nil: Support points of
	// the cloud with the largest weight, the first of them where several are,
	// taken by systematic resampling, a function of the cloud alone.
	Start *measure.Cloud
	// Solver gives the plans; nil: OneDimensional on the line, Exact otherwise.
	// With an entropic one the points are drawn together by the blur, and the
	// objective, <P, c>, need not fall at each step.
	Solver Solver
	// Tolerance is the decrease of the objective of the centred clouds, relative,
	// below which the iteration stops; 0: 1e-9.
	Tolerance float64
	// MaxIterations bounds the iterations; 0: 200.
	MaxIterations int
	// Progress, if set, is called after each iteration.
	Progress func(iteration int, objective float64)
}

// BarycentreResult is a barycentre and how it was found.
type BarycentreResult struct {
	Cloud      *measure.Cloud
	Objective  float64   // sum_i w_i W2^2(mu_i, nu) at the last plans
	History    []float64 // the objective before each step and at the end: it never rises with exact plans
	Iterations int
	Status     Status
	References []string
}

// Solve alternates plans from the points to every cloud with moving each point
// to the weighted mean of its images, the barycentric projections, which
// minimises the objective at those plans. It finds a local minimum; for two
// clouds with as many points and equal weights the first step is the global one.
// Means are taken out first: that of the barycentre is the mean of the means, and
// clouds far apart lose no digits. The cost of an iteration is that of one transport
// problem a cloud.
//
// When the context ends, the points found so far are returned with the status
// Interrupted. Errors are those of Problem.Check, of the weights and of Start.
//
// References: Cuturi and Doucet 2014, algorithm 2, without its step on the weights of
// the points; Álvarez-Esteban et al. 2016; von Lindheim 2023 (how good the steps are).
func (s Barycentre) Solve(ctx context.Context, clouds []*measure.Cloud) (*BarycentreResult, error) {
	w, err := mixingWeights(len(clouds), s.Weights)
	if err != nil {
		return nil, err
	}
	if !(s.Tolerance >= 0) || s.MaxIterations < 0 || s.Support < 0 {
		return nil, fmt.Errorf("transport: an option of the barycentre is negative")
	}
	for i, c := range clouds {
		if err := (Problem{A: clouds[0], B: c}).Check(); err != nil {
			return nil, fmt.Errorf("measure %d of the barycentre: %w", i+1, err)
		}
	}
	nu, err := s.start(clouds, w)
	if err != nil {
		return nil, err
	}
	run := newAlternating(clouds, w, nu)
	solver := s.Solver
	if solver == nil {
		solver = Exact{}
		if nu.D == 1 {
			solver = OneDimensional{}
		}
	}
	out := &BarycentreResult{Cloud: nu, Status: Budget, References: []string{
		"Agueh and Carlier (2011), Barycenters in the Wasserstein space, SIAM Journal on Mathematical Analysis 43",
		"Cuturi and Doucet (2014), Fast computation of Wasserstein barycenters, ICML",
	}}
	tol, limit := s.Tolerance, s.MaxIterations
	if tol == 0 {
		tol = 1e-9
	}
	if limit == 0 {
		limit = 200
	}
	last := math.Inf(1) // the objective of the centred clouds
	for {
		centred, next, err := run.step(ctx, solver)
		if err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			out.Status = Interrupted
			break
		}
		out.Objective = centred + run.between()
		out.History = append(out.History, out.Objective)
		if s.Progress != nil {
			s.Progress(out.Iterations, out.Objective)
		}
		if out.Iterations > 0 && last-centred <= tol*math.Max(centred, tol*run.scale) {
			out.Status = Converged
			break
		}
		if out.Iterations == limit {
			break
		}
		last = centred
		copy(nu.X, next)
		copy(run.at, run.target)
		out.Iterations++
	}
	run.uncentre()
	return out, nil
}

// start is a copy of the points to begin with.
func (s Barycentre) start(clouds []*measure.Cloud, w []float64) (*measure.Cloud, error) {
	if s.Start != nil {
		if err := (Problem{A: s.Start, B: clouds[0]}).Check(); err != nil {
			return nil, fmt.Errorf("start of the barycentre: %w", err)
		}
		return s.Start.Clone(), nil
	}
	best, n := 0, 0
	for i, c := range clouds {
		if w[i] > w[best] {
			best = i
		}
		n = max(n, c.N)
	}
	if s.Support > 0 {
		n = s.Support
	}
	c := clouds[best]
	if n == c.N && c.LogW == nil {
		return c.Clone(), nil
	}
	return c.Resample(n, 1), nil
}
