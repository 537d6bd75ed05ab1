package geometry

import (
	"fmt"
	"math"

	"wgf/kernel"
	"wgf/measure"
)

// FisherRao is the geometry in which only masses change,
//
//	d/dt log w_i = -(F'(mu)(x_i) - int F'(mu) dmu).
//
// The entropy tau of the functional is estimated: F' includes tau log rho(x_i) with
// rho = k*mu a kernel density estimate. Particles stay where they are. The cost is of
// order n^2 d where there is an entropy, of order n otherwise.
// Gallouet and Monsaingeon 2017; Lu, Slepcev and Wang 2023.
type FisherRao struct {
	Threads int
	kernel.Fitted
	rho []float64
}

func fisherRaoEntry() Entry {
	return Entry{
		Name:      "fisher-rao",
		Formula:   "d/dt log w = -(F'(mu) - mean): masses change, particles stay",
		Cost:      "n^2 d for the density estimate of an entropy",
		Reference: "Lu, Slepcev, Wang 2023, Nonlinearity 36(11)",
		Kernel:    true,
		Build:     func(s Setting) (Geometry, error) { return newFisherRao("fisher-rao", s) },
	}
}

func newFisherRao(name string, s Setting) (*FisherRao, error) {
	if !s.Kernel.Family.Scaled() {
		return nil, fmt.Errorf("geometry %s estimates a density and needs a positive kernel: use gaussian, imq, laplace or matern, not %s", name, s.Kernel.Family)
	}
	return &FisherRao{Threads: s.Threads, Fitted: kernel.Fitted{Asked: s.Kernel, Rule: s.Rule, Frozen: s.Frozen}}, nil
}

func (g *FisherRao) Traits() Traits {
	return Traits{Name: "fisher-rao", AbsorbsMass: true, Witness: true, Still: true, Descent: true, MinParticles: 2}
}

func (g *FisherRao) Update(c *measure.Cloud, _ uint64) error {
	g.Follow(kernel.Of(c))
	return nil
}

func (g *FisherRao) Velocity(dst []float64, _ Field) error {
	clear(dst)
	return nil
}

func (g *FisherRao) Reaction(dst []float64, f Field) error {
	c := f.Cloud
	copy(dst, f.Witness)
	if f.Entropy != 0 {
		x := kernel.Of(c)
		k := g.Kernel(x)
		if len(g.rho) != c.N {
			g.rho = make([]float64, c.N)
		}
		k.Sum(g.rho, x, x, g.Threads)
		for i, r := range g.rho {
			dst[i] += f.Entropy * math.Log(math.Max(r, 1e-300))
		}
	}
	mean := 0.0
	for i, w := range c.Weights() {
		if w > 0 {
			mean += float64(w * dst[i])
		}
	}
	for i, v := range dst {
		dst[i] = mean - v
	}
	return nil
}

// WassersteinFisherRao is the sum of the two: particles move as in [Wasserstein] and
// masses change as in [FisherRao]. Also known as Hellinger-Kantorovich.
// Liero, Mielke and Savare 2018; Chizat et al. 2018.
type WassersteinFisherRao struct {
	Wasserstein
	FisherRao
}

func wfrEntry() Entry {
	return Entry{
		Name:      "wfr",
		Formula:   "v = -grad F'(mu), d/dt log w = -(F'(mu) - mean)",
		Cost:      "n^2 d for the density estimate of an entropy",
		Reference: "Lu, Lu, Nolen 2019; Liero, Mielke, Savare 2018, Invent. Math. 211",
		Kernel:    true,
		Build: func(s Setting) (Geometry, error) {
			fr, err := newFisherRao("wfr", s)
			if err != nil {
				return nil, err
			}
			return &WassersteinFisherRao{FisherRao: *fr}, nil
		},
	}
}

func (g *WassersteinFisherRao) Traits() Traits {
	return Traits{Name: "wfr", AbsorbsMass: true, Witness: true, Descent: true, MinParticles: 2}
}

func (g *WassersteinFisherRao) Velocity(dst []float64, f Field) error {
	return g.Wasserstein.Velocity(dst, f)
}
