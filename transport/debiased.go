package transport

import (
	"context"
	"fmt"
	"math"
)

// GridResult is a barycentre of measures on a grid.
type GridResult struct {
	Grid Grid // of total mass 1

	// Status is Converged where Residual, the total variation between the
	// marginals of the plans and the masses, is at most the tolerance.
	Status     Status
	Iterations int
	Residual   float64
	Epsilon    float64 // in squared grid steps
	References []string
}

// GridBarycentre is the debiased entropic barycentre of measures on grids of the
// same shape,
//
//	argmin over mu of sum_k w_k S_eps(a_k, mu),
//
// with S_eps the Sinkhorn divergence for the cost |x-y|^2 in grid steps; masses
// are normalised, weights as well (nil: equal). Unlike the entropic barycentre it
// is not blurred by the regularisation: the barycentre of translates of a
// Gaussian has its covariance, that of copies of a picture is the picture.
//
// With K the Gibbs kernel, d the debiasing scaling and p_k = K a_k the
// iteration is (Janati, Cuturi and Gramfort 2020, algorithm 1)
//
//	a_k = alpha_k / K b_k,  mu = d prod_k (K a_k)^w_k,  b_k = mu / K a_k,
//	d = sqrt(d mu / K d),
//
// here in the log domain and with a descent of the regularisation. An iteration
// takes 2 K + 1 products with the kernel, of n (n1 + n2 + ...) multiplications each.
//
// Debiasing undoes a blur, so where Epsilon is many squared steps the objective
// is flat in fine detail: Residual then falls as slowly as one over the number of
// iterations, and detail keeps changing below it. Around one squared step, the
// default for pictures of up to a hundred points a side, it falls fast.
func GridBarycentre(ctx context.Context, grids []Grid, weights []float64, o GridOptions) (*GridResult, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	w, err := mixingWeights(len(grids), weights)
	if err != nil {
		return nil, err
	}
	if err := sameShape(grids); err != nil {
		return nil, err
	}
	var used []Grid
	var share []float64
	for i, g := range grids {
		if w[i] > 0 {
			used, share = append(used, g), append(share, w[i])
		}
	}
	o = o.resolved(used)
	s := newDebiased(used, share, o)
	r := &GridResult{Epsilon: o.Epsilon, Status: Budget, References: append([]string{
		"Janati, Cuturi and Gramfort (2020), Debiased Sinkhorn barycenters, ICML",
	}, gridReferences...)}
	for _, eps := range o.levels(grids[0].Shape) {
		if ctx.Err() != nil {
			break
		}
		s.scale(eps)
		for range 4 {
			s.step()
		}
	}
	s.scale(o.Epsilon)
	s.accelerate = true
	for r.Iterations < o.MaxIterations {
		r.Residual = s.step()
		r.Iterations++
		if o.Progress != nil {
			o.Progress(r.Iterations, r.Residual)
		}
		if r.Residual <= o.Tolerance {
			r.Status = Converged
			break
		}
		if ctx.Err() != nil {
			r.Status = Interrupted
			break
		}
	}
	r.Grid = s.measure()
	return r, nil
}

