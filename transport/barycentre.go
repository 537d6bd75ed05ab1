package transport

import (
	"context"
	"fmt"
	"math"
	"sort"

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
	// With an entropic one the points are drawn together by the blur.
	Solver Solver
	// Tolerance is the relative decrease of the objective below which the
	// iteration stops; 0: 1e-9.
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
	History    []float64 // the objective before each step: it never increases with exact plans
	Iterations int
	Status     Status
	References []string
}

// Solve alternates exact plans from the points to every cloud with moving each
// point to the weighted mean of its images, the barycentric projections, which
// minimises the objective at those plans (Cuturi and Doucet 2014, algorithm 2;
// Álvarez-Esteban et al. 2016). It finds a local minimum. On the line, with equal
// weights of the points, the quantile average is one step away. The cost of an
// iteration is that of one transport problem a cloud.
func (s Barycentre) Solve(ctx context.Context, clouds []*measure.Cloud) (*BarycentreResult, error) {
	w, err := mixingWeights(len(clouds), s.Weights)
	if err != nil {
		return nil, err
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
	for {
		objective := 0.0
		next := make([]float64, len(nu.X))
		for i, c := range clouds {
			if w[i] == 0 {
				continue
			}
			r, err := solver.Solve(ctx, Problem{A: nu, B: c})
			if err != nil {
				return nil, err
			}
			if ctx.Err() != nil {
				out.Status = Interrupted
				return out, nil
			}
			objective += w[i] * r.Cost
			for k, v := range r.Plan().Barycentric(nu, c) {
				next[k] += float64(w[i] * v)
			}
		}
		out.History = append(out.History, objective)
		out.Objective = objective
		if s.Progress != nil {
			s.Progress(out.Iterations, objective)
		}
		if n := len(out.History); n > 1 && out.History[n-2]-objective <= tol*math.Max(objective, tol*totalVariance(clouds, w)) {
			out.Status = Converged
			return out, nil
		}
		if out.Iterations == limit {
			return out, nil
		}
		copy(nu.X, next)
		out.Iterations++
	}
}

// start is a copy of the points to begin with.
func (s Barycentre) start(clouds []*measure.Cloud, w []float64) (*measure.Cloud, error) {
	if s.Start != nil {
		if err := (Problem{A: s.Start, B: clouds[0]}).Check(); err != nil {
			return nil, fmt.Errorf("start of the barycentre: %w", err)
		}
		return s.Start.Clone(), nil
	}
	if s.Support < 0 {
		return nil, fmt.Errorf("transport: a barycentre on %d points", s.Support)
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

// totalVariance is the weighted trace of the clouds' covariances: a scale of the objective.
func totalVariance(clouds []*measure.Cloud, w []float64) float64 {
	s := 0.0
	for i, c := range clouds {
		cov := c.Covariance()
		for k := range c.D {
			s += w[i] * cov[k*c.D+k]
		}
	}
	return s
}

// BarycentreOnLine is the exact W2 barycentre of clouds on the line, whose
// quantile function is the weighted mean of theirs (nil: equal weights). It has
// at most as many points as all clouds together. The cost is that of sorting.
//
// Reference: Agueh and Carlier 2011, section 6.1.
func BarycentreOnLine(clouds []*measure.Cloud, weights []float64) (*measure.Cloud, error) {
	w, err := mixingWeights(len(clouds), weights)
	if err != nil {
		return nil, err
	}
	qs := make([]*Quantile, len(clouds))
	var cuts []float64
	for i, c := range clouds {
		if qs[i], err = NewQuantile(c); err != nil {
			return nil, fmt.Errorf("measure %d of the barycentre: %w", i+1, err)
		}
		cuts = append(cuts, qs[i].Cum...)
	}
	sort.Float64s(cuts)
	at := make([]int, len(qs))
	var x, mass []float64
	low := 0.0
	for _, cut := range cuts {
		if cut-low <= 1e-15 { // the same cut, but for rounding
			continue
		}
		v := 0.0
		for i, q := range qs {
			for at[i] < len(q.Cum)-1 && q.Cum[at[i]] <= low+1e-15 {
				at[i]++
			}
			v += w[i] * q.X[at[i]]
		}
		x, mass = append(x, v), append(mass, cut-low)
		low = cut
	}
	return along(1, len(x), mass, func(k, _ int) float64 { return x[k] }), nil
}
