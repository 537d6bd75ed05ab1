package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"wgf/internal/simd"
)

var families = []Kernel{{Bandwidth: 1.3}, {Family: Laplace, Bandwidth: 0.7}, {Family: IMQ, Bandwidth: 1.2}, {Family: Matern32, Bandwidth: 0.8},
	{Family: Matern52, Bandwidth: 1.1}, {Family: Riesz, Exponent: 0.6}, {Family: Riesz, Exponent: 1.5}, {Family: Energy}}

func random(r *rand.Rand, n, d int, weighted bool) Points {
	p := Points{N: n, D: d, X: make([]float64, n*d)}
	for i := range p.X {
		p.X[i] = 5 + r.NormFloat64()/math.Sqrt(float64(d))
	}
	if weighted {
		p.W = make([]float64, n)
		for i := range p.W {
			p.W[i] = r.NormFloat64()
		}
	}
	return p
}

func numbers(r *rand.Rand, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = r.NormFloat64()
	}
	return out
}

func compare(t *testing.T, what string, got, want []float64, tol float64) {
	t.Helper()
	size := 1.0
	for _, v := range want {
		size = math.Max(size, math.Abs(v))
	}
	for i, v := range got {
		if !(math.Abs(v-want[i]) <= tol*size) {
			t.Errorf("%s: %.15g at %d, want %.15g", what, v, i, want[i])
			return
		}
	}
}

// Every sum, every family, every variant against two plain loops over At.
func TestSumsAgainstLoops(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for _, variant := range simd.Variants() {
		restore := simd.Use(variant)
		for _, k := range families {
			for _, shape := range [][4]int{{1, 1, 1}, {33, 131, 1}, {40, 129, 2}, {5, 300, 3}, {70, 7, 10}, {33, 257, 50}, {3, 5, 784}, {40, 30, 2, 1e8}} {
				n, m, d := shape[0], shape[1], shape[2]
				x, y := random(r, n, d, false), random(r, m, d, n%2 == 1)
				for i := 0; i < n; i += 2 { // two clusters, maybe far apart
					x.X[i] += float64(shape[3])
				}
				for j := 0; j < m; j += 3 {
					y.X[j] += float64(shape[3])
				}
				if shape[3] > 0 && !k.Family.Scaled() {
					continue // forces from far away: rounding is relative to them
				}
				for c := range d { // one point of y lies on one of x
					y.X[c*m] = x.X[c*n]
				}
				sx, sy, v := numbers(r, n*d), numbers(r, m*d), numbers(r, 2*m)
				sum, grad, app, stein := make([]float64, n), make([]float64, n*d), make([]float64, 2*n), make([]float64, n)
				for i := range n {
					for j := range m {
						r2, ss, sxd, syd := 0.0, 0.0, 0.0, 0.0
						for c := range d {
							t := x.X[c*n+i] - y.X[c*m+j]
							r2 += t * t
							ss += sx[c*n+i] * sy[c*m+j]
							sxd += sx[c*n+i] * t
							syd += sy[c*m+j] * t
						}
						phi, psi, chi := k.At(r2)
						w := y.weight(j)
						sum[i] += w * phi
						app[i] += w * phi * v[j]
						app[n+i] += w * phi * v[m+j]
						for c := range d {
							grad[c*n+i] += w * psi * (x.X[c*n+i] - y.X[c*m+j])
						}
						stein[i] += w * (phi*ss - psi*sxd + psi*syd - float64(d)*psi - chi*r2)
					}
				}
				g, s, a := make([]float64, n*d), make([]float64, n), make([]float64, 2*n)
				k.SumGradient(s, g, x, y, 2)
				compare(t, variant+" "+k.String()+" sum", s, sum, 1e-13)
				compare(t, variant+" "+k.String()+" gradient", g, grad, 1e-11)
				k.Apply(a, x, y, v, 2, 1)
				compare(t, variant+" "+k.String()+" apply", a, app, 1e-13)
				if k.Family.Smooth() {
					k.Stein(s, x, sx, y, sy, 3)
					compare(t, variant+" "+k.String()+" Stein", s, stein, 1e-11)
				}
			}
		}
		restore()
	}
}
