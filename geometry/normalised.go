package geometry

import (
	"math"

	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
)

// SteinNormalised is the Stein geometry of a kernel divided by a density estimate,
//
//	K(x, y) = k(x, y) (rho(x) rho(y))^-alpha,   rho(x) = sum_j w_j k(x, x_j),
//	v_i = sum_j w_j {-K_ij [g_j + tau alpha grad log rho(x_j)] + tau (rho_i rho_j)^-alpha grad_1 k(x_j, x_i)}.
//
// With alpha = 1/2, the default, velocities do not die out where there are few
// particles, and v tends to the Wasserstein velocity as the bandwidth tends to 0. Where
// no bandwidth is given it is 1.059 times that of the rule; the rule of the paper is
// scott. The cost is twice that of [Stein]. With one particle v = -g.
// Xu, Korba and Slepcev 2022, section 5 (NSVGD).
type SteinNormalised struct {
	Alpha   float64
	Threads int
	kernel.Fitted
	rho, slope, score, scaled []float64
}

func steinNormalisedEntry() Entry {
	return Entry{
		Name:      "stein-normalised",
		Formula:   "stein with the kernel k(x,y) (rho(x) rho(y))^-alpha, rho = k*mu",
		Cost:      "n^2 d",
		Reference: "Xu, Korba, Slepcev 2022, ICML",
		Kernel:    true,
		Params:    []spec.Param{{Name: "alpha", Default: 0.5, Help: "power of the density that the kernel is divided by, 0 to 1; 0: stein"}},
		Build: func(s Setting) (Geometry, error) {
			if err := definite("stein-normalised", s); err != nil {
				return nil, err
			}
			alpha, err := s.Params.Within("alpha", 0, 1)
			return &SteinNormalised{Alpha: alpha, Threads: s.Threads,
				Fitted: kernel.Fitted{Asked: s.Kernel, Rule: s.Rule, Frozen: s.Frozen, Factor: 1.059}}, err
		},
	}
}

func (g *SteinNormalised) Traits() Traits {
	return Traits{Name: "stein-normalised", Absorbs: true, Descent: true}
}

func (g *SteinNormalised) Update(c *measure.Cloud, _ uint64) error {
	g.Follow(kernel.Of(c))
	return nil
}

// leastDensity keeps powers of the density finite far from all weight.
const leastDensity = 1e-200

func (g *SteinNormalised) Velocity(dst []float64, f Field) error {
	c, n, d := f.Cloud, f.Cloud.N, f.Cloud.D
	x := kernel.Of(c)
	k := g.Kernel(x)
	rho, slope, score, scaled := sized(&g.rho, n), sized(&g.slope, n*d), sized(&g.score, n*d), sized(&g.scaled, n)
	k.SumGradient(rho, slope, x, x, g.Threads)
	for i := range rho {
		rho[i] = max(rho[i], leastDensity)
	}
	// Both factors rho^-alpha lie outside of the kernel: one is a weight of the
	// sources, the other multiplies the sum.
	for i, w := range c.Weights() {
		scaled[i] = w * math.Pow(rho[i], -g.Alpha)
	}
	x.W = scaled
	if f.Entropy == 0 {
		for i, v := range f.Gradient {
			score[i] = -v
		}
		k.Apply(dst, x, x, score, d, g.Threads)
	} else {
		for at, v := range f.Gradient {
			score[at] = -v/f.Entropy - float64(g.Alpha*slope[at]/rho[at%n])
		}
		k.SteinVelocity(dst, x, score, g.Threads)
		for i := range dst {
			dst[i] *= f.Entropy
		}
	}
	for i, r := range rho {
		r = math.Pow(r, -g.Alpha)
		for l := range d {
			dst[l*n+i] *= r
		}
	}
	return nil
}
