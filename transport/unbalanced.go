package transport

import (
	"context"
	"fmt"
	"math"

	"wgf/internal/simd"
)

// Unbalanced solves entropic transport between measures whose masses may differ
// and need not be transported as a whole,
//
//	min_P <P, c> + eps KL(P | a x b) + rho_A KL(P 1 | a) + rho_B KL(P^T 1 | b)
//
// over all P >= 0, with KL(p | q) = sum p log(p/q) - p + q. Mass moves where
// that costs less than about rho_A + rho_B and is destroyed and created
// elsewhere. The dual problem
//
//	max_{f,g} rho_A sum_i a_i (1 - exp(-f_i/rho_A)) + rho_B sum_j b_j (1 - exp(-g_j/rho_B))
//	          + eps sum_ij a_i b_j (1 - exp((f_i + g_j - c_ij)/eps))
//
// is solved in the log domain by f <- rho_A/(rho_A + eps) softmin(g), the same for
// g, and after each the best translation (f + t, g - t), which is known in
// closed form and without which large rho make convergence slow. The plan is
// P_ij = a_i b_j exp((f_i + g_j - c_ij)/eps), its marginals are a_i
// exp(-f_i/rho_A) and b_j exp(-g_j/rho_B). An iteration takes n m d time;
// memory is O((n + m) d).
//
// The result's Cost is <P, c>, its Dual the value of the regularised problem;
// Result.Mass and Result.Marginals say what is transported. rho = +Inf forbids
// destruction on that side.
//
// References: Chizat, Peyré, Schmitzer and Vialard 2018, Scaling algorithms for
// unbalanced optimal transport problems (section 4, proposition 4.3 for KL);
// Séjourné, Vialard and Peyré 2022, Faster unbalanced optimal transport
// (translations).
type Unbalanced struct {
	// Rho is the price of mass that is destroyed or created, in units of the
	// cost, and RhoB that on the side of B where it differs (0: Rho). 0: the scale of
	// the cost, see Sinkhorn.EpsilonRelative. +Inf: none may be.
	Rho, RhoB float64

	// MassA and MassB are the total masses; 0: 1. The weights of the clouds share
	// them out.
	MassA, MassB float64

	// Epsilon and EpsilonRelative are those of Sinkhorn.
	Epsilon, EpsilonRelative float64

	// Tolerance is the change sum_j b_j |exp(dg_j/eps) - 1|/2 of the potential g in
	// an iteration, b normalised, at which the solver stops; 0: 1e-6.
	Tolerance float64

	// MaxIterations bounds the iterations at the final Epsilon; 0: 10000.
	MaxIterations int

	// Annealing is that of Sinkhorn.
	Annealing float64

	// Threads is the number of goroutines; 0: one a processor. Results do not
	// depend on it.
	Threads int
}

// Solve solves the problem. The errors are those of Problem.Check and options
// out of range.
func (s Unbalanced) Solve(ctx context.Context, p Problem) (*Result, error) {
	u, err := s.ready(p)
	if err != nil {
		return nil, err
	}
	u.solve(ctx)
	return u.result(), nil
}

// ready resolves the options for a problem.
func (s Unbalanced) ready(p Problem) (*unbalanced, error) {
	sinkhorn := Sinkhorn{Epsilon: s.Epsilon, EpsilonRelative: s.EpsilonRelative, Tolerance: s.Tolerance,
		MaxIterations: s.MaxIterations, Annealing: s.Annealing, Threads: s.Threads}
	for _, o := range []struct {
		name  string
		value float64
	}{{"Rho", s.Rho}, {"RhoB", s.RhoB}} {
		if !(o.value >= 0) {
			return nil, fmt.Errorf("transport: unbalanced: %s is %v, want a positive number, or 0 for the default", o.name, o.value)
		}
	}
	massA, massB, err := masses(s.MassA, s.MassB)
	if err != nil {
		return nil, err
	}
	e, eps, err := sinkhorn.ready(p)
	if err != nil {
		return nil, err
	}
	u := &unbalanced{solver: sinkhorn, e: e, eps: eps, rhoA: s.Rho, rhoB: s.RhoB, massA: massA, massB: massB}
	if u.rhoA == 0 {
		u.rhoA = e.scale()
	}
	if u.rhoB == 0 {
		u.rhoB = u.rhoA
	}
	if math.IsInf(u.rhoA, 1) && math.IsInf(u.rhoB, 1) && massA != massB {
		return nil, fmt.Errorf("transport: masses of %v and %v cannot be balanced: Rho must be finite on one side", massA, massB)
	}
	u.start()
	return u, nil
}

// masses checks two total masses; 0 is 1.
func masses(a, b float64) (massA, massB float64, err error) {
	for _, m := range []*float64{&a, &b} {
		if !(*m >= 0) || math.IsInf(*m, 0) {
			return 0, 0, fmt.Errorf("transport: the mass of a measure is %v, want a positive number, or 0 for 1", *m)
		}
		if *m == 0 {
			*m = 1
		}
	}
	return a, b, nil
}

