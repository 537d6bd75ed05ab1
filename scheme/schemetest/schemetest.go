// Package schemetest holds a scheme.Scheme to its contract: runs that go on from a
// copied state bit by bit, states that errors leave alone, the order that is claimed.
// A user's own scheme can be put through it.
package schemetest

import (
	"context"
	"errors"
	"math"
	"testing"

	"wgf/measure"
	"wgf/scheme"
)

// Build makes a new scheme of a step size.
type Build func(stepSize float64) (scheme.Scheme, error)

// Check tests a scheme on the flow of V(x) = sum_k (k+1) x_k^2/2, with masses that
// react where it has reactions. Random numbers have fixed seeds. The stationary law of
// noisy schemes is tested with 10,000 particles at 7 standard errors and the bias of a
// step of 0.04: a right scheme passes always or never.
func Check(t *testing.T, build Build) {
	t.Helper()
	c := &check{t: t, build: build}
	s, err := build(0.1)
	if err != nil {
		t.Errorf("build: %v", err)
		return
	}
	c.traits, c.d = s.Traits(), 2
	if c.traits.Line {
		c.d = 1
	}
	c.counts()
	c.resumes()
	c.fails()
	c.notFinite()
	c.order()
	c.stationary()
}

type check struct {
	t      *testing.T
	build  Build
	traits scheme.Traits
	d      int // 2; 1 for schemes on the line
}

func stiffness(k int) float64 { return float64(k + 1) }

// problem is the flow of the potential, and counts calls of its functions; call number
// failAt fails.
type problem struct {
	scheme.Problem
	calls, failAt int
}

var errPlanned = errors.New("this call was to fail")

func (c *check) problem(tau float64) *problem {
	p := &problem{failAt: -1}
	call := func() error {
		p.calls++
		if p.calls == p.failAt {
			return errPlanned
		}
		return nil
	}
	velocity := func(dst, x []float64, n int) {
		for at, v := range x {
			dst[at] = -stiffness(at/n) * v
		}
	}
	p.Entropy, p.Seed, p.Threads = tau, 1, 1
	p.Velocity = func(_ context.Context, dst []float64, x *measure.Cloud) error {
		velocity(dst, x.X, x.N)
		return call()
	}
	p.VelocityAt = func(_ context.Context, dst, z []float64, x *measure.Cloud) error {
		velocity(dst, z, x.N)
		return call()
	}
	p.Energy = func(_ context.Context, grad []float64, x *measure.Cloud) (float64, error) {
		w, sum := x.Weights(), 0.0
		for at, v := range x.X {
			a := stiffness(at / x.N)
			sum += w[at%x.N] * a * v * v / 2
			if grad != nil {
				grad[at] = a * v
			}
		}
		return sum, call()
	}
	p.LogDensity = func(lp, grad, x []float64) {
		n := len(lp)
		clear(lp)
		for at, v := range x {
			a := stiffness(at / n)
			lp[at%n] -= a * v * v / 2
			if grad != nil {
				grad[at] = -a * v
			}
		}
	}
	p.Curvature = func(dst, x, u []float64) {
		n := len(x) / c.d
		for at, v := range u {
			dst[at] = -stiffness(at/n) * v
		}
	}
	if c.traits.Reacts {
		p.Reaction = func(_ context.Context, dst []float64, x *measure.Cloud) error {
			w, mean := x.Weights(), 0.0
			for i := range dst {
				dst[i] = -math.Atan(x.X[i])
				mean += w[i] * dst[i]
			}
			for i := range dst {
				dst[i] -= mean
			}
			return call()
		}
	}
	return p
}

// entropy is what a scheme with a place for the entropy is tested with.
func (c *check) entropy() float64 {
	if c.traits.Noise || c.traits.Parametric {
		return 0.5
	}
	return 0
}

// start is a fixed state of n particles.
func (c *check) start(n int, weighted bool) *scheme.State {
	x := measure.New(n, c.d)
	for i := range x.X {
		x.X[i] = 1.5*math.Sin(3.7*float64(i)+1) + 0.2*math.Cos(float64(i)*float64(i))
	}
	if weighted {
		x.LogW = make([]float64, n)
		for i := range x.LogW {
			x.LogW[i] = 0.5 * math.Cos(2.3*float64(i))
		}
	}
	return &scheme.State{Cloud: x}
}

// same reports whether two states agree bit by bit in all that can be seen.
func same(a, b *scheme.State) bool {
	equal := func(a, b []float64) bool {
		if len(a) != len(b) {
			return false
		}
		for i, v := range a {
			if math.Float64bits(v) != math.Float64bits(b[i]) {
				return false
			}
		}
		return true
	}
	return a.Step == b.Step && a.Time == b.Time && equal(a.Cloud.X, b.Cloud.X) && equal(a.Cloud.LogW, b.Cloud.LogW)
}

// take takes steps.
func (c *check) take(s scheme.Scheme, state *scheme.State, p *problem, steps int) bool {
	c.t.Helper()
	for range steps {
		if _, err := s.Step(context.Background(), state, &p.Problem); err != nil {
			c.t.Errorf("step %d: %v", state.Step+1, err)
			return false
		}
	}
	return true
}

func (c *check) make(h float64) scheme.Scheme {
	c.t.Helper()
	s, err := c.build(h)
	if err != nil {
		c.t.Fatalf("build: %v", err)
	}
	return s
}

