package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"wgf/diagnostics"
	"wgf/sampler"
	"wgf/store"
	"wgf/target/stan"
)

// posterior turns the draws of a run, which are unconstrained, into those of the
// problem's variables: parameters and transformed parameters from every draw,
// generated quantities from the draws that are written.
type posterior struct {
	problem
	*sampler.Result
	threads int

	generated []float64 // written draw (particle-major), quantity
	advice    []string  // about generated quantities
}

// chunkBytes bounds the memory for constrained draws; what does not fit is
// computed again, a chunk of variables at a time.
const chunkBytes = 512 << 20

// workers is the number of goroutines.
func (p *posterior) workers() int {
	if p.threads > 0 {
		return p.threads
	}
	return runtime.GOMAXPROCS(0)
}

// parallel calls f(i) for i in [0, n) from several goroutines, and returns the
// error of the smallest i.
func (p *posterior) parallel(n int, f func(i int) error) error {
	var next atomic.Int64
	errs := make([]error, n)
	var wg sync.WaitGroup
	for range min(p.workers(), n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = f(i)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// generate runs the generated quantities on the draws to write.
func (p *posterior) generate(ctx context.Context) error {
	if p.model == nil {
		return nil
	}
	size := p.model.NumGenerated()
	if size == 0 {
		return nil
	}
	times := p.Output()
	p.generated = make([]float64, p.Particles*len(times)*size)
	return p.parallel(p.Particles, func(n int) error {
		x := make([]float64, p.Dim)
		for j, t := range times {
			if ctx.Err() != nil && j > 0 && p.Status != sampler.Interrupted {
				return coded{exitInterrupted, fmt.Errorf("interrupted in the generated quantities; nothing was written")}
			}
			for k := range x {
				x[k] = p.X[(t*p.Dim+k)*p.Particles+n]
			}
			draw := n*len(times) + j
			if err := p.model.Generate(p.generated[draw*size:(draw+1)*size], x, uint64(draw)); err != nil {
				return fmt.Errorf("generated quantities: %w", err)
			}
		}
		return nil
	})
}

// summaries describes every variable, lp__ first.
func (p *posterior) summaries() []diagnostics.Summary {
	lp := p.LPSeries()
	rows := diagnostics.SummarizeEnsembles([]diagnostics.Quantity{series("lp__", lp)}, p.Superchains, 1)
	names, constrained := p.names()
	step := max(1, chunkBytes/(8*p.Times*p.Particles))
	for from := 0; from < constrained; from += step {
		to := min(from+step, constrained)
		values := p.constrain(from, to, p.allTimes())
		var quantities []diagnostics.Quantity
		for k := from; k < to; k++ {
			quantities = append(quantities, series(names[k], values[k-from]))
		}
		rows = append(rows, diagnostics.SummarizeEnsembles(quantities, p.Superchains, p.threads)...)
	}
	var quantities []diagnostics.Quantity
	for k, name := range names[constrained:] {
		quantities = append(quantities, diagnostics.Quantity{Name: name, Draws: func(dst [][]float64) [][]float64 { return p.generatedSeries(k) }})
	}
	generated := diagnostics.SummarizeEnsembles(quantities, p.Superchains, p.threads)
	for _, g := range generated {
		if g.NaN > 0 {
			p.advice = append(p.advice, fmt.Sprintf("The generated quantity %s is NaN in %d of %d draws.", g.Name, g.NaN, g.Draws))
		}
	}
	return append(rows, generated...)
}

func series(name string, x [][]float64) diagnostics.Quantity {
	return diagnostics.Quantity{Name: name, Draws: func([][]float64) [][]float64 { return x }}
}

// names lists the flat names of all variables and says how many of them come
// before the generated quantities.
func (p *posterior) names() (names []string, constrained int) {
	if p.model != nil {
		return p.model.VariableNames(), p.model.NumConstrained()
	}
	return store.ElementNames("x", []int{p.Dim}), p.Dim
}

func (p *posterior) allTimes() []int {
	times := make([]int, p.Times)
	for t := range times {
		times[t] = t
	}
	return times
}

// constrain returns the variables from (inclusive) to to (exclusive) at the
// given times, as [variable][particle][time].
func (p *posterior) constrain(from, to int, times []int) [][][]float64 {
	out := make([][][]float64, to-from)
	for k := range out {
		all := make([]float64, p.Particles*len(times))
		out[k] = make([][]float64, p.Particles)
		for n := range out[k] {
			out[k][n] = all[n*len(times) : (n+1)*len(times)]
		}
	}
	p.parallel(len(times), func(j int) error {
		cloud := p.Cloud(times[j])
		if p.model != nil {
			values := make([]float64, p.model.NumConstrained()*p.Particles)
			// What has a density can be constrained; NaN stays where it cannot.
			p.model.Constrain(values, cloud, p.Particles)
			cloud = values
		}
		for k := range out {
			for n, v := range cloud[(from+k)*p.Particles : (from+k+1)*p.Particles] {
				out[k][n][j] = v
			}
		}
		return nil
	})
	return out
}

// generatedSeries is generated quantity k as [particle][written time].
func (p *posterior) generatedSeries(k int) [][]float64 {
	times := len(p.Output())
	size := len(p.generated) / (p.Particles * times)
	out := make([][]float64, p.Particles)
	for n := range out {
		out[n] = make([]float64, times)
		for j := range out[n] {
			out[n][j] = p.generated[(n*times+j)*size+k]
		}
	}
	return out
}

// draws arranges the draws to write: a chain is a superchain, within it one
// particle follows another, each in time order.
func (p *posterior) draws() *store.Draws {
	times := p.Output()
	d := &store.Draws{Chains: p.Superchains, DrawsPerChain: p.Particles / p.Superchains * len(times)}
	variables := []stan.Variable{{Name: "x", Dims: []int{p.Dim}}}
	if p.model != nil {
		variables = p.model.Variables()
	}
	_, constrained := p.names()
	values := p.constrain(0, constrained, times)
	column := 0
	for _, v := range variables {
		kind := store.Float
		if v.Int {
			kind = store.Int
		}
		out := d.NewVariable(v.Name, kind, v.Dims...)
		for e := range out.Size() {
			if column < constrained {
				out.SetColumn(e, flatten(values[column]))
			} else {
				out.SetColumn(e, flatten(p.generatedSeries(column-constrained)))
			}
			column++
		}
		d.Variables = append(d.Variables, out)
	}
	d.Stats = p.stats(d, times)
	return d
}

// stats are the numbers about the sampler at each draw.
func (p *posterior) stats(d *store.Draws, times []int) []store.Variable {
	lp := d.NewVariable("lp", store.Float)
	acceptance := d.NewVariable("acceptance_rate", store.Float)
	stepSize := d.NewVariable("step_size", store.Float)
	steps := d.NewVariable("n_steps", store.Int)
	diverging := d.NewVariable("diverging", store.Bool)
	for n := range p.Particles {
		for j, t := range times {
			i := n*len(times) + j
			lp.Values[i] = p.LP[t*p.Particles+n]
			if p.ParticleAcceptance != nil {
				acceptance.Values[i] = p.ParticleAcceptance[n]
			}
			stepSize.Values[i] = p.StepSize
			steps.Values[i] = float64(p.Steps)
		}
	}
	return []store.Variable{lp, acceptance, stepSize, steps, diverging}
}

func flatten(x [][]float64) []float64 {
	out := make([]float64, 0, len(x)*len(x[0]))
	for _, row := range x {
		out = append(out, row...)
	}
	return out
}
