package functional

import (
	"context"
	"fmt"

	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
	"wgf/target"
)

// Embedding is the mean embedding of a target in closed form: value and gradient of
// z -> E k(z, Y). Either slice may be nil.
type Embedding interface {
	Embed(k kernel.Kernel, value, gradient []float64, z kernel.Points)
	// Norm2 is E k(Y, Y').
	Norm2(k kernel.Kernel) float64
}

// MMD is half the squared maximum mean discrepancy to the target,
//
//	F(mu) = 1/2 sum_ij w_i w_j k(x_i, x_j) - sum_i w_i E k(x_i, Y) + 1/2 E k(Y, Y'),
//
// gradient the gradient of its witness, exact. The target is points, or a mean
// embedding in closed form. Cost n (n+m) d.
// Arbel, Korba, Salim and Gretton 2019, eqs. 2 to 5.
type MMD struct {
	Target  kernel.Points // ignored with an Embedding
	Closed  Embedding     // nil: Target
	Threads int

	kernel.Fitted
	norm      float64 // E k(Y, Y') for the kernel normed
	normed    kernel.Kernel
	have      bool
	val, part []float64
}

// NewMMD returns half the squared MMD to points under a kernel; bandwidth 0 follows
// the cloud and the points by rule.
func NewMMD(k kernel.Kernel, rule kernel.Rule, y kernel.Points, threads int) *MMD {
	return &MMD{Target: y, Threads: threads, Fitted: kernel.Fitted{Asked: k, Rule: rule}}
}

func mmdEntry() Entry {
	return Entry{
		Name:      "mmd",
		Formula:   "MMD^2(mu,pi)/2 under a kernel",
		Cost:      "n (n+m) d",
		Reference: "Arbel, Korba, Salim, Gretton 2019, NeurIPS 32",
		Needs:     Samples,
		Kernel:    true,
		Params:    []spec.Param{drawsParam},
		Build: func(s Setting) (Functional, error) {
			return buildMMD("mmd", s)
		},
	}
}

func energyEntry() Entry {
	return Entry{
		Name:      "energy",
		Formula:   "half the energy distance: MMD^2(mu,pi)/2 with k = -|x-y|",
		Cost:      "n (n+m) d",
		Reference: "Szekely, Rizzo 2013, J. Stat. Plan. Inference 143(8)",
		Needs:     Samples,
		Params:    []spec.Param{drawsParam},
		Build: func(s Setting) (Functional, error) {
			s.Kernel = kernel.Kernel{Family: kernel.Energy}
			return buildMMD("energy", s)
		},
	}
}

func buildMMD(name string, s Setting) (Functional, error) {
	y, err := targetPoints(name, s)
	if err != nil {
		return nil, err
	}
	f := NewMMD(s.Kernel, s.Rule, kernel.Of(y), s.Threads)
	f.Frozen = s.Frozen
	return f, nil
}

// drawsParam is how many exact draws stand for a density that can be sampled.
var drawsParam = spec.Param{Name: "draws", Default: 1000, Help: "exact draws that stand for a target given as a density"}

// targetPoints are the samples of the setting, or exact draws of its density.
func targetPoints(name string, s Setting) (*measure.Cloud, error) {
	if s.Samples != nil {
		return s.Samples, nil
	}
	sampler, ok := s.Density.(target.Sampler)
	if !ok {
		return nil, fmt.Errorf("functional %s needs samples of the target, and this density cannot be sampled exactly: give --samples FILE, or use kl or blob, which need the density only", name)
	}
	m, err := s.Params.Integer("draws", 1)
	if err != nil {
		return nil, err
	}
	c := measure.New(m, s.Density.Dim())
	sampler.Sample(c.X, m, s.Seed)
	return c, nil
}

func (f *MMD) Traits() Traits {
	// Kernels with a corner at 0 have no gradient where particles meet; the value 0
	// there is the one of symmetry.
	return Traits{Name: "mmd", Needs: Samples, Exact: true, Value: true, Witness: true}
}

func (f *MMD) Update(c *measure.Cloud, _ uint64) error {
	if f.Closed != nil {
		f.Follow(kernel.Of(c))
		return nil
	}
	// The target says the scale, once: it is where particles are to be told apart.
	f.Kernel(f.Target)
	return nil
}

func (f *MMD) Evaluate(ctx context.Context, out *Evaluation, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	if !f.Ready() {
		if err := f.Update(c, 0); err != nil {
			return err
		}
	}
	value := out.Witness
	if value == nil && out.WantValue {
		f.val = sized(f.val, c.N)
		value = f.val
	}
	if err := f.WitnessAt(ctx, value, out.Gradient, kernel.Points{N: c.N, D: c.D, X: c.X}, c); err != nil {
		return err
	}
	if !out.WantValue {
		return nil
	}
	// F = 1/2 [int f dmu - int f dpi], int f dpi = int E k(., Y) dmu - E k(Y, Y').
	k := f.Kernel(f.Target)
	if !f.have || f.normed != k {
		if f.Closed != nil {
			f.norm = f.Closed.Norm2(k)
		} else {
			f.norm = k.MeanPair(f.Target, f.Target, f.Threads)
		}
		f.have, f.normed = true, k
	}
	x := kernel.Of(c)
	own := k.MeanPair(x, x, f.Threads)
	out.Value = max(0, (2*weightedMean(c, value)-own+f.norm)/2)
	return nil
}

func (f *MMD) WitnessAt(_ context.Context, value, gradient []float64, z kernel.Points, c *measure.Cloud) error {
	if !f.Ready() {
		if err := f.Update(c, 0); err != nil {
			return err
		}
	}
	x := kernel.Of(c)
	if f.Closed == nil {
		f.Kernel(f.Target).Witness(value, gradient, z, x, f.Target, f.Threads)
		return nil
	}
	// In closed form: both embeddings, one after the other.
	if value != nil {
		f.Kernel(f.Target).Sum(value, z, x, f.Threads)
	}
	if gradient != nil {
		f.Kernel(f.Target).Gradient(gradient, z, x, f.Threads)
	}
	f.part = sized(f.part, z.N*(z.D+1))
	v, g := f.part[:z.N], f.part[z.N:]
	f.Closed.Embed(f.Kernel(f.Target), v, g, z)
	for i := range value {
		value[i] -= v[i]
	}
	for i := range gradient {
		gradient[i] -= g[i]
	}
	return nil
}

func sized(v []float64, n int) []float64 {
	if cap(v) < n {
		return make([]float64, n)
	}
	return v[:n]
}
