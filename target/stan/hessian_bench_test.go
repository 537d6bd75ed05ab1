package stan

import (
	"testing"
	"time"
)

// BenchmarkHessianVector measures nanoseconds per particle of a product of the Hessian with a vector, and its cost in
// gradients.
func BenchmarkHessianVector(b *testing.B) {
	for _, name := range []string{"eight_schools-eight_schools_noncentered", "arK-arK", "german_credit-logistic",
		"garch-garch11", "bball_drive_event_0-hmm_drive_0", "low_dim_gauss_mix-low_dim_gauss_mix", "gp_pois_regr-gp_regr",
		"diamonds-diamonds", "nes1980-nes"} {
		b.Run(name, func(b *testing.B) {
			m := bindReference(b, name)
			const n = 128
			x, lp, grad := make([]float64, n*m.Dim()), make([]float64, n), make([]float64, n*m.Dim())
			u, dst := make([]float64, n*m.Dim()), make([]float64, n*m.Dim())
			for i := range x {
				x[i], u[i] = 0.01*float64(i%37), float64(i%5)
			}
			m.HessianVector(dst, x, u)
			var gradient, product time.Duration
			for b.Loop() {
				start := time.Now()
				m.LogDensity(lp, grad, x)
				middle := time.Now()
				m.HessianVector(dst, x, u)
				gradient += middle.Sub(start)
				product += time.Since(middle)
			}
			b.ReportMetric(float64(product.Nanoseconds())/float64(b.N)/n, "ns/product")
			b.ReportMetric(float64(product)/float64(gradient), "gradients")
		})
	}
}
