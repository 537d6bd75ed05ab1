package stan

import (
	"bytes"
	"sync"
	"testing"
)

// TestConcurrent: one model serves several goroutines, and what a point gets does not depend on its batch.
func TestConcurrent(t *testing.T) {
	var out bytes.Buffer
	p := program(t, `data { int N; vector[N] y; } parameters { real mu; real<lower=0> s; } model { y ~ normal(mu, s); s ~ cauchy(0, 1); }
		generated quantities { real z = normal_rng(mu, s); print("draw"); }`)
	d, err := ReadData("d", []byte(`{"N": 3, "y": [1, 2, 4]}`))
	if err != nil {
		t.Fatal(err)
	}
	m, err := p.Bind(d, Options{Seed: 3, Print: &out})
	if err != nil {
		t.Fatal(err)
	}
	const n = 50
	x := make([]float64, 2*n)
	for i := range x {
		x[i] = float64(i%13)/6 - 1
	}
	lp, grad := make([]float64, n), make([]float64, 2*n)
	m.LogDensity(lp, grad, x)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := g; i < n; i += 4 {
				one, dx, full := []float64{0}, make([]float64, 2), []float64{0}
				point := []float64{x[i], x[n+i]}
				m.LogDensity(one, dx, point)
				if one[0] != lp[i] || dx[0] != grad[i] || dx[1] != grad[n+i] {
					t.Errorf("point %d alone has another density than in a batch", i)
				}
				m.LogDensityFull(full, point)
				m.Constrain(make([]float64, 2), point, 1)
				m.Generate(one, point, uint64(i))
				if err := m.Explain(point); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := bytes.Count(out.Bytes(), []byte("draw\n")); got != n {
		t.Errorf("%d lines printed, want %d", got, n)
	}
}
