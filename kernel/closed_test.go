package kernel_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"wgf/kernel"
)

// normal is N(m, s) on the line as a fine weighted grid: sums over it are right to
// rounding for smooth kernels.
func normal(m, s float64, n int) kernel.Points {
	p := kernel.Points{N: n, D: 1, X: make([]float64, n), W: make([]float64, n)}
	sd, sum := math.Sqrt(s), 0.0
	for i := range n {
		z := -9 + 18*float64(i)/float64(n-1)
		p.X[i], p.W[i] = m+sd*z, math.Exp(-z*z/2)
		sum += p.W[i]
	}
	for i := range n {
		p.W[i] /= sum
	}
	return p
}

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s: %.12g, want %.12g", what, got, want)
	}
}

// MMD of Gaussians with the Gaussian kernel: G(v) = (1+v/h^2)^(-1/2) exp(-m^2/(2(h^2+v))).
func TestMMDOfGaussians(t *testing.T) {
	h2 := 1.7
	g := func(m, v float64) float64 { return math.Exp(-m*m/(2*(h2+v))) / math.Sqrt(1+v/h2) }
	k := kernel.Kernel{Bandwidth: math.Sqrt(h2)}
	a, b := normal(0.3, 0.5, 301), normal(-0.4, 1.4, 333)
	near(t, "MMD^2", k.MMD2(a, b, 0), g(0, 1)+g(0, 2.8)-2*g(0.7, 1.9), 1e-13)
	near(t, "of a measure from itself", k.MMD2(a, a, 0), 0, 1e-15)
	shifted := a
	shifted.X = append([]float64(nil), a.X...)
	for i := range shifted.X {
		shifted.X[i] += 1e6
	}
	far := b
	far.X = append([]float64(nil), b.X...)
	for i := range far.X {
		far.X[i] += 1e6
	}
	near(t, "far from the origin", k.MMD2(shifted, far, 0), k.MMD2(a, b, 0), 1e-9)
}

// The energy distance of N(0,1) and N(1,4) is 0.5341053.
func TestEnergyDistanceOfGaussians(t *testing.T) {
	k := kernel.Kernel{Family: kernel.Energy}
	near(t, "energy distance", k.MMD2(normal(0, 1, 3001), normal(1, 4, 3001), 0), 0.5341053, 1e-5)
}

// KSD^2 of N(m, s) to N(0, 1), Gaussian kernel with h^2 = l.
func TestKSDOfGaussians(t *testing.T) {
	m, s, l := 0.4, 0.7, 0.9
	x := normal(m, s, 401)
	score, out := make([]float64, x.N), make([]float64, x.N)
	for i, v := range x.X {
		score[i] = -v
	}
	alpha, beta, mean := 1/s-1, -m, math.Sqrt(l/(l+2*s))
	want := alpha*alpha*mean*(s/2-s*l/(l+2*s)/2) + beta*beta*mean
	kernel.Kernel{Bandwidth: math.Sqrt(l)}.Stein(out, x, score, x, score, 0)
	got := 0.0
	for i, v := range out {
		got += x.W[i] * v
	}
	near(t, "KSD^2", got, want, 1e-12)
	// At the target itself it vanishes, for every smooth kernel.
	y := normal(0, 1, 401)
	score, out = make([]float64, y.N), make([]float64, y.N)
	for i, v := range y.X {
		score[i] = -v
	}
	for _, f := range []kernel.Family{kernel.Gaussian, kernel.IMQ, kernel.Matern52} {
		kernel.Kernel{Family: f, Bandwidth: 1.1}.Stein(out, y, score, y, score, 0)
		for i, v := range out {
			if math.Abs(v) > 1e-6 {
				t.Errorf("%v: Stein identity at %g: %g", f, y.X[i], v)
				break
			}
		}
	}
}

