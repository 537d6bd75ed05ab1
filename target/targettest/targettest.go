// Package targettest holds a target.Density to its contract: gradients against
// finite differences, results that do not depend on the batch, safety for
// concurrent calls, and, where the target offers them, names, moments and exact
// draws that fit each other. A user's own density can be put through it.
package targettest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"wgf/target"
)

// Options say how a density is tested. The zero value is the default.
type Options struct {
	// Points at which to test, each of Dim() numbers. Default: 20 points
	// uniform on (-2, 2)^d, of which those without density are left out.
	Points [][]float64
	// Tolerance of the gradient relative to 1 + its largest entry. Default 1e-6.
	Tolerance float64
	// Draws to test moments with. Default 20,000; negative: no such test.
	Draws int
}

// Conform tests a density. Tests with random draws compare means and variances
// at 5 standard errors, and use a fixed seed: a right density passes always or
// never, with a chance of 1e-6 for each of its numbers to be unlucky.
func Conform(t *testing.T, d target.Density, o Options) {
	t.Helper()
	if o.Points == nil {
		o.Points = uniform(d.Dim(), 20)
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-6
	}
	if o.Draws == 0 {
		o.Draws = 20000
	}
	points := withDensity(d, o.Points)
	if len(points) == 0 && len(o.Points) > 0 {
		t.Fatal("no test point has a density")
	}
	gradients(t, d, points, o.Tolerance)
	batches(t, d, points)
	concurrent(t, d, points)
	if n, ok := d.(target.Named); ok {
		if names := n.Names(); len(names) != d.Dim() {
			t.Errorf("%d names for %d coordinates", len(names), d.Dim())
		}
	}
	if m, ok := d.(target.Moments); ok {
		shapes(t, d.Dim(), m)
		if s, ok := d.(target.Sampler); ok && o.Draws > 0 {
			moments(t, d.Dim(), m, s, o.Draws)
		}
	}
	_, bounded := d.(target.Bounded) // Stein's identity has terms at the boundary
	if s, ok := d.(target.Sampler); ok && o.Draws > 0 && !bounded {
		stein(t, d, s, o.Draws)
	}
}

func uniform(d, n int) [][]float64 {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([][]float64, n)
	for i := range out {
		out[i] = make([]float64, d)
		for k := range out[i] {
			out[i][k] = 4*r.Float64() - 2
		}
	}
	return out
}

// pack lays points out coordinate-major.
func pack(points [][]float64, d int) []float64 {
	n := len(points)
	x := make([]float64, n*d)
	for i, p := range points {
		for k, v := range p {
			x[k*n+i] = v
		}
	}
	return x
}

func withDensity(d target.Density, points [][]float64) [][]float64 {
	lp := make([]float64, len(points))
	d.LogDensity(lp, nil, pack(points, d.Dim()))
	var out [][]float64
	for i, v := range lp {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			out = append(out, points[i])
		}
	}
	return out
}

// gradients compares with central differences of fourth order.
func gradients(t *testing.T, d target.Density, points [][]float64, tolerance float64) {
	t.Helper()
	dim := d.Dim()
	lp, g := make([]float64, 1), make([]float64, dim)
	for _, p := range points {
		d.LogDensity(lp, g, p)
		size := 1.0
		for _, v := range g {
			size = max(size, math.Abs(v))
		}
		x := append([]float64(nil), p...)
		at := func(k int, h float64) float64 {
			x[k] = p[k] + h
			d.LogDensity(lp, nil, x)
			x[k] = p[k]
			return lp[0]
		}
		for k := range dim {
			h := 1e-3 * max(1, math.Abs(p[k]))
			best := math.Inf(1)
			for ; h > 1e-7; h /= 4 {
				fd := (8*(at(k, h)-at(k, -h)) - at(k, 2*h) + at(k, -2*h)) / (12 * h)
				best = min(best, math.Abs(fd-g[k]))
			}
			if !(best <= tolerance*size) {
				t.Errorf("derivative %d at %v is %g, finite differences are off by %g", k, p, g[k], best)
				return
			}
		}
	}
}

