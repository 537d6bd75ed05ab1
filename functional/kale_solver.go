package functional

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

	"wgf/internal/simd"
	"wgf/kernel"
	"wgf/measure"
)

// The inner problem of KALE: Newton steps in log a with the factor L of the kernel matrix.

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
