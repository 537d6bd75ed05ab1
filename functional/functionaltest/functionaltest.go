// Package functionaltest holds a functional.Functional to its contract: gradients and
// witnesses against finite differences, weights, order of the particles, threads, edge
// cases, numbers that are not finite. A user's own functional can be put through it.
package functionaltest

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"wgf/functional"
	"wgf/kernel"
	"wgf/measure"
)

// Build makes a new functional in d dimensions that uses a number of threads. A
// bandwidth must be given: one that follows the cloud has no gradient to hold it to.
type Build func(d, threads int) (functional.Functional, error)

// Check tests a functional. All of it is deterministic. It takes about as long as a
// thousand evaluations at 8 particles and four at 300.
func Check(t *testing.T, build Build) {
	t.Helper()
	c := &check{t: t, build: build}
	if f := c.make(2, 1); f == nil {
		return
	}
	c.repeats()
	c.differences()
	c.weights()
	c.elsewhere()
	c.splits()
	c.permutes()
	c.threads()
	c.edges()
	c.notFinite()
}

type check struct {
	t     *testing.T
	build Build
}

func (c *check) make(d, threads int) functional.Functional {
	c.t.Helper()
	f, err := c.build(d, threads)
	if err != nil {
		c.t.Errorf("build in %d dimensions: %v", d, err)
		return nil
	}
	return f
}

// cloud is a fixed cloud of n weighted particles.
func cloud(n, d int) *measure.Cloud {
	c := measure.New(n, d)
	c.LogW = make([]float64, n)
	for i := range c.X {
		c.X[i] = math.Sin(3.7*float64(i)+1) + 0.3*math.Cos(float64(i)*float64(i))
	}
	for i := range c.LogW {
		c.LogW[i] = -0.5 + math.Cos(2.3*float64(i))
	}
	return c
}

func update(f functional.Functional, c *measure.Cloud) error {
	if u, ok := f.(functional.Updater); ok {
		return u.Update(c, 0)
	}
	return nil
}

// at evaluates all that a functional gives, without an update.
func at(f functional.Functional, c *measure.Cloud) (functional.Evaluation, error) {
	traits := f.Traits()
	out := functional.Evaluation{WantValue: traits.Value, Gradient: make([]float64, len(c.X))}
	if traits.Witness {
		out.Witness = make([]float64, c.N)
	}
	err := f.Evaluate(context.Background(), &out, c)
	return out, err
}

// fresh evaluates a new functional, updated at the cloud.
func (c *check) fresh(x *measure.Cloud, threads int) (functional.Evaluation, error) {
	f, err := c.build(x.D, threads)
	if err != nil {
		return functional.Evaluation{}, err
	}
	if err := update(f, x); err != nil {
		return functional.Evaluation{}, err
	}
	return at(f, x)
}

func (c *check) must(x *measure.Cloud, threads int) (functional.Evaluation, bool) {
	c.t.Helper()
	out, err := c.fresh(x, threads)
	if err != nil {
		c.t.Errorf("%d particles in %d dimensions: %v", x.N, x.D, err)
	}
	return out, err == nil
}

func close(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*(1+math.Abs(b))
}

// repeats: parts that are not wanted change nothing, nor does a second evaluation.
func (c *check) repeats() {
	x := cloud(8, 2)
	f := c.make(2, 1)
	if err := update(f, x); err != nil {
		c.t.Error(err)
		return
	}
	before := x.Clone()
	all, err := at(f, x)
	again, err2 := at(f, x)
	if err != nil || err2 != nil {
		c.t.Error(err, err2)
		return
	}
	const warm = 1e-7 // inner solvers may start where they ended
	some := functional.Evaluation{Gradient: make([]float64, len(x.X))}
	if err := f.Evaluate(context.Background(), &some, x); err != nil {
		c.t.Error(err)
	}
	for i, g := range all.Gradient {
		if !close(again.Gradient[i], g, warm) || !close(some.Gradient[i], g, warm) {
			c.t.Errorf("gradient %d is %v, then %v, and alone %v", i, g, again.Gradient[i], some.Gradient[i])
			break
		}
	}
	if f.Traits().Value {
		some := functional.Evaluation{WantValue: true}
		if err := f.Evaluate(context.Background(), &some, x); err != nil || !close(some.Value, all.Value, warm) {
			c.t.Errorf("value %v, and alone %v, %v", all.Value, some.Value, err)
		}
	}
	if !slices.Equal(x.X, before.X) || !slices.Equal(x.LogW, before.LogW) {
		c.t.Error("Evaluate changed the cloud")
	}
}

// solved is how far inner solvers may leave gradients and witnesses from differences.
const solved = 2e-5

