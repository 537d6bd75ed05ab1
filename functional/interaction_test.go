package functional

import (
	"context"
	"math"
	"testing"

	"wgf/kernel"
	"wgf/measure"
)

// Two halves at distance r under W = +-exp(-r^2/2): F = +-(1 + exp(-r^2/2))/4, and they
// move apart or together.
func TestInteractionOfTwoParticles(t *testing.T) {
	for _, sign := range []float64{1, -1} {
		c := measure.New(2, 1)
		c.X[1] = 1.2
		f := &Interaction{Sign: sign, Fitted: kernel.Fitted{Asked: kernel.Kernel{Bandwidth: 1}}}
		out := Evaluation{WantValue: true, Gradient: make([]float64, 2)}
		if err := f.Evaluate(context.Background(), &out, c); err != nil {
			t.Fatal(err)
		}
		k := math.Exp(-1.2 * 1.2 / 2)
		if want := sign * (1 + k) / 4; math.Abs(out.Value-want) > 1e-14 {
			t.Errorf("value %v, want %v", out.Value, want)
		}
		if want := -sign * 1.2 * k / 2; math.Abs(out.Gradient[1]-want) > 1e-14 || math.Abs(out.Gradient[0]+want) > 1e-14 {
			t.Errorf("gradient %v, want +-%v", out.Gradient, want)
		}
	}
}
