package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// The gradient of MMD^2 and the velocity of SVGD, 4096 points; GFLOP/s counts 2 (2d+1) a pair.
func BenchmarkPairs(b *testing.B) {
	const n = 4096
	for _, d := range []int{2, 10, 50} {
		r := rand.New(rand.NewPCG(1, 1))
		x, y, dst := random(r, n, d, false), random(r, n, d, false), make([]float64, n*d)
		for name, k := range map[string]Kernel{"gaussian": {}, "energy": {Family: Energy}, "imq": {Family: IMQ}} {
			run := func(what string, sums int, f func()) {
				b.Run(fmt.Sprintf("%s/%s/d=%d", name, what, d), func(b *testing.B) {
					for b.Loop() {
						f()
					}
					b.ReportMetric(float64(sums*n*n*2*(2*d+1))*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
				})
			}
			run("mmd", 2, func() { k.MMDGradient(dst, x, y, 0) })
			run("svgd", 1, func() { k.SteinVelocity(dst, x, x.X, 0) })
		}
	}
}
