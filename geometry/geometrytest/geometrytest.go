// Package geometrytest holds a geometry.Geometry to its contract: descent where it is
// claimed, masses that are kept, noise that fits the mobility, weights, order of the
// particles, threads, edge cases. A user's own geometry can be put through it.
package geometrytest

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"wgf/geometry"
	"wgf/measure"
)

// Build makes a new geometry in d dimensions that uses a number of threads, with a
// bandwidth that is given where it has one.
type Build func(d, threads int) (geometry.Geometry, error)

// Check tests a geometry. All of it is deterministic. Geometries on a box are tested
// inside of it.
func Check(t *testing.T, build Build) {
	t.Helper()
	c := &check{t: t, build: build}
	if _, err := build(2, 1); err != nil {
		t.Errorf("build: %v", err)
		return
	}
	c.descends()
	c.masses()
	c.mobility()
	c.measures()
	c.threads()
	c.edges()
	c.stays()
}

type check struct {
	t     *testing.T
	build Build
}

// result is what a geometry does to a field.
type result struct{ velocity, reaction []float64 }

// run makes a geometry, fits it to the cloud and asks for velocity and reaction.
func (c *check) run(x *measure.Cloud, gradient, witness []float64, tau float64, threads int) (result, error) {
	g, err := c.build(x.D, threads)
	if err != nil {
		return result{}, err
	}
	if u, ok := g.(geometry.Updater); ok {
		if err := u.Update(x, 0); err != nil {
			return result{}, err
		}
	}
	f := geometry.Field{Cloud: x, Gradient: gradient, Entropy: tau}
	if g.Traits().Witness {
		f.Witness = witness
	}
	out := result{velocity: make([]float64, len(x.X))}
	if err := g.Velocity(out.velocity, f); err != nil {
		return result{}, err
	}
	if r, ok := g.(geometry.Reactor); ok {
		out.reaction = make([]float64, x.N)
		err = r.Reaction(out.reaction, f)
	}
	return out, err
}

// entropies are the coefficients that a field may come with.
func (c *check) entropies() []float64 {
	g, err := c.build(2, 1)
	if err == nil && (g.Traits().Absorbs || g.Traits().AbsorbsMass) {
		return []float64{0, 1, 0.5}
	}
	return []float64{0}
}

// cloud is a fixed cloud of weighted particles, inside the box of the geometry.
func (c *check) cloud(n, d int) *measure.Cloud {
	x := measure.New(n, d)
	x.LogW = make([]float64, n)
	for i := range x.X {
		x.X[i] = 0.7*math.Sin(3.7*float64(i)+1) + 0.2*math.Cos(float64(i)*float64(i))
	}
	for i := range x.LogW {
		x.LogW[i] = -0.5 + math.Cos(2.3*float64(i))
	}
	g, err := c.build(d, 1)
	if b, ok := g.(geometry.Boxed); err == nil && ok {
		low, high := b.Box()
		for at, v := range x.X {
			k := at / n
			x.X[at] = low[k] + (high[k]-low[k])*(v+1)/2
		}
	}
	return x
}

// field is a fixed field: the derivative of a witness that is not quadratic.
func field(x *measure.Cloud) (gradient, witness []float64) {
	gradient, witness = make([]float64, len(x.X)), make([]float64, x.N)
	for at, v := range x.X {
		k := at / x.N
		a := 1 + 0.7*float64(k)
		gradient[at] = a*(v-0.3) + math.Cos(2*v)
		witness[at%x.N] += a*(v-0.3)*(v-0.3)/2 + math.Sin(2*v)/2
	}
	return gradient, witness
}

func close(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(b)) }

// descends: sum_i w_i g_i.v_i <= 0 without entropy, where Traits.Descent.
func (c *check) descends() {
	for _, d := range []int{1, 2, 3} {
		x := c.cloud(9, d)
		g, err := c.build(d, 1)
		if err != nil || !g.Traits().Descent {
			return
		}
		gradient, witness := field(x)
		for turn := range 3 {
			out, err := c.run(x, gradient, witness, 0, 1)
			if err != nil {
				c.t.Errorf("d = %d: %v", d, err)
				return
			}
			w, sum, size := x.Weights(), 0.0, 0.0
			for at, v := range out.velocity {
				sum += w[at%x.N] * v * gradient[at]
				size += w[at%x.N] * math.Abs(v*gradient[at])
			}
			for i, r := range out.reaction {
				sum += w[i] * r * witness[i]
			}
			if sum > 1e-12*size {
				c.t.Errorf("d = %d: F rises at rate %g along the velocity", d, sum)
			}
			for at := range gradient { // any field will do
				gradient[at] = math.Sin(float64(at*at)*1.3 + float64(turn))
			}
			clear(witness)
		}
	}
}

