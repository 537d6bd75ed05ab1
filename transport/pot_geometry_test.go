package transport_test

import (
	"context"
	"math"
	"testing"

	"wgf/measure"
	"wgf/transport"
)

// generateGaussian is what testdata/make_pot_geometry.py calls gaussian.
func generateGaussian(seed uint64, d, rank int, scale float64) measure.Gaussian {
	b := bell(1000*seed, d*(rank+1))
	g := measure.Gaussian{Mean: make([]float64, d), Cov: make([]float64, d*d)}
	for i := range d {
		x := b[i*(rank+1) : (i+1)*(rank+1)]
		g.Mean[i] = x[0]
		for j := range d {
			for k, v := range b[j*(rank+1)+1 : (j+1)*(rank+1)] {
				g.Cov[i*d+j] += float64(scale * x[k+1] * v)
			}
		}
	}
	return g
}

type geometryFile struct {
	Gaussians []struct {
		Name            string
		D, RankA, RankB int
		Scale           float64
		Seed            uint64
		Value           float64
		Map             []float64
	}
	BarycentresOfGaussians []struct {
		Name      string
		D, Count  int
		Seed      uint64
		Mean, Cov []float64
	}
	Mixtures []struct {
		Name              string
		D, CountA, CountB int
		Seed              uint64
		Value             float64
	}
	Sliced []struct {
		Name, Points string
		N, M, D      int
		P            float64
		A, B         string
		Seed         uint64
		Directions   int
		Value        float64
	}
	Barycentres []struct {
		Name, Points string
		Sizes        []int
		D, Support   int
		Seed         uint64
		Value        float64
		First        [][]float64
	}
	Gromov []struct {
		Name           string
		N, M, DA, DB   int
		A, B           string
		Seed           uint64
		Epsilon        float64
		Value, Product float64
		Plan           []float64
	}
}

func readGeometry(t *testing.T) (file geometryFile) {
	t.Helper()
	readFixture(t, "pot_geometry.json", &file)
	if len(file.Gaussians) < 7 || len(file.BarycentresOfGaussians) < 3 || len(file.Mixtures) < 3 || len(file.Sliced) < 7 || len(file.Barycentres) < 2 || len(file.Gromov) < 2 {
		t.Fatal("problems are missing")
	}
	return file
}

func TestGaussiansAgainstPOT(t *testing.T) {
	for _, p := range readGeometry(t).Gaussians {
		a, b := generateGaussian(p.Seed, p.D, p.RankA, 1), generateGaussian(p.Seed+1, p.D, p.RankB, p.Scale)
		got, err := transport.BuresWasserstein2(a, b)
		if err != nil {
			t.Fatal(p.Name, err)
		}
		if !closeTo(got, p.Value, 1e-9) {
			t.Errorf("%s: W2^2 is %.15g, want %.15g", p.Name, got, p.Value)
		}
		if p.Map == nil {
			continue
		}
		m, err := transport.GaussianMap(a, b)
		if err != nil {
			t.Fatal(p.Name, err)
		}
		for k, want := range p.Map {
			if math.Abs(m.Matrix[k]-want) > 1e-8*math.Abs(p.Map[0])+1e-10 {
				t.Errorf("%s: entry %d of the map is %.12g, want %.12g", p.Name, k, m.Matrix[k], want)
			}
		}
	}
}

func TestGaussianBarycentresAgainstPOT(t *testing.T) {
	for _, p := range readGeometry(t).BarycentresOfGaussians {
		var all []measure.Gaussian
		for k := range p.Count {
			all = append(all, generateGaussian(p.Seed+uint64(k), p.D, p.D+2, 1))
		}
		got, err := transport.GaussianBarycentre(all, generateWeights("random", 0, p.Count, p.Seed))
		if err != nil {
			t.Fatal(p.Name, err)
		}
		for k, want := range p.Mean {
			if math.Abs(got.Mean[k]-want) > 1e-13 {
				t.Errorf("%s: coordinate %d of the mean is %.15g, want %.15g", p.Name, k, got.Mean[k], want)
			}
		}
		for k, want := range p.Cov {
			if math.Abs(got.Cov[k]-want) > 1e-9*p.Cov[0] {
				t.Errorf("%s: entry %d of the covariance is %.15g, want %.15g", p.Name, k, got.Cov[k], want)
			}
		}
	}
}

func TestMixturesAgainstPOT(t *testing.T) {
	for _, p := range readGeometry(t).Mixtures {
		var m [2]measure.Mixture
		seed := p.Seed
		for side, count := range []int{p.CountA, p.CountB} {
			m[side].Weights = generateWeights("random", side, count, p.Seed)
			for range count {
				m[side].Components = append(m[side].Components, generateGaussian(seed, p.D, p.D+2, 1))
				seed++
			}
		}
		got, err := transport.MixtureDistance(context.Background(), m[0], m[1])
		if err != nil {
			t.Fatal(p.Name, err)
		}
		if !closeTo(got.Cost, p.Value, 1e-9) {
			t.Errorf("%s: MW2^2 is %.15g, want %.15g", p.Name, got.Cost, p.Value)
		}
	}
}

