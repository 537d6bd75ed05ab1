package stan

import (
	"math"
	"path/filepath"
	"strings"
	"testing"
)

// agreeCurvature holds the products of the Hessians at points (one after the other) with vectors against differences
// of gradients, relative to the largest component, and gives the largest error.
func agreeCurvature(t testing.TB, m *Model, points [][]float64, tol float64) float64 {
	t.Helper()
	if err := m.Curvature(); err != nil {
		t.Fatal(err)
	}
	d, n := m.Dim(), len(points)
	x, u := make([]float64, n*d), make([]float64, n*d)
	for i, p := range points {
		for k, v := range p {
			x[k*n+i] = v
			u[k*n+i] = math.Cos(2.3*float64(k) + float64(i))
		}
	}
	got := make([]float64, n*d)
	m.HessianVector(got, x, u)
	gradient := func(step float64) []float64 {
		at, lp, g := make([]float64, n*d), make([]float64, n), make([]float64, n*d)
		for i := range x {
			at[i] = x[i] + step*u[i]
		}
		m.LogDensity(lp, g, at)
		return g
	}
	// Extrapolated differences, with the step that fits each point best: stiff points need a short one.
	want := make([][]float64, 0, 4)
	for _, h := range []float64{1e-2, 2e-3, 4e-4, 8e-5} {
		a, b, c, e := gradient(h), gradient(-h), gradient(h/2), gradient(-h/2)
		w := make([]float64, n*d)
		for i := range w {
			w[i] = (8*(c[i]-e[i]) - (a[i] - b[i])) / (6 * h)
		}
		want = append(want, w)
	}
	worst := 0.0
	for i := range n {
		largest := 1.0
		for k := range d {
			largest = max(largest, math.Abs(got[k*n+i]))
		}
		best := math.Inf(1)
		for _, w := range want {
			e := 0.0
			for k := range d {
				if v := math.Abs(w[k*n+i]-got[k*n+i]) / largest; !(v <= e) {
					e = v
				}
			}
			if e < best {
				best = e
			}
		}
		if !(best <= tol) {
			t.Errorf("point %d: products of the Hessian differ by %g of the largest from differences of gradients", i, best)
		}
		worst = max(worst, best)
	}
	return worst
}

func TestReferenceCurvature(t *testing.T) {
	files, err := filepath.Glob("testdata/programs/*.stan")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".stan")
		t.Run(name, func(t *testing.T) {
			model := bindReference(t, name)
			ref := readReference(t, filepath.Join("testdata", "gradients", name+".json"))
			var points [][]float64
			for _, p := range ref.Points {
				if p.Error == "" && len(points) < 4 {
					points = append(points, p.X)
				}
			}
			t.Logf("error %.1e at %d points", agreeCurvature(t, model, points, 1e-6), len(points))
		})
	}
}
