package functional

import (
	"context"
	"math"
	"testing"

	"wgf/kernel"
	"wgf/measure"
)

// Two halves at distance r under exp(-r^2/2) and V = x^2/2: at x_1 the estimate is
// (1 + k)/2 and its gradient (x_2 - x_1) k/2.
func TestGFSDOfTwoParticles(t *testing.T) {
	c := measure.New(2, 1)
	c.X[0], c.X[1] = 0.2, 1.5
	f := &GFSD{KL: KL{Density: normal(0)}, Fitted: kernel.Fitted{Asked: kernel.Kernel{Bandwidth: 1}}}
	out := Evaluation{Gradient: make([]float64, 2)}
	if err := f.Evaluate(context.Background(), &out, c); err != nil {
		t.Fatal(err)
	}
	k := math.Exp(-1.3 * 1.3 / 2)
	if want := 0.2 + 1.3*k/(1+k); math.Abs(out.Gradient[0]-want) > 1e-14 {
		t.Errorf("gradient %v, want %v", out.Gradient[0], want)
	}
	if want := 1.5 - 1.3*k/(1+k); math.Abs(out.Gradient[1]-want) > 1e-14 {
		t.Errorf("gradient %v, want %v", out.Gradient[1], want)
	}
}
