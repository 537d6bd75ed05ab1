package functional

import (
	"context"
	"math"
	"testing"

	"wgf/measure"
	"wgf/target"
)

// normal has log density -x^2/2 - shift on the line.
func normal(shift float64) target.Density {
	return target.New(1, func(x, g []float64) float64 {
		if g != nil {
			g[0] = -x[0]
		}
		return -x[0]*x[0]/2 - shift
	})
}

// Narrow Gaussian mollifiers give chi^2: N(0, s) against N(0, 1) has chi^2 + 1 =
// 1/sqrt(s(2-s)); the mollifier of variance eps and the gaps in the tails are off by 1e-3.
func TestMIEDIsChiSquared(t *testing.T) {
	const n, s, eps = 2000, 0.7, 1e-3
	c := measure.New(n, 1)
	for i := range c.X {
		c.X[i] = math.Sqrt(2*s) * math.Erfinv(2*(float64(i)+0.5)/n-1)
	}
	f := &MIED{Density: normal(math.Log(2*math.Pi) / 2), Mollifier: GaussianMollifier, Eps: eps}
	out := Evaluation{WantValue: true}
	if err := f.Evaluate(context.Background(), &out, c); err != nil {
		t.Fatal(err)
	}
	got, want := math.Exp(out.Value)/math.Sqrt(2*math.Pi*eps), 1/math.Sqrt(s*(2-s))
	if math.Abs(got-want) > 2e-3 {
		t.Errorf("energy %v, chi^2 + 1 is %v", got, want)
	}
}

// Two particles at distance r: the diagonal has r/1.3 in one dimension.
func TestMIEDOfTwoParticles(t *testing.T) {
	c := measure.New(2, 1)
	c.X[0], c.X[1] = -0.4, 1.1
	c.LogW = []float64{math.Log(0.3), math.Log(0.7)}
	f := &MIED{Density: normal(0)}
	out := Evaluation{WantValue: true}
	if err := f.Evaluate(context.Background(), &out, c); err != nil {
		t.Fatal(err)
	}
	phi := func(r float64) float64 { return math.Pow(r*r+1e-8, -(1+1e-4)/2) }
	v := func(x float64) float64 { return math.Exp(x * x / 2) }
	sum := (0.09*v(-0.4)+0.49*v(1.1))*phi(1.5/1.3) + 0.42*phi(1.5)*math.Sqrt(v(-0.4)*v(1.1))
	if want := math.Log(sum); math.Abs(out.Value-want) > 1e-13 {
		t.Errorf("value %v, want %v", out.Value, want)
	}
}

// All sums are of logarithms: a density of exp(-10000) changes the value by 10000 only.
func TestMIEDOfTinyDensities(t *testing.T) {
	x, _ := clouds()
	c := &measure.Cloud{N: x.N, D: 1, X: x.X[:x.N], LogW: x.LogW}
	var outs [2]Evaluation
	for l, shift := range []float64{0, 1e4} {
		outs[l] = Evaluation{WantValue: true, Gradient: make([]float64, c.N)}
		if err := (&MIED{Density: normal(shift)}).Evaluate(context.Background(), &outs[l], c); err != nil {
			t.Fatal(err)
		}
	}
	if got := outs[1].Value - outs[0].Value; math.Abs(got-1e4) > 1e-8 {
		t.Errorf("the value rose by %v, want 10000", got)
	}
	for i, g := range outs[0].Gradient {
		if math.Abs(outs[1].Gradient[i]-g) > 1e-8*(1+math.Abs(g)) {
			t.Errorf("gradient %v, want %v", outs[1].Gradient[i], g)
		}
	}
}
