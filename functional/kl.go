package functional

import (
	"context"
	"errors"

	"wgf/measure"
	"wgf/target"
)

// KL is the relative entropy to the density p = exp(-V),
//
//	F(mu) = int V dmu + int mu log mu,
//
// up to the constant log Z. On particles the entropy is infinite: Evaluate gives the
// potential part, value sum_i w_i V(x_i), gradient grad V(x_i), witness V(x_i), and
// the trait Entropy is 1. The cost is one gradient of the log density a particle.
// Jordan, Kinderlehrer and Otto 1998, eq. 10; Wibisono 2018.
type KL struct {
	Density target.Density
	Threads int

	at potentials
	lp []float64
}

// NewKL returns the relative entropy to a density.
func NewKL(density target.Density, threads int) *KL {
	return &KL{Density: density, Threads: threads}
}

func klEntry() Entry {
	return Entry{
		Name:      "kl",
		Formula:   "KL(mu|pi) = int V dmu + int mu log mu, the entropy left to geometry or scheme",
		Cost:      "n gradients of the log density",
		Reference: "Jordan, Kinderlehrer, Otto 1998, SIAM J. Math. Anal. 29(1)",
		Needs:     Score,
		Build: func(s Setting) (Functional, error) {
			if s.Density == nil {
				return nil, errDensity("kl")
			}
			return NewKL(s.Density, s.Threads), nil
		},
	}
}

func errDensity(name string) error {
	return errors.New("functional " + name + " needs the log density of the target and its gradient, and the target is known through samples only: use mmd or energy")
}

func (f *KL) Traits() Traits {
	return Traits{Name: "kl", Needs: Score, Entropy: 1, Value: true, Witness: true, Independent: true}
}

func (f *KL) Evaluate(_ context.Context, out *Evaluation, c *measure.Cloud) error {
	return f.potential(out, c)
}

// potential evaluates int V dmu.
func (f *KL) potential(out *Evaluation, c *measure.Cloud) error {
	f.at.density, f.at.threads = f.Density, f.Threads
	if len(f.lp) != c.N {
		f.lp = make([]float64, c.N)
	}
	if err := f.at.evaluate(f.lp, out.Gradient, c.X); err != nil {
		return err
	}
	for i := range out.Gradient {
		out.Gradient[i] = -out.Gradient[i]
	}
	for i := range out.Witness {
		out.Witness[i] = -f.lp[i]
	}
	if out.WantValue {
		out.Value = -weightedMean(c, f.lp)
	}
	return nil
}

// weightedMean is sum_i w_i v_i.
func weightedMean(c *measure.Cloud, v []float64) float64 {
	sum := 0.0
	if c.LogW == nil {
		for _, a := range v {
			sum += a
		}
		return sum / float64(c.N)
	}
	for i, w := range c.Weights() {
		if w > 0 {
			sum += float64(w * v[i])
		}
	}
	return sum
}
