package functional

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"wgf/internal/simd"
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
	a, b, hat, part []float64
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

// Save keeps the warm start.
func (f *KALE) Save() []float64 { return slices.Clone(f.h) }

// Load restores it.
func (f *KALE) Load(kept []float64) error {
	if len(kept) != 0 && len(kept) != f.Target.N {
		return errors.New("the warm start of kale is of other samples")
	}
	f.h = slices.Clone(kept)
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
}

// times writes K a to dst.
func (f *KALE) times(dst, a []float64) {
	s := f.stride
	through := make([]float64, s)
	for i, v := range a {
		for c, l := range f.factor[i*s : i*s+f.rank] {
			through[c] += float64(l * v)
		}
	}
	for i := range dst {
		sum := 0.0
		for c, l := range f.factor[i*s : i*s+f.rank] {
			sum += float64(l * through[c])
		}
		dst[i] = sum
	}
}

// at sets a = q e^h and hat = (b - K a)/lambda, and returns the dual value without
// the constant of the particles, and the gap.
func (f *KALE) at(h []float64) (value, gap float64) {
	for i, v := range h {
		f.a[i] = f.q[i] * math.Exp(v)
	}
	f.times(f.part, f.a)
	for i, v := range h {
		f.hat[i] = (f.b[i] - f.part[i]) / f.Lambda
		if a := f.a[i]; a > 0 {
			value += float64(a*v) - a + float64(a*(f.part[i]-2*f.b[i])/(2*f.Lambda))
			// a (v - hat) - a + q e^hat = a (e^t - 1 - t), t = hat - v
			t := f.hat[i] - v
			gap += a * (math.Expm1(t) - t)
		}
	}
	return value, gap
}

// solve finds the dual optimum for the particles and returns its value.
func (f *KALE) solve(c *measure.Cloud) (float64, error) {
	k, n := f.Kernel(f.Target), f.Target.N
	f.prepare(k)
	k.Sum(f.b, f.Target, kernel.Of(c), f.Threads)
	if len(f.h) != n {
		f.h = make([]float64, n)
	}
	want := f.Gap
	if want == 0 {
		want = 1e-13
	}
	value, gap := f.at(f.h)
	if math.IsInf(gap, 0) || math.IsNaN(gap) { // a warm start from far away
		clear(f.h)
		value, gap = f.at(f.h)
	}
	r, s := f.rank, f.stride
	scaled, square := make([]float64, n*s), make([]float64, s*s)
	step, trial := make([]float64, n), make([]float64, n)
	for count := range 200 {
		f.last = Status{count, gap}
		if gap <= want {
			return value, nil
		}
		// (lambda I + K diag a) step = lambda (hat - h), by the factor of K.
		for i, a := range f.a {
			for j, l := range f.factor[i*s : (i+1)*s] {
				scaled[i*s+j] = float64(a * l)
			}
		}
		simd.MatMul(square, scaled, f.factor, s, n, s, 1, s, false)
		inner := mat.NewSymDense(r, nil)
		right := mat.NewVecDense(r, nil)
		for i := range r {
			for j := i; j < r; j++ {
				inner.SetSym(i, j, square[i*s+j])
			}
			inner.SetSym(i, i, square[i*s+i]+f.Lambda)
		}
		for i := range n {
			t := f.hat[i] - f.h[i]
			for j, l := range scaled[i*s : i*s+r] {
				right.SetVec(j, right.AtVec(j)+float64(l*t))
			}
		}
		var chol mat.Cholesky
		var z mat.VecDense
		if !chol.Factorize(inner) || chol.SolveVecTo(&z, right) != nil {
			return 0, errors.New("the inner problem of kale cannot be solved: use a larger lambda")
		}
		slope, longest := 0.0, 0.0
		for i := range step {
			t := f.hat[i] - f.h[i]
			step[i] = t
			for j, l := range f.factor[i*s : i*s+r] {
				step[i] -= float64(l * z.AtVec(j))
			}
			longest = max(longest, math.Abs(step[i]))
			slope -= float64(f.a[i] * t * step[i]) // derivative of the dual along the step
		}
		length := min(1, 4/longest)
		for range 60 {
			for i, t := range step {
				trial[i] = f.h[i] + float64(length*t)
			}
			v, g := f.at(trial)
			if v <= value+1e-4*length*slope || g < gap {
				value, gap = v, g
				copy(f.h, trial)
				break
			}
			length /= 2
		}
		if length < 1e-17 {
			break
		}
	}
	if gap <= 1e-10 { // what rounding leaves
		return value, nil
	}
	return 0, fmt.Errorf("the inner problem of kale ends at a duality gap of %.2g, above %g: use a larger lambda or gap", gap, want)
}

// Update lets the bandwidth follow the target, which says the scale.
func (f *KALE) Update(*measure.Cloud, uint64) error {
	f.Follow(f.Target)
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
