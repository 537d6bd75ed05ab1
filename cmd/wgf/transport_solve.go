package main

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"wgf/measure"
	"wgf/store"
	"wgf/transport"
)

// solveFlags say how a transport problem is solved.
type solveFlags struct {
	Method        string  `default:"auto" enum:"auto,exact,one-dimensional,sinkhorn,sliced,gaussian" help:"auto, exact, one-dimensional, sinkhorn, sliced or gaussian. auto sorts on the line, is exact up to 8000 x 8000 points and uses sinkhorn above."`
	Cost          string  `default:"sqeuclidean" placeholder:"COST" help:"sqeuclidean, euclidean, p=NUMBER for |x-y|^p, or a file (NPY, CSV) with the matrix of costs, one row a point of A (${default})."`
	Epsilon       float64 `placeholder:"NUMBER" help:"Regularisation of sinkhorn in units of the cost; 0.05 of the scale of the data by default, 0.005 between pictures."`
	Tolerance     float64 `placeholder:"NUMBER" help:"Sinkhorn ends when its marginals are this close to the weights, in total variation (1e-6)."`
	MaxIterations int     `placeholder:"N" help:"Iterations of sinkhorn (10000) or pivots of exact (no limit) after which to end."`
	Directions    int     `placeholder:"N" help:"Random directions of sliced (200)."`
	Normalize     bool    `help:"Divide the weights in --weights files by their sum instead of asking for a sum of 1."`
}

// exactPairs is how many pairs of points the exact solver takes by default.
const exactPairs = 8000 * 8000

func (f solveFlags) check() error {
	switch {
	case f.Epsilon < 0 || math.IsNaN(f.Epsilon) || math.IsInf(f.Epsilon, 0):
		return usagef("--epsilon %v: want a positive number", f.Epsilon)
	case f.Tolerance < 0 || math.IsNaN(f.Tolerance) || f.Tolerance >= 1:
		return usagef("--tolerance %v: want a positive number below 1", f.Tolerance)
	case f.MaxIterations < 0:
		return usagef("--max-iterations %d: want a positive number", f.MaxIterations)
	case f.Directions < 0:
		return usagef("--directions %d: want a positive number", f.Directions)
	}
	return nil
}

// cost reads --cost for n x m points. matrix says that positions do not matter.
func (f solveFlags) cost(n, m int) (c transport.Cost, matrix bool, err error) {
	switch f.Cost {
	case "sqeuclidean":
		return transport.SqEuclidean(), false, nil
	case "euclidean":
		return transport.Euclidean(), false, nil
	}
	if text, ok := strings.CutPrefix(f.Cost, "p="); ok {
		p, err := strconv.ParseFloat(text, 64)
		if err != nil || !(p > 0) || math.IsInf(p, 0) {
			return c, false, usagef("--cost %s: want a positive number after p=, as in p=1.5", f.Cost)
		}
		return transport.Power(p), false, nil
	}
	if !strings.ContainsAny(f.Cost, "./\\") {
		return c, false, usagef("--cost %s: want sqeuclidean, euclidean, p=NUMBER or a file with a matrix", f.Cost)
	}
	values, rows, columns, err := store.ReadMatrix(f.Cost, "a cost matrix")
	if err != nil {
		return c, true, err
	}
	if rows != n || columns != m {
		return c, true, fmt.Errorf("%s: the cost matrix is %d x %d, want %d x %d: a row for each point of A, a column for each of B", f.Cost, rows, columns, n, m)
	}
	return transport.Matrix(values, n, m), true, nil
}