// GridGeodesic is the path between two measures on a grid: at time t the
// barycentre with the weights 1-t and t, for every t of times.
func GridGeodesic(ctx context.Context, a, b Grid, times []float64, o GridOptions) ([]*GridResult, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if err := sameShape([]Grid{a, b}); err != nil {
		return nil, err
	}
	o = o.resolved([]Grid{a, b}) // one regularisation for all
	var out []*GridResult
	for _, t := range times {
		if !(t >= 0 && t <= 1) {
			return nil, fmt.Errorf("transport: the time %v of a path, want a number from 0 to 1", t)
		}
		r, err := GridBarycentre(ctx, []Grid{a, b}, []float64{1 - t, t}, o)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// debiased is the state of the iteration, all in logarithms.
type debiased struct {
	kernel *gridKernel
	biased bool
	w      []float64
	target [][]float64 // alpha_k
	a, b   [][]float64
	ka     [][]float64 // K a_k
	kb     []float64
	d, kd  []float64
	mu     []float64
	eps    float64

	accelerate bool
	old        [][]float64 // b and d before extrapolation
	age, last  float64     // steps since the residual rose; the residual
}

func newDebiased(grids []Grid, w []float64, o GridOptions) *debiased {
	n := len(grids[0].Mass)
	s := &debiased{kernel: newGridKernel(grids[0].Shape, o.Threads), biased: o.Biased, w: w}
	for _, g := range grids {
		s.target = append(s.target, g.logMass())
		s.a, s.b, s.ka = append(s.a, make([]float64, n)), append(s.b, make([]float64, n)), append(s.ka, make([]float64, n))
	}
	s.kb, s.d, s.kd, s.mu = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	return s
}

// scale sets the regularisation; potentials are kept.
func (s *debiased) scale(eps float64) {
	s.kernel.scale(eps)
	if s.eps != 0 && eps != s.eps {
		for _, b := range s.b {
			rescale(s.eps/eps, b)
		}
		rescale(s.eps/eps, s.d)
	}
	s.eps = eps
}

// step is an iteration; it returns the total variation between the marginals
// of the plans before and the targets, or between mu and d K d where that is
// larger.
func (s *debiased) step() float64 {
	worst := 0.0
	for k, target := range s.target {
		s.kernel.apply(s.kb, s.b[k])
		change := 0.0
		for i, t := range target {
			next := nothing
			if t > nothing {
				next = t - s.kb[i]
				change += math.Exp(t) * math.Abs(math.Expm1(s.a[k][i]-next)) / 2
			}
			s.a[k][i] = next
		}
		worst = math.Max(worst, math.Min(change, 1))
		s.kernel.apply(s.ka[k], s.a[k])
	}
	for i := range s.mu {
		s.mu[i] = s.d[i]
		for k, w := range s.w {
			s.mu[i] += float64(w * s.ka[k][i])
		}
	}
	for k, b := range s.b {
		for i, m := range s.mu {
			b[i] = m - s.ka[k][i]
		}
	}
	if s.biased {
		if s.accelerate {
			s.extrapolate(worst)
		}
		return worst
	}
	s.kernel.apply(s.kd, s.d)
	change := 0.0
	for i, m := range s.mu {
		// mu - d K d
		change += math.Abs(math.Exp(m)-math.Exp(s.d[i]+s.kd[i])) / 2
		s.d[i] = (s.d[i] + m - s.kd[i]) / 2
	}
	worst = math.Max(worst, change)
	if s.accelerate {
		s.extrapolate(worst)
	}
	return worst
}

// extrapolate moves d and b further the way they went in this step, the
// further the longer the residual has not risen (Nesterov's momentum with
// restarts, O'Donoghue and Candès 2015). Mass that has to vanish would
// otherwise do so as one over the number of iterations only.
func (s *debiased) extrapolate(residual float64) {
	if residual > s.last {
		s.age = 0
	}
	s.last = residual
	momentum := s.age / (s.age + 3)
	s.age++
	if s.old == nil {
		for range len(s.b) + 1 {
			s.old = append(s.old, make([]float64, len(s.d)))
		}
		momentum = 0
	}
	for k, v := range append(s.b[:len(s.b):len(s.b)], s.d) {
		for i, old := range s.old[k] {
			now := v[i]
			s.old[k][i] = now
			v[i] = now + float64(momentum*(now-old))
		}
	}
}

// measure is mu, normalised.
func (s *debiased) measure() Grid {
	g := Grid{Shape: append([]int(nil), s.kernel.shape...), Mass: make([]float64, len(s.mu))}
	total := 0.0
	for i, m := range s.mu {
		g.Mass[i] = math.Exp(m)
		total += g.Mass[i]
	}
	for i := range g.Mass {
		g.Mass[i] /= total
	}
	return g
}
