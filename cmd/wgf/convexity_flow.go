package main

import (
	"fmt"
	"math"
	"slices"

	"wgf/convexity"
	"wgf/flow"
	"wgf/store"
	"wgf/target"
)

type convexityFlowCmd struct {
	Run_    string  `arg:"" name:"run" help:"A run that wgf flow --out RUN.zarr recorded."`
	Target  string  `placeholder:"NAME[:param=value,...]" help:"The Gaussian target of the run, for relative entropy, Fisher information and EVI."`
	Modulus float64 `default:"0" help:"Modulus of convexity lambda of the functional, for the EVI (${default})."`
	shared
}

func (convexityFlowCmd) Help() string {
	return `What the theory of gradient flows says of a recorded run: the rates at which its metrics fall, and for a Gaussian target
the evolution variational inequality of the relative entropy,

  1/2 d/dt W2^2(mu_t, pi) + lambda/2 W2^2(mu_t, pi) + KL(mu_t) <= 0,

with mu_t the Gaussian of the particles' moments, and the dissipation dKL/dt = -I of the Wasserstein flow.

Examples:
  wgf flow bures-vi --target gaussian:dim=2,condition=4 --out run.zarr
  wgf convexity flow run.zarr --target gaussian:dim=2,condition=4 --modulus 1`
}

func (c convexityFlowCmd) Run(s streams) error {
	if err := c.check(); err != nil {
		return err
	}
	draws, err := store.Read(c.Run_)
	if err != nil {
		return err
	}
	run := draws.Flow
	if run == nil {
		return fmt.Errorf("%s: this store has no group flow: record a run with wgf flow ... --out RUN.zarr", c.Run_)
	}
	var gaussian *target.Gaussian
	if c.Target != "" {
		density, err := target.Parse(c.Target)
		if err != nil {
			return coded{exitUsage, err}
		}
		g, ok := density.(*target.Gaussian)
		if !ok {
			return usagef("--target %s: want a gaussian, whose relative entropy is in closed form", c.Target)
		}
		if g.Dim() != run.D {
			return usagef("--target %s has %d coordinates, the run %d", c.Target, g.Dim(), run.D)
		}
		gaussian = g
	}
	var courses []*course
	for _, name := range flow.MetricNames() {
		v := run.Metrics[name]
		if len(v) > 0 && slices.ContainsFunc(v, func(a float64) bool { return a > 0 }) && slices.Contains([]string{"energy", "speed2", "ksd", "mmd", "energy_distance", "w2"}, name) {
			q := &course{name: name, values: v}
			first := slices.IndexFunc(v, func(a float64) bool { return !math.IsNaN(a) })
			// What is left at the end is noise, or what the flow converges to.
			share := max(1e-12, 3*v[len(v)-1]/v[first])
			q.rate, q.err = convexity.Fit(run.Times[first:], v[first:], share)
			courses = append(courses, q)
		}
	}
	var evi, dissipation []float64
	if gaussian != nil {
		if evi, dissipation, err = convexity.Residuals(run.Times, run.N, run.D, run.X, run.LogW, gaussian, c.Modulus); err != nil {
			return fmt.Errorf("%s: %w", c.Run_, err)
		}
	}
	if c.JSON {
		out := map[string]any{"run": c.Run_, "attributes": run.Attributes, "records": len(run.Times)}
		rates := map[string]any{}
		for _, q := range courses {
			if q.err == nil {
				rates[q.name] = map[string]any{"rate": number(q.rate.Value), "error": number(q.rate.Error)}
			}
		}
		out["rates"] = rates
		if gaussian != nil {
			out["evi_residual"], out["dissipation_residual"] = numbersOf(evi), numbersOf(dissipation)
		}
		return printJSON(s.stdout, out)
	}
	fmt.Fprintf(s.stdout, "%s: %d records of %d particles, time %.4g to %.4g\n\n", run.Attributes["recipe"], len(run.Times), run.N, run.Times[0], run.Times[len(run.Times)-1])
	fmt.Fprintf(s.stdout, "%-20s %12s %12s %12s %10s\n", "metric", "start", "end", "rate", "error")
	for _, q := range courses {
		rate, off := "-", "-"
		if q.err == nil {
			rate, off = short(q.rate.Value), short(q.rate.Error)
		}
		fmt.Fprintf(s.stdout, "%-20s %12s %12s %12s %10s\n", q.name, short(q.values[0]), short(q.values[len(q.values)-1]), rate, off)
	}
	if gaussian != nil {
		fmt.Fprintf(s.stdout, "\nEVI residual          %s at the most (not above 0 where the inequality holds with lambda = %g)\n", short(slices.Max(evi)), c.Modulus)
		fmt.Fprintf(s.stdout, "dissipation residual  %s at the most, (dKL/dt + I)/I\n", short(largest(dissipation)))
	}
	return nil
}

func numbersOf(v []float64) []number {
	out := make([]number, len(v))
	for i, a := range v {
		out[i] = number(a)
	}
	return out
}

// largest is the value of the largest size.
func largest(v []float64) float64 {
	most := 0.0
	for _, a := range v {
		if math.Abs(a) > math.Abs(most) {
			most = a
		}
	}
	return most
}
