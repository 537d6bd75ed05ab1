// Package convexity measures geodesic convexity: values of functionals along curves of
// measures, the modulus that they show, and what theory says it is.
package convexity

import (
	"context"
	"errors"
	"math"

	"wgf/internal/rng"
	"wgf/measure"
	"wgf/transport"
)

// Curve joins two measures: clouds at times from 0 to 1.
type Curve struct {
	Kind string // geodesic, generalised geodesic, mixture
	// Distance2 is the squared distance that moduli are relative to: W2^2, along
	// generalised geodesics the mean squared displacement.
	Distance2 float64
	At        func(t float64) (*measure.Cloud, error)
	// Gaussians are the laws at the times, nil where the clouds themselves are meant.
	Gaussian func(t float64) (measure.Gaussian, error)
}

var errSame = errors.New("the two measures are the same: there is no way between them")

// Geodesic is the displacement interpolation of the optimal plan, a geodesic of W2.
// McCann 1997. The cost is that of transport.Exact.
func Geodesic(ctx context.Context, a, b *measure.Cloud, threads int) (*Curve, error) {
	r, err := transport.Exact{Threads: threads}.Solve(ctx, transport.Problem{A: a, B: b, Cost: transport.SqEuclidean()})
	if err != nil {
		return nil, err
	}
	if !(r.Cost > 0) {
		return nil, errSame
	}
	return &Curve{Kind: "geodesic", Distance2: r.Cost, At: func(t float64) (*measure.Cloud, error) { return transport.Geodesic(r, t) }}, nil
}

// Generalised is the interpolation of a and b through the optimal plans from a base.
// Ambrosio, Gigli and Savare 2008, definition 9.2.2.
func Generalised(ctx context.Context, base, a, b *measure.Cloud, threads int) (*Curve, error) {
	var r [2]*transport.Result
	for k, to := range []*measure.Cloud{a, b} {
		var err error
		if r[k], err = (transport.Exact{Threads: threads}).Solve(ctx, transport.Problem{A: base, B: to, Cost: transport.SqEuclidean()}); err != nil {
			return nil, err
		}
	}
	d2 := transport.Problem{A: a, B: b, Cost: transport.SqEuclidean()}.Value(transport.Glue(r[0].Plan(), r[1].Plan()))
	if !(d2 > 0) {
		return nil, errSame
	}
	return &Curve{Kind: "generalised geodesic", Distance2: d2, At: func(t float64) (*measure.Cloud, error) { return transport.GeneralisedGeodesic(r[0], r[1], t) }}, nil
}

// Mixture is (1-t) a + t b, which moves no mass. Its modulus is relative to W2^2, to be
// compared with that of the geodesic.
func Mixture(ctx context.Context, a, b *measure.Cloud, threads int) (*Curve, error) {
	c, err := Geodesic(ctx, a, b, threads)
	if err != nil {
		return nil, err
	}
	return &Curve{Kind: "mixture", Distance2: c.Distance2, At: func(t float64) (*measure.Cloud, error) { return transport.LinearInterpolation(a, b, t) }}, nil
}

// normals is the number of points that stand for a Gaussian.
const normals = 512

// Gaussians is the geodesic between two Gaussians. Its clouds are normal points in
// antithetic pairs, made to have mean 0 and covariance I exactly and moved along by the
// affine maps of the geodesic: expectations of quadratic functions are exact, and those
// of convex functions are convex in t. More than 256 dimensions are refused.
func Gaussians(a, b measure.Gaussian) (*Curve, error) {
	d := a.Dim()
	if d > normals/2 {
		return nil, errors.New("Gaussians in more than 256 dimensions are not taken")
	}
	d2, err := transport.BuresWasserstein2(a, b)
	if err != nil {
		return nil, err
	}
	if !(d2 > 0) {
		return nil, errSame
	}
	t, err := transport.GaussianMap(a, b)
	if err != nil {
		return nil, err
	}
	start, err := white(d).moved(a)
	if err != nil {
		return nil, err
	}
	end := make([]float64, len(start.X))
	t.Apply(end, start.X, start.N)
	return &Curve{Kind: "geodesic", Distance2: d2,
		At: func(s float64) (*measure.Cloud, error) {
			c := measure.New(start.N, d)
			for i, x := range start.X {
				c.X[i] = float64((1-s)*x) + float64(s*end[i])
			}
			return c, nil
		},
		Gaussian: func(s float64) (measure.Gaussian, error) { return transport.GaussianGeodesic(a, b, s) },
	}, nil
}

// whitened are points of mean 0 and covariance I.
type whitened struct{ *measure.Cloud }

func white(d int) whitened {
	const half = normals / 2
	z := make([]float64, d*half)
	rng.New(1, rng.Test).Normals(z, d, half, 0, 0)
	c := measure.New(normals, d)
	for k := range d {
		for i := range half {
			c.X[k*normals+i], c.X[k*normals+half+i] = z[k*half+i], -z[k*half+i]
		}
	}
	spectrum, err := c.Gaussian().Spectrum()
	if err != nil {
		return whitened{c}
	}
	return whitened{linear(c, spectrum.InverseRoot().At, nil)}
}

// moved are the points as those of a Gaussian.
func (w whitened) moved(g measure.Gaussian) (*measure.Cloud, error) {
	spectrum, err := g.Spectrum()
	if err != nil {
		return nil, err
	}
	return linear(w.Cloud, spectrum.Root().At, g.Mean), nil
}

// linear is shift + M x.
func linear(c *measure.Cloud, m func(i, j int) float64, shift []float64) *measure.Cloud {
	out := measure.New(c.N, c.D)
	for k := range c.D {
		row := out.X[k*c.N : (k+1)*c.N]
		for i := range row {
			if shift != nil {
				row[i] = shift[k]
			}
		}
		for l := range c.D {
			a := m(k, l)
			for i := range row {
				row[i] += float64(a * c.X[l*c.N+i])
			}
		}
	}
	return out
}

// entropy is int rho log rho of a Gaussian, -1/2 log det(2 pi e C).
func entropy(g measure.Gaussian) (float64, error) {
	spectrum, err := g.Spectrum()
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, v := range spectrum.Values {
		sum -= math.Log(2*math.Pi*math.E*v) / 2
	}
	if math.IsInf(sum, 0) {
		return 0, errors.New("the entropy of a Gaussian without spread in some direction is infinite")
	}
	return sum, nil
}
