package transport

import (
	"context"
	"fmt"
	"math"
	"slices"

	"wgf/internal/simd"
	"wgf/measure"
)

// Divergence is the debiased Sinkhorn divergence of two measures
//
//	S_eps(a, b) = OT_eps(a, b) - OT_eps(a, a)/2 - OT_eps(b, b)/2
//
// with OT_eps as in Sinkhorn. For costs |x-y|^p, 0 < p <= 2, it is not negative,
// zero for a = b only, convex in each measure, and metrises weak convergence
// (Feydy et al. 2019, theorem 1). It goes to the optimal cost as eps -> 0 and to
// half the squared maximum mean discrepancy with the kernel -c as eps -> infinity;
// for p = 2 that is the squared distance of the means.
//
// The values are those of the dual problems, in whose potentials errors are of
// second order: Epsilon Residual^2 over the least weight, at most.
type Divergence struct {
	Value      float64 // rounding below 0 is cut off
	Epsilon    float64 // the regularisation of all three problems
	Status     Status  // Converged only if all three are
	Residual   float64 // the largest of the three, see Result
	Iterations int     // half iterations of the self terms count as whole ones
	References []string

	solver Sinkhorn
	e      *entropic
	ab     *alternation
	aa, bb *self
}

// self is the symmetric problem of a measure with itself.
type self struct {
	s    *softmin
	w    []float64
	logw []float64
	alternation
	defect float64 // 1 - the mass of the plan
}

// SinkhornDivergence computes the divergence for the squared Euclidean cost. Its
// errors are those of Sinkhorn.Solve. With the cost |x-y|^2/2 of GeomLoss and
// blur^2 = Epsilon/2 the value is half of this one.
//
// The two self terms are solved by averaged steps f <- (f + softmin f)/2 (Feydy et
// al. 2019, section 3.1), and the mixed one beginning at their potentials where these
// are near enough.
func SinkhornDivergence(ctx context.Context, a, b *measure.Cloud, s Sinkhorn) (*Divergence, error) {
	return s.Divergence(ctx, Problem{A: a, B: b})
}

// Divergence computes the Sinkhorn divergence for a cost |x-y|^p or a function,
// which should be symmetric. A matrix says nothing about the self terms and is
// an error.
func (s Sinkhorn) Divergence(ctx context.Context, p Problem) (*Divergence, error) {
	if p.Cost.kind == matrix {
		return nil, fmt.Errorf("transport: the Sinkhorn divergence needs costs within each measure, which a cost matrix does not have")
	}
	if s.Tolerance == 0 {
		s.Tolerance = 1e-8
	}
	e, eps, err := s.ready(p)
	if err != nil {
		return nil, err
	}
	s.Epsilon = eps
	d := &Divergence{
		solver: s, e: e,
		aa: s.symmetric(ctx, e.forA, e.wa, e.la, e.diameter(), nil),
		bb: s.symmetric(ctx, e.forB, e.wb, e.lb, e.diameter(), nil),
	}
	d.ab = s.between(ctx, e, d.aa.f, d.bb.f)
	return d, d.finish()
}

// Next is the divergence of another measure a to the same b at the same Epsilon,
// begun at the potentials of d where a has as many points with weight: for a
// cloud that moves in small steps. The self term of b is not solved again.
func (d *Divergence) Next(ctx context.Context, a *measure.Cloud) (*Divergence, error) {
	s, p := d.solver, d.e.problem
	p.A = a
	e, _, err := s.ready(p)
	if err != nil {
		return nil, err
	}
	next := &Divergence{solver: s, e: e, bb: d.bb}
	if e.a.N == d.e.a.N {
		next.aa = s.symmetric(ctx, e.forA, e.wa, e.la, e.diameter(), d.aa.f)
		next.ab = s.between(ctx, e, d.ab.f, d.ab.g)
	} else {
		next.aa = s.symmetric(ctx, e.forA, e.wa, e.la, e.diameter(), nil)
		next.ab = s.between(ctx, e, next.aa.f, d.bb.f)
	}
	return next, next.finish()
}

