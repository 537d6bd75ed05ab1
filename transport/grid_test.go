package transport_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"wgf/measure"
	"wgf/transport"
)

// gaussianPicture is a Gaussian on an n x n grid.
func gaussianPicture(n int, g measure.Gaussian) transport.Grid {
	out := transport.Grid{Shape: []int{n, n}, Mass: make([]float64, n*n)}
	a, b, c := g.Cov[0], g.Cov[1], g.Cov[3]
	det := a*c - b*b
	for i := range n {
		for j := range n {
			x, y := float64(i)-g.Mean[0], float64(j)-g.Mean[1]
			out.Mass[i*n+j] = math.Exp(-(c*x*x - 2*b*x*y + a*y*y) / (2 * det))
		}
	}
	return out
}

func noise(rng *rand.Rand, shape ...int) transport.Grid {
	g := transport.Grid{Shape: shape}
	n := 1
	for _, s := range shape {
		n *= s
	}
	for range n {
		m := rng.Float64()
		if rng.IntN(3) == 0 {
			m = 0
		}
		g.Mass = append(g.Mass, m)
	}
	g.Mass[0]++
	return g
}

func moments(t *testing.T, g transport.Grid) (mean, cov []float64) {
	t.Helper()
	c, err := g.Cloud()
	if err != nil {
		t.Fatal(err)
	}
	return c.Mean(), c.Covariance()
}

func barycentre(t *testing.T, grids []transport.Grid, w []float64, o transport.GridOptions) *transport.GridResult {
	t.Helper()
	r, err := transport.GridBarycentre(context.Background(), grids, w, o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != transport.Converged {
		t.Fatalf("%v after %d iterations, residual %v", r.Status, r.Iterations, r.Residual)
	}
	return r
}

// apart is the total variation between two measures.
func apart(a, b transport.Grid) float64 {
	ta, tb, s := 0.0, 0.0, 0.0
	for i := range a.Mass {
		ta += a.Mass[i]
		tb += b.Mass[i]
	}
	for i := range a.Mass {
		s += math.Abs(a.Mass[i]/ta-b.Mass[i]/tb) / 2
	}
	return s
}

// On the grid and as clouds of points the problem is the same.
func TestGridSinkhornIsSinkhorn(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	ctx := context.Background()
	for _, shape := range [][]int{{23}, {7, 9}, {3, 4, 5}, {1, 6}} {
		a, b := noise(rng, shape...), noise(rng, shape...)
		ca, err := a.Cloud()
		if err != nil {
			t.Fatal(err)
		}
		cb, err := b.Cloud()
		if err != nil {
			t.Fatal(err)
		}
		for _, eps := range []float64{0.3, 5} {
			o := transport.GridOptions{Epsilon: eps, Tolerance: 1e-10, MaxIterations: 100000}
			got, err := transport.GridSinkhorn(ctx, a, b, o)
			if err != nil {
				t.Fatal(err)
			}
			want := solveWith(t, transport.Sinkhorn{Epsilon: eps, Tolerance: 1e-10, MaxIterations: 100000}, transport.Problem{A: ca, B: cb})
			within(t, "cost", got.Cost, want.Cost, 1e-7*(1+want.Cost))
			within(t, "value", got.Dual, want.Dual, 1e-7*(1+want.Cost))
			d, err := transport.GridDivergence(ctx, a, b, o)
			if err != nil {
				t.Fatal(err)
			}
			div, err := transport.SinkhornDivergence(ctx, ca, cb, transport.Sinkhorn{Epsilon: eps, Tolerance: 1e-10, MaxIterations: 100000})
			if err != nil {
				t.Fatal(err)
			}
			within(t, "divergence", d.Value, div.Value, 1e-7*(1+div.Value))
			same, err := transport.GridDivergence(ctx, a, a, o)
			if err != nil {
				t.Fatal(err)
			}
			within(t, "divergence of equal measures", same.Value, 0, 1e-8)
		}
	}
}

// The divergence of a picture and the same moved by 7 and 4 is 65; its first
// variation is the derivative in the masses.
func TestGridDivergence(t *testing.T) {
	a := gaussianPicture(40, measure.Gaussian{Mean: []float64{16, 18}, Cov: []float64{4, 1, 1, 3}})
	b := gaussianPicture(40, measure.Gaussian{Mean: []float64{23, 22}, Cov: []float64{4, 1, 1, 3}})
	d, err := transport.GridDivergence(context.Background(), a, b, transport.GridOptions{Tolerance: 1e-9})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "divergence", d.Value, 65, 1e-5)
	rng := rand.New(rand.NewPCG(3, 2))
	a, b = noise(rng, 5, 6), noise(rng, 5, 6)
	total := 0.0
	for _, m := range a.Mass {
		total += m
	}
	o := transport.GridOptions{Epsilon: 0.7, Tolerance: 1e-12, MaxIterations: 100000}
	value := func(h float64) float64 {
		c := transport.Grid{Shape: a.Shape, Mass: append([]float64(nil), a.Mass...)}
		c.Mass[0] += h
		c.Mass[29] += 2 * h // another way than the normalisation alone
		d, err := transport.GridDivergence(context.Background(), c, b, o)
		if err != nil {
			t.Fatal(err)
		}
		return d.Value
	}
	a.Mass[29] += 0.1
	total += 0.1
	d, err = transport.GridDivergence(context.Background(), a, b, o)
	if err != nil {
		t.Fatal(err)
	}
	mean := 0.0
	for i, m := range a.Mass {
		mean += m / total * d.VariationA[i]
	}
	want := (d.VariationA[0] + 2*d.VariationA[29] - 3*mean) / total
	within(t, "derivative", (value(1e-5)-value(-1e-5))/2e-5, want, 1e-6)
}