// counts: a step counts one, takes the time that it reports, and stays finite.
func (c *check) counts() {
	s, state, p := c.make(0.1), c.start(8, true), c.problem(c.entropy())
	if c.traits.StepSize != 0 && c.traits.StepSize != 0.1 {
		c.t.Errorf("Traits.StepSize is %v for a step size of 0.1", c.traits.StepSize)
	}
	for k := range 5 {
		before := state.Time
		info, err := s.Step(context.Background(), state, &p.Problem)
		if err != nil {
			c.t.Errorf("step %d: %v", k+1, err)
			return
		}
		if state.Step != uint64(k+1) {
			c.t.Errorf("after %d steps State.Step is %d", k+1, state.Step)
		}
		if math.Abs(state.Time-before-info.StepSize) > 1e-12 {
			c.t.Errorf("a step of %v took the time from %v to %v", info.StepSize, before, state.Time)
		}
	}
	for _, v := range state.Cloud.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			c.t.Error("a coordinate is not finite, without an error")
			return
		}
	}
}

// resumes: a new scheme goes on from a copy of the state with the same bits, and the
// same scheme starts again with the same bits.
func (c *check) resumes() {
	for _, weighted := range []bool{false, true} {
		p := c.problem(c.entropy())
		s, whole := c.make(0.1), c.start(8, weighted)
		if !c.take(s, whole, p, 7) {
			return
		}
		first := c.start(8, weighted)
		if !c.take(c.make(0.1), first, p, 3) {
			return
		}
		second := first.Clone()
		if !c.take(c.make(0.1), second, p, 4) {
			return
		}
		if !same(whole, second) {
			c.t.Error("a run that goes on from a copy of its state in a new scheme ends elsewhere: something that steps depend on is not in State.Slots")
		}
		again := c.start(8, weighted)
		if c.take(s, again, p, 7) && !same(whole, again) {
			c.t.Error("a scheme that has been used takes other steps than a new one")
		}
	}
}

// fails: after an error the cloud, the step and the time are as before, and the step
// taken again is the one that it would have been.
func (c *check) fails() {
	for _, done := range []int{0, 2} {
		for failAt := 1; failAt <= 4; failAt++ {
			p := c.problem(c.entropy())
			state := c.start(8, true)
			s := c.make(0.1)
			if !c.take(s, state, p, done) {
				return
			}
			before, want := state.Clone(), state.Clone()
			if !c.take(c.make(0.1), want, c.problem(c.entropy()), 1) {
				return
			}
			p.calls, p.failAt = 0, failAt
			if _, err := s.Step(context.Background(), state, &p.Problem); err == nil {
				continue // there was no such call, or a line search went around it
			}
			if !same(state, before) {
				c.t.Errorf("an error in evaluation %d of step %d left the state changed", failAt, done+1)
				return
			}
			p.failAt = -1
			if c.take(s, state, p, 1) && !same(state, want) {
				c.t.Errorf("after an error in evaluation %d of step %d the step is another one", failAt, done+1)
				return
			}
		}
	}
}

// notFinite: a particle that is no number is an error and changes nothing.
func (c *check) notFinite() {
	p, state := c.problem(c.entropy()), c.start(8, true)
	state.Cloud.X[3] = math.NaN()
	before := state.Clone()
	if _, err := c.make(0.1).Step(context.Background(), state, &p.Problem); err == nil {
		c.t.Error("a particle at NaN is no error")
	} else if !same(state, before) {
		c.t.Error("a particle at NaN left the state changed")
	}
}

// order: with steps h, h/2 and h/4 differences fall by 2^order: of the particles and
// weights for deterministic schemes, of first and second moments for noisy ones, whose
// entropy is so small that it leaves the drift. That of the noise is tested by the
// stationary law.
func (c *check) order() {
	if c.traits.Order == 0 || c.traits.Kills {
		return
	}
	tau := c.entropy()
	if c.traits.Noise {
		tau = 1e-16
	}
	var ends [3][]float64
	for l := range ends {
		steps := 16 << l
		state, p := c.start(8, true), c.problem(tau)
		if !c.take(c.make(1/float64(steps)), state, p, steps) {
			return
		}
		if math.Abs(state.Time-1) > 1e-9 {
			c.t.Errorf("%d steps of 1/%d took a time of %v", steps, steps, state.Time)
			return
		}
		w := state.Cloud.Weights()
		if c.traits.Noise {
			ends[l] = append(state.Cloud.Mean(), state.Cloud.Covariance()...)
		} else {
			ends[l] = append(append([]float64(nil), state.Cloud.X...), w...)
		}
	}
	first, second := distance(ends[0], ends[1]), distance(ends[1], ends[2])
	rate := math.Log2(first / second)
	if second > 1e-12 && !(rate > float64(c.traits.Order)-0.25) {
		c.t.Errorf("differences between steps h, h/2, h/4 are %.3g and %.3g: order %.2f, claimed is %d", first, second, rate, c.traits.Order)
	}
}

func distance(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += (v - b[i]) * (v - b[i])
	}
	return math.Sqrt(sum)
}

// stationary: after a long time, the noise or the family of the scheme has covariance
// tau/(k+1) in coordinate k, up to the bias of the step and the error of the draws.
func (c *check) stationary() {
	if c.entropy() == 0 || c.traits.Reacts {
		return
	}
	n, tau, h := 50, c.entropy(), 0.04
	tolerance := 0.05
	if c.traits.Noise {
		n = 10000
		tolerance = h + 7*math.Sqrt(2/float64(n))
	}
	state, p := c.start(n, false), c.problem(tau)
	if !c.take(c.make(h), state, p, 200) {
		return
	}
	cov := state.Cloud.Covariance()
	for k := range c.d {
		want := tau / stiffness(k)
		if got := cov[k*c.d+k]; math.Abs(got/want-1) > tolerance {
			c.t.Errorf("stationary variance of coordinate %d is %.4g, want %.4g", k, got, want)
		}
	}
}
