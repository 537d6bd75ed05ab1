package transport_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"wgf/measure"
	"wgf/transport"
)

func TestBarycentreOfClouds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 2))
	a := randomCloud(r, 20, 2, 0, false)
	solve := func(s transport.Barycentre, clouds ...*measure.Cloud) *transport.BarycentreResult {
		out, err := s.Solve(context.Background(), clouds)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(out.History); i++ {
			if out.History[i] > out.History[i-1]*(1+1e-12)+1e-20 {
				t.Errorf("the objective rose from %g to %g", out.History[i-1], out.History[i])
			}
		}
		return out
	}
	same := solve(transport.Barycentre{}, a, a, a)
	near(t, "of one measure", w2(t, same.Cloud, a), 0, 1e-12)

	// Translates: the barycentre is the translate by the mean.
	b, want := a.Clone(), a.Clone()
	for i := range b.X {
		b.X[i] += 10
		want.X[i] += 7.5
	}
	moved := solve(transport.Barycentre{Weights: []float64{1, 3}}, a, b)
	near(t, "of translates", w2(t, moved.Cloud, want), 0, 1e-10)
	near(t, "objective", moved.Objective, 0.25*0.75*200, 1e-10)
	if moved.Status != transport.Converged {
		t.Errorf("status %v", moved.Status)
	}

	// Two clouds: the barycentre attains w0 w1 W2^2, which nothing undercuts.
	c := randomCloud(r, 20, 2, 1, false)
	two := solve(transport.Barycentre{}, a, c)
	near(t, "objective of two", two.Objective, exact(t, a, c).Cost/4, 1e-9)

	// Far apart: the shape is found to the same accuracy as nearby.
	far := c.Clone()
	for i := range far.X {
		far.X[i] += 1e8
	}
	apart := solve(transport.Barycentre{}, a, far)
	near(t, "objective far apart", apart.Objective, exact(t, a, far).Cost/4, 1e-15)
	for i, v := range apart.Cloud.X {
		near(t, "points far apart", v-5e7, two.Cloud.X[i], 1e-7)
	}
	if math.Abs(apart.Cloud.Mean()[0]-(a.Mean()[0]+far.Mean()[0])/2) > 1e-7 {
		t.Error("the mean of the barycentre is not the mean of the means")
	}

	// A cloud without weight says nothing.
	silent := solve(transport.Barycentre{Weights: []float64{1, 0}}, a, far)
	near(t, "of one with weight", w2(t, silent.Cloud, a), 0, 1e-12)

	// On the line it attains the average of the quantiles.
	u, v := randomCloud(r, 30, 1, 0, false), randomCloud(r, 30, 1, 5, false)
	quantiles, err := transport.BarycentreOnLine([]*measure.Cloud{u, v}, nil)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "on the line", w2(t, solve(transport.Barycentre{}, u, v).Cloud, quantiles), 0, 1e-12)

	// Two Gaussians of equal covariance: it is kept, up to the sample's error.
	gauss := measure.Gaussian{Mean: []float64{0, 0}, Cov: []float64{2, 1, 1, 3}}
	s1, err := gauss.Sample(300, 1)
	if err != nil {
		t.Fatal(err)
	}
	gauss.Mean = []float64{7, 7}
	s2, err := gauss.Sample(300, 2)
	if err != nil {
		t.Fatal(err)
	}
	kept := solve(transport.Barycentre{Weights: []float64{1, 2}}, s1, s2).Cloud.Covariance()
	for i, want := range gauss.Cov {
		// samples have errors of about 0.25, and their barycentre a little less
		if math.Abs(kept[i]-want) > 1 {
			t.Errorf("covariance %d is %g, want %g", i, kept[i], want)
		}
	}

	// An entropic solver, and one point.
	blurred, err := transport.Barycentre{Solver: transport.Sinkhorn{}}.Solve(context.Background(), []*measure.Cloud{a, c})
	if err != nil {
		t.Fatal(err)
	}
	if blurred.Objective > 1.5*two.Objective {
		t.Errorf("the entropic barycentre has objective %g, the exact one %g", blurred.Objective, two.Objective)
	}

	weighted := solve(transport.Barycentre{Support: 5}, randomCloud(r, 8, 3, 0, true), randomCloud(r, 30, 3, 1, true))
	if weighted.Cloud.N != 5 || weighted.Cloud.LogW != nil {
		t.Errorf("%d points, weights %v", weighted.Cloud.N, weighted.Cloud.LogW)
	}
	if one := solve(transport.Barycentre{Support: 1}, a); math.Abs(one.Cloud.X[0]-a.Mean()[0]) > 1e-12 {
		t.Error("one point is not the mean")
	}
}

func TestBarycentreOnLine(t *testing.T) {
	a, b := cloud(t, []float64{0}, []float64{2}), cloud(t, []float64{13}, []float64{10}, []float64{16})
	out, err := transport.BarycentreOnLine([]*measure.Cloud{a, b}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := &measure.Cloud{N: 4, D: 1, X: []float64{5, 6.5, 7.5, 9}, LogW: []float64{math.Log(2), 0, 0, math.Log(2)}}
	near(t, "by hand", w2(t, out, want), 0, 1e-7)

	// It is no worse than the iteration on free support, and attains the bound for two.
	r := rand.New(rand.NewPCG(4, 2))
	c, d := randomCloud(r, 15, 1, 0, true), randomCloud(r, 11, 1, 3, true)
	bary, err := transport.BarycentreOnLine([]*measure.Cloud{c, d}, []float64{0.2, 0.8})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "objective", 0.2*exact(t, bary, c).Cost+0.8*exact(t, bary, d).Cost, 0.16*exact(t, c, d).Cost, 1e-11)
	if _, err := transport.BarycentreOnLine([]*measure.Cloud{randomCloud(r, 3, 2, 0, false)}, nil); err == nil {
		t.Error("two dimensions")
	}
}

func TestBarycentreErrors(t *testing.T) {
	a := cloud(t, []float64{0, 0}, []float64{1, 1})
	other := cloud(t, []float64{0})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, f := range map[string]func() error{
		"none":       func() error { _, err := transport.Barycentre{}.Solve(ctx, nil); return err },
		"dimensions": func() error { _, err := transport.Barycentre{}.Solve(ctx, []*measure.Cloud{a, other}); return err },
		"weights": func() error {
			_, err := transport.Barycentre{Weights: []float64{1}}.Solve(ctx, []*measure.Cloud{a, a})
			return err
		},
		"support": func() error {
			_, err := transport.Barycentre{Support: -1}.Solve(ctx, []*measure.Cloud{a})
			return err
		},
		"start": func() error {
			_, err := transport.Barycentre{Start: other}.Solve(ctx, []*measure.Cloud{a})
			return err
		},
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	r, err := transport.Barycentre{}.Solve(ctx, []*measure.Cloud{a, a})
	if err != nil || r.Status != transport.Interrupted {
		t.Errorf("cancelled: %v, %v", r, err)
	}
	for i, v := range r.Cloud.X {
		near(t, "cancelled", v, a.X[i], 1e-15)
	}
}
