package flow

import (
	"context"
	"math"

	"wgf/functional"
	"wgf/kernel"
	"wgf/measure"
	"wgf/scheme"
	"wgf/target"
)

// compared is how many points of a reference and of the cloud metrics look at.
const compared = 1000

// MetricNames lists the metrics in the order of tables.
func MetricNames() []string {
	return []string{"energy", "speed2", "ksd", "energy_distance", "variance_ratio", "ess", "bandwidth", "acceptance"}
}

// meter measures clouds along a run. What cannot be measured is NaN.
type meter struct {
	p         *Planned
	reference *measure.Cloud // nil: none
	variances []float64      // of the target; nil: not known
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
	if t, ok := p.Options.Density.(target.Moments); ok {
		m.variances = diagonal(t.Covariance(), p.start.D)
	} else if m.reference != nil && m.reference.N > 1 {
		m.variances = diagonal(m.reference.Covariance(), p.start.D)
	}
	return m
}

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
//	energy_distance  to draws of the target
//	ksd              kernel Stein discrepancy, inverse multiquadric of bandwidth sqrt(d)
func (m *meter) measure(ctx context.Context, c *measure.Cloud, info scheme.Info) map[string]float64 {
	out := map[string]float64{"speed2": info.Speed2, "acceptance": info.Acceptance, "ess": c.ESS(), "energy": math.NaN(),
		"bandwidth": math.NaN(), "variance_ratio": math.NaN(), "energy_distance": math.NaN(), "ksd": math.NaN()}
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
	if m.reference != nil {
		out["energy_distance"] = kernel.Kernel{Family: kernel.Energy}.MMD2(kernel.Of(few), kernel.Of(m.reference), m.p.Options.Threads)
	}
	if m.p.Options.Density != nil {
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
