package transport

import (
	"context"

	"wgf/measure"
)

// Divergence is the debiased Sinkhorn divergence of two measures
//
//	S_eps(a, b) = OT_eps(a, b) - OT_eps(a, a)/2 - OT_eps(b, b)/2,
//
// which is not negative and zero for a = b only.
type Divergence struct {
	Value   float64
	Epsilon float64
	Status  Status // the worst of the three problems
	// Residual is the largest total variation between marginal and weights of
	// the three problems.
	Residual   float64
	Iterations int // of all three
	References []string

	gradientA, gradientB []float64
	weightA, weightB     []float64
}

// GradientA is the gradient of the value in the points of a, coordinate-major.
func (d *Divergence) GradientA() []float64 { return d.gradientA }

// GradientB is the gradient of the value in the points of b, coordinate-major.
func (d *Divergence) GradientB() []float64 { return d.gradientB }

// WeightGradientA is the first variation f_ab - f_aa at the points of a: the
// derivative of the value in the weights of a along changes that sum to zero.
func (d *Divergence) WeightGradientA() []float64 { return d.weightA }

// WeightGradientB is the first variation g_ab - g_bb at the points of b.
func (d *Divergence) WeightGradientB() []float64 { return d.weightB }

// SinkhornDivergence computes the divergence for the squared Euclidean cost.
func SinkhornDivergence(ctx context.Context, a, b *measure.Cloud, s Sinkhorn) (*Divergence, error) {
	return SinkhornDivergenceCost(ctx, Problem{A: a, B: b}, s)
}

// SinkhornDivergenceCost computes the divergence for the cost |x-y|^p.
func SinkhornDivergenceCost(ctx context.Context, p Problem, s Sinkhorn) (*Divergence, error) {
	var r [3]*Result
	first, err := s.Solve(ctx, p)
	if err != nil {
		return nil, err
	}
	s.Epsilon = first.Epsilon
	r[0] = first
	for i, c := range []*measure.Cloud{p.A, p.B} {
		if r[i+1], err = s.Solve(ctx, Problem{A: c, B: c, Cost: p.Cost}); err != nil {
			return nil, err
		}
	}
	d := &Divergence{Value: r[0].Dual - (r[1].Dual+r[2].Dual)/2, Epsilon: first.Epsilon}
	return d, nil
}
