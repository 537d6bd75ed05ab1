package transport_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"wgf/measure"
	"wgf/transport"
)

func extend(t *testing.T, r *transport.Result, points *measure.Cloud) []float64 {
	t.Helper()
	out, err := transport.Extend(r, points)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A point of A gets its own image, and points beside it go beside it.
func TestExtendAtPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 2))
	for _, d := range []int{1, 2, 5} {
		for _, weighted := range []bool{false, true} {
			for _, n := range []int{1, 4, 60} {
				a, b := randomCloud(r, n, d, 0, weighted), randomCloud(r, 40, d, 3, weighted)
				if weighted && n > 1 {
					a.LogW[1] = math.Inf(-1)
				}
				res := exact(t, a, b)
				want, mass := res.Plan().Barycentric(a, b), a.Weights()
				beside := a.Clone()
				for i := range beside.X {
					beside.X[i] += 1e-9
				}
				own, close := extend(t, res, a), extend(t, res, beside)
				for at, v := range want {
					if mass[at%n] == 0 {
						continue
					}
					near(t, "own image", own[at], v, 1e-14)
					near(t, "beside a point", close[at], v, 1e-5)
				}
			}
		}
	}
}

// Translations are found everywhere, and the map between samples of Gaussians is
// closer to the true one than that of nearest neighbours.
func TestExtendBetweenPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 2))
	a := randomCloud(r, 50, 3, 0, false)
	b := a.Clone()
	for i := range b.X {
		b.X[i] += 1e6
	}
	fresh := randomCloud(r, 20, 3, 0, false)
	for i, v := range extend(t, exact(t, a, b), fresh) {
		near(t, "translation", v, fresh.X[i]+1e6, 1e-12)
	}
	const n = 300
	a, b = randomCloud(r, n, 2, 0, false), randomCloud(r, n, 2, 0, false)
	for i := range n {
		b.X[i] = 3*b.X[i] + 1
	}
	res := exact(t, a, b)
	fresh = randomCloud(r, 200, 2, 0, false)
	got, nearest := 0.0, 0.0
	image := res.Plan().Barycentric(a, b)
	for p, v := range extend(t, res, fresh) {
		want, k := fresh.X[p], p/200
		if k == 0 {
			want = 3*fresh.X[p] + 1
		}
		got += (v - want) * (v - want)
		best, at := math.Inf(1), 0
		for i := range n {
			x, y := a.X[i]-fresh.X[p%200], a.X[n+i]-fresh.X[200+p%200]
			if d := x*x + y*y; d < best {
				best, at = d, i
			}
		}
		e := fresh.X[p] - a.X[k*n+at] + image[k*n+at] - want
		nearest += e * e
	}
	if got > 0.9*nearest {
		t.Errorf("squared error %g, that of nearest neighbours %g", got, nearest)
	}
}

func TestExtendOnLine(t *testing.T) {
	a, b := cloud(t, []float64{0}, []float64{1}, []float64{1}, []float64{3}), cloud(t, []float64{10}, []float64{20}, []float64{22}, []float64{25})
	r, err := transport.OneDimensional{}.Solve(context.Background(), transport.Problem{A: a, B: b})
	if err != nil {
		t.Fatal(err)
	}
	got := extend(t, r, cloud(t, []float64{-2}, []float64{0}, []float64{0.5}, []float64{1}, []float64{2}, []float64{3}, []float64{7}))
	for i, want := range []float64{8, 10, 15.5, 21, 23, 25, 29} {
		near(t, "by hand", got[i], want, 1e-14)
	}
}

func TestExtendEntropic(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 2))
	a, b := randomCloud(r, 30, 2, 0, true), randomCloud(r, 30, 2, 1, false)
	res, err := transport.Sinkhorn{}.Solve(context.Background(), transport.Problem{A: a, B: b})
	if err != nil {
		t.Fatal(err)
	}
	want := res.Plan().Barycentric(a, b)
	for i, v := range extend(t, res, a) {
		near(t, "own image", v, want[i], 1e-4)
	}
}

func TestExtendErrors(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 2))
	a := randomCloud(r, 4, 2, 0, false)
	res := exact(t, a, a)
	matrix, err := transport.Exact{}.Solve(context.Background(), transport.Problem{A: a, B: a, Cost: transport.Matrix(make([]float64, 16), 4, 4)})
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]func() error{
		"dimension": func() error { _, err := transport.Extend(res, randomCloud(r, 2, 3, 0, false)); return err },
		"NaN":       func() error { _, err := transport.Extend(res, cloud(t, []float64{math.NaN(), 0})); return err },
		"matrix":    func() error { _, err := transport.Extend(matrix, a); return err },
		"shape":     func() error { _, err := transport.Extend(res, &measure.Cloud{N: 3, D: 2}); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
