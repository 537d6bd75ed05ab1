package geometry

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
)

// weightedCloud is a cloud of n normal points with weights, the last one 0.
func weightedCloud(n, d int, seed uint64) *measure.Cloud {
	r := rand.New(rand.NewPCG(seed, 1))
	c := measure.New(n, d)
	for i := range c.X {
		c.X[i] = r.NormFloat64()
	}
	c.LogW = make([]float64, n)
	for i := range c.LogW {
		c.LogW[i] = r.NormFloat64()
	}
	c.LogW[n-1] = math.Inf(-1)
	return c
}

func normals(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 2))
	v := make([]float64, n)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	return v
}

func build(t *testing.T, text string, s Setting) Geometry {
	t.Helper()
	for _, e := range Catalogue() {
		if e.Name == spec.Name(text) {
			var err error
			if s.Params, err = spec.Parse("geometry", text, e.Params); err != nil {
				t.Fatal(err)
			}
			g, err := e.Build(s)
			if err != nil {
				t.Fatal(err)
			}
			return g
		}
	}
	t.Fatalf("no geometry %s", text)
	return nil
}

func velocity(t *testing.T, g Geometry, f Field) []float64 {
	t.Helper()
	dst := make([]float64, len(f.Cloud.X))
	if err := g.Velocity(dst, f); err != nil {
		t.Fatal(err)
	}
	return dst
}

func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	for i, v := range got {
		if !(math.Abs(v-want[i]) <= tolerance*(1+math.Abs(want[i]))) {
			t.Fatalf("%s, number %d: %.15g, want %.15g", what, i, v, want[i])
		}
	}
}

func TestCatalogueIsSorted(t *testing.T) {
	var names []string
	for _, e := range Catalogue() {
		names = append(names, e.Name)
		if e.Formula == "" || e.Cost == "" || e.Reference == "" {
			t.Errorf("%s does not say all about itself", e.Name)
		}
	}
	if !slices.IsSorted(names) {
		t.Error(names)
	}
}

// The normalised velocity against its formula, pair by pair.
func TestNormalisedPairByPair(t *testing.T) {
	const n, d, alpha = 23, 3, 0.3
	for _, family := range []kernel.Family{kernel.Gaussian, kernel.Laplace, kernel.IMQ} {
		k := kernel.Kernel{Family: family, Bandwidth: 0.9}
		c := weightedCloud(n, d, 3)
		f := Field{Cloud: c, Gradient: normals(n*d, 4)}
		w := c.Weights()
		rho, slope := make([]float64, n), make([]float64, n*d) // slope of log rho
		pair := func(i, j int) (phi, psi float64, diff [d]float64) {
			r2 := 0.0
			for l := range d {
				diff[l] = c.X[l*n+i] - c.X[l*n+j]
				r2 += diff[l] * diff[l]
			}
			phi, psi, _ = k.At(r2)
			return phi, psi, diff
		}
		for i := range n {
			for j := range n {
				phi, psi, diff := pair(i, j)
				rho[i] += w[j] * phi
				for l := range d {
					slope[l*n+i] += w[j] * psi * diff[l]
				}
			}
			for l := range d {
				slope[l*n+i] /= rho[i]
			}
		}
		for _, tau := range []float64{0, 1, 0.4} {
			f.Entropy = tau
			want := make([]float64, n*d)
			for i := range n {
				for j := range n {
					phi, psi, diff := pair(j, i)
					a := w[j] * math.Pow(rho[i]*rho[j], -alpha)
					for l := range d {
						want[l*n+i] += a * (-phi*(f.Gradient[l*n+j]+tau*alpha*slope[l*n+j]) + tau*psi*diff[l])
					}
				}
			}
			near(t, family.String(), velocity(t, build(t, "stein-normalised:alpha=0.3", Setting{Kernel: k}), f), want, 1e-10)
		}
		f.Entropy = 1
		near(t, "alpha 0", velocity(t, build(t, "stein-normalised:alpha=0", Setting{Kernel: k}), f), velocity(t, build(t, "stein", Setting{Kernel: k}), f), 1e-12)
	}
}

// Stein with the Mahalanobis kernel against its formula, pair by pair.
func TestPreconditionedPairByPair(t *testing.T) {
	const n, d = 19, 2
	cov := []float64{2, 0.7, 0.7, 0.5}
	det := cov[0]*cov[3] - cov[1]*cov[1]
	inverse := []float64{cov[3] / det, -cov[1] / det, -cov[1] / det, cov[0] / det}
	k := kernel.Kernel{Bandwidth: 0.8}
	c := weightedCloud(n, d, 5)
	w := c.Weights()
	g := build(t, "stein-preconditioned:target=1", Setting{Dim: d, Kernel: k, Covariance: cov})
	for _, tau := range []float64{0, 1, 2} {
		f := Field{Cloud: c, Gradient: normals(n*d, 6), Entropy: tau}
		want := make([]float64, n*d)
		for i := range n {
			for j := range n {
				diff := []float64{c.X[j] - c.X[i], c.X[n+j] - c.X[n+i]}
				z := []float64{inverse[0]*diff[0] + inverse[1]*diff[1], inverse[2]*diff[0] + inverse[3]*diff[1]}
				phi, psi, _ := k.At(diff[0]*z[0] + diff[1]*z[1])
				for l := range d {
					for m := range d {
						want[l*n+i] += w[j] * cov[l*d+m] * (-phi*f.Gradient[m*n+j] + tau*psi*z[m])
					}
				}
			}
		}
		near(t, "preconditioned", velocity(t, g, f), want, 1e-11)
	}
}

