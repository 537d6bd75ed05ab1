package convexity

import (
	"context"
	"math"
	"testing"

	"wgf/functional"
	"wgf/kernel"
	"wgf/measure"
	"wgf/target"
)

func cloudOf(t *testing.T, points ...[]float64) *measure.Cloud {
	t.Helper()
	c, err := measure.FromPoints(points)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func along(t *testing.T, c *Curve, f Value) *Profile {
	t.Helper()
	p, err := Along(context.Background(), c, f, 20)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func geodesic(t *testing.T, a, b *measure.Cloud) *Curve {
	t.Helper()
	c, err := Geodesic(context.Background(), a, b, 0)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The relative entropy to a Gaussian is 1/lambda_max-convex: the search finds no less, and
// the potential along translations exactly that. Entropy alone is convex.
func TestGaussianModuli(t *testing.T) {
	density, err := target.NewGaussian([]float64{1, 0}, []float64{4, 0, 0, 0.5})
	if err != nil {
		t.Fatal(err)
	}
	kl, err := Of(functional.NewKL(density, 0))
	if err != nil {
		t.Fatal(err)
	}
	search := Search{D: 2, Scale: 2, Gaussians: true, Tries: 120, Seed: 1}
	w, err := search.Run(context.Background(), kl)
	if err != nil {
		t.Fatal(err)
	}
	if m := w.Profile.Modulus; m < 0.25-1e-10 || m > 0.6 {
		t.Errorf("modulus of the relative entropy %v, want 0.25 and a little", m)
	}
	if w, err = search.Run(context.Background(), Entropy); err != nil || w.Profile.Modulus < -1e-10 {
		t.Errorf("modulus of the entropy %v, %v", w.Profile.Modulus, err)
	}
	a, b := measure.Gaussian{Mean: []float64{0, 0}, Cov: []float64{1, 0, 0, 1}}, measure.Gaussian{Mean: []float64{3, 0}, Cov: []float64{1, 0, 0, 1}}
	c, err := Gaussians(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if p := along(t, c, kl); math.Abs(p.Modulus-0.25) > 1e-10 || math.Abs(p.SecondDifference-0.25) > 1e-8 {
		t.Errorf("along a translation %v and %v, want 0.25", p.Modulus, p.SecondDifference)
	}
	// On particles it is infinite.
	if _, err := Along(context.Background(), geodesic(t, cloudOf(t, []float64{0, 0}), cloudOf(t, []float64{1, 1})), kl, 4); err == nil {
		t.Error("the relative entropy of particles is taken")
	}
}

// Half the squared W2 distance in the plane: modulus 1 - 2/s at t = 1/2 for the four
// points of the example, and 1 along the generalised geodesic.
func TestHalfW2InThePlane(t *testing.T) {
	nu := cloudOf(t, []float64{1, 0}, []float64{-1, 0})
	for _, s := range []float64{0.9, 0.25} {
		a, b := cloudOf(t, []float64{s, 2}, []float64{-s, -2}), cloudOf(t, []float64{-s, 2}, []float64{s, -2})
		p := along(t, geodesic(t, a, b), HalfW2(nu, 0))
		if want := 1 - 2/s; math.Abs(p.Modulus-want) > 1e-9 || p.At != 0.5 {
			t.Errorf("s = %v: modulus %v at %v, want %v at 0.5", s, p.Modulus, p.At, want)
		}
		g, err := Generalised(context.Background(), nu, a, b, 0)
		if err != nil {
			t.Fatal(err)
		}
		if p := along(t, g, HalfW2(nu, 0)); p.Modulus < 1-1e-9 {
			t.Errorf("s = %v: modulus %v along the generalised geodesic", s, p.Modulus)
		}
	}
}

// MMD^2/2 is not convex but at least -2L; the energy distance is convex on the line; KSD is
// not convex.
func TestDiscrepancies(t *testing.T) {
	y := cloudOf(t, []float64{0}, []float64{0.5}, []float64{2})
	k := kernel.Kernel{Bandwidth: 0.7}
	mmd, err := Of(functional.NewMMD(k, kernel.Median, kernel.Of(y), 0))
	if err != nil {
		t.Fatal(err)
	}
	search := Search{D: 1, Scale: 1, Seed: 1}
	w, err := search.Run(context.Background(), mmd)
	if err != nil {
		t.Fatal(err)
	}
	bound := TheoryOf("mmd", nil, k, 1).Modulus
	if m := w.Profile.Modulus; m >= 0 || m < bound {
		t.Errorf("MMD: modulus %v, want between %v and 0", m, bound)
	}
	energy, err := Of(functional.NewMMD(kernel.Kernel{Family: kernel.Energy}, kernel.Median, kernel.Of(y), 0))
	if err != nil {
		t.Fatal(err)
	}
	if w, err = search.Run(context.Background(), energy); err != nil || w.Profile.Modulus < -1e-9 {
		t.Errorf("energy on the line: modulus %v, %v", w.Profile.Modulus, err)
	}
	density, err := target.NewGaussian([]float64{0}, []float64{1})
	if err != nil {
		t.Fatal(err)
	}
	ksd := &functional.KSD{KL: *functional.NewKL(density, 0)}
	ksd.Asked = kernel.Kernel{Bandwidth: 1}
	f, err := Of(ksd)
	if err != nil {
		t.Fatal(err)
	}
	if w, err = search.Run(context.Background(), f); err != nil || w.Profile.Modulus >= 0 {
		t.Errorf("KSD: modulus %v, %v, want a negative one", w.Profile.Modulus, err)
	}
}
