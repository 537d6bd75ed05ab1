package flow

import (
	"context"
	"math"

	"wgf/functional"
	"wgf/kernel"
	"wgf/measure"
	"wgf/scheme"
	"wgf/target"
	"wgf/transport"
)

// compared is how many points of a reference and of the cloud metrics look at, and
// matched how many an optimal matching is found for.
const (
	compared = 1000
	matched  = 300
)

// MetricNames lists the metrics in the order of tables.
func MetricNames() []string {
	return []string{"energy", "speed2", "dissipation", "ksd", "mmd", "energy_distance", "w2", "sliced_w2", "variance_ratio", "min_distance",
		"ess", "bandwidth", "acceptance", "path"}
}

// meter measures clouds along a run. What cannot be measured is NaN.
type meter struct {
	p         *Planned
	reference *measure.Cloud // nil: none
	scale     kernel.Kernel  // Gaussian, fitted to the reference
	variances []float64      // of the target; nil: not known
	// released is what steepest descent has released since the start, sum h |v|^2 over
	// all steps, and the energy at the start.
	released [2]float64
}

// moved counts a step.
func (m *meter) moved(info scheme.Info) {
	m.released[0] += float64(info.StepSize * info.Speed2)
}

func unknownInfo() scheme.Info {
	return scheme.Info{StepSize: math.NaN(), Acceptance: math.NaN(), Speed2: math.NaN()}
}

func (p *Planned) newMeter() *meter {
	m := &meter{p: p, reference: p.Options.Samples}
	if s, ok := p.Options.Density.(target.Sampler); ok && m.reference == nil {
		m.reference = measure.New(compared, p.start.D)
		s.Sample(m.reference.X, compared, p.Options.Seed+1)
	}
	if m.reference != nil && m.reference.N > compared {
		m.reference = m.reference.Resample(compared, p.Options.Seed)
	}
	if m.reference != nil {
		m.scale, _ = kernel.Kernel{}.Fit(kernel.Of(thinned(m.reference, p.Options.Seed)), kernel.Median)
	}
	if t, ok := p.Options.Density.(target.Moments); ok {
		m.variances = diagonal(t.Covariance(), p.start.D)
	} else if m.reference != nil && m.reference.N > 1 {
		m.variances = diagonal(m.reference.Covariance(), p.start.D)
	}
	return m
}

// Reference is up to 1000 points that stand for the target in metrics and plots: its
// samples, or exact draws; nil if there are none.
func (p *Planned) Reference() *measure.Cloud { return p.newMeter().reference }

func diagonal(cov []float64, d int) []float64 {
	v := make([]float64, d)
	for k := range v {
		v[k] = cov[k*d+k]
	}
	return v
}