// The barycentre of Gaussians of one covariance has it, and the mean of their
// means; that of Gaussians of different covariances has the covariance of the
// W2 barycentre. The entropic barycentre without debiasing has eps/2 more.
func TestGridBarycentreOfGaussians(t *testing.T) {
	for name, c := range map[string]struct {
		all []measure.Gaussian
		w   []float64
		tol float64
	}{
		"one covariance": {[]measure.Gaussian{
			{Mean: []float64{18, 20}, Cov: []float64{6, 2, 2, 5}},
			{Mean: []float64{30, 24}, Cov: []float64{6, 2, 2, 5}},
			{Mean: []float64{24, 32}, Cov: []float64{6, 2, 2, 5}},
		}, []float64{0.5, 0.3, 0.2}, 1e-3},
		"different": {[]measure.Gaussian{
			{Mean: []float64{20, 20}, Cov: []float64{12, 5, 5, 4}},
			{Mean: []float64{28, 26}, Cov: []float64{5, -3, -3, 10}},
		}, []float64{0.4, 0.6}, 0.02},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := transport.GaussianBarycentre(c.all, c.w)
			if err != nil {
				t.Fatal(err)
			}
			var grids []transport.Grid
			for _, g := range c.all {
				grids = append(grids, gaussianPicture(48, g))
			}
			for _, eps := range []float64{1, 3} {
				r := barycentre(t, grids, c.w, transport.GridOptions{Epsilon: eps, Tolerance: 1e-6})
				mean, cov := moments(t, r.Grid)
				for k, v := range want.Mean {
					within(t, "mean", mean[k], v, 1e-3)
				}
				for k, v := range want.Cov {
					within(t, "covariance", cov[k], v, c.tol*eps)
				}
			}
			r := barycentre(t, grids, c.w, transport.GridOptions{Epsilon: 2, Tolerance: 1e-6, Biased: true})
			_, cov := moments(t, r.Grid)
			if name == "one covariance" && cov[0] < want.Cov[0]+0.5 {
				t.Errorf("without debiasing the variance is %v, that of the pictures %v", cov[0], want.Cov[0])
			}
		})
	}
}

