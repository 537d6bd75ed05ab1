package stan

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// BenchmarkBind measures reading, checking and recording: a loop over 100,000 rows, scalar by scalar.
func BenchmarkBind(b *testing.B) {
	const n = 100000
	var data strings.Builder
	fmt.Fprintf(&data, `{"N": %d, "x": [`, n)
	for i := range n {
		if i > 0 {
			data.WriteByte(',')
		}
		fmt.Fprintf(&data, "%d.5", i%7)
	}
	data.WriteString("]}")
	src := `data { int N; vector[N] x; } transformed data { real s = 0; for (i in 1:N) { real y = x[i] * 2; if (y > 3) s += y; } }
		parameters { real mu; real<lower=0> sigma; } model { for (i in 1:N) x[i] ~ normal(mu, sigma); }`
	d, err := ReadData("d", []byte(data.String()))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := program(b, src).Bind(d, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLogDensity measures nanoseconds per particle-gradient.
func BenchmarkLogDensity(b *testing.B) {
	for _, name := range []string{"eight_schools-eight_schools_noncentered", "arK-arK", "german_credit-logistic"} {
		b.Run(name, func(b *testing.B) {
			if _, err := os.Stat("testdata/programs/" + name + ".stan"); err != nil {
				b.Skip(err)
			}
			m := bindReference(b, name)
			const n = 128
			x, lp, grad := make([]float64, n*m.Dim()), make([]float64, n), make([]float64, n*m.Dim())
			for i := range x {
				x[i] = 0.01 * float64(i%37)
			}
			for b.Loop() {
				m.LogDensity(lp, grad, x)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/particle")
		})
	}
}