// measure returns the metrics of a cloud:
//
//	energy           F without what its entropy leaves out
//	speed2           sum_i w_i |v_i|^2
//	acceptance       of Metropolis tests
//	bandwidth        of the kernel of the geometry or the functional
//	ess              effective number of weights
//	variance_ratio   smallest ratio of a marginal variance to that of the target
//	dissipation      (drop of F - sum h |v|^2) / |drop of F| since the start, for
//	                 steepest descent; of the order of the step, or the step is too large
//	mmd              to draws of the target, Gaussian kernel, median bandwidth of the draws
//	w2, sliced_w2    Wasserstein distances to draws of the target; w2 between 300 points
//	                 of each at most, so that it stays above the distance of two samples
//	min_distance     smallest distance between two particles
//	path             where on its path the target is, from 0 to 1
//	energy_distance  to draws of the target, squared
//	ksd              kernel Stein discrepancy, inverse multiquadric of bandwidth sqrt(d);
//	                 none for targets on a box
func (m *meter) measure(ctx context.Context, c *measure.Cloud, info scheme.Info) map[string]float64 {
	out := map[string]float64{}
	for _, name := range MetricNames() {
		out[name] = math.NaN()
	}
	out["speed2"], out["acceptance"], out["ess"] = info.Speed2, info.Acceptance, c.ESS()
	if m.p.way != nil {
		out["path"] = m.p.way.along()
	}
	if m.p.Triple.Functional.Traits().Value {
		e := functional.Evaluation{WantValue: true}
		if m.p.Triple.Functional.Evaluate(ctx, &e, c) == nil {
			out["energy"] = e.Value
		}
	}
	for _, noun := range []any{m.p.Triple.Functional, m.p.Triple.Geometry} {
		if b, ok := noun.(interface{ Bandwidth() float64 }); ok && b.Bandwidth() > 0 {
			out["bandwidth"] = b.Bandwidth()
		}
	}
	if m.variances != nil && c.N > 1 {
		least := math.Inf(1)
		for k, v := range diagonal(c.Covariance(), c.D) {
			least = min(least, v/m.variances[k])
		}
		out["variance_ratio"] = least
	}
	few := c
	if c.N > compared {
		few = c.Resample(compared, m.p.Options.Seed)
	}
	out["min_distance"] = smallestDistance(few)
	if m.p.steepest() {
		if m.released[0] == 0 {
			m.released[1] = out["energy"]
		} else if drop := m.released[1] - out["energy"]; drop != 0 {
			out["dissipation"] = (drop - m.released[0]) / math.Abs(drop)
		}
	}
	if m.reference != nil {
		out["mmd"] = math.Sqrt(max(0, m.scale.MMD2(kernel.Of(few), kernel.Of(m.reference), m.p.Options.Threads)))
		sliced := transport.Sliced{Directions: 64, Seed: m.p.Options.Seed, Threads: m.p.Options.Threads}
		if r, err := sliced.Distance(ctx, few, m.reference); err == nil {
			out["sliced_w2"] = r.Distance
		}
		a, b := thinned(c, m.p.Options.Seed), thinned(m.reference, m.p.Options.Seed)
		if r, err := (transport.Exact{Threads: m.p.Options.Threads}).Solve(ctx, transport.Problem{A: a, B: b, Cost: transport.SqEuclidean()}); err == nil {
			out["w2"] = math.Sqrt(max(0, r.Cost))
		}
		out["energy_distance"] = kernel.Kernel{Family: kernel.Energy}.MMD2(kernel.Of(few), kernel.Of(m.reference), m.p.Options.Threads)
	}
	// Stein's identity has terms at the boundary of a box.
	if _, bounded := m.p.Options.Density.(target.Bounded); m.p.Options.Density != nil && !bounded {
		lp, grad := make([]float64, few.N), make([]float64, few.N*few.D)
		m.p.Options.Density.LogDensity(lp, grad, few.X)
		k := kernel.Kernel{Family: kernel.IMQ, Bandwidth: math.Sqrt(float64(few.D))}
		out["ksd"] = math.Sqrt(max(0, k.KSD2(kernel.Of(few), grad, m.p.Options.Threads)))
	}
	for name, v := range out {
		if math.IsInf(v, 0) {
			out[name] = math.NaN()
		}
	}
	return out
}

// steepest reports whether steps are gradient descent on F in the Wasserstein
// geometry, of which the energy identity holds to the order of the step.
func (p *Planned) steepest() bool {
	f, g, s := p.Triple.Functional.Traits(), p.Triple.Geometry.Traits(), p.Triple.Scheme.Traits()
	return f.Exact && f.Value && f.Entropy == 0 && g.Name == "wasserstein" && (s.Name == "euler" || s.Name == "armijo")
}

// thinned is a cloud of at most matched points.
func thinned(c *measure.Cloud, seed uint64) *measure.Cloud {
	if c.N <= matched {
		return c
	}
	return c.Resample(matched, seed)
}

// smallestDistance is min |x_i - x_j| over pairs, NaN for one particle.
func smallestDistance(c *measure.Cloud) float64 {
	least := math.NaN()
	for i := range c.N {
		for j := range i {
			r2 := 0.0
			for k := range c.D {
				t := c.X[k*c.N+i] - c.X[k*c.N+j]
				r2 += t * t
			}
			if !(r2 >= least) {
				least = r2
			}
		}
	}
	return math.Sqrt(least)
}