// finish sums up the three problems.
func (d *Divergence) finish() error {
	d.Epsilon = d.solver.Epsilon
	d.References = []string{
		"Feydy, Séjourné, Vialard, Amari, Trouvé and Peyré (2019), Interpolating between optimal transport and MMD using Sinkhorn divergences, AISTATS",
		"Genevay, Peyré and Cuturi (2018), Learning generative models with Sinkhorn divergences, AISTATS",
	}
	for _, r := range []*alternation{&d.aa.alternation, &d.bb.alternation, d.ab} {
		d.Iterations += r.iterations
		d.Residual = math.Max(d.Residual, r.residual)
		if r.status > d.Status {
			d.Status = r.status
		}
	}
	value := d.value()
	if math.IsNaN(value) {
		return fmt.Errorf("transport: the Sinkhorn divergence is NaN: the cost function must be finite within each measure")
	}
	d.Value = math.Max(value, 0)
	return nil
}

// value is sum a (f_ab - f_aa) + sum b (g_ab - g_bb) with the defects of mass of
// the self terms: differences of potentials before sums, since the three values
// are large against what is left.
func (d *Divergence) value() float64 {
	sum := 0.0
	for i, w := range d.e.wa {
		sum += float64(w * (d.ab.f[i] - d.aa.f[i]))
	}
	for j, w := range d.e.wb {
		sum += float64(w * (d.ab.g[j] - d.bb.f[j]))
	}
	return sum - float64(d.Epsilon/2*(d.aa.defect+d.bb.defect)) + d.e.offset
}

// between solves the mixed problem, from the given potentials where these are
// near enough. Those of the self terms are for measures that are alike.
func (s Sinkhorn) between(ctx context.Context, e *entropic, f, g []float64) *alternation {
	probe := s
	probe.MaxIterations = 1
	first := probe.alternate(ctx, e, s.Epsilon, slices.Clone(f), slices.Clone(g))
	if first.status != Budget {
		return first
	}
	f, g = first.f, first.g
	if first.residual > 0.1 {
		f, g = nil, nil
	}
	r := s.alternate(ctx, e, s.Epsilon, f, g)
	r.iterations += first.iterations
	return r
}

// symmetric solves the problem of the targets of a softmin with themselves, whose
// two potentials are equal, by averaged steps, from the given potential if there
// is one. No step lowers the dual value, which is concave:
// D((f+h)/2, (f+h)/2) >= D(f, h)/2 + D(h, f)/2 >= D(f, f) for h = softmin f.
func (s Sinkhorn) symmetric(ctx context.Context, of *softmin, w, logw []float64, diameter float64, start []float64) *self {
	r := &self{s: &softmin{x: of.x, y: of.x, cost: of.cost, threads: s.Threads}, w: w, logw: logw}
	eps, low, next := s.Epsilon, make([]float64, len(w)), make([]float64, len(w))
	half := func(eps float64) {
		r.s.apply(low, r.f, logw, eps)
		for i, v := range low {
			next[i] = (r.f[i] + v) / 2
		}
	}
	if start != nil {
		r.f = slices.Clone(start)
	} else {
		r.f = make([]float64, len(w))
		s.anneal(ctx, diameter, eps, func(level float64) {
			half(level)
			copy(r.f, next)
			r.iterations++
		})
	}
	s.fixedPoint(ctx, &r.alternation, w, r.f, next, eps/2, func(least float64) (float64, bool) {
		half(eps)
		r.defect = 0
		for i, v := range w {
			r.defect -= float64(v * math.Expm1((r.f[i]-low[i])/eps))
		}
		dual := 2*simd.Dot(w, r.f) + float64(eps*r.defect)
		return dual, dual >= least
	})
	return r
}
