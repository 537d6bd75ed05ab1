package sampler

import (
	"fmt"
	"math"
	"runtime"
	"time"

	"wgf/target"
)

// Options say how to sample. The zero value is the documented default.
type Options struct {
	// Seed keys all randomness. Every value is as good as any other.
	Seed uint64

	// Particles is the size N of the ensemble, rounded up to a multiple of 32.
	// Default 128, and 256 where 64 < d <= 512.
	Particles int

	// Draws is the number of draws asked for in all; every particle gives the
	// same number, so it is rounded up to a multiple of N. Default 1024. The
	// run goes on until there are that many, and keeps all that it made.
	Draws int

	// TargetESS is the effective sample size that every coordinate, its
	// centred square and the log density must reach; at least 4N is always
	// demanded. Default 1000; negative: 4N alone.
	TargetESS float64

	// Threads is the number of goroutines; the draws do not depend on it.
	// Default: all cores (GOMAXPROCS).
	Threads int

	// InitRadius is r of the start points, uniform on (-r, r)^d. Default 2;
	// negative: all start at 0 (but for a jitter of 0.1).
	InitRadius float64

	// InitPoints are start points given by the user, dim numbers each; superchain
	// s starts at point s mod len. A NaN stands for a coordinate that is not
	// given and is drawn from the radius. Default: none.
	InitPoints [][]float64

	// MaxTime ends the run after this wall-clock time. Default 0: no limit. A
	// run that it ends is not reproducible in length, only in its draws.
	MaxTime time.Duration

	// MaxGradients is the budget in gradients a particle (sequential depth),
	// burn-in and tuning included. Default 20,000; negative: no limit.
	MaxGradients int

	// TargetAcceptance is what the step size is tuned to. Range (0.3, 0.99),
	// default 0.8 (0.9 where d > 200).
	TargetAcceptance float64

	// MaxBytes bounds the memory for draws: beyond it every second draw is
	// dropped, and again, which Result.Stride says. Default 1 GiB.
	MaxBytes int64

	// Progress, if not nil, is called from the goroutine of Run at the end of
	// every chunk of work (some milliseconds on small models).
	Progress func(Progress)
}

// Progress is what a run tells while it works.
type Progress struct {
	Stage     string        // "burn-in", "tuning", "sampling"
	Depth     int           // gradients a particle so far
	Draws     int           // draws made after the freeze, all particles
	ESS       float64       // smallest effective sample size so far; 0 before sampling
	TargetESS float64       // what it must reach
	RHat      float64       // largest nested R-hat so far; 0 before sampling
	Elapsed   time.Duration // since the start
	Left      time.Duration // a guess from the growth of ESS; 0: unknown
}

// superchains is S: groups of particles that share a start point.
const superchains = 8

// resolve fills in the defaults and refuses what makes no sense.
func (o Options) resolve(dim int) (Options, error) {
	if o.Particles == 0 {
		o.Particles = 128
		if dim > 64 && dim <= denseLimit {
			o.Particles = 256
		}
	}
	if o.Particles < 0 || o.Particles > 1<<20 {
		return o, fmt.Errorf("sampler: %d particles: want a number from 32 to %d", o.Particles, 1<<20)
	}
	o.Particles = (o.Particles + 31) / 32 * 32
	if o.Draws == 0 {
		o.Draws = 1024
	}
	if o.Draws < 0 {
		return o, fmt.Errorf("sampler: %d draws: want a positive number", o.Draws)
	}
	o.Draws = (o.Draws + o.Particles - 1) / o.Particles * o.Particles
	if o.TargetESS == 0 {
		o.TargetESS = 1000
	}
	if math.IsNaN(o.TargetESS) || math.IsInf(o.TargetESS, 1) {
		return o, fmt.Errorf("sampler: effective sample size %g: want a finite number", o.TargetESS)
	}
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	switch {
	case o.InitRadius == 0:
		o.InitRadius = 2
	case o.InitRadius < 0:
		o.InitRadius = -1
	case !(o.InitRadius <= math.MaxFloat64):
		return o, fmt.Errorf("sampler: initial radius %g: want a finite number", o.InitRadius)
	}
	for s, p := range o.InitPoints {
		if len(p) != dim {
			return o, fmt.Errorf("sampler: initial point %d has %d coordinates, the target has %d", s+1, len(p), dim)
		}
	}
	if o.MaxGradients == 0 {
		o.MaxGradients = 20000
	}
	if o.TargetAcceptance == 0 {
		o.TargetAcceptance = 0.8
		if dim > 200 {
			o.TargetAcceptance = 0.9
		}
	}
	if !(o.TargetAcceptance > 0.3 && o.TargetAcceptance < 0.99) {
		return o, fmt.Errorf("sampler: target acceptance %g: want a number between 0.3 and 0.99", o.TargetAcceptance)
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 1 << 30
	}
	return o, nil
}

// needESS is the effective sample size demanded of N particles.
func (o Options) needESS() float64 {
	return max(o.TargetESS, 4*float64(o.Particles))
}

// coordinateNames are the names of the target's coordinates, x.1 .. x.d if it has none.
func coordinateNames(d target.Density) []string {
	if n, ok := d.(target.Named); ok {
		if names := n.Names(); len(names) == d.Dim() {
			return names
		}
	}
	names := make([]string, d.Dim())
	for i := range names {
		names[i] = fmt.Sprintf("x.%d", i+1)
	}
	return names
}