// differences: where Traits.Exact, the derivative of the value by particle i is w_i
// times the gradient.
func (c *check) differences() {
	for _, d := range []int{1, 2, 3} {
		f, x := c.make(d, 1), cloud(8, d)
		if f == nil || !f.Traits().Exact || !f.Traits().Value {
			return
		}
		if err := update(f, x); err != nil {
			c.t.Error(err)
			return
		}
		out, err := at(f, x)
		if err != nil {
			c.t.Error(err)
			return
		}
		w := x.Weights()
		value := func(k int, by float64) float64 {
			moved := x.Clone()
			moved.X[k] += by
			e := functional.Evaluation{WantValue: true}
			if err := f.Evaluate(context.Background(), &e, moved); err != nil {
				c.t.Error(err)
			}
			return e.Value
		}
		// Energies by sorting have corners, which ask for a small step, and inner
		// solvers a tolerance, which asks for a large one: one of two has to fit.
		for k := range x.X {
			got, fits := w[k%x.N]*out.Gradient[k], false
			var want [2]float64
			for l, h := range []float64{1e-4, 1e-6} {
				want[l] = (8*(value(k, h)-value(k, -h)) - (value(k, 2*h) - value(k, -2*h))) / (12 * h)
				fits = fits || close(got, want[l], solved)
			}
			if !fits {
				c.t.Errorf("d = %d, coordinate %d of particle %d: w g = %.9g, differences of the value give %.9g", d, k/x.N, k%x.N, got, want)
				return
			}
		}
	}
}

// weights: the witness is the derivative of the value by the weights,
// d/dt F((1-t) mu + t delta_i) = F'(x_i) - sum_j w_j F'(x_j) at t = 0.
func (c *check) weights() {
	f, x := c.make(2, 1), cloud(8, 2)
	if tr := f.Traits(); !tr.Witness || !tr.Value {
		return
	}
	if err := update(f, x); err != nil {
		c.t.Error(err)
		return
	}
	out, err := at(f, x)
	if err != nil {
		c.t.Error(err)
		return
	}
	w, mean := x.Weights(), 0.0
	for i, v := range out.Witness {
		mean += w[i] * v
	}
	value := func(i int, by float64) float64 {
		y := x.Clone()
		for j, a := range w {
			b := (1 - by) * a
			if j == i {
				b += by
			}
			y.LogW[j] = math.Log(b)
		}
		e := functional.Evaluation{WantValue: true}
		if err := f.Evaluate(context.Background(), &e, y); err != nil {
			c.t.Error(err)
		}
		return e.Value
	}
	const h = 1e-3
	for i := range w {
		want := (8*(value(i, h)-value(i, -h)) - (value(i, 2*h) - value(i, -2*h))) / (12 * h)
		if got := out.Witness[i] - mean; !close(got, want, solved) {
			c.t.Errorf("witness of particle %d, less its mean: %.9g, differences of the value by the weights give %.9g", i, got, want)
			return
		}
	}
}

// elsewhere: away from the particles the gradient is that of the witness, and at the
// particles it is that of Evaluate.
func (c *check) elsewhere() {
	f, x := c.make(2, 1), cloud(8, 2)
	e, ok := f.(functional.Elsewhere)
	if !ok {
		return
	}
	if err := update(f, x); err != nil {
		c.t.Error(err)
		return
	}
	ctx := context.Background()
	z := measure.New(5, 2)
	for i := range z.X {
		z.X[i] = 0.9*math.Cos(1.7*float64(i)) + 0.05
	}
	points := func(c *measure.Cloud) kernel.Points { return kernel.Points{N: c.N, D: c.D, X: c.X} }
	value := func(k int, by float64) []float64 {
		y, v := z.Clone(), make([]float64, z.N)
		y.X[k] += by
		if err := e.WitnessAt(ctx, v, nil, points(y), x); err != nil {
			c.t.Error(err)
		}
		return v
	}
	g := make([]float64, len(z.X))
	if err := e.WitnessAt(ctx, nil, g, points(z), x); err != nil {
		c.t.Error(err)
		return
	}
	const h = 1e-5
	for k := range z.X {
		i := k % z.N
		if want := (value(k, h)[i] - value(k, -h)[i]) / (2 * h); !close(g[k], want, 1e-6) {
			c.t.Errorf("away from the particles: gradient %.9g, differences of the witness give %.9g", g[k], want)
			break
		}
	}
	out, err := at(f, x)
	there := make([]float64, len(x.X))
	if err := e.WitnessAt(ctx, nil, there, points(x), x); err != nil {
		c.t.Error(err)
	}
	for k, v := range out.Gradient {
		if err != nil || !close(there[k], v, 1e-9) {
			c.t.Errorf("at the particles: WitnessAt gives %v, Evaluate %v, %v", there[k], v, err)
			return
		}
	}
}

