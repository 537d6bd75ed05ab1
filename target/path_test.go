package target_test

import (
	"math"
	"testing"

	"wgf/target"
	"wgf/target/targettest"
)

func mustParse(t *testing.T, spec string) target.Density {
	t.Helper()
	d, err := target.Parse(spec)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Every member of every path is a density with its gradient, and the last one is the
// target.
func TestPaths(t *testing.T) {
	for _, spec := range []string{"gaussian:dim=2,condition=10", "mixture:dim=2", "banana"} {
		d := mustParse(t, spec)
		tempering, err1 := target.NewTempering(d, 0.1, 2)
		dilation, err2 := target.NewDilation(d, 0.1)
		diffusion, err3 := target.NewDiffusion(d, 1, 16, 1)
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		for _, p := range []target.Path{tempering, dilation, diffusion} {
			for _, at := range []float64{0, 0.4, 1} {
				targettest.Conform(t, p.At(at), targettest.Options{Draws: -1})
			}
			x := []float64{0.3, -0.7}
			a, b := make([]float64, 1), make([]float64, 1)
			d.LogDensity(a, nil, x)
			p.At(1).LogDensity(b, nil, x)
			if a[0] != b[0] {
				t.Errorf("%s, %T: ends at %v, want %v", spec, p, b[0], a[0])
			}
		}
	}
	if _, err := target.NewTempering(mustParse(t, "banana"), 0, 1); err == nil {
		t.Error("power 0 is taken")
	}
}

// The diffusion of a Gaussian is in closed form; by Monte Carlo the density converges
// to it. The bound is five standard errors of 4000 draws.
func TestDiffusionByDraws(t *testing.T) {
	g := mustParse(t, "gaussian:dim=1,std=0.8")
	exact, err := target.NewDiffusion(g, 0.3, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	// The same density without its type.
	plain := target.New(1, func(x, grad []float64) float64 {
		lp := make([]float64, 1)
		g.LogDensity(lp, grad, x)
		return lp[0]
	})
	drawn, err := target.NewDiffusion(plain, 0.3, 4000, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []float64{-1, 0.2, 1.5} {
		a, b, ga, gb := make([]float64, 1), make([]float64, 1), make([]float64, 1), make([]float64, 1)
		exact.At(0).LogDensity(a, ga, []float64{v})
		drawn.At(0).LogDensity(b, gb, []float64{v})
		if math.Abs(a[0]-b[0]) > 0.06 || math.Abs(ga[0]-gb[0]) > 0.12 {
			t.Errorf("at %v: %v with slope %v, want %v with %v", v, b[0], gb[0], a[0], ga[0])
		}
	}
}
