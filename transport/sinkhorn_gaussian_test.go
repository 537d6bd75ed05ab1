package transport

import (
	"math"
	"testing"

	"wgf/measure"
)

// symmetric2 is a symmetric 2 x 2 matrix (xx, xy; xy, yy).
type symmetric2 struct{ xx, xy, yy float64 }

func (m symmetric2) det() float64 { return m.xx*m.yy - m.xy*m.xy }

func (m symmetric2) root() symmetric2 {
	s := math.Sqrt(m.det())
	t := math.Sqrt(m.xx + m.yy + 2*s)
	return symmetric2{(m.xx + s) / t, m.xy / t, (m.yy + s) / t}
}

// sandwich is m b m.
func (m symmetric2) sandwich(b symmetric2) symmetric2 {
	p, q := m.xx*b.xx+m.xy*b.xy, m.xx*b.xy+m.xy*b.yy
	r, s := m.xy*b.xx+m.yy*b.xy, m.xy*b.xy+m.yy*b.yy
	return symmetric2{p*m.xx + q*m.xy, p*m.xy + q*m.yy, r*m.xy + s*m.yy}
}

// entropicGaussian is OT_eps of two Gaussians for the cost |x-y|^2, eps = 2 s2:
// with D = (4 A^(1/2) B A^(1/2) + s2^2 I)^(1/2),
//
//	|a-b|^2 + tr A + tr B - tr D + d s2 (1 - log(2 s2)) + s2 log det(D + s2 I)
//
// (Janati, Muzellec, Peyré and Cuturi 2020, theorem 1).
func entropicGaussian(a, b [2]float64, ca, cb symmetric2, eps float64) float64 {
	s2 := eps / 2
	d := ca.root().sandwich(cb)
	d = symmetric2{4*d.xx + s2*s2, 4 * d.xy, 4*d.yy + s2*s2}.root()
	det := symmetric2{d.xx + s2, d.xy, d.yy + s2}.det()
	return math.Pow(a[0]-b[0], 2) + math.Pow(a[1]-b[1], 2) + ca.xx + ca.yy + cb.xx + cb.yy - d.xx - d.yy +
		2*s2*(1-math.Log(2*s2)) + s2*math.Log(det)
}

// gaussianGrid is a Gaussian as a weighted lattice of (2k+1)^2 points, whose sums
// are those of the trapezoidal rule: right to rounding but for the tails beyond
// 6.5 standard deviations. k = 0 in the second direction is a Gaussian on the line.
func gaussianGrid(mean [2]float64, c symmetric2, k int) *measure.Cloud {
	l := math.Sqrt(c.xx)
	lower, rest := c.xy/l, math.Sqrt(c.det()/c.xx)
	out := measure.New((2*k+1)*(2*k+1), 2)
	out.LogW = make([]float64, out.N)
	at := 0
	for i := -k; i <= k; i++ {
		for j := -k; j <= k; j++ {
			u, v := 6.5*float64(i)/float64(k), 6.5*float64(j)/float64(k)
			out.X[at], out.X[out.N+at] = mean[0]+l*u, mean[1]+lower*u+rest*v
			out.LogW[at] = -(u*u + v*v) / 2
			at++
		}
	}
	return out
}

func lineGrid(mean, variance float64) *measure.Cloud {
	const k = 200
	c := measure.New(2*k+1, 1)
	c.LogW = make([]float64, c.N)
	for i := range c.N {
		u := 8 * float64(i-k) / k
		c.X[i], c.LogW[i] = mean+math.Sqrt(variance)*u, -u*u/2
	}
	return c
}

// Gaussians on the line: the divergence, and everything of the mixed problem. The
// coupling is Gaussian with covariance t = (D - s2)/2, so the entropic map is
// mean B + t/A (x - mean A), and f is its integral: f' = 2 (x - T(x)).
func TestSinkhornGaussianLine(t *testing.T) {
	a, b := lineGrid(-0.5, 0.6), lineGrid(1, 1.8)
	for _, c := range []struct{ eps, divergence float64 }{{1, 2.5626949}, {0.3, 2.5707056}} {
		s := Sinkhorn{Epsilon: c.eps, Tolerance: 1e-12}
		if got := divergence(t, s, Problem{A: a, B: b}).Value; math.Abs(got-c.divergence) > 6e-8 {
			t.Errorf("eps = %v: divergence %v, want %v", c.eps, got, c.divergence)
		}
		r := solveSinkhorn(t, s, Problem{A: a, B: b})
		s2 := c.eps / 2
		d := math.Sqrt(4*0.6*1.8 + s2*s2)
		value := 2.25 + 2.4 - d + s2*(1-math.Log(2*s2)) + s2*math.Log(d+s2)
		if !near(r.Dual, value, 1e-11) {
			t.Errorf("eps = %v: value %v, want %v", c.eps, r.Dual, value)
		}
		slope := (d - s2) / 2 / 0.6
		if want := 2.25 + 2.4 - (d - s2); !near(r.Cost, want, 1e-10) {
			t.Errorf("eps = %v: cost %v, want %v", c.eps, r.Cost, want)
		}
		x := measure.New(3, 1)
		copy(x.X, []float64{-2, 0, 1.3})
		image, err := r.EntropicMap(x)
		if err != nil {
			t.Fatal(err)
		}
		f, err := r.EvaluatePotential(x)
		if err != nil {
			t.Fatal(err)
		}
		integral := func(x float64) float64 { u := x + 0.5; return u*u*(1-slope) - 3*u }
		for i, v := range x.X {
			if want := 1 + slope*(v+0.5); !near(image[i], want, 1e-9) {
				t.Errorf("eps = %v: map of %v is %v, want %v", c.eps, v, image[i], want)
			}
			if want := integral(v) - integral(-2); !near(f[i]-f[0], want, 1e-9) {
				t.Errorf("eps = %v: potential at %v is %v above that at -2, want %v", c.eps, v, f[i]-f[0], want)
			}
		}
		for i := 100; i <= 300; i++ {
			if want := integral(a.X[i]) - integral(a.X[200]); !near(r.F[i]-r.F[200], want, 1e-9) {
				t.Fatalf("eps = %v: potential %d is off: %v, want %v", c.eps, i, r.F[i]-r.F[200], want)
			}
		}
	}
}

// Correlated Gaussians in the plane, whose covariances do not commute.
func TestSinkhornGaussianPlane(t *testing.T) {
	ca, cb := symmetric2{1, 0.4, 0.5}, symmetric2{0.7, -0.3, 0.9}
	ma, mb := [2]float64{-1, 2}, [2]float64{0.5, 1}
	a, b := gaussianGrid(ma, ca, 16), gaussianGrid(mb, cb, 16)
	const eps = 1
	s := Sinkhorn{Epsilon: eps, Tolerance: 1e-10}
	ab := entropicGaussian(ma, mb, ca, cb, eps)
	if got := solveSinkhorn(t, s, Problem{A: a, B: b}).Dual; !near(got, ab, 1e-8) {
		t.Errorf("value %v, want %v", got, ab)
	}
	want := ab - (entropicGaussian(ma, ma, ca, ca, eps)+entropicGaussian(mb, mb, cb, cb, eps))/2
	if got := divergence(t, s, Problem{A: a, B: b}).Value; !near(got, want, 1e-8) {
		t.Errorf("divergence %v, want %v", got, want)
	}
}
