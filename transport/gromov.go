package transport

import (
	"context"
	"fmt"
	"math"

	"wgf/measure"
)

// GromovWasserstein matches measures that live in different spaces by their
// inner costs C and D alone,
//
//	min_P  E(P) + eps KL(P | a x b),  E(P) = sum_ijkl (C_ik - D_jl)^2 P_ij P_kl,
//
// over the couplings P of a and b. E at the optimum is the squared
// Gromov-Wasserstein distance up to the entropy; it is zero for isometric
// measures, and turning, moving or mirroring either of them changes nothing.
//
// Each iteration replaces E by its linearisation at the plan and solves the
// entropic problem that is left,
//
//	P <- argmin <L(P), Q> + eps KL(Q | a x b),  L(P) = -4 C P D up to rows and columns,
//
// by [Sinkhorn] from the potentials before (Peyré, Cuturi and Solomon 2016,
// proposition 2 with step 1/eps). Where E is concave in P, as it is for squared
// and for plain Euclidean costs, the objective never increases.
//
// For the squared Euclidean inner cost nothing of size n^2 is needed: with both
// clouds centred, X^T P Y the cross-covariance and u = |x|^2, v = |y|^2,
//
//	L_ij = -4 u_i v_j - 16 x_i^T (X^T P Y) y_j  up to rows and columns,
//
// which is a squared Euclidean cost in dimension d + 1 (the low-rank form of
// Scetbon, Peyré and Cuturi 2022, section 3): an inner iteration takes n m d
// time, memory is O((n + m) d), and the linearisation is only d x d' numbers.
// Other inner costs take O(n^2 + n m + m^2) memory and O(n m (n + m)) time an
// iteration.
//
// The problem is not convex. Several starts are tried: the product coupling,
// whose first step matches points of like eccentricity; for clouds the couplings
// that match the principal axes, in every orientation of the first three; random
// ones after that. All run for six iterations, the two best to the end.
type GromovWasserstein struct {
	// Inner is the cost within each cloud; the zero value is |x-x'|^2. A matrix has
	// no place here, see SolveMatrices.
	Inner Cost

	// Epsilon is the regularisation in units of E, the square of the inner cost;
	// 0: EpsilonRelative times sum C_ik^2 a_i a_k + sum D_jl^2 b_j b_l.
	Epsilon float64

	// EpsilonRelative: 0: 0.002.
	EpsilonRelative float64

	// Starts is the number of starts; 0: the product coupling and the principal
	// axes for clouds (1 + 2^min(d, d', 3)), 4 for matrices.
	Starts int

	// Seed is that of random starts.
	Seed uint64

	// Tolerance is the change of the linearisation in an iteration, relative to its
	// size, at which the solver stops; 0: 1e-6.
	Tolerance float64

	// MaxIterations bounds the linearisations of a start; 0: 500.
	MaxIterations int

	// Threads is the number of goroutines; 0: one a processor. Results do not
	// depend on it.
	Threads int
}

// GromovResult is a coupling of two spaces.
type GromovResult struct {
	// Energy is the distortion E(P), Objective E(P) + eps KL(P | a x b).
	Energy, Objective float64
	// History holds the objective after each iteration of the start taken, the
	// six of its trial left out, where linear problems are solved roughly.
	History []float64
	// Start is the number of the start taken, Energies what E each of them reached,
	// those that were given up early included.
	Start    int
	Energies []float64

	Status     Status
	Iterations int     // of all starts
	Residual   float64 // the last change of the linearisation, relative to its size
	Epsilon    float64
	References []string

	makePlan func() *Plan
	plan     *Plan
}

// Distance is E^(1/2).
func (r *GromovResult) Distance() float64 { return math.Sqrt(math.Max(r.Energy, 0)) }

// Plan is the coupling found, a dense one: it is computed at the first call.
func (r *GromovResult) Plan() *Plan {
	if r.plan == nil {
		r.plan = r.makePlan()
	}
	return r.plan
}

// gromovModel is a kind of inner costs. Its state is the linearisation.
type gromovModel interface {
	// scale is sum C^2 a a + sum D^2 b b.
	scale() float64
	// start sets the linearisation to start k and says whether there is one.
	start(k int) bool
	// defaultStarts is the number of starts that need no chance.
	defaultStarts() int
	// problem is the linear problem.
	problem() Problem
	// step moves the linearisation to the plan of the linear problem. It returns
	// E and the linear cost of the plan, and the change of the linearisation
	// relative to its size.
	step(e *entropic, r *alternation, eps float64) (energy, linear, change float64)
	// save is the linearisation, restore sets it.
	save() []float64
	restore(state []float64)
	// own is the part of the potential g of the linear problem that belongs to
	// the linearisation and does not carry over to the next one.
	own() []float64
}