// The free-support iteration from the same start ends at the same fixed point.
func TestBarycentresAgainstPOT(t *testing.T) {
	for _, p := range readGeometry(t).Barycentres {
		var clouds []*measure.Cloud
		for k, n := range p.Sizes {
			c := generatePoints(p.Points, k%2, n, p.D, p.Seed+uint64(k))
			for _, w := range generateWeights("random", 0, n, p.Seed+uint64(k)) {
				c.LogW = append(c.LogW, math.Log(w))
			}
			clouds = append(clouds, c)
		}
		start := generatePoints("uniform", 0, p.Support, p.D, p.Seed+9)
		r, err := transport.Barycentre{Weights: generateWeights("random", 1, len(clouds), p.Seed), Start: start, Tolerance: 1e-15, MaxIterations: 1000}.Solve(context.Background(), clouds)
		if err != nil {
			t.Fatal(p.Name, err)
		}
		if !closeTo(r.Objective, p.Value, 1e-9) {
			t.Errorf("%s: the objective is %.15g, want %.15g", p.Name, r.Objective, p.Value)
		}
		for i, x := range p.First {
			for k, want := range x {
				if got := r.Cloud.X[k*p.Support+i]; math.Abs(got-want) > 1e-9 {
					t.Errorf("%s: coordinate %d of point %d is %g, want %g", p.Name, k, i, got, want)
				}
			}
		}
	}
}

// projected is a cloud along a direction.
func projected(c *measure.Cloud, theta []float64) *measure.Cloud {
	out := &measure.Cloud{N: c.N, D: 1, X: make([]float64, c.N), LogW: c.LogW}
	for k, t := range theta {
		for i, v := range c.Coordinate(k) {
			out.X[i] += float64(t * v)
		}
	}
	return out
}

// POT's mean along given directions is that of transport on the line, and the
// solver's value along each of its own directions is that too.
func TestSlicedAgainstPOT(t *testing.T) {
	ctx := context.Background()
	for _, p := range readGeometry(t).Sliced {
		a, b := generateCloud(p.Points, p.A, 0, p.N, p.D, p.Seed), generateCloud(p.Points, p.B, 1, p.M, p.D, p.Seed)
		along := func(theta []float64) float64 {
			r, err := transport.OneDimensional{}.Solve(ctx, transport.Problem{A: projected(a, theta), B: projected(b, theta), Cost: transport.Power(p.P)})
			if err != nil {
				t.Fatal(p.Name, err)
			}
			return r.Cost
		}
		theta := bell(1000*p.Seed+7, p.Directions*p.D)
		mean := 0.0
		for l := range p.Directions {
			line := theta[l*p.D : (l+1)*p.D]
			norm := 0.0
			for _, v := range line {
				norm += v * v
			}
			for k := range line {
				line[k] /= math.Sqrt(norm)
			}
			mean += along(line) / float64(p.Directions)
		}
		if !closeTo(mean, p.Value, 1e-9) {
			t.Errorf("%s: the mean along the directions given is %.15g, want %.15g", p.Name, mean, p.Value)
		}
		r, err := transport.Sliced{P: p.P, Directions: 30, Seed: 3}.Distance(ctx, a, b)
		if err != nil {
			t.Fatal(p.Name, err)
		}
		if len(r.Values) != 30 {
			t.Fatalf("%s: %d values", p.Name, len(r.Values))
		}
		for l, got := range r.Values {
			if want := along(r.Lines[l*p.D : (l+1)*p.D]); math.Abs(got-want) > 1e-9*want {
				t.Errorf("%s: along direction %d W_p^p is %.15g, want %.15g", p.Name, l, got, want)
			}
		}
	}
}

// From the product coupling, where POT begins, the same fixed point is reached;
// from several starts nothing worse.
func TestGromovAgainstPOT(t *testing.T) {
	for _, p := range readGeometry(t).Gromov {
		a, b := generateCloud("uniform", p.A, 0, p.N, p.DA, p.Seed), generateCloud("uniform", p.B, 1, p.M, p.DB, p.Seed)
		s := transport.GromovWasserstein{Epsilon: p.Epsilon, Starts: 1, Tolerance: 1e-12, MaxIterations: 20000}
		r, err := s.Solve(context.Background(), a, b)
		if err != nil {
			t.Fatal(p.Name, err)
		}
		if r.Status != transport.Converged {
			t.Errorf("%s: status %v", p.Name, r.Status)
		}
		if !closeTo(r.Energy, p.Value, 1e-7) {
			t.Errorf("%s: the distortion is %.12g, want %.12g", p.Name, r.Energy, p.Value)
		}
		first := make([]float64, p.M)
		plan := r.Plan()
		for k, v := range plan.Mass {
			if plan.I[k] == 0 {
				first[plan.J[k]] += v
			}
		}
		for j, want := range p.Plan {
			if math.Abs(first[j]-want) > 1e-6/float64(p.N) {
				t.Errorf("%s: the first point sends %g to point %d, want %g", p.Name, first[j], j, want)
			}
		}
		objective := r.Objective
		s.Starts = 0
		if r, err = s.Solve(context.Background(), a, b); err != nil {
			t.Fatal(p.Name, err)
		}
		if r.Objective > objective*(1+1e-9) {
			t.Errorf("%s: several starts end at the objective %g, one at %g", p.Name, r.Objective, objective)
		}
	}
}
