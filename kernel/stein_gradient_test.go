package kernel

import (
	"math"
	"testing"
)

// The gradient of the Stein sums of a normal target, whose Hessian is -I, against
// differences, in tiles and pair by pair.
func TestSteinGradient(t *testing.T) {
	const n, d, h = 40, 3, 1e-5
	for _, family := range []Family{Gaussian, IMQ, Matern52} {
		for _, far := range []float64{1, 100} {
			k := Kernel{Family: family, Bandwidth: 0.9}
			x := Points{N: n, D: d, X: make([]float64, n*d), W: make([]float64, n)}
			for i := range x.X {
				x.X[i] = math.Sin(1.9*float64(i) + 0.5)
			}
			x.X[7] *= far // 100 bandwidths away: sums go pair by pair
			total := 0.0
			for i := range x.W {
				x.W[i] = 1 + float64(i%3)
				total += x.W[i]
			}
			for i := range x.W {
				x.W[i] /= total
			}
			score := make([]float64, n*d)
			for i, v := range x.X {
				score[i] = -v
			}
			velocity, rest, plain := make([]float64, n*d), make([]float64, n*d), make([]float64, n*d)
			k.SteinGradient(velocity, rest, x, score, 2)
			k.SteinVelocity(plain, x, score, 2)
			for i, v := range plain {
				if math.Abs(v-velocity[i]) > 1e-12 {
					t.Fatalf("%v: velocity %v, want %v", family, velocity[i], v)
				}
			}
			value := func(at int, step float64) float64 {
				z := Points{N: 1, D: d, X: make([]float64, d)}
				s := make([]float64, d)
				for c := range d {
					z.X[c] = x.X[c*n+at%n]
				}
				z.X[at/n] += step
				for c, v := range z.X {
					s[c] = -v
				}
				out := make([]float64, 1)
				k.Stein(out, z, s, x, score, 1)
				return out[0]
			}
			for at := range x.X {
				got := -velocity[at] + rest[at]
				want := (value(at, h) - value(at, -h)) / (2 * h)
				if math.Abs(got-want) > 1e-7*(1+math.Abs(want)) {
					t.Errorf("%v, far %v, number %d: %.10g, differences give %.10g", family, far, at, got, want)
				}
			}
		}
	}
}
