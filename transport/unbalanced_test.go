package transport_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wgf/measure"
	"wgf/transport"
)

// scatteredCloud has normal points, weighted unless that is false, some without
// weight.
func scatteredCloud(rng *rand.Rand, n, d int, weighted bool) *measure.Cloud {
	c := measure.New(n, d)
	for i := range c.X {
		c.X[i] = rng.NormFloat64()
	}
	if weighted {
		c.LogW = make([]float64, n)
		for i := range c.LogW {
			c.LogW[i] = rng.NormFloat64()
			if i > 0 && rng.IntN(4) == 0 {
				c.LogW[i] = math.Inf(-1)
			}
		}
	}
	return c
}

func solveWith(t testing.TB, s transport.Solver, p transport.Problem) *transport.Result {
	t.Helper()
	r, err := s.Solve(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != transport.Converged {
		t.Fatalf("%s: %v after %d iterations, residual %v", r.Method, r.Status, r.Iterations, r.Residual)
	}
	return r
}

func within(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s is %.15g, want %.15g (off by %.2g, at most %.2g)", what, got, want, got-want, tol)
	}
}

// Two points: the plan is one number p, the minimum of p c + eps KL(p | m_a m_b)
// + rho_A KL(p | m_a) + rho_B KL(p | m_b):
// (eps + rho_A + rho_B) log p = eps log(m_a m_b) + rho_A log m_a + rho_B log m_b - c.
func TestUnbalancedTwoPoints(t *testing.T) {
	kl := func(p, q float64) float64 { return p*math.Log(p/q) - p + q }
	for _, c := range []struct{ x, massA, massB, rhoA, rhoB, eps float64 }{
		{0, 1, 1, 1, 1, 0.1}, {2, 1, 1, 1, 1, 0.1}, {1.5, 3, 0.2, 2, 2, 0.5},
		{1, 2, 5, 0.5, 7, 0.01}, {3, 1, 4, 1e6, 1, 1e-3}, {1, 2, 2, 1e9, 1e9, 1},
		{0.3, 2, 7, math.Inf(1), 0.5, 0.1}, {0.3, 2, 7, 0.5, math.Inf(1), 0.1},
	} {
		a, b := measure.New(1, 1), measure.New(1, 1)
		b.X[0] = c.x
		r := solveWith(t, transport.Unbalanced{Rho: c.rhoA, RhoB: c.rhoB, MassA: c.massA, MassB: c.massB, Epsilon: c.eps, Tolerance: 1e-12}, transport.Problem{A: a, B: b})
		p := math.Exp((c.eps*math.Log(c.massA*c.massB) + c.rhoA*math.Log(c.massA) + c.rhoB*math.Log(c.massB) - c.x*c.x) / (c.eps + c.rhoA + c.rhoB))
		value := p*c.x*c.x + c.eps*kl(p, c.massA*c.massB) + c.rhoA*kl(p, c.massA) + c.rhoB*kl(p, c.massB)
		switch {
		case math.IsInf(c.rhoA, 1):
			p = c.massA
			value = p*c.x*c.x + c.eps*kl(p, c.massA*c.massB) + c.rhoB*kl(p, c.massB)
		case math.IsInf(c.rhoB, 1):
			p = c.massB
			value = p*c.x*c.x + c.eps*kl(p, c.massA*c.massB) + c.rhoA*kl(p, c.massA)
		}
		within(t, "mass", r.Mass(), p, 1e-9*p)
		within(t, "cost", r.Cost, p*c.x*c.x, 1e-9*(1+p*c.x*c.x))
		within(t, "value", r.Dual, value, 1e-8*(1+math.Abs(value)))
		rows, cols := r.Marginals()
		within(t, "marginal of A", rows[0], p, 1e-9*p)
		within(t, "marginal of B", cols[0], p, 1e-9*p)
		within(t, "mass of the plan", r.Plan().Mass[0], p, 1e-9*p)
	}
}

