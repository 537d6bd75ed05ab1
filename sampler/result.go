package sampler

import (
	"fmt"
	"time"
)

// Status says how a run ended.
type Status int

const (
	OK          Status = iota // the stop rule is met in full
	Untrusted                 // finished, but something speaks against the draws
	Budget                    // time or gradients ran out before the stop rule was met
	Interrupted               // the context was cancelled
	Failed                    // no draws could be made
)

// String is the name used in output files: ok, untrusted, budget, interrupted, failed.
func (s Status) String() string {
	switch s {
	case OK:
		return "ok"
	case Untrusted:
		return "untrusted"
	case Budget:
		return "budget"
	case Interrupted:
		return "interrupted"
	case Failed:
		return "failed"
	}
	return fmt.Sprintf("Status(%d)", int(s))
}

// Stage is one part of a run.
type Stage struct {
	Name  string // "init", "burn-in", "tuning", "sampling"
	Depth int    // gradients a particle
	Time  time.Duration
}

// Result is what a run leaves: every draw after the freeze and how it went.
type Result struct {
	Dim         int      // d of the target
	Particles   int      // N
	Superchains int      // particles n with equal n/(N/Superchains) share a start
	Names       []string // of the coordinates

	// Times is the number T of stored draws of each particle; Stride is the
	// number of proposals between two of them, 1 unless memory ran out.
	Times, Stride int
	// X holds the draws: coordinate k of particle n at time t is
	// X[(t*Dim+k)*Particles+n].
	X []float64
	// LP holds the log densities, LP[t*Particles+n].
	LP []float64
	// Wanted is the number of draws asked for from each particle; Output
	// gives the times to write.
	Wanted int

	Status Status
	// Advice holds sentences about what went wrong and what to do, none if
	// nothing did; Notes what else is worth knowing.
	Advice, Notes []string

	Gradients          int64     // of all particles, all stages
	WithoutDensity     int64     // points among them where the log density was NaN or -Inf: rejections
	Depth              int       // gradients a particle, all stages
	Stages             []Stage   // in order
	StepSize           float64   // eps, in whitened units
	Steps              int       // integrator steps of a mean trajectory
	Acceptance         float64   // mean over particles and proposals after the freeze
	ParticleAcceptance []float64 // by particle
	Stationary         bool      // the cloud had come to rest before the freeze

	// Quantities are the diagnostics of the stop rule, over all draws.
	Quantities []Quantity
	// Options are the resolved options of the run.
	Options Options
}

// Cloud returns the particles at stored time t, coordinate-major: coordinate k
// of particle n at [k*Particles+n]. It is a view, not a copy.
func (r *Result) Cloud(t int) []float64 {
	size := r.Dim * r.Particles
	return r.X[t*size : (t+1)*size : (t+1)*size]
}

// Series returns the draws of coordinate k, one slice of Times numbers a particle.
func (r *Result) Series(k int) [][]float64 {
	return r.series(func(t, n int) float64 { return r.X[(t*r.Dim+k)*r.Particles+n] })
}

// LPSeries returns the log densities, one slice of Times numbers a particle.
func (r *Result) LPSeries() [][]float64 {
	return r.series(func(t, n int) float64 { return r.LP[t*r.Particles+n] })
}

func (r *Result) series(at func(t, n int) float64) [][]float64 {
	out := make([][]float64, r.Particles)
	all := make([]float64, r.Particles*r.Times)
	for n := range out {
		out[n] = all[n*r.Times : (n+1)*r.Times : (n+1)*r.Times]
		for t := range out[n] {
			out[n][t] = at(t, n)
		}
	}
	return out
}

// Output returns the stored times to write so that every particle gives the
// number of draws asked for, evenly spread and ending with the last; all times
// if there are fewer.
func (r *Result) Output() []int {
	want := min(r.Wanted, r.Times)
	out := make([]int, want)
	for i := range out {
		out[i] = (i+1)*r.Times/want - 1
	}
	return out
}

// Worst returns the smallest effective sample size and the largest nested R-hat
// with the names of their quantities; zeros if nothing was monitored.
func (r *Result) Worst() (ess float64, essName string, rhat float64, rhatName string) {
	for i, q := range r.Quantities {
		if i == 0 || !(q.ESS >= ess) {
			ess, essName = q.ESS, q.Name
		}
		if i == 0 || !(q.RHat <= rhat) {
			rhat, rhatName = q.RHat, q.Name
		}
	}
	return ess, essName, rhat, rhatName
}
