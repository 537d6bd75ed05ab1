package functional

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"wgf/internal/simd"
	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
)

// KKL is the quantum relative entropy of covariance operators, skewed by Alpha,
//
//	F(mu) = tr S_mu log S_mu - tr S_mu log(Alpha S_mu + (1-Alpha) S_pi),   S_mu = int phi phi^T dmu,
//
// phi the feature map of a kernel with k(x, x) = 1: 0 <= F <= log(1/Alpha), 0 at the
// target only for characteristic kernels. With g(t) = t log t, K_mu the kernel matrix of
// the particles weighted by sqrt(w_i w_j), K that of particles (Alpha w) and target
// points ((1-Alpha) q) together and A = diag(I/Alpha, 0),
//
//	F = tr g(K_mu) - tr A g(K),   dF = <log K_mu + I, dK_mu> - <M, dK>,
//
// M the derivative of tr A g by divided differences of g at the eigenvalues of K. The
// gradient is exact. Matrices are taken with their numerical rank r: cost (n+m) r^2 and
// (n+m)^2 (r + d), memory (n+m)^2. A particle without weight has gradient 0.
// Chazal, Korba and Bach 2024, propositions 4 and 5.
type KKL struct {
	Target  kernel.Points
	Threads int
	kernel.Fitted
	Alpha float64
}

func kklEntry() Entry {
	return Entry{
		Name:      "kkl",
		Formula:   "tr S_mu log S_mu - tr S_mu log(alpha S_mu + (1-alpha) S_pi), S covariance operators of a kernel",
		Cost:      "(n+m) r^2 + (n+m)^2 r, r the rank of the kernel matrix",
		Reference: "Chazal, Korba, Bach 2024, NeurIPS 37",
		Needs:     Samples,
		Kernel:    true,
		Params: []spec.Param{
			{Name: "alpha", Default: 0.01, Help: "share of the particles in the mixture, between 0 and 1"},
			{Name: "draws", Default: 300, Help: drawsParam.Help},
		},
		Build: func(s Setting) (Functional, error) {
			if !s.Kernel.Family.Scaled() {
				return nil, fmt.Errorf("functional kkl needs a positive definite kernel: use gaussian, imq, laplace or matern, not %s", s.Kernel.Family)
			}
			alpha := s.Params.Get("alpha")
			if !(alpha > 0 && alpha < 1) {
				return nil, s.Params.Refuse("alpha", "a number between 0 and 1")
			}
			y, err := targetPoints("kkl", s)
			if err != nil {
				return nil, err
			}
			f := &KKL{Target: kernel.Of(y), Threads: s.Threads, Alpha: alpha}
			f.Asked, f.Rule, f.Frozen = s.Kernel, s.Rule, s.Frozen
			return f, nil
		},
	}
}

func (f *KKL) Traits() Traits {
	return Traits{Name: "kkl", Needs: Samples, Exact: true, Value: true}
}

// spectrum is the part of a positive semidefinite matrix that is not 0: a = U diag(e) U^T,
// U of n rows and r columns.
type spectrum struct {
	n, r int
	u    []float64 // row-major, rows of length stride
	e    []float64
	s    int // stride
}

// spectrumOf takes the singular values of the pivoted Cholesky factor, which are the
// roots of the eigenvalues to full relative precision.
func spectrumOf(a []float64, n int) (*spectrum, error) {
	l, r, stride := pivotedCholesky(a, n, 1e-14)
	full := mat.NewDense(n, stride, l)
	var svd mat.SVD
	if r == 0 || !svd.Factorize(full.Slice(0, n, 0, r), mat.SVDThin) {
		return nil, errors.New("functional kkl: no eigenvalues were found")
	}
	var u mat.Dense
	svd.UTo(&u)
	out := &spectrum{n: n, r: r, s: stride, u: make([]float64, n*stride), e: svd.Values(nil)}
	for i := range n {
		for c := range r {
			out.u[i*stride+c] = u.At(i, c)
		}
	}
	for c, v := range out.e {
		out.e[c] = v * v
	}
	return out, nil
}

// Update lets the bandwidth follow the target, which says the scale.
func (f *KKL) Update(*measure.Cloud, uint64) error {
	f.Kernel(f.Target)
	return nil
}