// Gaussians on the line: potentials stay quadratic, so that the same iteration
// on their three coefficients is exact (the calculation behind Janati, Muzellec,
// Peyré and Cuturi 2020, theorem 3). The clouds are fine grids.
func TestUnbalancedGaussians(t *testing.T) {
	const n = 400
	gaussian := func(mean, variance float64) *measure.Cloud {
		c := measure.New(n, 1)
		c.LogW = make([]float64, n)
		sd := math.Sqrt(variance)
		for i := range n {
			z := -8 + 16*(float64(i)+0.5)/n
			c.X[i], c.LogW[i] = mean+sd*z, -z*z/2
		}
		return c
	}
	const massA, massB, meanA, meanB, varA, varB = 1.3, 0.7, -0.5, 1, 0.6, 1.8
	for _, c := range []struct{ rho, eps float64 }{{1, 0.5}, {5, 0.1}, {0.3, 1}} {
		r := solveWith(t, transport.Unbalanced{Rho: c.rho, MassA: massA, MassB: massB, Epsilon: c.eps, Tolerance: 1e-11},
			transport.Problem{A: gaussian(meanA, varA), B: gaussian(meanB, varB)})
		// half returns the coefficients of the damped soft minimum of a quadratic q
		half := func(q [3]float64, mass, mean, variance float64) [3]float64 {
			a := 1/variance + 2/c.eps - 2*q[2]/c.eps
			b := mean/variance + q[1]/c.eps
			constant := math.Log(mass) - math.Log(variance*a)/2 - mean*mean/(2*variance) + q[0]/c.eps + b*b/(2*a)
			damp := c.rho / (c.rho + c.eps)
			return [3]float64{-damp * c.eps * constant, -damp * 2 * b / a, damp * (1 - 2/(c.eps*a))}
		}
		var f, g [3]float64
		for range 3000 {
			f = half(g, massB, meanB, varB)
			g = half(f, massA, meanA, varA)
		}
		for _, x := range []int{3 * n / 8, n / 2, 5 * n / 8} {
			at := r.Problem.A.X[x]
			within(t, "f", r.F[x], f[0]+f[1]*at+f[2]*at*at, 1e-6)
			at = r.Problem.B.X[x]
			within(t, "g", r.G[x], g[0]+g[1]*at+g[2]*at*at, 1e-6)
		}
		// mass of A: integral of exp(-f/rho) under the Gaussian
		a, b := 1/varA+2*f[2]/c.rho, meanA/varA-f[1]/c.rho
		mass := massA * math.Exp(-meanA*meanA/(2*varA)-f[0]/c.rho+b*b/(2*a)) / math.Sqrt(varA*a)
		within(t, "mass", r.Mass(), mass, 1e-7)
	}
}