// Stein with k = x.y + 1 moves particles by A x + c, A = I - Q^-1 (C + (m-b) m^T) and
// c = -Q^-1 (m-b), for any cloud: mean and covariance follow their recursion exactly.
func TestBilinearMoments(t *testing.T) {
	const n, d, h = 17, 2, 0.02
	precision, b := []float64{1.5, 0.4, 0.4, 0.9}, []float64{0.5, -1}
	c := weightedCloud(n, d, 7)
	for k := range d {
		for i := range n {
			c.X[k*n+i] = 3*c.X[k*n+i] + 1
		}
	}
	m, cov := c.Mean(), c.Covariance()
	g := build(t, "stein-bilinear", Setting{Dim: d})
	for range 500 {
		f := Field{Cloud: c, Gradient: make([]float64, n*d), Entropy: 1}
		for k := range d {
			for i := range n {
				f.Gradient[k*n+i] = precision[k*d]*(c.X[i]-b[0]) + precision[k*d+1]*(c.X[n+i]-b[1])
			}
		}
		for i, v := range velocity(t, g, f) {
			c.X[i] += h * v
		}
		var a, s, next [4]float64
		var shift [2]float64
		for k := range d {
			for l := range d {
				s[k*d+l] = cov[k*d+l] + (m[k]-b[k])*m[l]
			}
		}
		for k := range d {
			for l := range d {
				a[k*d+l] = -(precision[k*d]*s[l] + precision[k*d+1]*s[d+l])
				if k == l {
					a[k*d+l]++
				}
				shift[k] -= precision[k*d+l] * (m[l] - b[l])
			}
		}
		e := [4]float64{1 + h*a[0], h * a[1], h * a[2], 1 + h*a[3]}
		m = []float64{m[0] + h*(a[0]*m[0]+a[1]*m[1]+shift[0]), m[1] + h*(a[2]*m[0]+a[3]*m[1]+shift[1])}
		for k := range d {
			for l := range d {
				for p := range d {
					for q := range d {
						next[k*d+l] += e[k*d+p] * cov[p*d+q] * e[l*d+q]
					}
				}
			}
		}
		cov = next[:]
		near(t, "mean", c.Mean(), m, 1e-12)
		near(t, "covariance", c.Covariance(), cov, 1e-12)
	}
}

// Every geometry gives finite velocities and rates on weighted clouds, one particle,
// identical particles and in one dimension, or an error.
func TestEdges(t *testing.T) {
	clouds := map[string]*measure.Cloud{"weighted": weightedCloud(9, 2, 1), "line": weightedCloud(5, 1, 1), "one": measure.New(1, 2), "identical": measure.New(6, 2)}
	far := weightedCloud(6, 1, 2)
	far.X[5] = 1e8 // without weight
	clouds["far"] = far
	for _, e := range Catalogue() {
		for name, c := range clouds {
			text := e.Name
			if e.Name == "mirror" {
				text += ":lower=-9,upper=2e8"
			}
			g := build(t, text, Setting{Dim: c.D})
			for _, tau := range []float64{0, 1} {
				f := Field{Cloud: c, Gradient: append([]float64(nil), c.X...), Witness: make([]float64, c.N), Entropy: tau}
				dst := make([]float64, len(c.X))
				if err := g.Velocity(dst, f); err == nil {
					finite(t, e.Name+" velocity on "+name, dst)
				}
				if r, ok := g.(Reactor); ok {
					rate := make([]float64, c.N)
					if err := r.Reaction(rate, f); err == nil {
						finite(t, e.Name+" reaction on "+name, rate)
					}
				}
				if m, ok := g.(Mobile); ok {
					if err := m.Noise(dst, normals(m.Rank(c)*c.N, 9), c); err == nil {
						finite(t, e.Name+" noise on "+name, dst)
					}
				}
				if m, ok := g.(Mover); ok {
					delta := append([]float64(nil), c.X...)
					for i := range delta {
						delta[i] *= -0.01
					}
					if err := m.Move(dst, c, delta); err == nil {
						finite(t, e.Name+" move on "+name, dst)
					}
				}
			}
		}
	}
}

func finite(t *testing.T, what string, v []float64) {
	t.Helper()
	for i, a := range v {
		if math.IsNaN(a) || math.IsInf(a, 0) {
			t.Errorf("%s: number %d is %v", what, i, a)
			return
		}
	}
}
