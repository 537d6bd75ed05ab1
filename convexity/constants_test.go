package convexity

import (
	"math"
	"testing"

	"wgf/target"
)

func normalOnLine(t *testing.T, v float64) target.Density {
	t.Helper()
	g, err := target.NewGaussian([]float64{0.3}, []float64{v})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// plain hides what a density is, so that constants are computed on the grid.
func plain(d target.Density) target.Density {
	return target.New(1, func(x, grad []float64) float64 {
		lp := make([]float64, 1)
		d.LogDensity(lp, grad, x)
		return lp[0]
	})
}

// On the grid a normal density has the constants 1/v that it has in closed form.
func TestConstantsOfNormals(t *testing.T) {
	for _, v := range []float64{0.2, 1, 9} {
		exact, err := ConstantsOf(normalOnLine(t, v))
		if err != nil || exact.LogSobolev.Low != 1/v {
			t.Fatalf("%+v, %v", exact, err)
		}
		c, err := ConstantsOf(plain(normalOnLine(t, v)))
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(c.Poincare.Low*v-1) > 1e-5 || math.Abs(c.LogSobolev.Low*v-1) > 1e-5 || c.LogSobolev.High*v > 1+1e-5 {
			t.Errorf("variance %v: %+v", v, c)
		}
		m, err := MuckenhouptPoincare(normalOnLine(t, v))
		if err != nil || m.Low > 1/v || m.High < 1/v {
			t.Errorf("variance %v: Muckenhoupt %+v, %v", v, m, err)
		}
	}
}

// Of two modes at -a and a the Poincare constant falls like exp(-a^2/2), and the bounds
// hold it.
func TestConstantsOfTwoModes(t *testing.T) {
	last := 0.0
	for _, a := range []float64{2, 3, 4} {
		d, err := target.Parse("mixture:dim=1,separation=" + map[float64]string{2: "4", 3: "6", 4: "8"}[a])
		if err != nil {
			t.Fatal(err)
		}
		c, err := ConstantsOf(d)
		if err != nil {
			t.Fatal(err)
		}
		m, err := MuckenhouptPoincare(d)
		if err != nil || c.Poincare.Low < m.Low || c.Poincare.High > m.High {
			t.Errorf("a = %v: %v outside of %+v, %v", a, c.Poincare.Low, m, err)
		}
		if !(c.LogSobolev.Low > 0 && c.LogSobolev.Low <= c.LogSobolev.High && c.LogSobolev.High <= c.Poincare.High*(1+1e-12)) {
			t.Errorf("a = %v: log-Sobolev %+v, Poincare %+v", a, c.LogSobolev, c.Poincare)
		}
		if c.Convexity >= 0 {
			t.Errorf("a = %v: convexity %v of two modes", a, c.Convexity)
		}
		if last > 0 { // exp(-((a)^2 - (a-1)^2)/2), times a factor of order a
			want := math.Exp(-(2*a - 1) / 2)
			if r := c.Poincare.Low / last; r < want/2 || r > 2*want {
				t.Errorf("a = %v: the constant falls by %v, want about %v", a, r, want)
			}
		}
		last = c.Poincare.Low
	}
}

// Gumbel's right tail is exponential: a spectral gap of 1/4, the bottom of the continuous
// spectrum, and no log-Sobolev constant.
func TestConstantsOfExponentialTails(t *testing.T) {
	c, err := ConstantsOf(target.NewGumbel(3))
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(c.Poincare.Low-0.25) > 2*c.PoincareError || c.PoincareError > 1e-3 || c.LogSobolev != (Interval{}) {
		t.Errorf("%+v", c)
	}
}

func TestTransformedConstants(t *testing.T) {
	if OrnsteinUhlenbeck(0.25, 0) != 0.25 || math.Abs(OrnsteinUhlenbeck(0.25, 20)-1) > 1e-12 {
		t.Error("the Ornstein-Uhlenbeck path does not begin at the start and end at 1")
	}
	if HolleyStroock(2, 0) != 2 || Lipschitz(4, 2) != 1 {
		t.Error("bounds of perturbations and maps")
	}
	c, err := ConstantsOf(normalOnLine(t, 4))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range c.Advise(1, 0.1) {
		if a.Sampler == "forward-backward" && math.Abs(a.Step-4) > 1e-12 {
			t.Errorf("forward-backward: step %v, want 1/L = 4", a.Step)
		}
	}
	if _, err := ConstantsOf(target.NewBanana(2, 0.1, 3)); err == nil {
		t.Error("the banana has constants")
	}
}
