package sampler

import (
	"math"
	"sync"
	"sync/atomic"

	"wgf/internal/rng"
	"wgf/target"
)

// folds is the number of groups that adapt each other's metric.
const folds = 2

// ensemble is the cloud of particles, cut into blocks. Particle i belongs to
// superchain i / (N/8) and to fold i / (N/2); a block lies within one fold.
type ensemble struct {
	density target.Density
	d, n    int
	seed    uint64
	blocks  []*block
	threads int
	depth   int   // gradients a particle so far, in lockstep
	extra   int64 // single evaluations besides
}

// block is a run of particles that one goroutine moves at a time. Its arrays
// are coordinate-major with n columns.
type block struct {
	first, n, fold int

	x, g, lp []float64 // positions, gradients, log densities
	e, norm  []float64 // whitened gradient: unit vectors and lengths
	u        []float64 // directions
	energy   []float64 // energy error of the last step or proposal
	accept   []float64 // acceptance probability of the last proposal, 0 for a rejection by fault
	refused  []bool    // the last step or proposal was not made

	// where a step starts from, and scratch
	x0, g0, lp0, e0, norm0, u0 []float64
	kinetic, s1, s2, s3        []float64
	wide                       []float64
	dead                       []bool

	holes holes
}

// newEnsemble lays out n particles for the given number of threads.
func newEnsemble(density target.Density, n, threads int, seed uint64) *ensemble {
	en := &ensemble{density: density, d: density.Dim(), n: n, seed: seed, threads: threads}
	half := n / folds
	perFold := max(1, (threads+folds-1)/folds, (half+127)/128)
	size := (half + perFold - 1) / perFold
	size = (size + 7) / 8 * 8
	for f := range folds {
		for at := 0; at < half; at += size {
			en.blocks = append(en.blocks, newBlock(f*half+at, min(size, half-at), f, en.d))
		}
	}
	return en
}

func newBlock(first, n, fold, d int) *block {
	wide := func() []float64 { return make([]float64, d*n) }
	thin := func() []float64 { return make([]float64, n) }
	return &block{
		first: first, n: n, fold: fold,
		x: wide(), g: wide(), lp: thin(), e: wide(), norm: thin(), u: wide(),
		energy: thin(), accept: thin(), refused: make([]bool, n),
		x0: wide(), g0: wide(), lp0: thin(), e0: wide(), norm0: thin(), u0: wide(),
		kinetic: thin(), s1: thin(), s2: thin(), s3: thin(), wide: wide(),
		dead: make([]bool, n),
	}
}

// each calls f for every block, on up to en.threads goroutines, and waits.
func (en *ensemble) each(f func(b *block)) {
	workers := min(en.threads, len(en.blocks))
	if workers <= 1 {
		for _, b := range en.blocks {
			f(b)
		}
		return
	}
	var next atomic.Int64
	work := func() {
		for {
			i := int(next.Add(1)) - 1
			if i >= len(en.blocks) {
				return
			}
			f(en.blocks[i])
		}
	}
	var wg sync.WaitGroup
	for range workers - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}

// tasks calls f(0) .. f(count-1) on up to en.threads goroutines.
func (en *ensemble) tasks(count int, f func(i int)) {
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < count; i = int(next.Add(1)) - 1 {
			f(i)
		}
	}
	var wg sync.WaitGroup
	for range min(en.threads, count) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}

// count adds single evaluations, from any goroutine.
func (en *ensemble) count(n int) { atomic.AddInt64(&en.extra, int64(n)) }

// particles calls f for every particle in order, with its block and column:
// reductions over particles run through it, so that their order is fixed.
func (en *ensemble) particles(f func(b *block, i int)) {
	for _, b := range en.blocks {
		for i := range b.n {
			f(b, i)
		}
	}
}

// evaluate computes log density and gradient at the positions of a block.
func (en *ensemble) evaluate(b *block) {
	en.density.LogDensity(b.lp, b.g, b.x)
	for i, lp := range b.lp {
		if math.IsNaN(lp) || math.IsInf(lp, -1) {
			b.holes.add(b, i, en.depth)
		}
	}
}

// whiten computes the whitened gradient of a block under m.
func (b *block) whiten(m *metric) {
	m.applyT(b.e, b.g, b.n)
	split(b.e, b.norm, m.d)
}

// drift is A(h): x += h W u.
func (b *block) drift(m *metric, h float64) {
	m.apply(b.wide, b.u, b.n)
	axpy(b.x, h, b.wide)
}

// kick is B(h) on the block.
func (b *block) kick(h float64, d int) {
	kick(b.u, b.e, b.norm, b.kinetic, h, d, b.s1, b.s2, b.s3)
}

// refresh is O on the block, with normal numbers of the given key and step.
func (b *block) refresh(key rng.Key, step uint64, nu float64, d int) {
	key.Normals(b.wide, d, b.n, b.first, step)
	refresh(b.u, b.wide, nu, d, b.s1)
}

// uniform draws new directions, uniform on the sphere.
func (b *block) uniform(key rng.Key, step uint64, d int) {
	key.Normals(b.u, d, b.n, b.first, step)
	clear(b.s1)
	for k := range d {
		for i, v := range b.u[k*b.n : (k+1)*b.n] {
			b.s1[i] += float64(v * v)
		}
	}
	rescale(b.u, b.s1, d)
}

// save keeps where the block stands.
func (b *block) save() {
	copy(b.x0, b.x)
	copy(b.g0, b.g)
	copy(b.lp0, b.lp)
	copy(b.e0, b.e)
	copy(b.norm0, b.norm)
}

// restore puts particle i back to where save kept it.
func (b *block) restore(i, d int) {
	for k := range d {
		at := k*b.n + i
		b.x[at], b.g[at], b.e[at] = b.x0[at], b.g0[at], b.e0[at]
	}
	b.lp[i], b.norm[i] = b.lp0[i], b.norm0[i]
}

// finite reports whether log density and gradient of particle i are finite.
func (b *block) finite(i int) bool {
	return !math.IsInf(b.lp[i], 0) && !math.IsNaN(b.lp[i]) &&
		!math.IsInf(b.norm[i], 0) && !math.IsNaN(b.norm[i])
}

// augmented adds a standard normal coordinate to a target of one dimension,
// where the sphere of directions would have no tangent.
type augmented struct{ target.Density }

func (a augmented) Dim() int { return 2 }

func (a augmented) LogDensity(lp, grad, x []float64) {
	n := len(lp)
	if grad == nil {
		a.Density.LogDensity(lp, nil, x[:n])
	} else {
		a.Density.LogDensity(lp, grad[:n], x[:n])
	}
	for i, y := range x[n : 2*n] {
		lp[i] -= float64(y*y) / 2
		if grad != nil {
			grad[n+i] = -y
		}
	}
}

// holes counts the points without density that a block has come upon, and keeps
// the first.
type holes struct {
	count           int64
	depth, particle int
	first           []float64
}

func (h *holes) add(b *block, i, depth int) {
	if h.count++; h.count > 1 {
		return
	}
	h.depth, h.particle = depth, b.first+i
	for k := i; k < len(b.x); k += b.n {
		h.first = append(h.first, b.x[k])
	}
}

// holes joins those of all blocks: the first is the earliest, of the particle
// with the lowest number.
func (en *ensemble) holes() holes {
	var all holes
	for _, b := range en.blocks {
		h := b.holes
		if h.count > 0 && (all.count == 0 || h.depth < all.depth || h.depth == all.depth && h.particle < all.particle) {
			h.count += all.count
			all = h
		} else {
			all.count += h.count
		}
	}
	return all
}