// choose resolves the method auto and refuses what a method cannot do.
func (f solveFlags) choose(p transport.Problem, matrix bool) (string, error) {
	exponent, d := p.Cost.Exponent(), p.A.D
	onLine := !matrix && d == 1 && exponent >= 1
	switch f.Method {
	case "auto":
		switch {
		case onLine:
			return "one-dimensional", nil
		case p.A.N*p.B.N <= exactPairs:
			return "exact", nil
		}
		return "sinkhorn", nil
	case "one-dimensional":
		switch {
		case matrix:
			return "", usagef("--method one-dimensional sorts points and cannot use a cost matrix: use exact")
		case d != 1:
			return "", usagef("--method one-dimensional: the points live in %d dimensions; use exact, sinkhorn or sliced", d)
		case exponent < 1:
			return "", usagef("--method one-dimensional: |x-y|^p with p = %v is not convex; use exact", exponent)
		}
	case "sliced":
		if matrix || exponent < 1 {
			return "", usagef("--method sliced needs a cost |x-y|^p with p >= 1")
		}
	case "gaussian":
		if matrix || exponent != 2 {
			return "", usagef("--method gaussian knows the cost sqeuclidean only")
		}
	}
	return f.Method, nil
}

// outcome is a solved problem in the words of every method.
type outcome struct {
	method     string
	cost       float64
	distance   float64 // NaN where there is none
	gap        float64 // upper bound of cost - optimal cost; NaN where there is none
	mass       float64 // that is transported
	iterations int
	status     transport.Status
	residual   float64 // entropic; NaN otherwise
	epsilon    float64 // entropic; NaN otherwise
	deviation  float64 // sliced: Monte Carlo standard error of the cost; NaN otherwise
	notes      []string
	references []string

	result  *transport.Result         // nil for sliced and gaussian
	mapping func() ([]float64, error) // images of the points of A; nil where there is no map
	reverse func() []float64          // images of the points of B, where they are cheap
}

func blank(method string) *outcome {
	nan := math.NaN()
	return &outcome{method: method, mass: 1, cost: nan, distance: nan, gap: nan, residual: nan, epsilon: nan, deviation: nan}
}

// solve solves the problem with a method that choose has allowed.
func (f solveFlags) solve(ctx context.Context, p transport.Problem, method string, sh shared, show *progress) (*outcome, error) {
	switch method {
	case "gaussian":
		return solveGaussian(p)
	case "sliced":
		return f.solveSliced(ctx, p, sh)
	}
	r, err := f.solver(method, sh, show).Solve(ctx, p)
	if err != nil {
		return nil, plain(err)
	}
	return solved(r), nil
}

// solver is the solver of a method that gives a plan.
func (f solveFlags) solver(method string, sh shared, show *progress) transport.Solver {
	switch method {
	case "one-dimensional":
		return transport.OneDimensional{}
	case "sinkhorn":
		return transport.Sinkhorn{Epsilon: f.Epsilon, Tolerance: f.Tolerance, MaxIterations: f.MaxIterations, Threads: sh.Threads}
	}
	return transport.Exact{Threads: sh.Threads, MaxIterations: f.MaxIterations, Progress: func(pivots int) {
		show.say("exact", map[string]any{"pivots": pivots}, fmt.Sprintf("%s pivots", count(int64(pivots))))
	}}
}

// solved is the outcome of a solver that gives a plan.
func solved(r *transport.Result) *outcome {
	o := blank(r.Method)
	o.result, o.cost, o.distance, o.iterations, o.status, o.references = r, r.Cost, r.Distance(), r.Iterations, r.Status, r.References
	o.gap = r.Gap()
	if r.Epsilon > 0 {
		o.residual, o.epsilon, o.gap = r.Residual, r.Epsilon, math.NaN()
		if r.Status == transport.Converged {
			o.gap = entropicGap(r.Cost, r.Dual, r.Epsilon, r.Problem.A, r.Problem.B)
		}
	}
	o.mapping = func() ([]float64, error) { return images(r), nil }
	return o
}

// images are where the points of A go: the barycentric projection of the plan,
// which an entropic plan for |x-y|^p gives without being written down.
func images(r *transport.Result) []float64 {
	if r.Epsilon > 0 {
		if x, err := r.EntropicMap(r.Problem.A); err == nil {
			return x
		}
	}
	return r.Plan().Barycentric(r.Problem.A, r.Problem.B)
}

