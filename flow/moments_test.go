package flow

import (
	"context"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"wgf/measure"
	"wgf/target"
)

// gaussianOf is N(0, diag(variances)).
func gaussianOf(t *testing.T, variances []float64) target.Density {
	t.Helper()
	d := len(variances)
	cov := make([]float64, d*d)
	for k, v := range variances {
		cov[k*d+k] = v
	}
	g, err := target.NewGaussian(make([]float64, d), cov)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// plain hides what a density can do besides.
type plain struct{ target.Density }

// cross is the cloud +- sqrt(d) e_k, of mean 0 and covariance I.
func cross(d int) *measure.Cloud {
	c := measure.New(2*d, d)
	for k := range d {
		c.X[k*c.N+2*k], c.X[k*c.N+2*k+1] = math.Sqrt(float64(d)), -math.Sqrt(float64(d))
	}
	return c
}

// divergence is KL(N(0,C) | N(0, diag(variances))).
func divergence(c *measure.Cloud, variances []float64) float64 {
	cov, d := c.Covariance(), c.D
	sign := 0.0
	var lu mat.LU
	lu.Factorize(mat.NewDense(d, d, slices.Clone(cov)))
	log, _ := lu.LogDet()
	for k, v := range variances {
		sign += cov[k*d+k]/v - 1 + math.Log(v)
	}
	return (sign - log) / 2
}

// mersenne is MT19937 seeded with 0, as numpy.random.seed(0); uniform numbers of 53 bits.
type mersenne struct {
	state [624]uint32
	at    int
}

func newMersenne() *mersenne {
	m := &mersenne{at: 624}
	for i := 1; i < 624; i++ {
		m.state[i] = 1812433253*(m.state[i-1]^m.state[i-1]>>30) + uint32(i)
	}
	return m
}

func (m *mersenne) word() uint32 {
	if m.at == 624 {
		for i := range 624 {
			y := m.state[i]&(1<<31) | m.state[(i+1)%624]&(1<<31-1)
			v := m.state[(i+397)%624] ^ y>>1
			if y&1 == 1 {
				v ^= 0x9908b0df
			}
			m.state[i] = v
		}
		m.at = 0
	}
	y := m.state[m.at]
	m.at++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

func (m *mersenne) uniform() float64 {
	a, b := m.word()>>5, m.word()>>6
	return (float64(a)*(1<<26) + float64(b)) / (1 << 53)
}

// KL along four flows of Gaussians from N(0, I) with step 0.01 in ten dimensions, at
// steps 0, 100, 500, 1000 and 1499, as the authors recorded it: for the covariance with
// eigenvalues from 1 to 100, and as the median over twenty diagonal covariances of
// 50 U(0,1). Bonet, Uscidda, David, Aubin-Frankowski and Korba 2024, figure 2; the
// figures are computed from the files xps_Gaussians/results of their repository.
func TestPublishedGaussianFlows(t *testing.T) {
	const d = 10
	var geometric []float64
	for k := range d {
		geometric = append(geometric, math.Pow(100, float64(k)/(d-1)))
	}
	random := newMersenne()
	var diagonals [][]float64
	for range 20 {
		v := make([]float64, d)
		for k := range v {
			v[k] = 50 * random.uniform()
		}
		diagonals = append(diagonals, v)
	}
	if got := diagonals[0][0] / 50; math.Abs(got-0.5488135039273248) > 1e-15 {
		t.Fatalf("the first uniform number is %v", got)
	}
	at := []uint64{0, 100, 500, 1000, 1499}
	for _, c := range []struct {
		geometry, scheme string
		rotated          bool
		want             []float64
	}{
		{"bures", "euler", true, []float64{7.754, 4.429, 1.697, 0.8718, 0.5316}},
		{"bures-preconditioned", "euler", true, []float64{7.754, 0.03054, 2.7e-9}},
		{"wasserstein", "forward-backward", true, []float64{7.754, 4.439, 1.700, 0.8734, 0.5325}},
		{"bures-entropy", "euler", true, []float64{7.754, 2.563, 6.6e-6}},
		{"bures", "euler", false, []float64{10.15, 5.954, 1.944}},
		{"bures-preconditioned", "euler", false, []float64{10.15, 0.03952, 3.5e-9}},
		{"wasserstein", "forward-backward", false, []float64{10.15, 5.967, 1.949}},
		{"bures-entropy", "euler", false, []float64{10.15, 3.273, 3.3e-6}},
	} {
		targets := diagonals
		if c.rotated {
			targets = [][]float64{geometric}
		}
		seen := make([][]float64, len(c.want))
		for _, variances := range targets {
			p, err := Plan(Options{Functional: "kl", Geometry: c.geometry, Scheme: c.scheme, Density: plain{gaussianOf(t, variances)},
				Init: cross(d), Steps: max(1, int(at[len(c.want)-1])), StepSize: 0.01, Every: 100, Threads: 1})
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.Run(context.Background(), func(r Record, cloud *measure.Cloud) {
				for i := range c.want {
					if at[i] == r.Step {
						seen[i] = append(seen[i], divergence(cloud, variances))
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i, v := range seen {
			slices.Sort(v)
			median := (v[(len(v)-1)/2] + v[len(v)/2]) / 2
			tolerance := 6e-4 * c.want[i] // four digits are published, two of the smallest
			if c.want[i] < 1e-3 {
				tolerance = 0.02 * c.want[i]
			}
			if math.Abs(median-c.want[i]) > tolerance {
				t.Errorf("%s, %s, rotated %v, step %d: KL %.5g, published %.5g", c.geometry, c.scheme, c.rotated, at[i], median, c.want[i])
			}
		}
	}
}