// Solve matches two clouds, which may differ in dimension.
func (s GromovWasserstein) Solve(ctx context.Context, a, b *measure.Cloud) (*GromovResult, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	for _, c := range []*measure.Cloud{a, b} {
		if err := (Problem{A: c, B: c}).Check(); err != nil {
			return nil, err
		}
	}
	if s.Inner.kind == matrix {
		return nil, fmt.Errorf("transport: Gromov-Wasserstein: inner costs as matrices are two, one for each measure: use SolveMatrices")
	}
	sa, wa, _, ia := support(a)
	sb, wb, _, ib := support(b)
	if s.Inner.kind == sqEuclidean {
		return s.solve(ctx, newGromovPoints(sa, wa, sb, wb, s.Seed), a.N, b.N, ia, ib)
	}
	c, err := s.innerCosts(sa)
	if err != nil {
		return nil, err
	}
	d, err := s.innerCosts(sb)
	if err != nil {
		return nil, err
	}
	return s.solve(ctx, newGromovMatrix(c, wa, d, wb, s.Seed, s.Threads), a.N, b.N, ia, ib)
}

// SolveMatrices matches two spaces given by their symmetric matrices of inner
// costs, c of n x n and d of m x m numbers, row-major, and their weights (nil:
// equal), which are normalised.
func (s GromovWasserstein) SolveMatrices(ctx context.Context, c, wa, d, wb []float64) (*GromovResult, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	var clouds [2]*measure.Cloud
	var small [2][]float64
	var weights [2][]float64
	var index [2][]int32
	for side, m := range [][]float64{c, d} {
		w := [][]float64{wa, wb}[side]
		n := int(math.Round(math.Sqrt(float64(len(m)))))
		if n == 0 || n*n != len(m) {
			return nil, fmt.Errorf("transport: Gromov-Wasserstein: a matrix of inner costs has %d entries, want a square number", len(m))
		}
		if w != nil && len(w) != n {
			return nil, fmt.Errorf("transport: Gromov-Wasserstein: there are %d weights for a %d x %d matrix of inner costs", len(w), n, n)
		}
		for i := range n {
			for k := range n {
				if v := m[i*n+k]; math.IsNaN(v) || math.IsInf(v, 0) {
					return nil, fmt.Errorf("transport: Gromov-Wasserstein: a matrix of inner costs holds %v at row %d, column %d", v, i, k)
				} else if v != m[k*n+i] {
					return nil, fmt.Errorf("transport: Gromov-Wasserstein: a matrix of inner costs is not symmetric: %v and %v at row %d, column %d and across", v, m[k*n+i], i, k)
				}
			}
		}
		cloud := measure.New(n, 0)
		if w != nil {
			norm, err := mixingWeights(n, w)
			if err != nil {
				return nil, err
			}
			for _, v := range norm {
				cloud.LogW = append(cloud.LogW, math.Log(v))
			}
		}
		clouds[side] = cloud
		_, weights[side], _, index[side] = support(cloud)
		small[side] = m
		if at := index[side]; at != nil {
			small[side] = subMatrix(Matrix(m, n, n), at, at, len(at), len(at)).matrix
		}
	}
	return s.solve(ctx, newGromovMatrix(small[0], weights[0], small[1], weights[1], s.Seed, s.Threads), clouds[0].N, clouds[1].N, index[0], index[1])
}

func (s GromovWasserstein) check() error {
	for _, o := range []struct {
		name  string
		value float64
	}{{"Epsilon", s.Epsilon}, {"EpsilonRelative", s.EpsilonRelative}, {"Tolerance", s.Tolerance}} {
		if !(o.value >= 0) || math.IsInf(o.value, 0) {
			return fmt.Errorf("transport: Gromov-Wasserstein: %s is %v, want a positive number, or 0 for the default", o.name, o.value)
		}
	}
	if s.MaxIterations < 0 || s.Starts < 0 {
		return fmt.Errorf("transport: Gromov-Wasserstein: MaxIterations is %d and Starts %d, want positive numbers, or 0 for the default", s.MaxIterations, s.Starts)
	}
	return s.Inner.check(0, 0)
}

// innerCosts is the matrix of costs within a cloud.
func (s GromovWasserstein) innerCosts(c *measure.Cloud) ([]float64, error) {
	n := c.N
	out := make([]float64, n*n)
	x, y := make([]float64, c.D), make([]float64, c.D)
	for i := range n {
		s.Inner.row(out[i*n:(i+1)*n], c, c, i, x, y)
		for k, v := range out[i*n : (i+1)*n] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("transport: Gromov-Wasserstein: the inner cost of points %d and %d is %v", i+1, k+1, v)
			}
			if k < i && v != out[k*n+i] {
				return nil, fmt.Errorf("transport: Gromov-Wasserstein: the inner cost of points %d and %d is %v, the other way %v: want a symmetric one", i+1, k+1, v, out[k*n+i])
			}
		}
	}
	return out, nil
}