// dense says whether the plan is too large to be written down: an entropic one
// has an atom for nearly every pair of points.
func dense(r *transport.Result, pairs int) bool {
	return r.Epsilon > 0 && r.Problem.A.N > pairs/r.Problem.B.N
}

// entropicGap bounds how far the cost of an entropic plan P is above the optimum:
// P minimises <P, c> + eps KL(P | a x b), the divergence of no plan exceeds the
// smaller entropy of the weights, and dual - cost is eps KL(P | a x b).
func entropicGap(cost, dual, eps float64, a, b *measure.Cloud) float64 {
	entropy := func(c *measure.Cloud) float64 {
		h := 0.0
		for _, w := range c.Weights() {
			if w > 0 {
				h -= w * math.Log(w)
			}
		}
		return h
	}
	return math.Max(0, eps*math.Min(entropy(a), entropy(b))-(dual-cost))
}

// solveSliced is the mean of the transport costs along random directions.
func (f solveFlags) solveSliced(ctx context.Context, p transport.Problem, sh shared) (*outcome, error) {
	r, err := transport.Sliced{P: p.Cost.Exponent(), Directions: f.Directions, Seed: sh.Seed, Threads: sh.Threads}.Distance(ctx, p.A, p.B)
	if err != nil {
		return nil, plain(err)
	}
	o := blank("sliced")
	o.cost, o.distance, o.deviation, o.status, o.references = r.Power, r.Distance, r.PowerError, r.Status, r.References
	o.iterations = len(r.Values)
	o.notes = []string{fmt.Sprintf("The cost is the mean over %d random directions (seed %d) of the costs between the projections, not the optimal cost.", len(r.Values), sh.Seed)}
	return o, nil
}

// solveGaussian is transport between the normal distributions of the same means
// and covariances, a lower bound of W2^2 (Gelbrich 1990).
func solveGaussian(p transport.Problem) (*outcome, error) {
	if err := p.Check(); err != nil {
		return nil, plain(err)
	}
	a := measure.Gaussian{Mean: p.A.Mean(), Cov: p.A.Covariance()}
	b := measure.Gaussian{Mean: p.B.Mean(), Cov: p.B.Covariance()}
	cost, err := transport.BuresWasserstein2(a, b)
	if err != nil {
		return nil, plain(err)
	}
	o := blank("gaussian")
	o.cost, o.distance = cost, math.Sqrt(cost)
	o.notes = []string{"The cost is that between normal distributions with the means and covariances of A and B: a lower bound of the optimal cost."}
	o.references = []string{
		"Gelbrich (1990), On a formula for the L2 Wasserstein metric between measures on Euclidean and Hilbert spaces, Math. Nachrichten 147",
		"Dowson and Landau (1982), The Frechet distance between multivariate normal distributions, J. Multivariate Analysis 12",
	}
	o.mapping = func() ([]float64, error) {
		t, err := transport.GaussianMap(a, b)
		if err != nil {
			return nil, plain(err)
		}
		out := make([]float64, len(p.A.X))
		t.Apply(out, p.A.X, p.A.N)
		return out, nil
	}
	return o, nil
}

// advice says what to do about an outcome that is not to be trusted.
func (o *outcome) advice() []string {
	switch o.status {
	case transport.Budget:
		if !math.IsNaN(o.epsilon) {
			return []string{fmt.Sprintf("Sinkhorn did not converge: after %d iterations the marginals of its plan are %.2g away from the weights in total variation. Raise --max-iterations, or --epsilon (now %.4g).", o.iterations, o.residual, o.epsilon)}
		}
		return []string{fmt.Sprintf("The pivots ran out: the cost is at most %.4g above the optimum. Raise --max-iterations.", o.gap)}
	case transport.Interrupted:
		return []string{"Interrupted: the plan so far is no optimal one."}
	}
	return nil
}

// ending is the error, if any, that gives the exit code.
func (o *outcome) ending() error {
	switch o.status {
	case transport.Converged:
		return nil
	case transport.Interrupted:
		return coded{code: exitInterrupted}
	}
	return coded{code: exitUntrusted}
}