// masses: reactions have mean 0 under the weights and do not see constants.
func (c *check) masses() {
	for _, tau := range c.entropies() {
		x := c.cloud(9, 2)
		gradient, witness := field(x)
		out, err := c.run(x, gradient, witness, tau, 1)
		if err != nil {
			c.t.Errorf("entropy %g: %v", tau, err)
			return
		}
		w, mean := x.Weights(), 0.0
		for i, r := range out.reaction {
			mean += w[i] * r
		}
		if math.Abs(mean) > 1e-12 {
			c.t.Errorf("entropy %g: the reaction has mean %g", tau, mean)
		}
		for i := range witness {
			witness[i] += 5
		}
		moved, err := c.run(x, gradient, witness, tau, 1)
		for i, r := range moved.reaction {
			if err != nil || !close(r, out.reaction[i]) {
				c.t.Errorf("a constant added to the witness changes the reaction: %v, %v, %v", out.reaction[i], r, err)
				return
			}
		}
	}
}

// mobility: noise is linear in the normal numbers; where steps are x + delta its
// covariance is the mobility of the velocity, v = -B B^T g, and the correction adds
// tau times the divergence of B B^T by the particle's own place.
func (c *check) mobility() {
	x := c.cloud(6, 2)
	g, err := c.build(2, 1)
	m, ok := g.(geometry.Mobile)
	if err != nil || !ok {
		return
	}
	if u, ok := g.(geometry.Updater); ok {
		if err := u.Update(x, 0); err != nil {
			c.t.Error(err)
			return
		}
	}
	size := m.Rank(x) * x.N
	noise := func(xi []float64, x *measure.Cloud) []float64 {
		dst := make([]float64, len(x.X))
		if err := m.Noise(dst, xi, x); err != nil {
			c.t.Error(err)
		}
		return dst
	}
	// b[q] is the answer to the unit vector q of every particle at once.
	square := func(x *measure.Cloud) [][]float64 { // B B^T of particle i, row-major
		out := make([][]float64, x.N)
		for i := range out {
			out[i] = make([]float64, x.D*x.D)
		}
		for q := range m.Rank(x) {
			xi := make([]float64, size)
			for i := range x.N {
				xi[q*x.N+i] = 1
			}
			b := noise(xi, x)
			for i := range out {
				for k := range x.D {
					for l := range x.D {
						out[i][k*x.D+l] += b[k*x.N+i] * b[l*x.N+i]
					}
				}
			}
		}
		return out
	}
	first, second := make([]float64, size), make([]float64, size)
	for i := range first {
		first[i], second[i] = math.Sin(float64(i)), math.Cos(1.7*float64(i))
	}
	sum := make([]float64, size)
	for i := range sum {
		sum[i] = first[i] + 2*second[i]
	}
	a, b, ab := noise(first, x), noise(second, x), noise(sum, x)
	for i := range ab {
		if !close(ab[i], a[i]+2*b[i]) {
			c.t.Error("noise is not linear in the normal numbers")
			return
		}
	}
	if _, ok := g.(geometry.Mover); ok || g.Traits().Absorbs {
		return
	}
	if !g.Traits().Still {
		gradient, witness := field(x)
		out, err := c.run(x, gradient, witness, 0, 1)
		if err != nil {
			c.t.Error(err)
			return
		}
		for i, cov := range square(x) {
			for k := range x.D {
				want := 0.0
				for l := range x.D {
					want -= cov[k*x.D+l] * gradient[l*x.N+i]
				}
				if got := out.velocity[k*x.N+i]; !close(got, want) {
					c.t.Errorf("the velocity of particle %d is %v, its noise says -B B^T g = %v", i, got, want)
					return
				}
			}
		}
	}
	const tau, h = 0.7, 1e-5
	drift := make([]float64, len(x.X))
	if err := m.Correction(drift, tau, x); err != nil {
		c.t.Error(err)
	}
	for i := range x.N {
		for k := range x.D {
			want := 0.0
			for l := range x.D {
				up, down := x.Clone(), x.Clone()
				up.X[l*x.N+i] += h
				down.X[l*x.N+i] -= h
				want += tau * (square(up)[i][k*x.D+l] - square(down)[i][k*x.D+l]) / (2 * h)
			}
			if got := drift[k*x.N+i]; math.Abs(got-want) > 1e-7*(1+math.Abs(want)) {
				c.t.Errorf("the correction of particle %d is %v, tau div B B^T is %v", i, got, want)
				return
			}
		}
	}
}

