package functional

import (
	"context"
	"math"

	"wgf/internal/parallel"
	"wgf/internal/radix"
	"wgf/internal/rng"
	"wgf/internal/simd"
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
// L (n+m)(d + log(n+m)), memory (n+m)(d + 40).
// Hertrich, Wald, Altekrüger and Hagemann 2024, theorem 1 and algorithm 1.
type SlicedEnergy struct {
	Target     *measure.Cloud
	Directions int
	Seed       uint64
	Threads    int
	step       uint64

	a, b         padded
	slope, total []float64
	scratch      []*alongLines
}

func slicedEnergyEntry() Entry {
	return Entry{
		Name:      "sliced-energy",
		Formula:   "half the energy distance, as a mean over random lines",
		Cost:      "L (n+m)(d + log(n+m)) for L directions",
		Reference: "Hertrich, Wald, Altekrüger, Hagemann 2024, ICLR",
		Needs:     Samples,
		Params:    []spec.Param{drawsParam, {Name: "directions", Default: 100, Help: "L"}},
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

// lines is the number of directions whose derivatives are held at a time, and together
// the number that are projected together.
const (
	lines    = 32
	together = 8
)

// padded is a cloud whose rows have a multiple of eight numbers, for matrix products.
type padded struct {
	n, stride int
	x, w      []float64
}

func pad(dst *padded, c *measure.Cloud) {
	dst.n, dst.stride, dst.w = c.N, (c.N+7)/8*8, c.Weights()
	dst.x = sized(dst.x, c.D*dst.stride)
	for k := range c.D {
		row := dst.x[k*dst.stride : (k+1)*dst.stride]
		clear(row[copy(row, c.X[k*c.N:(k+1)*c.N]):])
	}
}

// alongLines is the memory of one goroutine.
type alongLines struct {
	radix.Sorter
	x, y, xs, ys []float64
	ox, oy       []int32
}

func (f *SlicedEnergy) Evaluate(ctx context.Context, out *Evaluation, c *measure.Cloud) error {
	if err := finiteCloud(c); err != nil {
		return err
	}
	d := c.D
	count := f.Directions
	if d == 1 {
		count = 1
	}
	theta := f.directions(count, d)
	scale := sphereFactor(d) / float64(count)
	pad(&f.a, c)
	if f.b.n == 0 {
		pad(&f.b, f.Target)
	}
	workers := parallel.Threads(f.Threads)
	for len(f.scratch) < workers {
		f.scratch = append(f.scratch, &alongLines{})
	}
	stride := f.a.stride
	f.slope, f.total = sized(f.slope, lines*stride), sized(f.total, d*stride)
	clear(f.total)
	var values [lines]float64
	value := 0.0
	for first := 0; first < count; first += lines {
		if err := ctx.Err(); err != nil {
			return err
		}
		m := min(lines, count-first)
		parallel.For(f.Threads, (m+together-1)/together, func(worker, block int) {
			from := block * together
			to := min(m, from+together)
			f.scratch[worker].run(&f.a, &f.b, theta[(first+from)*d:(first+to)*d], d, f.slope[from*stride:], values[from:to])
		})
		for _, a := range values[:m] {
			value += scale * a / 2
		}
		if out.Gradient == nil {
			continue
		}
		const rows = 4
		parallel.For(f.Threads, (d+rows-1)/rows, func(_, block int) {
			from, to := block*rows, min(d, (block+1)*rows)
			simd.MatMul(f.total[from*stride:to*stride], theta[first*d+from:], f.slope, to-from, m, stride, 1, d, true)
		})
	}
	if out.Gradient != nil {
		for k := range d {
			for i, v := range f.total[k*stride : k*stride+c.N] {
				out.Gradient[k*c.N+i] = scale * v
			}
		}
	}
	if out.WantValue {
		out.Value = max(0, value)
	}
	return nil
}

// run projects both clouds on some lines, and writes the derivatives along them to slope
// and the energy distances to values.
func (w *alongLines) run(a, b *padded, theta []float64, d int, slope, values []float64) {
	rows := len(values)
	w.x, w.y = sized(w.x, rows*a.stride), sized(w.y, rows*b.stride)
	simd.MatMul(w.x, theta, a.x, rows, d, a.stride, d, 1, false)
	simd.MatMul(w.y, theta, b.x, rows, d, b.stride, d, 1, false)
	if len(w.ox) != a.n || len(w.oy) != b.n {
		w.ox, w.oy, w.xs, w.ys = make([]int32, a.n), make([]int32, b.n), make([]float64, a.n), make([]float64, b.n)
	}
	for l := range values {
		x, y := w.x[l*a.stride:][:a.n], w.y[l*b.stride:][:b.n]
		w.Argsort(w.ox, x)
		w.Argsort(w.oy, y)
		for k, i := range w.ox {
			w.xs[k] = x[i]
		}
		for k, j := range w.oy {
			w.ys[k] = y[j]
		}
		values[l] = w.energy(slope[l*a.stride:], a.w, b.w)
	}
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

// energy writes the derivative of the witness at the points x with weights w, against y
// with weights v, to slope, and returns 2 E|X-Y| - E|X-X'| - E|Y-Y'| = 2 int (F_x - F_y)^2.
// At equal points the derivative is that of symmetry.
func (l *alongLines) energy(slope, w, v []float64) float64 {
	xs, ys := l.xs, l.ys
	below, sum, last := 0.0, 0.0, math.Inf(1) // F_y - F_x to the left
	for i, j := 0, 0; i < len(xs) || j < len(ys); {
		at := math.Inf(1)
		if i < len(xs) {
			at = xs[i]
		}
		if j < len(ys) && ys[j] < at {
			at = ys[j]
		}
		if last < at {
			sum += float64(2 * below * below * (at - last))
		}
		from, jump := i, 0.0
		for ; i < len(xs) && xs[i] == at; i++ {
			jump -= w[l.ox[i]]
		}
		for ; j < len(ys) && ys[j] == at; j++ {
			jump += v[l.oy[j]]
		}
		for _, p := range l.ox[from:i] {
			slope[p] = float64(2*below) + jump
		}
		below += jump
		last = at
	}
	return sum
}
