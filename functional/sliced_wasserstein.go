package functional

import (
	"context"

	"wgf/internal/spec"
	"wgf/measure"
	"wgf/transport"
)

// SlicedWasserstein is half the squared sliced Wasserstein distance to points,
//
//	F(mu) = 1/2 E W_2^2(theta#mu, theta#pi),
//
// over directions theta that Update draws anew; within a step they are fixed and the
// gradient is exact for them. Cost L (n+m)(d + log(n+m)) for L directions.
// Bonneel, Rabin, Peyré and Pfister 2015; Liutkus et al. 2019.
type SlicedWasserstein struct {
	Target *measure.Cloud
	Sliced transport.Sliced
}

func slicedWassersteinEntry() Entry {
	return Entry{
		Name:      "sliced-wasserstein",
		Formula:   "SW_2^2(mu,pi)/2, the mean over directions of W_2^2 on the line",
		Cost:      "L (n+m)(d + log(n+m)) for L directions",
		Reference: "Bonneel, Rabin, Peyré, Pfister 2015, J. Math. Imaging Vis. 51",
		Needs:     Samples,
		Params:    []spec.Param{drawsParam, {Name: "directions", Default: 0, Help: "L; 0: the smallest multiple of d from 200 on"}},
		Build: func(s Setting) (Functional, error) {
			y, err := targetPoints("sliced-wasserstein", s)
			if err != nil {
				return nil, err
			}
			directions, err := s.Params.Integer("directions", 0)
			return &SlicedWasserstein{Target: y, Sliced: transport.Sliced{Directions: directions, Seed: s.Seed, Threads: s.Threads}}, err
		},
	}
}

func (f *SlicedWasserstein) Traits() Traits {
	return Traits{Name: "sliced-wasserstein", Needs: Samples, Exact: true, Value: true, Random: true}
}

func (f *SlicedWasserstein) Update(_ *measure.Cloud, step uint64) error {
	f.Sliced.Draw = step
	return nil
}

func (f *SlicedWasserstein) Evaluate(ctx context.Context, out *Evaluation, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	if out.Gradient == nil {
		r, err := f.Sliced.Distance(ctx, c, f.Target)
		out.Value = r.Power / 2
		return err
	}
	g, r, err := f.Sliced.Gradient(ctx, c, f.Target)
	if err != nil {
		return err
	}
	out.Value = r.Power / 2
	divideByWeights(out.Gradient, g, c, 0.5)
	return nil
}

// divideByWeights turns derivatives by particles into the gradient of the first
// variation: dst_i = scale g_i / w_i, 0 for particles without weight.
func divideByWeights(dst, g []float64, c *measure.Cloud, scale float64) {
	w := c.Weights()
	for at, v := range g {
		dst[at] = 0
		if a := w[at%c.N]; a > 0 {
			dst[at] = scale * v / a
		}
	}
}