// Marginals are those that the potentials say, the plan has them, the dual value
// is the primal one; translations of both clouds change nothing.
func TestUnbalancedIsConsistent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		d := 1 + rng.IntN(3)
		a, b := scatteredCloud(rng, 1+rng.IntN(50), d, true), scatteredCloud(rng, 1+rng.IntN(50), d, true)
		s := transport.Unbalanced{Rho: math.Exp(2 * rng.NormFloat64()), RhoB: math.Exp(2 * rng.NormFloat64()),
			MassA: math.Exp(rng.NormFloat64()), MassB: math.Exp(rng.NormFloat64()), EpsilonRelative: 0.05 + rng.Float64(), Tolerance: 1e-11}
		p := transport.Problem{A: a, B: b}
		if rng.IntN(2) == 0 {
			p.Cost = transport.Euclidean()
		}
		r := solveWith(t, s, p)
		rows, cols := r.Plan().Marginals()
		massA, massB := r.Marginals()
		wa, wb := a.Weights(), b.Weights()
		kl := func(p, q float64) float64 {
			if p == 0 {
				return q
			}
			return p*math.Log(p/q) - p + q
		}
		value, cost := s.MassA*s.MassB*r.Epsilon, 0.0
		for i := range rows {
			within(t, "row of the plan", rows[i], massA[i], 1e-8)
			within(t, "marginal of A", massA[i], s.MassA*wa[i]*math.Exp(-r.F[i]/s.Rho), 1e-7*(1+wa[i]))
			if wa[i] > 0 {
				value += s.Rho * kl(massA[i], s.MassA*wa[i])
			}
		}
		for j := range cols {
			within(t, "column of the plan", cols[j], massB[j], 1e-8)
			within(t, "marginal of B", massB[j], s.MassB*wb[j]*math.Exp(-r.G[j]/s.RhoB), 1e-7*(1+wb[j]))
			if wb[j] > 0 {
				value += s.RhoB * kl(massB[j], s.MassB*wb[j])
			}
		}
		plan := r.Plan()
		for k, m := range plan.Mass {
			c := 0.0
			i, j := int(plan.I[k]), int(plan.J[k])
			for k := range d {
				v := a.X[k*a.N+i] - b.X[k*b.N+j]
				c += v * v
			}
			if p.Cost.Exponent() == 1 {
				c = math.Sqrt(c)
			}
			cost += m * c
			value += r.Epsilon * (m*math.Log(m/(s.MassA*wa[i]*s.MassB*wb[j])) - m)
		}
		within(t, "cost", r.Cost, cost, 1e-7*(1+cost))
		within(t, "dual value", r.Dual, value+cost, 1e-7*(1+value+cost))

		moved := transport.Problem{A: a.Clone(), B: b.Clone(), Cost: p.Cost}
		for _, c := range []*measure.Cloud{moved.A, moved.B} {
			for i := range c.X {
				c.X[i] += 3
			}
		}
		s.Epsilon = r.Epsilon
		within(t, "value after translation", solveWith(t, s, moved).Dual, r.Dual, 1e-8*(1+math.Abs(r.Dual)))
	})
}

// With rho = Inf and with very large rho the problem is that of Sinkhorn.
func TestUnbalancedLimitIsSinkhorn(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	p := transport.Problem{A: scatteredCloud(rng, 40, 2, true), B: scatteredCloud(rng, 30, 2, true)}
	for k := range p.B.X {
		p.B.X[k] += 1
	}
	want := solveWith(t, transport.Sinkhorn{Epsilon: 0.3, Tolerance: 1e-11}, p)
	for _, rho := range []float64{math.Inf(1), 1e8} {
		r := solveWith(t, transport.Unbalanced{Rho: rho, Epsilon: 0.3, Tolerance: 1e-11}, p)
		within(t, "cost", r.Cost, want.Cost, 1e-6)
		within(t, "value", r.Dual, want.Dual, 1e-6)
		within(t, "mass", r.Mass(), 1, 1e-6)
		shift := r.F[0] - want.F[0]
		for i := range r.F {
			within(t, "f", r.F[i]-shift, want.F[i], 1e-6)
		}
		for j := range r.G {
			within(t, "g", r.G[j]+shift, want.G[j], 1e-6)
		}
		if r.Iterations > 10*want.Iterations {
			t.Errorf("rho = %v: %d iterations, the balanced problem takes %d", rho, r.Iterations, want.Iterations)
		}
	}
}

// The result does not depend on the number of threads.
func TestUnbalancedThreads(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 4))
	p := transport.Problem{A: scatteredCloud(rng, 300, 2, true), B: scatteredCloud(rng, 200, 2, true)}
	first := solveWith(t, transport.Unbalanced{Threads: 1}, p)
	second := solveWith(t, transport.Unbalanced{Threads: 3}, p)
	if first.Dual != second.Dual || first.Cost != second.Cost || first.F[7] != second.F[7] {
		t.Errorf("3 threads give %v, one gives %v", second.Dual, first.Dual)
	}
}