// unbalanced is a problem and the state of the alternating maximisation. f and g
// are the potentials for the cost as given, c = c' + sA + sB where centring
// changed it to c'.
type unbalanced struct {
	solver       Sinkhorn
	e            *entropic
	eps          float64
	rhoA, rhoB   float64
	massA, massB float64
	la, lb       []float64 // log weights with the masses
	sA, sB       []float64
	f, g         []float64
	lowA, lowB   []float64 // soft minima before damping, for c'
	h            []float64 // scratch
	alternation
}

func (u *unbalanced) start() {
	e := u.e
	n, m := e.a.N, e.b.N
	u.f, u.g, u.lowA, u.lowB = make([]float64, n), make([]float64, m), make([]float64, n), make([]float64, m)
	u.sA, u.sB = e.separable()
	u.la, u.lb = make([]float64, n), make([]float64, m)
	for i, v := range e.la {
		u.la[i] = v + math.Log(u.massA)
	}
	for j, v := range e.lb {
		u.lb[j] = v + math.Log(u.massB)
	}
	u.h = make([]float64, max(n, m))
}

// separable is what centring took out of the cost, c = c' + sA_i + sB_j.
func (e *entropic) separable() (a, b []float64) {
	a, b = make([]float64, e.a.N), make([]float64, e.b.N)
	for k, d := range e.shift {
		for i, x := range e.a.Coordinate(k) {
			a[i] += float64(2 * d * x)
		}
		for j, y := range e.b.Coordinate(k) {
			b[j] -= float64(2 * d * y)
		}
	}
	for i := range a {
		a[i] += e.shift2 / 2
	}
	for j := range b {
		b[j] += e.shift2 / 2
	}
	return a, b
}

// damping is rho/(rho + eps).
func damping(rho, eps float64) float64 {
	if math.IsInf(rho, 1) {
		return 1
	}
	return rho / (rho + eps)
}

// halfA writes the best f for g to dst.
func (u *unbalanced) halfA(dst, g []float64, eps float64) {
	h := u.h[:len(g)]
	simd.Sub(h, g, u.sB)
	u.e.forA.apply(u.lowA, h, u.lb, eps)
	q := damping(u.rhoA, eps)
	for i, v := range u.lowA {
		dst[i] = q * (v + u.sA[i])
	}
}

// halfB writes the best g for f to dst.
func (u *unbalanced) halfB(dst, f []float64, eps float64) {
	h := u.h[:len(f)]
	simd.Sub(h, f, u.sA)
	u.e.forB.apply(u.lowB, h, u.la, eps)
	q := damping(u.rhoB, eps)
	for j, v := range u.lowB {
		dst[j] = q * (v + u.sB[j])
	}
}

// logMassLeft is log sum_i w_i exp(-f_i/rho), the mass of a marginal.
func logMassLeft(logw, f []float64, rho float64) float64 {
	top := math.Inf(-1)
	for i, v := range f {
		top = math.Max(top, logw[i]-v/rho)
	}
	sum := 0.0
	for i, v := range f {
		sum += math.Exp(logw[i] - v/rho - top)
	}
	return top + math.Log(sum)
}

// translation is the t for which (f + t, g - t) has the largest dual value.
func (u *unbalanced) translation() float64 {
	if math.IsInf(u.rhoA, 1) && math.IsInf(u.rhoB, 1) {
		return 0 // all are equal
	}
	gap := logMassLeft(u.la, u.f, u.rhoA) - logMassLeft(u.lb, u.g, u.rhoB)
	switch {
	case math.IsInf(u.rhoA, 1):
		return u.rhoB * gap
	case math.IsInf(u.rhoB, 1):
		return u.rhoA * gap
	}
	return gap / (1/u.rhoA + 1/u.rhoB)
}

// penalty is rho sum_i w_i (1 - exp(-f_i/rho)) and, for rho = Inf, sum_i w_i f_i.
func penalty(logw, f []float64, rho, shift float64) float64 {
	sum := 0.0
	for i, v := range f {
		w := math.Exp(logw[i])
		if math.IsInf(rho, 1) {
			sum += float64(w * (v + shift))
		} else {
			sum -= float64(rho * w * math.Expm1(-(v+shift)/rho))
		}
	}
	return sum
}

func (u *unbalanced) solve(ctx context.Context) {
	u.solver.anneal(ctx, u.e.diameter(), u.eps, func(level float64) {
		u.halfA(u.f, u.g, level)
		t := u.translation()
		shiftBy(u.f, t)
		u.halfB(u.g, u.f, level)
		u.iterations++
	})
	next := append([]float64(nil), u.g...)
	u.solver.fixedPoint(ctx, &u.alternation, u.e.wb, u.g, next, u.eps, func(least float64) (float64, bool) {
		u.halfA(u.f, u.g, u.eps)
		// f is the best one, so the mass of the plan is that of its marginal
		mass := math.Exp(logMassLeft(u.la, u.f, u.rhoA))
		t := u.translation()
		dual := penalty(u.la, u.f, u.rhoA, t) + penalty(u.lb, u.g, u.rhoB, -t) + u.eps*(u.massA*u.massB-mass)
		if dual < least {
			return dual, false
		}
		shiftBy(u.f, t)
		u.halfB(next, u.f, u.eps)
		return dual, true
	})
	copy(u.g, next)
}

func shiftBy(f []float64, t float64) {
	for i := range f {
		f[i] += t
	}
}
