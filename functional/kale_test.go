package functional

import (
	"context"
	"math"
	"testing"

	"wgf/kernel"
)

func evaluate(t *testing.T, f Functional, at *Evaluation) float64 {
	t.Helper()
	x, _ := clouds()
	at.WantValue = true
	if err := f.Evaluate(context.Background(), at, x); err != nil {
		t.Fatal(err)
	}
	return at.Value
}

// For large lambda KALE is MMD^2/2, and 0 at its target for every lambda.
func TestKALELimits(t *testing.T) {
	x, y := clouds()
	k := kernel.Kernel{Bandwidth: 0.8}
	var a, b Evaluation
	mmd := evaluate(t, NewMMD(k, kernel.Median, kernel.Of(y), 0), &a)
	f := &KALE{Target: kernel.Of(y), Lambda: 1e6}
	f.Asked = k
	if kale := evaluate(t, f, &b); math.Abs(kale-mmd) > 1e-5*mmd {
		t.Errorf("lambda = 1e6: %v, MMD^2/2 is %v", kale, mmd)
	}
	last := math.Inf(1)
	for _, lambda := range []float64{1e-3, 1e-2, 0.1, 1} {
		f := &KALE{Target: kernel.Of(y), Lambda: lambda}
		f.Asked = k
		// KALE/(1 + lambda) is a maximum of less and less.
		if v := evaluate(t, f, &Evaluation{}) / (1 + lambda); v > last {
			t.Errorf("lambda = %v: %v rises above %v", lambda, v, last)
		} else {
			last = v
		}
		own := &KALE{Target: kernel.Of(x), Lambda: lambda}
		own.Asked = k
		if v := evaluate(t, own, &Evaluation{}); v > 1e-9 {
			t.Errorf("lambda = %v: %v at the target", lambda, v)
		}
	}
}

// 0 <= KKL <= log(1/alpha), it falls with alpha, and is 0 at the target.
func TestKKLBounds(t *testing.T) {
	x, y := clouds()
	k := kernel.Kernel{Bandwidth: 0.8}
	last := math.Inf(1)
	for _, alpha := range []float64{1e-3, 1e-2, 0.1, 0.5, 0.9} {
		f := &KKL{Target: kernel.Of(y), Alpha: alpha}
		f.Asked = k
		v := evaluate(t, f, &Evaluation{})
		if v < 0 || v > math.Log(1/alpha) || v > last {
			t.Errorf("alpha = %v: %v, after %v", alpha, v, last)
		}
		last = v
		own := &KKL{Target: kernel.Of(x), Alpha: alpha}
		own.Asked = k
		if v := evaluate(t, own, &Evaluation{}); v > 1e-9 {
			t.Errorf("alpha = %v: %v at the target", alpha, v)
		}
	}
}