// The gradient of MMD^2/2 by particle i is w_i times that of the witness there.
func TestMMDGradientByDifferences(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	for _, k := range []kernel.Kernel{{Bandwidth: 0.8}, {Family: kernel.Laplace, Bandwidth: 1}, {Family: kernel.IMQ, Bandwidth: 2},
		{Family: kernel.Matern32, Bandwidth: 1}, {Family: kernel.Matern52, Bandwidth: 1}, {Family: kernel.Riesz, Exponent: 1.3}, {Family: kernel.Energy}} {
		points := func(n int) kernel.Points {
			p := kernel.Points{N: n, D: 3, X: make([]float64, 3*n), W: make([]float64, n)}
			for i := range p.X {
				p.X[i] = r.NormFloat64()
			}
			for i := range p.W {
				p.W[i] = r.Float64() / float64(n)
			}
			return p
		}
		x, y := points(9), points(14)
		g := make([]float64, len(x.X))
		k.MMDGradient(g, x, y, 0)
		const step = 1e-5
		for at := range x.X {
			old := x.X[at]
			x.X[at] = old + step
			up := k.MMD2(x, y, 1)
			x.X[at] = old - step
			down := k.MMD2(x, y, 1)
			x.X[at] = old
			near(t, k.String()+": derivative", x.W[at%9]*g[at], (up-down)/(4*step), 1e-9)
		}
	}
}

// The velocity of SVGD by its formula, and Stein's identity: it vanishes at the target.
func TestSteinVelocity(t *testing.T) {
	for _, k := range []kernel.Kernel{{Bandwidth: 0.8}, {Family: kernel.IMQ, Bandwidth: 1}, {Family: kernel.Laplace, Bandwidth: 1}} {
		x := normal(0, 1, 2001)
		score, v := make([]float64, x.N), make([]float64, x.N)
		for i, c := range x.X {
			score[i] = -c
		}
		k.SteinVelocity(v, x, score, 0)
		for i, c := range v {
			if math.Abs(c) > 1e-4 {
				t.Errorf("%v: velocity %g at %g", k, c, x.X[i])
				break
			}
		}
	}
	x := kernel.Points{N: 2, D: 1, X: []float64{0, 1}}
	v := make([]float64, 2)
	kernel.Kernel{Bandwidth: 1}.SteinVelocity(v, x, []float64{2, 3}, 0)
	e := math.Exp(-0.5)
	near(t, "by hand", v[0], (2+3*e-e)/2, 1e-15)
	near(t, "by hand", v[1], (2*e+e+3)/2, 1e-15)
}

// The result does not depend on the threads, to the last bit.
func TestThreadsDoNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	x := kernel.Points{N: 1000, D: 4, X: make([]float64, 4000)}
	for i := range x.X {
		x.X[i] = r.NormFloat64()
	}
	for f := kernel.Gaussian; f <= kernel.Energy; f++ {
		k := kernel.Kernel{Family: f, Bandwidth: 1}
		one, many := make([]float64, 4000), make([]float64, 4000)
		k.SteinVelocity(one, x, x.X, 1)
		k.SteinVelocity(many, x, x.X, 5)
		for i, v := range one {
			if v != many[i] {
				t.Fatalf("%v: %v and %v at %d", k, v, many[i], i)
			}
		}
	}
}

func TestParse(t *testing.T) {
	for spec, want := range map[string]kernel.Kernel{
		"gaussian":           {},
		"imq:bandwidth=2":    {Family: kernel.IMQ, Bandwidth: 2},
		"riesz:exponent=0.5": {Family: kernel.Riesz, Exponent: 0.5},
		"energy":             {Family: kernel.Energy},
	} {
		got, err := kernel.Parse(spec)
		if err != nil || got != want {
			t.Errorf("%s: %v %v", spec, got, err)
		}
	}
	for _, spec := range []string{"", "gauss", "imq:bandwidth=-1", "imq:bandwidth=x", "imq:width=1", "riesz:exponent=2", "energy:bandwidth=1", "imq:bandwidth=NaN"} {
		if _, err := kernel.Parse(spec); err == nil {
			t.Errorf("%q was taken", spec)
		}
	}
}
