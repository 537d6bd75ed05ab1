package sampler

import (
	"math"
	"testing"

	"wgf/internal/rng"
	"wgf/target"
)

// moved starts particles at exact draws of the target, makes the given number
// of proposals, with or without the Metropolis test, and returns the largest
// |z| of first, second and mixed moments against the exact ones.
func moved(t *testing.T, d target.Density, particles, proposals int, eps float64, adjusted bool) float64 {
	t.Helper()
	dim := d.Dim()
	en := newEnsemble(d, particles, 2, 1)
	x := make([]float64, dim*particles)
	d.(target.Sampler).Sample(x, particles, 5)
	for _, b := range en.blocks {
		for k := range dim {
			copy(b.x[k*b.n:(k+1)*b.n], x[k*particles+b.first:])
		}
	}
	// A metric that does not fit, and shears.
	m := &metric{d: dim, dense: make([]float64, dim*dim)}
	for i := range dim {
		for j := range i + 1 {
			m.dense[i*dim+j] = 0.3
		}
		m.dense[i*dim+i] = 1 + 0.2*float64(i)
	}
	f := &frozen{metrics: [folds]*metric{m, m}, eps: eps}
	en.each(en.evaluate)
	en.rewhiten(f)
	keys := kernelKeys{move: rng.New(3, rng.Sample), accept: rng.New(3, rng.Accept)}
	for k := range uint64(proposals) {
		p := f.plan(dim, k)
		en.each(func(b *block) {
			if adjusted {
				en.propose(b, m, p, keys, k)
			} else {
				en.trajectory(b, m, p, keys.move, k)
			}
		})
	}
	mean, cov := d.(target.Moments).Mean(), d.(target.Moments).Covariance()
	worst := 0.0
	v := make([]float64, particles)
	compare := func(want float64, f func(b *block, i int) float64) {
		at := 0
		en.particles(func(b *block, i int) {
			v[at] = f(b, i)
			at++
		})
		m, variance := meanVariance(v)
		worst = math.Max(worst, math.Abs(m-want)/math.Sqrt(variance/float64(particles)))
	}
	for k := range dim {
		compare(mean[k], func(b *block, i int) float64 { return b.x[k*b.n+i] })
		for l := range k + 1 {
			compare(cov[k*dim+l], func(b *block, i int) float64 {
				return (b.x[k*b.n+i] - mean[k]) * (b.x[l*b.n+i] - mean[l])
			})
		}
	}
	return worst
}

// The frozen kernel leaves a target invariant that is far from Gaussian, and
// the test sees it when the Metropolis test is left out. Of at most 20 moments
// per dimension the largest |z| of a right kernel passes 4.5 with a chance of
// 1.4e-4; the seed is fixed.
func TestKernelInvariance(t *testing.T) {
	for _, dim := range []int{2, 3, 5} {
		d := target.NewBanana(dim, 0.4, 1)
		if z := moved(t, d, 40000, 6, 2.5, true); z > 4.5 {
			t.Errorf("d = %d: moments move by |z| = %.1f", dim, z)
		}
		if z := moved(t, d, 40000, 6, 2.5, false); z < 10 {
			t.Errorf("d = %d: without the Metropolis test |z| is only %.1f", dim, z)
		}
	}
}

// A kick is a flow: B(h) = B(h/2) B(h/2), in direction and energy; it starts with
// du/dt = (e - u (u.e)) |g|/(d-1) and dK/dt = |g| u.e. Checked over lengths of
// the force from 1e-3 to 1e5, and for opposite u and e.
func TestKickIsAFlow(t *testing.T) {
	const d, cols = 4, 8
	key := rng.New(1, rng.Test)
	u, e := make([]float64, d*cols), make([]float64, d*cols)
	key.Normals(u, d, cols, 0, 0)
	key.Normals(e, d, cols, 0, 1)
	for k := range d {
		e[k*cols] = -u[k*cols] // opposite
		e[k*cols+1] = u[k*cols+1]
	}
	s := make([]float64, cols)
	for k := range d {
		for i := range cols {
			s[i] += u[k*cols+i] * u[k*cols+i]
		}
	}
	rescale(u, s, d)
	norm := make([]float64, cols)
	split(e, norm, d)
	for i := range norm {
		norm[i] = math.Pow(10, float64(i-3))
	}
	s1, s2, s3 := make([]float64, cols), make([]float64, cols), make([]float64, cols)
	once, twice, small := clone(u), clone(u), clone(u)
	k1, k2, k3 := make([]float64, cols), make([]float64, cols), make([]float64, cols)
	const h = 0.7
	kick(once, e, norm, k1, h, d, s1, s2, s3)
	kick(twice, e, norm, k2, h/2, d, s1, s2, s3)
	kick(twice, e, norm, k2, h/2, d, s1, s2, s3)
	for i := range cols {
		if math.Abs(k1[i]-k2[i]) > 1e-9*(1+math.Abs(k1[i])) && i != 0 {
			t.Errorf("column %d: energies %v and %v", i, k1[i], k2[i])
		}
		for k := range d {
			if a, b := once[k*cols+i], twice[k*cols+i]; math.Abs(a-b) > 1e-8 && i != 0 {
				t.Errorf("column %d: directions %v and %v", i, a, b)
			}
		}
		length := 0.0
		for k := range d {
			length += once[k*cols+i] * once[k*cols+i]
		}
		if math.Abs(length-1) > 1e-14 {
			t.Errorf("column %d: |u|^2 = %v", i, length)
		}
	}
	for i := range norm {
		norm[i] = 1
	}
	const dt = 1e-6
	kick(small, e, norm, k3, dt, d, s1, s2, s3)
	for i := range cols {
		p := 0.0
		for k := range d {
			p += u[k*cols+i] * e[k*cols+i]
		}
		if math.Abs(k3[i]/dt-p) > 1e-5 {
			t.Errorf("column %d: dK/dt = %v, want %v", i, k3[i]/dt, p)
		}
		for k := range d {
			want := (e[k*cols+i] - u[k*cols+i]*p) / (d - 1)
			if got := (small[k*cols+i] - u[k*cols+i]) / dt; math.Abs(got-want) > 1e-5 {
				t.Errorf("column %d: du/dt = %v, want %v", i, got, want)
			}
		}
	}
}

// Forces without direction or beyond the range of exp leave finite numbers.
func TestKickExtremes(t *testing.T) {
	const d, cols = 3, 8
	u, e := make([]float64, d*cols), make([]float64, d*cols)
	for i := range cols {
		u[i], e[i] = 1, -1
	}
	norm := []float64{0, 1e-299, 1e-8, 1, 1e3, 1e8, 1e200, 1e300}
	kinetic, s1, s2, s3 := make([]float64, cols), make([]float64, cols), make([]float64, cols), make([]float64, cols)
	kick(u, e, norm, kinetic, 0.5, d, s1, s2, s3)
	if !finiteAll(u) || !finiteAll(kinetic) {
		t.Errorf("u = %v, K = %v", u, kinetic)
	}
	g := []float64{1e200, 3e-200, 0, 5, 1e200, 4e-200, 0, 0, 0, 0, 0, 0}
	split(g, norm[:4], 3)
	for i, want := range []float64{math.Sqrt2 * 1e200, 5e-200, 0, 5} {
		if math.Abs(norm[i]-want) > 1e-14*want {
			t.Errorf("length %d is %v, want %v", i, norm[i], want)
		}
	}
}