// The debiased divergence: zero for equal measures, positive otherwise, of two
// points in closed form, gradients as differences say.
func TestUnbalancedDivergence(t *testing.T) {
	ctx := context.Background()
	rng := rand.New(rand.NewPCG(6, 4))
	a, b := scatteredCloud(rng, 12, 2, true), scatteredCloud(rng, 9, 2, true)
	s := transport.Unbalanced{Rho: 1.5, Epsilon: 0.3, Tolerance: 1e-13, MassA: 1.2, MassB: 0.8}
	value := func(p transport.Problem, s transport.Unbalanced) *transport.UnbalancedDivergence {
		d, err := s.Divergence(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		if d.Status != transport.Converged {
			t.Fatalf("%v, residual %v", d.Status, d.Residual)
		}
		return d
	}
	equal := s
	equal.MassB = s.MassA
	within(t, "divergence of equal measures", value(transport.Problem{A: a, B: a}, equal).Value, 0, 1e-9)
	for _, cost := range []transport.Cost{transport.SqEuclidean(), transport.Euclidean()} {
		p := transport.Problem{A: a, B: b, Cost: cost}
		d := value(p, s)
		if d.Value <= 0 {
			t.Errorf("divergence of different measures is %v", d.Value)
		}
		back := s
		back.MassA, back.MassB = s.MassB, s.MassA
		within(t, "divergence the other way", value(transport.Problem{A: b, B: a, Cost: cost}, back).Value, d.Value, 1e-9)

		gradient, err := d.GradientA()
		if err != nil {
			t.Fatal(err)
		}
		const h = 1e-5
		for i := range a.X {
			up, down := a.Clone(), a.Clone()
			up.X[i] += h
			down.X[i] -= h
			slope := (value(transport.Problem{A: up, B: b, Cost: cost}, s).Value - value(transport.Problem{A: down, B: b, Cost: cost}, s).Value) / (2 * h)
			within(t, "gradient", gradient[i], slope, 1e-6)
		}
		// more mass at point 0 only: mass and weights change together
		first := d.WeightGradientA()
		change := func(h float64) float64 {
			w := a.Weights()
			c, more := a.Clone(), s
			for i := range w {
				w[i] *= s.MassA
			}
			w[0] += h
			more.MassA += h
			for i, v := range w {
				c.LogW[i] = math.Log(v)
			}
			return value(transport.Problem{A: c, B: b, Cost: cost}, more).Value
		}
		within(t, "weight gradient", first[0], (change(1e-5)-change(-1e-5))/2e-5, 1e-6)
	}
	// equal points of masses p and q: the value of a problem of masses m, n at
	// distance 0 is known from TestUnbalancedTwoPoints
	x := measure.New(1, 1)
	one := func(m, n float64) float64 {
		p := math.Pow(m*n, (0.3+1.5)/(0.3+3))
		kl := func(p, q float64) float64 { return p*math.Log(p/q) - p + q }
		return 0.3*kl(p, m*n) + 1.5*(kl(p, m)+kl(p, n))
	}
	want := one(1.2, 0.8) - one(1.2, 1.2)/2 - one(0.8, 0.8)/2 + 0.15*0.4*0.4
	within(t, "divergence of two points", value(transport.Problem{A: x, B: x}, s).Value, want, 1e-10)
}

func TestUnbalancedBadInput(t *testing.T) {
	x := measure.New(2, 1)
	for want, s := range map[string]transport.Unbalanced{
		"Rho is -1":                   {Rho: -1},
		"RhoB is NaN":                 {RhoB: math.NaN()},
		"mass of a measure is -2":     {MassA: -2},
		"mass of a measure is +Inf":   {MassB: math.Inf(1)},
		"masses of 2 and 1 cannot be": {MassA: 2, Rho: math.Inf(1)},
		"Epsilon is -1":               {Epsilon: -1},
		"MaxIterations is -3":         {MaxIterations: -3},
	} {
		_, err := s.Solve(context.Background(), transport.Problem{A: x, B: x})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want one that says %q", s, err, want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	rng := rand.New(rand.NewPCG(6, 4))
	r, err := transport.Unbalanced{Epsilon: 1e-3}.Solve(ctx, transport.Problem{A: scatteredCloud(rng, 30, 2, true), B: scatteredCloud(rng, 30, 2, true)})
	if err != nil || r.Status != transport.Interrupted {
		t.Errorf("cancelled: %v, %v", r.Status, err)
	}
}