// shape is a picture with sharp edges and empty space around.
func shape(n int, inside func(x, y float64) bool) transport.Grid {
	g := transport.Grid{Shape: []int{n, n}, Mass: make([]float64, n*n)}
	for i := range n {
		for j := range n {
			if inside((float64(i)+0.5)/float64(n), (float64(j)+0.5)/float64(n)) {
				g.Mass[i*n+j] = 1
			}
		}
	}
	return g
}

// The barycentre of copies of a picture is the picture; weights of 0 take a
// picture out; a path ends at its ends and its middle lies between.
func TestGridBarycentreOfShapes(t *testing.T) {
	ring := shape(28, func(x, y float64) bool { r := math.Hypot(x-0.5, y-0.6); return r < 0.3 && r > 0.15 })
	disk := shape(28, func(x, y float64) bool { return math.Hypot(x-0.35, y-0.35) < 0.2 })
	r := barycentre(t, []transport.Grid{ring, ring, disk}, []float64{1, 2, 0}, transport.GridOptions{Tolerance: 1e-6})
	within(t, "distance of the barycentre of copies", apart(r.Grid, ring), 0, 1e-3)

	path, err := transport.GridGeodesic(context.Background(), ring, disk, []float64{0, 0.5, 1}, transport.GridOptions{Tolerance: 1e-6})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "distance at time 0", apart(path[0].Grid, ring), 0, 1e-3)
	within(t, "distance at time 1", apart(path[2].Grid, disk), 0, 1e-3)
	whole, err := transport.GridDivergence(context.Background(), ring, disk, transport.GridOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []transport.Grid{ring, disk} {
		half, err := transport.GridDivergence(context.Background(), end, path[1].Grid, transport.GridOptions{})
		if err != nil {
			t.Fatal(err)
		}
		within(t, "distance to the middle", math.Sqrt(half.Value), math.Sqrt(whole.Value)/2, 0.01*math.Sqrt(whole.Value))
	}
	total := 0.0
	for _, m := range path[1].Grid.Mass {
		total += m
	}
	within(t, "total mass", total, 1, 1e-12)
}

// On the line the barycentre is the average of quantiles, in three dimensions
// that of points is their mean.
func TestGridBarycentreOtherDimensions(t *testing.T) {
	one := func(mean, sd float64) transport.Grid {
		g := transport.Grid{Shape: []int{60}, Mass: make([]float64, 60)}
		for i := range g.Mass {
			z := (float64(i) - mean) / sd
			g.Mass[i] = math.Exp(-z * z / 2)
		}
		return g
	}
	r := barycentre(t, []transport.Grid{one(15, 2), one(40, 4)}, []float64{0.25, 0.75}, transport.GridOptions{Epsilon: 0.5})
	mean, cov := moments(t, r.Grid)
	within(t, "mean on the line", mean[0], 0.25*15+0.75*40, 1e-3)
	within(t, "deviation on the line", math.Sqrt(cov[0]), 3.5, 1e-2)

	point := func(at ...int) transport.Grid {
		g := transport.Grid{Shape: []int{9, 9, 9}, Mass: make([]float64, 729)}
		g.Mass[at[0]*81+at[1]*9+at[2]] = 3
		return g
	}
	r = barycentre(t, []transport.Grid{point(1, 2, 8), point(7, 4, 2)}, nil, transport.GridOptions{})
	within(t, "mass at the mean of two points", r.Grid.Mass[4*81+3*9+5], 1, 0.02)
	r = barycentre(t, []transport.Grid{{Shape: []int{1, 1}, Mass: []float64{2}}}, nil, transport.GridOptions{})
	within(t, "mass of one point", r.Grid.Mass[0], 1, 1e-15)
}