func (f *KKL) Evaluate(_ context.Context, out *Evaluation, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	k, n, m, y := f.Kernel(f.Target), c.N, f.Target.N, f.Target
	size, w := n+m, c.Weights()
	both := kernel.Points{N: size, D: c.D, X: make([]float64, size*c.D)}
	mass := make([]float64, size)
	for d := range c.D {
		copy(both.X[d*size:], c.X[d*n:(d+1)*n])
		copy(both.X[d*size+n:], y.X[d*m:(d+1)*m])
	}
	for i := range n {
		mass[i] = f.Alpha * w[i]
	}
	for j := range m {
		q := 1 / float64(m)
		if y.W != nil {
			q = y.W[j]
		}
		mass[n+j] = (1 - f.Alpha) * q
	}
	matrix := gram(k, both, both, mass, mass)
	own := make([]float64, n*n)
	for i := range n {
		for j := range n {
			own[i*n+j] = matrix[i*size+j] / f.Alpha
		}
	}
	all, err := spectrumOf(matrix, size)
	if err != nil {
		return err
	}
	mine, err := spectrumOf(own, n)
	if err != nil {
		return err
	}
	// P = U_x^T U_x of the rows of the particles.
	s, r := all.s, all.r
	p := make([]float64, s*s)
	simd.MatMul(p, all.u, all.u, s, n, s, 1, s, false)
	if out.WantValue {
		sum := 0.0
		for _, e := range mine.e {
			sum += entropyOf(e)
		}
		for a := range r {
			sum -= entropyOf(all.e[a]) * p[a*s+a] / f.Alpha
		}
		out.Value = max(0, sum)
	}
	if out.Gradient == nil {
		return nil
	}
	// M = U (Phi o U^T A U) U^T + N A U diag(log e) U^T + its transpose, N = I - U U^T,
	// needed in the rows of the particles: M_x = U_x C U^T + A_x L U^T + ..., see below.
	middle := make([]float64, s*s) // Phi o P - P diag(log) - diag(log) P, over Alpha
	logs := make([]float64, r)
	for a, e := range all.e {
		logs[a] = math.Log(max(e, 1e-300))
	}
	for a := range r {
		for b := range r {
			ea, eb := all.e[a], all.e[b]
			phi := 1 + logs[a]
			if math.Abs(ea-eb) > 1e-9*max(ea, eb) {
				phi = (entropyOf(ea) - entropyOf(eb)) / (ea - eb)
			}
			middle[a*s+b] = p[a*s+b] * (phi - logs[a] - logs[b]) / f.Alpha
		}
	}
	// M_x = U_x middle U^T + [U diag(log) U^T]_x (1 + [column is a particle])/Alpha.
	left := make([]float64, n*s)
	simd.MatMul(left, all.u, middle, n, s, s, s, 1, false)
	bent := make([]float64, n*s)
	for i := range n {
		for a := range r {
			bent[i*s+a] = float64(all.u[i*s+a]*logs[a]) / f.Alpha
		}
	}
	mineLog := make([]float64, mine.r)
	for a, e := range mine.e {
		mineLog[a] = 1 + math.Log(max(e, 1e-300))
	}
	clear(out.Gradient)
	row := make([]float64, c.D)
	for i := range n {
		if w[i] == 0 {
			continue
		}
		clear(row)
		for j := range size {
			if j == i {
				continue
			}
			coefficient, plain := 0.0, 0.0
			for a := range r {
				coefficient += float64(left[i*s+a] * all.u[j*s+a])
				plain += float64(bent[i*s+a] * all.u[j*s+a])
			}
			coefficient += plain
			if j < n {
				coefficient += plain
			}
			coefficient *= -math.Sqrt(mass[i] * mass[j])
			if j < n {
				g := 0.0
				for a := range mine.r {
					g += float64(mine.u[i*mine.s+a] * mineLog[a] * mine.u[j*mine.s+a])
				}
				coefficient += g * math.Sqrt(w[i]*w[j])
			}
			r2 := 0.0
			for d := range c.D {
				t := both.X[d*size+i] - both.X[d*size+j]
				r2 += float64(t * t)
			}
			_, psi, _ := k.At(r2)
			for d := range c.D {
				row[d] += float64(2 * coefficient * psi * (both.X[d*size+i] - both.X[d*size+j]))
			}
		}
		for d := range c.D {
			out.Gradient[d*n+i] = row[d] / w[i]
		}
	}
	for at, v := range out.Gradient {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("the gradient of kkl is %v at particle %d: use a wider kernel", v, at%n+1)
		}
	}
	return nil
}

// entropyOf is t log t.
func entropyOf(t float64) float64 {
	if t <= 0 {
		return 0
	}
	return t * math.Log(t)
}
