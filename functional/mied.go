package functional

import (
	"context"
	"math"

	"wgf/internal/simd"
	"wgf/internal/spec"
	"wgf/measure"
	"wgf/target"
)

// Mollifier is a function phi(|x-y|) that stands for a point mass in [MIED].
type Mollifier uint8

const (
	RieszMollifier    Mollifier = iota // (r^2 + eps)^(-s/2), s = 2 alpha d + 1e-4
	GaussianMollifier                  // exp(-r^2/(2 eps))
	LaplaceMollifier                   // exp(-r/eps)
)

// MIED is the logarithm of the mollified interaction energy,
//
//	F(mu) = log sum_ij w_i w_j phi(|x_i - x_j|) (p(x_i) p(x_j))^(-1/2),
//
// whose limit for narrow phi is log(1 + chi^2(mu|p)) up to a constant. A Riesz mollifier
// has its pole on the diagonal, which takes r_ii = (distance to the nearest particle)
// /(1.3 d)^(1/d) in place of 0; the other two take 0. Particles in one place count as
// one, and those without weight are nobody's neighbour. The gradient is exact, that of
// the nearest distance included, except where two particles are equally near. All sums
// are of logarithms. Cost n gradients of the log density and n^2 d, memory of order n d.
// Li, Liu, Korba, Yurochkin and Solomon 2023, eqs. 5 and 9.
type MIED struct {
	Density   target.Density
	Mollifier Mollifier
	Alpha     float64 // of Riesz; 0: 0.5
	Eps       float64 // 0: 1e-8 for Riesz, 0.01 for the others
	Threads   int

	at                    potentials
	lp, score, logs, self []float64
	near, same            []int32
	tiles                 [][]float64
}

func miedEntry() Entry {
	return Entry{
		Name:      "mied",
		Formula:   "log int int phi(x-y) (p(x) p(y))^(-1/2) dmu dmu, phi a mollifier: log(1 + chi^2) in the limit",
		Cost:      "n gradients of the log density + n^2 d",
		Reference: "Li, Liu, Korba, Yurochkin, Solomon 2023, ICLR",
		Needs:     Score,
		Params: []spec.Param{
			{Name: "mollifier", Default: 0, Help: "0: Riesz, 1: Gaussian, 2: Laplace"},
			{Name: "alpha", Default: 0.5, Help: "Riesz exponent s = 2 alpha d + 1e-4"},
			{Name: "eps", Default: 0, Help: "width: (r^2+eps)^(-s/2), exp(-r^2/(2 eps)), exp(-r/eps); 0: 1e-8, 0.01, 0.01"},
		},
		Build: func(s Setting) (Functional, error) {
			if s.Density == nil {
				return nil, errDensity("mied")
			}
			which := s.Params.Get("mollifier")
			if which != 0 && which != 1 && which != 2 {
				return nil, s.Params.Refuse("mollifier", "0, 1 or 2")
			}
			alpha, err := s.Params.Positive("alpha")
			if err != nil {
				return nil, err
			}
			eps, err := s.Params.Within("eps", 0, 1e100)
			return &MIED{Density: s.Density, Mollifier: Mollifier(which), Alpha: alpha, Eps: eps, Threads: s.Threads}, err
		},
	}
}

func (f *MIED) Traits() Traits {
	return Traits{Name: "mied", Needs: Score, Exact: true, Value: true, Witness: true, MinParticles: 2}
}

// shape is the mollifier in d dimensions.
type shape struct {
	kind   Mollifier
	eps, s float64
	shrink float64 // of the nearest squared distance on the diagonal
}

func (f *MIED) shape(d int) shape {
	m := shape{kind: f.Mollifier, eps: f.Eps}
	alpha := f.Alpha
	if alpha == 0 {
		alpha = 0.5
	}
	if m.eps == 0 {
		m.eps = 0.01
		if m.kind == RieszMollifier {
			m.eps = 1e-8
		}
	}
	if m.kind == RieszMollifier {
		m.s = 2*alpha*float64(d) + 1e-4
		m.shrink = math.Pow(1.3*float64(d), -2/float64(d))
	}
	return m
}

// logs writes log phi of squared distances; slopes, if not nil, gets
// (d log phi/dr)/r, 0 at r = 0 where that has no limit.
func (m shape) logs(dst, slopes, r2 []float64) {
	switch m.kind {
	case RieszMollifier:
		for l, v := range r2 {
			dst[l] = v + m.eps
			if slopes != nil {
				slopes[l] = -m.s / (v + m.eps)
			}
		}
		simd.Log(dst, dst)
		simd.Scale(dst, -m.s/2, dst)
	case GaussianMollifier:
		simd.Scale(dst, -0.5/m.eps, r2)
		for l := range slopes {
			slopes[l] = -1 / m.eps
		}
	default:
		simd.Sqrt(dst, r2)
		for l := range slopes {
			slopes[l] = 0
			if dst[l] > 0 {
				slopes[l] = -1 / (m.eps * dst[l])
			}
		}
		simd.Scale(dst, -1/m.eps, dst)
	}
}

func (f *MIED) Evaluate(_ context.Context, out *Evaluation, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	n := c.N
	f.lp, f.score = sized(f.lp, n), sized(f.score, n*c.D)
	var score []float64
	if out.Gradient != nil {
		score = f.score
	}
	f.at.density, f.at.threads = f.Density, f.Threads
	if err := f.at.evaluate(f.lp, score, c.X); err != nil {
		return err
	}
	m, w := f.shape(c.D), c.Weights()
	logw := make([]float64, n) // log w_j - log p(x_j)/2
	for i, v := range w {
		logw[i] = math.Log(v) - f.lp[i]/2
	}
	f.neighbours(c, w)
	f.rowSums(c, m, logw)
	terms := make([]float64, n)
	for i, v := range f.logs {
		terms[i] = logw[i] + v
	}
	total := logSumExp(terms)
	if out.WantValue {
		out.Value = total
	}
	for i := range out.Witness { // dF/dw_i
		out.Witness[i] = 2 * math.Exp(f.logs[i]-f.lp[i]/2-total)
	}
	if out.Gradient != nil {
		f.gradient(out.Gradient, c, m, w, logw, total)
	}
	return finiteResult("mied", out, n)
}