func TestGridThreads(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 6))
	grids := []transport.Grid{noise(rng, 90, 70), noise(rng, 90, 70)}
	var first *transport.GridResult
	for threads := 1; threads <= 3; threads++ {
		r, err := transport.GridBarycentre(context.Background(), grids, nil, transport.GridOptions{Threads: threads, MaxIterations: 3})
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != transport.Budget {
			t.Errorf("3 iterations: %v", r.Status)
		}
		if first == nil {
			first = r
		}
		for i, m := range r.Grid.Mass {
			if m != first.Grid.Mass[i] {
				t.Fatalf("%d threads change entry %d", threads, i)
			}
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := transport.GridBarycentre(ctx, grids, nil, transport.GridOptions{}); err != nil || r.Status != transport.Interrupted {
		t.Errorf("cancelled: %v", err)
	}
}

// A cloud of grid points is kept by the grid; between them the mean is.
func TestRasterise(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 7))
	g := noise(rng, 4, 5, 3)
	c, err := g.Cloud()
	if err != nil {
		t.Fatal(err)
	}
	back, err := transport.Rasterise(c, g.Shape)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "distance after the round", apart(g, back), 0, 1e-14)
	for i := range c.X {
		c.X[i] = rng.Float64() * 2
	}
	if back, err = transport.Rasterise(c, g.Shape); err != nil {
		t.Fatal(err)
	}
	mean, _ := moments(t, back)
	for k, v := range c.Mean() {
		within(t, "mean", mean[k], v, 1e-13)
	}
	for want, f := range map[string]func() error{
		"beyond the grid from 0 to 1":  func() error { _, err := transport.Rasterise(c, []int{2, 2, 2}); return err },
		"does not fit a grid with 2":   func() error { _, err := transport.Rasterise(c, []int{2, 2}); return err },
		"want positive numbers":        func() error { _, err := transport.Rasterise(c, []int{2, 0, 2}); return err },
		"coordinate 1 of point 1 is N": func() error { _, err := transport.Rasterise(line(math.NaN()), []int{2}); return err },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}

func TestGridBadInput(t *testing.T) {
	good := transport.Grid{Shape: []int{2, 2}, Mass: []float64{1, 0, 0, 1}}
	ctx := context.Background()
	for want, g := range map[string]transport.Grid{
		"shape [4], the first [2 2]":      {Shape: []int{4}, Mass: []float64{1, 0, 0, 1}},
		"has 3 masses, want 4":            {Shape: []int{2, 2}, Mass: []float64{1, 0, 0}},
		"at point [1 0] of a grid is -1":  {Shape: []int{2, 2}, Mass: []float64{1, 0, -1, 1}},
		"at point [0 1] of a grid is NaN": {Shape: []int{2, 2}, Mass: []float64{1, math.NaN(), 1, 1}},
		"has no mass":                     {Shape: []int{2, 2}, Mass: []float64{0, 0, 0, 0}},
		"has 0 axes":                      {Mass: []float64{}},
		"want positive numbers":           {Shape: []int{2, -2}, Mass: []float64{}},
	} {
		if _, err := transport.GridBarycentre(ctx, []transport.Grid{good, g}, nil, transport.GridOptions{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
		if _, err := transport.GridSinkhorn(ctx, good, g, transport.GridOptions{}); err == nil {
			t.Errorf("GridSinkhorn accepts what %s", want)
		}
	}
	for _, f := range []func() error{
		func() error { _, err := transport.GridBarycentre(ctx, nil, nil, transport.GridOptions{}); return err },
		func() error {
			_, err := transport.GridBarycentre(ctx, []transport.Grid{good}, []float64{-1}, transport.GridOptions{})
			return err
		},
		func() error {
			_, err := transport.GridBarycentre(ctx, []transport.Grid{good}, nil, transport.GridOptions{Epsilon: -1})
			return err
		},
		func() error {
			_, err := transport.GridBarycentre(ctx, []transport.Grid{good}, nil, transport.GridOptions{Annealing: 2})
			return err
		},
		func() error {
			_, err := transport.GridGeodesic(ctx, good, good, []float64{1.5}, transport.GridOptions{})
			return err
		},
		func() error {
			_, err := transport.GridDivergence(ctx, good, transport.Grid{}, transport.GridOptions{})
			return err
		},
	} {
		if f() == nil {
			t.Error("bad input is accepted")
		}
	}
}
