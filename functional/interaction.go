package functional

import (
	"context"

	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
	"wgf/target"
)

// Interaction is the energy of pairs, with a potential that confines them if there is a
// density,
//
//	F(mu) = 1/2 int int W(x-y) dmu dmu + a int V dmu,   W = Sign k(x, y),   V = -log p.
//
// Kernels fall with the distance: with Sign 1 particles repel each other, with -1 they
// attract. Gradient sum_j w_j grad W(x_i - x_j) + a grad V(x_i), exact away from corners
// of W. Without V a repulsive energy has no minimiser. A bandwidth that was not given
// follows the cloud by rule at Update. Cost n^2 d, and n gradients of the log density.
// McCann 1997; Ambrosio, Gigli and Savare 2008, example 9.3.4.
type Interaction struct {
	Sign    float64        // 1 repulsive, -1 attractive
	Density target.Density // nil: nothing confines
	Confine float64        // a
	Threads int
	kernel.Fitted
	kl        KL
	val, part []float64
}

func interactionEntry() Entry {
	return Entry{
		Name:      "interaction",
		Formula:   "1/2 int int W(x-y) dmu dmu + a int V dmu, W = +-k, V = -log p where a density is given",
		Cost:      "n^2 d + n gradients of the log density",
		Reference: "McCann 1997, Adv. Math. 128(1); Ambrosio, Gigli, Savare 2008, example 9.3.4",
		Kernel:    true,
		Params: []spec.Param{
			{Name: "sign", Default: 1, Help: "1: particles repel, -1: they attract"},
			{Name: "confine", Default: 1, Help: "a, factor of the potential -log p; 0: none"},
		},
		Build: func(s Setting) (Functional, error) {
			sign := s.Params.Get("sign")
			if sign != 1 && sign != -1 {
				return nil, s.Params.Refuse("sign", "1 or -1")
			}
			confine, err := s.Params.Within("confine", 0, 1e100)
			if err != nil {
				return nil, err
			}
			f := &Interaction{Sign: sign, Confine: confine, Threads: s.Threads, Fitted: kernel.Fitted{Asked: s.Kernel, Rule: s.Rule, Frozen: s.Frozen}}
			if confine > 0 {
				f.Density = s.Density
			}
			return f, nil
		},
	}
}

func (f *Interaction) Traits() Traits {
	t := Traits{Name: "interaction", Exact: true, Value: true, Witness: true}
	if f.Density != nil {
		t.Needs = Score
	}
	return t
}

func (f *Interaction) Update(c *measure.Cloud, _ uint64) error {
	f.Follow(kernel.Of(c))
	return nil
}

func (f *Interaction) Evaluate(ctx context.Context, out *Evaluation, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	z := kernel.Points{N: c.N, D: c.D, X: c.X}
	value := out.Witness
	if value == nil && out.WantValue {
		f.val = sized(f.val, c.N)
		value = f.val
	}
	k := f.Kernel(kernel.Of(c))
	k.SumGradient(value, out.Gradient, z, kernel.Of(c), f.Threads)
	for _, row := range [][]float64{value, out.Gradient} {
		for i := range row {
			row[i] *= f.Sign
		}
	}
	if out.WantValue {
		out.Value = weightedMean(c, value) / 2
	}
	if f.Density == nil {
		return finiteResult("interaction", out, c.N)
	}
	f.part = sized(f.part, c.N*(c.D+1))
	e := Evaluation{WantValue: out.WantValue, Witness: f.part[:c.N]}
	if out.Gradient != nil {
		e.Gradient = f.part[c.N:]
	}
	f.kl.Density, f.kl.Threads = f.Density, f.Threads
	if err := f.kl.potential(&e, c); err != nil {
		return err
	}
	out.Value += f.Confine * e.Value
	for i := range out.Witness {
		out.Witness[i] += float64(f.Confine * e.Witness[i])
	}
	for i := range out.Gradient {
		out.Gradient[i] += float64(f.Confine * e.Gradient[i])
	}
	return finiteResult("interaction", out, c.N)
}

func (f *Interaction) WitnessAt(_ context.Context, value, gradient []float64, z kernel.Points, c *measure.Cloud) error {
	at := &measure.Cloud{N: z.N, D: z.D, X: z.X}
	if err := finiteCloud(at); err != nil {
		return err
	}
	if err := finiteCloud(c); err != nil {
		return err
	}
	f.Kernel(kernel.Of(c)).SumGradient(value, gradient, kernel.Points{N: z.N, D: z.D, X: z.X}, kernel.Of(c), f.Threads)
	for _, row := range [][]float64{value, gradient} {
		for i := range row {
			row[i] *= f.Sign
		}
	}
	if f.Density == nil {
		return nil
	}
	part := make([]float64, z.N*(z.D+1))
	e := Evaluation{Witness: part[:z.N], Gradient: part[z.N:]}
	f.kl.Density, f.kl.Threads = f.Density, f.Threads
	if err := f.kl.potential(&e, at); err != nil {
		return err
	}
	for i := range value {
		value[i] += float64(f.Confine * e.Witness[i])
	}
	for i := range gradient {
		gradient[i] += float64(f.Confine * e.Gradient[i])
	}
	return nil
}
