package functional

import (
	"cmp"
	"context"
	"math"
	"slices"

	"wgf/internal/parallel"
	"wgf/internal/rng"
	"wgf/internal/spec"
	"wgf/measure"
)

// SlicedEnergy is half the energy distance to points, MMD^2/2 with k = -|x-y|, from
// its projections on L random lines,
//
//	F(mu) = c_d/2 E_theta D(theta#mu, theta#pi),   c_d = sqrt(pi) Gamma((d+1)/2)/Gamma(d/2),
//
// D the energy distance on the line, by sorting. The gradient of the witness along
// theta at x is F_pi(x) - F_mu(x) over both sides, F_pi(x) = pi(y < x) - pi(y > x).
// Directions are drawn anew by Update; their error is of order sqrt(d/L). Cost
// L (n+m)(d + log(n+m)), memory (n+m)(d + 1) and n + m a direction of a chunk of 32.
// Hertrich, Wald, Altekrüger and Hagemann 2024, theorem 1 and algorithm 1.
type SlicedEnergy struct {
	Target     *measure.Cloud
	Directions int
	Seed       uint64
	Threads    int
	step       uint64
}

func slicedEnergyEntry() Entry {
	return Entry{
		Name:      "sliced-energy",
		Formula:   "half the energy distance, as a mean over random lines",
		Cost:      "L (n+m)(d + log(n+m)) for L directions",
		Reference: "Hertrich, Wald, Altekrüger, Hagemann 2024, ICLR",
		Needs:     Samples,
		Params:    []spec.Param{drawsParam, {Name: "directions", Default: 200, Help: "L"}},
		Build: func(s Setting) (Functional, error) {
			y, err := targetPoints("sliced-energy", s)
			if err != nil {
				return nil, err
			}
			directions, err := s.Params.Integer("directions", 1)
			return &SlicedEnergy{Target: y, Directions: directions, Seed: s.Seed, Threads: s.Threads}, err
		},
	}
}

func (f *SlicedEnergy) Traits() Traits {
	return Traits{Name: "sliced-energy", Needs: Samples, Exact: true, Value: true, Random: true}
}

func (f *SlicedEnergy) Update(_ *measure.Cloud, step uint64) error {
	f.step = step
	return nil
}

// lines is the number of directions whose sorted projections are held at a time.
const lines = 32

func (f *SlicedEnergy) Evaluate(ctx context.Context, out *Evaluation, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	n, d := c.N, c.D
	count := f.Directions
	if d == 1 {
		count = 1
	}
	theta := f.directions(count, d)
	scale := sphereFactor(d) / float64(count)
	w, v := c.Weights(), f.Target.Weights()
	clear(out.Gradient)
	slope := make([]float64, lines*n)
	values := make([]float64, lines)
	value := 0.0
	for first := 0; first < count; first += lines {
		if err := ctx.Err(); err != nil {
			return err
		}
		m := min(lines, count-first)
		parallel.For(f.Threads, m, func(_, l int) {
			line := theta[(first+l)*d:][:d]
			values[l] = energyOnLine(slope[l*n:(l+1)*n], project(c, line), w, project(f.Target, line), v)
		})
		for _, a := range values[:m] {
			value += scale * a / 2
		}
		if out.Gradient == nil {
			continue
		}
		parallel.For(f.Threads, d, func(_, k int) {
			row := out.Gradient[k*n : (k+1)*n]
			for l := range m {
				a := scale * theta[(first+l)*d+k]
				for i, s := range slope[l*n : (l+1)*n] {
					row[i] += float64(a * s)
				}
			}
		})
	}
	if out.WantValue {
		out.Value = max(0, value)
	}
	return nil
}

// directions are count unit vectors, one after the other.
func (f *SlicedEnergy) directions(count, d int) []float64 {
	theta := make([]float64, count*d)
	if d == 1 {
		theta[0] = 1
		return theta
	}
	// Coordinate l*d+k of one particle, of this step: direction l.
	rng.New(f.Seed, rng.Direction).Normals(theta, count*d, 1, 0, f.step)
	for l := range count {
		line, norm := theta[l*d:(l+1)*d], 0.0
		for _, a := range line {
			norm += float64(a * a)
		}
		norm = math.Sqrt(norm)
		for k := range line {
			line[k] /= norm
		}
	}
	return theta
}

// sphereFactor is c_d: |x| = c_d E_theta |<theta, x>|.
func sphereFactor(d int) float64 {
	a, _ := math.Lgamma(float64(d+1) / 2)
	b, _ := math.Lgamma(float64(d) / 2)
	return math.Sqrt(math.Pi) * math.Exp(a-b)
}

// at is a point on a line: x its place, i its number, of the target where i < 0.
type at struct {
	x float64
	i int
}

func project(c *measure.Cloud, line []float64) []float64 {
	p := make([]float64, c.N)
	for k, a := range line {
		for i, x := range c.X[k*c.N : (k+1)*c.N] {
			p[i] += float64(a * x)
		}
	}
	return p
}

// energyOnLine writes the derivative of the witness at the points x with weights w,
// against y with weights v, to slope, and returns 2 E|X-Y| - E|X-X'| - E|Y-Y'| =
// 2 int (F_x - F_y)^2. At equal points the derivative is that of symmetry.
func energyOnLine(slope, x, w, y, v []float64) float64 {
	all := make([]at, 0, len(x)+len(y))
	for i, a := range x {
		all = append(all, at{a, i})
	}
	for j, a := range y {
		all = append(all, at{a, -1 - j})
	}
	slices.SortFunc(all, func(a, b at) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.i, b.i)) })
	below, sum := 0.0, 0.0 // F_y - F_x to the left
	for from := 0; from < len(all); {
		to, jump := from, 0.0
		for to < len(all) && all[to].x == all[from].x {
			if i := all[to].i; i >= 0 {
				jump -= w[i]
			} else {
				jump += v[-1-i]
			}
			to++
		}
		for _, p := range all[from:to] {
			if p.i >= 0 {
				slope[p.i] = float64(2*below) + jump
			}
		}
		below += jump
		if to < len(all) {
			sum += float64(2 * below * below * (all[to].x - all[from].x))
		}
		from = to
	}
	return sum
}