// batches demands the same bits from a point alone, in a batch, and without gradient.
func batches(t *testing.T, d target.Density, points [][]float64) {
	t.Helper()
	dim, n := d.Dim(), len(points)
	lp, g, plain := make([]float64, n), make([]float64, n*dim), make([]float64, n)
	x := pack(points, dim)
	before := append([]float64(nil), x...)
	d.LogDensity(lp, g, x)
	d.LogDensity(plain, nil, x)
	for i, v := range x {
		if v != before[i] {
			t.Fatal("the density changed x")
		}
	}
	one, og := make([]float64, 1), make([]float64, dim)
	for i, p := range points {
		d.LogDensity(one, og, p)
		if math.Abs(plain[i]-lp[i]) > 1e-12*(1+math.Abs(lp[i])) {
			t.Errorf("point %d: log density %v without gradient, %v with", i, plain[i], lp[i])
		}
		if one[0] != lp[i] {
			t.Errorf("point %d: log density %v alone, %v in a batch", i, one[0], lp[i])
		}
		for k := range og {
			if og[k] != g[k*n+i] {
				t.Errorf("point %d: derivative %d is %v alone, %v in a batch", i, k, og[k], g[k*n+i])
			}
		}
	}
	d.LogDensity(nil, nil, nil) // an empty batch is allowed
}

// concurrent calls must not disturb each other.
func concurrent(t *testing.T, d target.Density, points [][]float64) {
	t.Helper()
	dim, n := d.Dim(), len(points)
	x := pack(points, dim)
	want := make([]float64, n*dim)
	d.LogDensity(make([]float64, n), want, x)
	var wg sync.WaitGroup
	errs := make(chan error, 4)
	for range 4 {
		wg.Go(func() {
			lp, g := make([]float64, n), make([]float64, n*dim)
			for range 20 {
				d.LogDensity(lp, g, x)
				for i, v := range g {
					if v != want[i] {
						errs <- fmt.Errorf("derivative %d at point %d is %v in concurrent calls, %v alone", i/n, i%n, v, want[i])
						return
					}
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
	}
}

func shapes(t *testing.T, dim int, m target.Moments) {
	t.Helper()
	mean, cov := m.Mean(), m.Covariance()
	if len(mean) != dim || len(cov) != dim*dim {
		t.Fatalf("moments of %d and %d numbers in dimension %d", len(mean), len(cov), dim)
	}
	for i := range dim {
		if cov[i*dim+i] < 0 {
			t.Errorf("variance %d is negative", i)
		}
		for j := range i {
			if a, b := cov[i*dim+j], cov[j*dim+i]; math.Abs(a-b) > 1e-12*(1+math.Abs(a)) {
				t.Errorf("covariance is not symmetric at (%d, %d)", i, j)
			}
		}
	}
}

// moments compares exact moments with those of draws, where they exist and have
// finite error estimates.
func moments(t *testing.T, dim int, m target.Moments, s target.Sampler, n int) {
	t.Helper()
	mean, cov := m.Mean(), m.Covariance()
	x := make([]float64, n*dim)
	s.Sample(x, n, 7)
	product := make([]float64, n)
	for i := range dim {
		if math.IsNaN(mean[i]) || math.IsInf(cov[i*dim+i], 0) {
			continue
		}
		row := x[i*n : (i+1)*n]
		if z := score(row, mean[i]); math.Abs(z) > 5 {
			t.Errorf("mean %d: draws are %.1f standard errors from the exact one", i, z)
		}
		for j := range i + 1 {
			other := x[j*n : (j+1)*n]
			for l := range product {
				product[l] = (row[l] - mean[i]) * (other[l] - mean[j])
			}
			if z := score(product, cov[i*dim+j]); math.Abs(z) > 5 {
				t.Errorf("covariance (%d, %d): draws are %.1f standard errors from the exact one", i, j, z)
			}
		}
	}
}

// stein checks that draws and score belong together: E[g tanh(x)] = -E[1/cosh^2 x]
// holds in every coordinate of a smooth density.
func stein(t *testing.T, d target.Density, s target.Sampler, n int) {
	t.Helper()
	dim := d.Dim()
	x, g := make([]float64, n*dim), make([]float64, n*dim)
	s.Sample(x, n, 11)
	d.LogDensity(make([]float64, n), g, x)
	row := make([]float64, n)
	for k := range dim {
		for i := range row {
			h := math.Tanh(x[k*n+i])
			row[i] = g[k*n+i]*h + 1 - h*h
		}
		if z := score(row, 0); math.Abs(z) > 5 {
			t.Errorf("coordinate %d: Stein's identity fails by %.1f standard errors", k, z)
		}
	}
}

// score is (mean of v - want) in standard errors.
func score(v []float64, want float64) float64 {
	n := float64(len(v))
	mean, squares := 0.0, 0.0
	for _, a := range v {
		mean += a / n
	}
	for _, a := range v {
		squares += (a - mean) * (a - mean)
	}
	if squares == 0 {
		if mean == want {
			return 0
		}
		return math.Inf(1)
	}
	return (mean - want) / math.Sqrt(squares/(n-1)/n)
}
