package store

import (
	"math"
	"time"
)

// sampleDraws is a small run with every feature: dimensions, all types, not-a-number,
// statistics, labels, further groups.
func sampleDraws(chains, draws int) *Draws {
	d := &Draws{Chains: chains, DrawsPerChain: draws, Record: Record{
		Program: "wgf", Version: "0.1", Command: []string{"sample", "m.stan"}, Model: "models/m.stan", Data: "d.json",
		Algorithm: "ensemble", Started: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), Seed: 18446744073709551615,
		Status: "ok", Advice: []string{"none = at all"}, Options: []Option{{"draws", "1024"}},
		Seconds: Seconds{0.25, 1.5, 2.5, 4.25}, Gradients: 123456, Particles: 128, Dimension: 9, WarmUp: 300, Thin: 1,
	}}
	n := chains * draws
	mu := d.NewVariable("mu", Float)
	theta := d.NewVariable("theta", Float, 2, 3)
	theta.Labels = [][]string{{"männlich", ""}, nil}
	count := d.NewVariable("count", Int, 2)
	flag := d.NewVariable("flag", Bool)
	lp := d.NewVariable("lp", Float)
	acc := d.NewVariable("acceptance_rate", Float)
	div := d.NewVariable("diverging", Bool)
	for i := range n {
		x := float64(i)
		mu.Values[i] = math.Sin(x) / 3
		flag.Values[i] = float64(i % 2)
		lp.Values[i] = -x * 1e-3
		acc.Values[i] = 0.8
		for e := range 6 {
			theta.Values[6*i+e] = x + float64(e)/10
		}
		count.Values[2*i], count.Values[2*i+1] = x-3, 1e15+x
	}
	mu.Values[0] = math.NaN()
	if n > 2 {
		mu.Values[1], mu.Values[2] = math.Inf(1), math.Inf(-1)
	}
	d.Variables = []Variable{mu, theta, count, flag}
	d.Stats = []Variable{lp, acc, div}
	y := Variable{Name: "y", Dims: []int{3}, Values: []float64{1, 2, 3}}
	d.ObservedData = []Variable{y}
	rep := d.NewVariable("y_rep", Float, 3)
	ll := d.NewVariable("y", Float, 3)
	for i := range rep.Values {
		rep.Values[i], ll.Values[i] = float64(i), -float64(i)
	}
	d.PosteriorPredictive, d.LogLikelihood = []Variable{rep}, []Variable{ll}
	return d
}

// hamiltonianDraws is a run that presents itself as CmdStan's NUTS.
func hamiltonianDraws(chains, draws int) *Draws {
	d := sampleDraws(chains, draws)
	d.Record.Algorithm, d.Record.MaxDepth = "nuts", 10
	for c := range chains {
		d.Record.Adaptation = append(d.Record.Adaptation, Adaptation{0.5 + float64(c), []float64{1, 2.5, 3}})
	}
	for _, s := range []struct {
		name string
		t    Type
	}{{"step_size", Float}, {"tree_depth", Int}, {"n_steps", Int}, {"energy", Float}} {
		v := d.NewVariable(s.name, s.t)
		for i := range v.Values {
			v.Values[i] = float64(i % 5)
		}
		d.Stats = append(d.Stats, v)
	}
	return d
}
