package functional

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
)

// KALE is the relative entropy to points of the target, made finite by a kernel,
//
//	F(mu) = (1+lambda) max_h { 1 + int h dmu - int e^h dpi - lambda/2 |h|^2 },
//
// the maximum over the space of the kernel. Between the relative entropy (lambda to 0)
// and MMD^2/2 (lambda to infinity). Witness (1+lambda) h, gradient its gradient, exact.
// With K the kernel matrix of the N target points of weights q, b_i = int k(x_i, .) dmu,
//
//	h(z) = (int k(z, .) dmu - sum_i a_i k(z, x_i))/lambda,   a_i = q_i e^h(x_i):
//
// Newton steps in log a, from where the last evaluation ended, until the duality gap
// sum_i q_i (a_i/q_i log(a_i/q_i) - a_i/q_i - h_i a_i/q_i + e^h_i) is at most Gap. K is
// factored once with its numerical rank r, so that a Newton step is of order N r^2; the
// rest is of order n (n+N) d. Glaser, Arbel and Gretton 2021, eqs. 4, 7 and 12.
type KALE struct {
	Target  kernel.Points
	Threads int
	kernel.Fitted
	Lambda float64
	Gap    float64 // 0: 1e-13; the gradient is exact to about its root

	factor          []float64 // of K, N x stride
	rank, stride    int
	of              kernel.Kernel // that was factored
	q, h            []float64     // weights of the target; log(a/q)
	before          []float64     // h of the evaluation before the last
	a, b, hat, part []float64
	narrow, step    []float64
	scaled, square  []float64
	root            []float64 // Cholesky factor of the matrix of Newton steps; nil: none
	last            Status
}

// Status says how the inner solver of an evaluation ended.
type Status struct {
	Steps int
	Gap   float64
}

func kaleEntry() Entry {
	return Entry{
		Name:      "kale",
		Formula:   "(1+lambda) max_h {1 + int h dmu - int e^h dpi - lambda/2 |h|^2}: a relative entropy for samples",
		Cost:      "n (n+m) d, and m r^2 a Newton step, r the rank of the kernel matrix",
		Reference: "Glaser, Arbel, Gretton 2021, NeurIPS 34",
		Needs:     Samples,
		Kernel:    true,
		Params: []spec.Param{
			{Name: "lambda", Default: 0.1, Help: "regularisation: small is near the relative entropy, large near MMD"},
			{Name: "gap", Default: 1e-13, Help: "duality gap of the inner problem"},
			{Name: "draws", Default: 300, Help: drawsParam.Help},
		},
		Build: func(s Setting) (Functional, error) {
			if !s.Kernel.Family.Scaled() {
				return nil, fmt.Errorf("functional kale needs a positive definite kernel: use gaussian, imq, laplace or matern, not %s", s.Kernel.Family)
			}
			lambda, err := s.Params.Positive("lambda")
			if err != nil {
				return nil, err
			}
			gap, err := s.Params.Positive("gap")
			if err != nil {
				return nil, err
			}
			y, err := targetPoints("kale", s)
			if err != nil {
				return nil, err
			}
			f := &KALE{Target: kernel.Of(y), Threads: s.Threads, Lambda: lambda, Gap: gap}
			f.Asked, f.Rule, f.Frozen = s.Kernel, s.Rule, s.Frozen
			return f, nil
		},
	}
}

func (f *KALE) Traits() Traits {
	return Traits{Name: "kale", Needs: Samples, Exact: true, Value: true, Witness: true}
}

// Save keeps the warm start: the last two optima and the matrix that was factored.
func (f *KALE) Save() []float64 {
	out := append(slices.Clone(f.h), f.before...)
	return append(out, f.root...)
}

// Load restores it.
func (f *KALE) Load(kept []float64) error {
	n := f.Target.N
	f.prepare(f.Kernel(f.Target))
	size := len(kept)
	if size != 0 && size != n && size != 2*n && size != 2*n+f.stride*f.stride {
		return errors.New("the warm start of kale is of other samples")
	}
	f.h, f.before, f.root = slices.Clone(kept[:min(n, size)]), nil, nil
	if size >= 2*n {
		f.before = slices.Clone(kept[n : 2*n])
	}
	if size > 2*n {
		copy(f.square, kept[2*n:])
		f.root = f.square
	}
	return nil
}

// Inner reports on the last evaluation.
func (f *KALE) Inner() Status { return f.last }

// prepare factors the kernel matrix of the target.
func (f *KALE) prepare(k kernel.Kernel) {
	if f.factor != nil && f.of == k {
		return
	}
	y := f.Target
	f.factor, f.rank, f.stride = pivotedCholesky(gram(k, y, y, nil, nil), y.N, 1e-13)
	f.of = k
	f.q = make([]float64, y.N)
	for i := range f.q {
		f.q[i] = 1 / float64(y.N)
		if y.W != nil {
			f.q[i] = y.W[i]
		}
	}
	for _, v := range []*[]float64{&f.a, &f.b, &f.hat, &f.part} {
		*v = make([]float64, y.N)
	}
	f.narrow, f.step = make([]float64, f.stride), make([]float64, 2*y.N)
	f.scaled, f.square = make([]float64, y.N*f.stride), make([]float64, f.stride*f.stride)
	f.root = nil
}

// Update lets the bandwidth follow the target, which says the scale.
func (f *KALE) Update(*measure.Cloud, uint64) error {
	f.Kernel(f.Target)
	return nil
}

func (f *KALE) Evaluate(_ context.Context, out *Evaluation, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	value, err := f.solve(c)
	if err != nil {
		return err
	}
	x := kernel.Of(c)
	if out.WantValue {
		out.Value = max(0, (1+f.Lambda)*(1+value+f.Kernel(f.Target).MeanPair(x, x, f.Threads)/(2*f.Lambda)))
	}
	if out.Witness != nil || out.Gradient != nil {
		f.witness(out.Witness, out.Gradient, kernel.Points{N: c.N, D: c.D, X: c.X}, x)
	}
	return nil
}

// witness writes (1+lambda) h and its gradient for the optimum that was found.
func (f *KALE) witness(value, gradient []float64, z, x kernel.Points) {
	// Particles and target as one set of sources, weights w and -a.
	n, m := x.N, f.Target.N
	both := kernel.Points{N: n + m, D: z.D, X: make([]float64, (n+m)*z.D), W: make([]float64, n+m)}
	for k := range z.D {
		copy(both.X[k*(n+m):], x.X[k*n:(k+1)*n])
		copy(both.X[k*(n+m)+n:], f.Target.X[k*m:(k+1)*m])
	}
	scale := (1 + f.Lambda) / f.Lambda
	for i := range n {
		both.W[i] = scale / float64(n)
		if x.W != nil {
			both.W[i] = scale * x.W[i]
		}
	}
	for i, a := range f.a {
		both.W[n+i] = -scale * a
	}
	f.Kernel(f.Target).SumGradient(value, gradient, z, both, f.Threads)
}

func (f *KALE) WitnessAt(_ context.Context, value, gradient []float64, z kernel.Points, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	if _, err := f.solve(c); err != nil {
		return err
	}
	f.witness(value, gradient, z, kernel.Of(c))
	return nil
}