// measures: two particles of half the weight are as one, and the order means nothing.
func (c *check) measures() {
	x := c.cloud(9, 2)
	for _, tau := range c.entropies() {
		for what, order := range map[string][]int{
			"one particle split into two of half its weight": {0, 1, 2, 3, 4, 5, 6, 7, 8, 3},
			"particles in another order":                     {4, 1, 8, 0, 7, 2, 6, 3, 5},
		} {
			y := measure.New(len(order), x.D)
			y.LogW = make([]float64, y.N)
			for to, from := range order {
				y.LogW[to] = x.LogW[from]
				for k := range x.D {
					y.X[k*y.N+to] = x.X[k*x.N+from]
				}
			}
			if y.N > x.N {
				y.LogW[3] -= math.Ln2
				y.LogW[x.N] -= math.Ln2
			}
			gx, wx := field(x)
			gy, wy := field(y)
			want, err := c.run(x, gx, wx, tau, 1)
			got, err2 := c.run(y, gy, wy, tau, 1)
			if err != nil || err2 != nil {
				c.t.Errorf("%s: %v, %v", what, err, err2)
				continue
			}
			for to, from := range order {
				for k := range x.D {
					if a, b := got.velocity[k*y.N+to], want.velocity[k*x.N+from]; !close(a, b) {
						c.t.Errorf("%s, entropy %g: velocity of particle %d is %v, want %v", what, tau, from, a, b)
						return
					}
				}
				if want.reaction != nil && !close(got.reaction[to], want.reaction[from]) {
					c.t.Errorf("%s, entropy %g: reaction of particle %d is %v, want %v", what, tau, from, got.reaction[to], want.reaction[from])
					return
				}
			}
		}
	}
}

// threads: every bit is the same for every number of threads, and the cloud stays.
func (c *check) threads() {
	x := c.cloud(600, 3)
	gradient, witness := field(x)
	for _, tau := range c.entropies() {
		before := x.Clone()
		want, err := c.run(x, gradient, witness, tau, 1)
		for _, threads := range []int{1, 2, 3} {
			got, err2 := c.run(x, gradient, witness, tau, threads)
			if err != nil || err2 != nil {
				c.t.Error(err, err2)
				return
			}
			if !slices.Equal(got.velocity, want.velocity) || !slices.Equal(got.reaction, want.reaction) {
				c.t.Errorf("%d threads give other bits than 1", threads)
			}
		}
		if !slices.Equal(x.X, before.X) || !slices.Equal(x.LogW, before.LogW) {
			c.t.Error("the geometry changed the cloud")
		}
	}
}

// edges: finite or an error.
func (c *check) edges() {
	light := c.cloud(9, 2)
	light.LogW[0], light.LogW[5] = math.Inf(-1), math.Inf(-1)
	cases := map[string]*measure.Cloud{"particles without weight": light}
	for _, d := range []int{1, 2} {
		cases[fmt.Sprintf("one particle, d = %d", d)] = c.cloud(1, d)
		cases[fmt.Sprintf("nine particles, d = %d", d)] = c.cloud(9, d)
		same := c.cloud(5, d)
		for at := range same.X {
			same.X[at] = same.X[at/5*5]
		}
		cases[fmt.Sprintf("five identical particles, d = %d", d)] = same
	}
	for what, x := range cases {
		gradient, witness := field(x)
		for _, tau := range c.entropies() {
			out, err := c.run(x, gradient, witness, tau, 1)
			if err != nil {
				if len(err.Error()) < 15 {
					c.t.Errorf("%s: %q says too little", what, err)
				}
				continue
			}
			for _, v := range append(out.velocity, out.reaction...) {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					c.t.Errorf("%s, entropy %g: not finite, without an error", what, tau)
					break
				}
			}
		}
	}
}

// stays: a step of zero moves nothing, and on a box no step leaves it.
func (c *check) stays() {
	g, err := c.build(2, 1)
	m, ok := g.(geometry.Mover)
	if err != nil || !ok {
		return
	}
	x := c.cloud(9, 2)
	dst, delta := make([]float64, len(x.X)), make([]float64, len(x.X))
	if err := m.Move(dst, x, delta); err != nil {
		c.t.Error(err)
	}
	for at, v := range dst {
		if math.Abs(v-x.X[at]) > 1e-12*(1+math.Abs(v)) {
			c.t.Errorf("a step of 0 moves %v to %v", x.X[at], v)
			return
		}
	}
	b, ok := g.(geometry.Boxed)
	if !ok {
		return
	}
	low, high := b.Box()
	for at := range delta {
		delta[at] = 1e9 * math.Sin(float64(at))
	}
	if err := m.Move(dst, x, delta); err != nil {
		return
	}
	for at, v := range dst {
		if k := at / x.N; !(v > low[k] && v < high[k]) {
			c.t.Errorf("a large step leads to %v, out of the box (%v, %v)", v, low[k], high[k])
			return
		}
	}
}
