package functional

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

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

// times writes K a to dst.
func (f *KALE) times(dst, a []float64) {
	f.through(f.narrow, a)
	f.back(dst, f.narrow)
}

// through writes L^T a, L the factor of K, and back L z.
func (f *KALE) through(dst, a []float64) {
	blas64.Gemv(blas.Trans, 1, f.general(), vector(a), 0, vector(dst[:f.rank]))
}

func (f *KALE) back(dst, z []float64) {
	blas64.Gemv(blas.NoTrans, 1, f.general(), vector(z[:f.rank]), 0, vector(dst))
}

func (f *KALE) general() blas64.General {
	return blas64.General{Rows: len(f.q), Cols: f.rank, Stride: f.stride, Data: f.factor}
}

func vector(v []float64) blas64.Vector { return blas64.Vector{N: len(v), Inc: 1, Data: v} }

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
	want := f.Gap
	if want == 0 {
		want = 1e-13
	}
	value, gap := f.begin(want)
	step, trial := f.step[:n], f.step[n:]
	fresh := false // the factored matrix is the one of f.h
	for count := range 200 {
		f.last = Status{count, gap}
		if gap <= want {
			return value, nil
		}
		if f.root == nil {
			if err := f.refactor(); err != nil {
				return 0, err
			}
			fresh = true
		}
		slope, longest := f.newton(step)
		length := min(1, 4/longest)
		moved := false
		for range 60 {
			for i, t := range step {
				trial[i] = f.h[i] + float64(length*t)
			}
			v, g := f.at(trial)
			if v <= value+1e-4*length*slope || g < gap {
				// An old matrix is kept as long as it closes the gap quickly.
				if !fresh && g > gap/16 {
					f.root = nil
				}
				value, gap, moved = v, g, true
				copy(f.h, trial)
				break
			}
			if !fresh {
				break
			}
			length /= 2
		}
		if !moved {
			if fresh {
				break
			}
			f.root = nil
			f.at(f.h)
		}
		fresh = false
	}
	if gap <= 1e-10 { // what rounding leaves
		return value, nil
	}
	return 0, fmt.Errorf("the inner problem of kale ends at a duality gap of %.2g, above %g: use a larger lambda or gap", gap, want)
}

// begin chooses where Newton steps start: on the line through the last two optima,
// which particles that move steadily follow, at the last one, or at 0.
func (f *KALE) begin(want float64) (value, gap float64) {
	n := len(f.q)
	if len(f.h) != n {
		f.h = make([]float64, n)
	}
	last := slices.Clone(f.h)
	if len(f.before) == n {
		for i, v := range f.before {
			f.h[i] = 2*last[i] - v
		}
	}
	f.before = last
	if value, gap = f.at(f.h); gap <= want {
		return value, gap
	}
	ahead := slices.Clone(f.h)
	for k, start := range [][]float64{last, make([]float64, n)} {
		if k == 1 && gap < math.Inf(1) {
			break
		}
		if _, g := f.at(start); !(gap <= g) {
			gap = g
			copy(ahead, start)
		}
	}
	copy(f.h, ahead)
	return f.at(f.h)
}

// refactor factors lambda I + L^T diag(a) L.
func (f *KALE) refactor() error {
	n, r, s := len(f.q), f.rank, f.stride
	for i, a := range f.a {
		for j, l := range f.factor[i*s : (i+1)*s] {
			f.scaled[i*s+j] = float64(a * l)
		}
	}
	f.root = f.square
	simd.MatMul(f.root, f.scaled, f.factor, s, n, s, 1, s, false)
	for i := range r {
		f.root[i*s+i] += f.Lambda
	}
	sym := blas64.Symmetric{N: r, Stride: s, Data: f.root, Uplo: blas.Upper}
	if _, ok := lapack64.Potrf(sym); !ok {
		f.root = nil
		return errors.New("the inner problem of kale cannot be solved: use a larger lambda")
	}
	return nil
}

// newton writes the solution of (lambda I + K diag a) step = lambda (hat - h) by the
// factored matrix, and returns the derivative of the dual value along it and its longest
// entry.
func (f *KALE) newton(step []float64) (slope, longest float64) {
	for i, a := range f.a {
		f.part[i] = a * (f.hat[i] - f.h[i])
	}
	f.through(f.narrow, f.part)
	z := blas64.General{Rows: f.rank, Cols: 1, Stride: 1, Data: f.narrow[:f.rank]}
	lapack64.Potrs(blas64.Triangular{N: f.rank, Stride: f.stride, Data: f.root, Uplo: blas.Upper, Diag: blas.NonUnit}, z)
	f.back(step, f.narrow)
	for i := range step {
		t := f.hat[i] - f.h[i]
		step[i] = t - step[i]
		longest = max(longest, math.Abs(step[i]))
		slope -= float64(f.a[i] * t * step[i])
	}
	return slope, longest
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
