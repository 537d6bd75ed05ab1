package functional

import (
	"context"
	"math"
	"testing"

	"wgf/kernel"
	"wgf/measure"
)

// A step of the KALE flow of 240 particles towards three rings.
func BenchmarkKALE(b *testing.B) {
	y, c := measure.New(240, 2), measure.New(240, 2)
	for i := range 240 {
		t := 2 * math.Pi * float64(i%80) / 80
		y.X[i], y.X[240+i] = 0.3*math.Cos(t), 0.3*math.Sin(t)-0.75*float64(i/80)
		c.X[i], c.X[240+i] = 0.01*math.Sin(float64(i)), 0.01*math.Cos(3*float64(i))-0.3
	}
	f := &KALE{Target: kernel.Of(y), Lambda: 1e-3, Gap: 1e-8}
	f.Asked = kernel.Kernel{Bandwidth: math.Sqrt(0.05)}
	g := make([]float64, len(c.X))
	for b.Loop() {
		if err := f.Evaluate(context.Background(), &Evaluation{Gradient: g}, c); err != nil {
			b.Fatal(err)
		}
		for i, v := range g {
			c.X[i] -= 1e-4 * v
		}
	}
	b.ReportMetric(float64(f.rank), "rank")
}