// with returns the particles of the given numbers.
func with(x *measure.Cloud, order []int) *measure.Cloud {
	y := measure.New(len(order), x.D)
	y.LogW = make([]float64, y.N)
	for to, from := range order {
		y.LogW[to] = x.LogW[from]
		for k := range x.D {
			y.X[k*y.N+to] = x.X[k*x.N+from]
		}
	}
	return y
}

// same compares an evaluation at the particles order of x with that at x.
func (c *check) same(what string, got, want functional.Evaluation, order []int, n int) {
	c.t.Helper()
	const tolerance = 1e-6 // of inner solvers
	if !close(got.Value, want.Value, tolerance) {
		c.t.Errorf("%s: value %v, want %v", what, got.Value, want.Value)
	}
	for k := range got.Gradient {
		to, d := k%len(order), k/len(order)
		if a, b := got.Gradient[k], want.Gradient[d*n+order[to]]; !close(a, b, tolerance) {
			c.t.Errorf("%s: gradient of particle %d is %v, want %v", what, order[to], a, b)
			return
		}
	}
	for k := range got.Witness {
		a, b := got.Witness[k]-got.Witness[0], want.Witness[order[k]]-want.Witness[order[0]]
		if !close(a, b, tolerance) {
			c.t.Errorf("%s: witness of particle %d is %v, want %v", what, order[k], a, b)
			return
		}
	}
}

// splits: a particle and two of half its weight are the same measure. Where an energy
// has a corner there the halves may part, and their mean counts.
func (c *check) splits() {
	x := cloud(8, 2)
	order := []int{0, 1, 2, 3, 4, 5, 6, 7, 3}
	y := with(x, order)
	y.LogW[3] -= math.Ln2
	y.LogW[8] -= math.Ln2
	want, ok := c.must(x, 1)
	got, ok2 := c.must(y, 1)
	if ok && ok2 {
		for k := range x.D {
			a, b := &got.Gradient[k*y.N+3], &got.Gradient[k*y.N+8]
			*a = (*a + *b) / 2
			*b = *a
		}
		c.same("one particle split into two of half its weight", got, want, order, x.N)
	}
}

// permutes: the order of the particles means nothing.
func (c *check) permutes() {
	x := cloud(8, 2)
	order := []int{5, 2, 7, 0, 3, 6, 1, 4}
	want, ok := c.must(x, 1)
	got, ok2 := c.must(with(x, order), 1)
	if ok && ok2 {
		c.same("particles in another order", got, want, order, x.N)
	}
}

// threads: every bit is the same for every number of threads.
func (c *check) threads() {
	x := cloud(300, 3)
	want, ok := c.must(x, 1)
	for _, threads := range []int{1, 2, 3} {
		got, ok2 := c.must(x, threads)
		if !ok || !ok2 {
			return
		}
		if got.Value != want.Value || !slices.Equal(got.Gradient, want.Gradient) || !slices.Equal(got.Witness, want.Witness) {
			c.t.Errorf("%d threads give other bits than 1", threads)
		}
	}
}

// edges: a finite result or an error.
func (c *check) edges() {
	light := cloud(8, 2)
	light.LogW[0], light.LogW[5] = math.Inf(-1), math.Inf(-1)
	alone := cloud(8, 2)
	for i := range 7 {
		alone.LogW[i] = math.Inf(-1)
	}
	cases := map[string]*measure.Cloud{"particles without weight": light, "one particle with weight": alone}
	for _, d := range []int{1, 2} {
		cases[fmt.Sprintf("one particle, d = %d", d)] = cloud(1, d)
		cases[fmt.Sprintf("five identical particles, d = %d", d)] = measure.New(5, d)
		cases[fmt.Sprintf("two particles, d = %d", d)] = cloud(2, d)
	}
	for what, x := range cases {
		out, err := c.fresh(x, 1)
		if err != nil {
			if len(err.Error()) < 15 {
				c.t.Errorf("%s: %q says too little", what, err)
			}
			continue
		}
		if !finite(out.Gradient) || !finite(out.Witness) || math.IsNaN(out.Value) || math.IsInf(out.Value, 0) {
			c.t.Errorf("%s: a result that is not finite, without an error", what)
		}
	}
}

func finite(v []float64) bool {
	for _, a := range v {
		if math.IsNaN(a) || math.IsInf(a, 0) {
			return false
		}
	}
	return true
}

// notFinite: a coordinate that is no number is an error.
func (c *check) notFinite() {
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		f, x := c.make(2, 1), cloud(8, 2)
		if err := update(f, x); err != nil {
			c.t.Error(err)
			return
		}
		x.X[3] = bad
		if _, err := at(f, x); err == nil {
			c.t.Errorf("a coordinate %v is no error", bad)
		}
	}
}
