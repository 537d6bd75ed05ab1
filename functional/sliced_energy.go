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
// L (n+m)(d + log(n+m)), memory (n+m)(d + 128), less for many points.
// Hertrich, Wald, Altekrüger and Hagemann 2024, theorem 1 and algorithm 1.
type SlicedEnergy struct {
	Target     *measure.Cloud
	Directions int
	Seed       uint64
	Threads    int
	step       uint64

	a, b    blocks
	equal   bool // weights of the target
	total   []float64
	turned  []float64
	scratch []*onLine
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

// lines is the largest number of directions that are worked on at a time; of large
// clouds it is fewer, so that their projections take some 64 MB.
const lines = 128

// blocks is a cloud cut into blocks of columns for matrix products that stay in the
// cache: coordinate k of point i at x[(i/width*d + k)*width + i%width].
type blocks struct {
	n, d, width, count int
	x, w               []float64
	along              []float64 // projections: line l of point i at along[(i/width*m + l)*width + i%width]
}

func (b *blocks) fill(c *measure.Cloud, threads int) {
	b.n, b.d, b.w, b.width = c.N, c.D, c.Weights(), 128
	if c.N < b.width {
		b.width = (c.N + 7) / 8 * 8
	}
	b.count = (c.N + b.width - 1) / b.width
	b.x = sized(b.x, b.count*b.d*b.width)
	for at := range b.count {
		for k := range c.D {
			row := b.x[(at*b.d+k)*b.width:][:b.width]
			clear(row[copy(row, c.X[k*c.N+at*b.width:(k+1)*c.N]):])
		}
	}
}

// project writes block at of the projections on m lines.
func (b *blocks) project(at int, theta []float64, m int) {
	simd.MatMul(b.along[at*m*b.width:][:m*b.width], theta, b.x[at*b.d*b.width:], m, b.d, b.width, b.d, 1, false)
}

// gather copies the projections on line l of m to dst, or with back dst to their place.
func (b *blocks) gather(dst []float64, l, m int, back bool) {
	for at := range b.count {
		row := b.along[(at*m+l)*b.width:][:b.width]
		if part := dst[at*b.width : min(b.n, (at+1)*b.width)]; back {
			copy(row, part)
		} else {
			copy(part, row)
		}
	}
}

// onLine is the memory of one goroutine.
type onLine struct {
	radix.Sorter
	x, y, xs, ys, slope []float64
	ox, oy              []int32
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
	f.a.fill(c, f.Threads)
	if f.b.n == 0 {
		f.b.fill(f.Target, f.Threads)
		f.equal = f.Target.LogW == nil
	}
	for len(f.scratch) < parallel.Threads(f.Threads) {
		f.scratch = append(f.scratch, &onLine{})
	}
	width := f.a.width
	group := min(lines, max(16, (8<<20)/(f.a.n+f.b.n)))
	f.a.along, f.b.along = sized(f.a.along, f.a.count*group*width), sized(f.b.along, f.b.count*group*f.b.width)
	f.total = sized(f.total, f.a.count*d*width)
	clear(f.total)
	var values [lines]float64
	value := 0.0
	for first := 0; first < count; first += group {
		if err := ctx.Err(); err != nil {
			return err
		}
		m := min(group, count-first)
		part := theta[first*d : (first+m)*d]
		parallel.For(f.Threads, f.a.count+f.b.count, func(_, at int) {
			if at < f.a.count {
				f.a.project(at, part, m)
			} else {
				f.b.project(at-f.a.count, part, m)
			}
		})
		parallel.For(f.Threads, m, func(worker, l int) {
			values[l] = f.line(f.scratch[worker], l, m)
		})
		for _, a := range values[:m] {
			value += scale * a / 2
		}
		if out.Gradient == nil {
			continue
		}
		f.turned = sized(f.turned, d*m) // a line a column: read in order
		for l := range m {
			for k, t := range part[l*d : (l+1)*d] {
				f.turned[k*m+l] = t
			}
		}
		parallel.For(f.Threads, f.a.count, func(_, at int) {
			simd.MatMul(f.total[at*d*width:][:d*width], f.turned, f.a.along[at*m*width:], d, m, width, m, 1, true)
		})
	}
	if out.Gradient != nil {
		parallel.For(f.Threads, f.a.count, func(_, at int) {
			from, to := at*width, min(c.N, (at+1)*width)
			for k := range d {
				row := out.Gradient[k*c.N+from : k*c.N+to]
				for i, v := range f.total[(at*d+k)*width:][:to-from] {
					row[i] = scale * v
				}
			}
		})
	}
	if out.WantValue {
		out.Value = max(0, value)
	}
	return nil
}

// line replaces the projections of the cloud on line l of m by the derivatives along it,
// and returns the energy distance there.
func (f *SlicedEnergy) line(w *onLine, l, m int) float64 {
	if len(w.x) != f.a.n || len(w.y) != f.b.n {
		w.x, w.xs, w.slope, w.ox = make([]float64, f.a.n), make([]float64, f.a.n), make([]float64, f.a.n), make([]int32, f.a.n)
		w.y, w.ys, w.oy = make([]float64, f.b.n), make([]float64, f.b.n), make([]int32, f.b.n)
	}
	f.a.gather(w.x, l, m, false)
	w.Argsort(w.ox, w.x)
	for k, i := range w.ox {
		w.xs[k] = w.x[i]
	}
	if f.equal { // the order of equal weights does not matter
		f.b.gather(w.ys, l, m, false)
		w.Sort(w.ys)
	} else {
		f.b.gather(w.y, l, m, false)
		w.Argsort(w.oy, w.y)
		for k, j := range w.oy {
			w.ys[k] = w.y[j]
		}
	}
	value := w.energy(f.a.w, f.b.w, f.equal)
	f.a.gather(w.slope, l, m, true)
	return value
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
// with weights v, all equal or not, to slope, and returns 2 E|X-Y| - E|X-X'| - E|Y-Y'| = 2 int (F_x - F_y)^2.
// At equal points the derivative is that of symmetry.
func (l *onLine) energy(w, v []float64, equal bool) float64 {
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
			if equal {
				jump += v[0]
			} else {
				jump += v[l.oy[j]]
			}
		}
		for _, p := range l.ox[from:i] {
			l.slope[p] = float64(2*below) + jump
		}
		below += jump
		last = at
	}
	return sum
}
