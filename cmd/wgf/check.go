package main

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strings"
	"text/tabwriter"
	"time"

	"wgf/internal/rng"
	"wgf/target/stan"
)

type checkCmd struct {
	modelArgs
	Seed uint64 `default:"1" help:"Seed of the points at which the gradient is checked (${default})."`
	JSON bool   `name:"json" help:"Print one JSON object instead of text."`
}

func (checkCmd) Help() string {
	return `Reads the program, checks it, and without data says what it declares. With data it records the density,
compares its gradient with finite differences and times it: one thread, a batch of 128 particles, fresh points
in every call, median over a second. Exit code 1 if program or data are not valid.

Examples:
  wgf check model.stan
  wgf check model.stan model.data.json --json`
}

// checkResult is the object that --json prints.
type checkResult struct {
	Valid            bool    `json:"valid"`
	Error            string  `json:"error,omitempty"`
	Dimension        *int    `json:"dimension"`
	Nodes            *nodes  `json:"nodes"`
	CompileSeconds   *number `json:"compile_seconds"`
	NsPerGradient    *number `json:"ns_per_gradient"`
	MaxGradientError *number `json:"max_gradient_error"`
}

// nodes counts the graph of the density before and after optimisation.
type nodes struct {
	Recorded  int `json:"recorded"`
	Optimised int `json:"optimised"`
}

func (c checkCmd) Run(s streams) error {
	if c.Model == "" {
		return usagef("check: name a Stan program: wgf check MODEL.stan [DATA.json]")
	}
	result, err := c.examine(s)
	if err != nil {
		var usage coded
		if c.JSON && !errors.As(err, &usage) {
			if err := printJSON(s.stdout, checkResult{Error: err.Error()}); err != nil {
				return err
			}
			return coded{code: exitFailed}
		}
		return err
	}
	if c.JSON {
		return printJSON(s.stdout, result)
	}
	return nil
}

// examine checks the program as far as it goes and prints text unless JSON is
// wanted.
func (c checkCmd) examine(s streams) (checkResult, error) {
	result := checkResult{Valid: true}
	program, err := c.parse(s)
	if err != nil {
		return result, err
	}
	print := func(format string, args ...any) {
		if !c.JSON {
			fmt.Fprintf(s.stdout, format, args...)
		}
	}
	print("%s: a valid Stan program\n", display(c.Model))
	if c.Data == "" && program.NeedsData() {
		if !c.JSON {
			printDeclarations(s, program)
		}
		print("\nName a data file to check more: wgf check %s DATA.json\n", c.Model)
		return result, nil
	}

	from := time.Now()
	model, err := c.bind(s, c.Seed)
	if err != nil {
		return result, err
	}
	seconds := number(time.Since(from).Seconds())
	dim, stats := model.Dim(), model.Stats()
	result.Dimension, result.CompileSeconds = &dim, &seconds
	result.Nodes = &nodes{stats.Recorded, stats.Optimised}
	if c.Data != "" {
		print("%s: fits its declarations\n", display(c.Data))
	}
	if !c.JSON {
		printVariables(s, model)
	}
	print("\ndimension            %d\n", dim)
	print("nodes of the graph   %d recorded, %d after optimisation\n", stats.Recorded, stats.Optimised)
	print("compile time         %.3g s\n", float64(seconds))
	if dim == 0 {
		return result, nil
	}
	worst, points := gradientError(model, c.Seed)
	if points == 0 {
		print("gradient             no point with a density found near the origin\n")
	} else {
		e := number(worst)
		result.MaxGradientError = &e
		print("gradient             differs from finite differences by %.1e of its largest entry, at %d points\n", worst, points)
	}
	ns := number(nsPerGradient(model, c.Seed))
	result.NsPerGradient = &ns
	print("speed                %.4g ns a particle-gradient, one thread, %d particles\n", float64(ns), timingParticles)
	return result, nil
}

// printDeclarations lists what a program declares, block by block.
func printDeclarations(s streams, program *stan.Program) {
	w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	kind := ""
	for _, d := range program.Declarations() {
		if d.Kind != kind {
			kind = d.Kind
			fmt.Fprintf(w, "\n%s\n", plural(kind))
		}
		fmt.Fprintf(w, "  %s\t%s\n", d.Name, d.Type)
	}
	w.Flush()
}

// printVariables lists what a bound program samples and computes.
func printVariables(s streams, model *stan.Model) {
	w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	kind := ""
	for _, v := range model.Variables() {
		if v.Kind != kind {
			kind = v.Kind
			fmt.Fprintf(w, "\n%s\n", plural(kind))
		}
		size := "1"
		if len(v.Dims) > 0 {
			size = strings.Trim(strings.ReplaceAll(fmt.Sprint(v.Dims), " ", " x "), "[]")
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", v.Name, v.Type, size)
	}
	w.Flush()
}

func plural(kind string) string {
	switch {
	case strings.HasSuffix(kind, "data"):
		return kind
	case strings.HasSuffix(kind, "y"):
		return strings.TrimSuffix(kind, "y") + "ies"
	}
	return kind + "s"
}

// timingParticles is the batch that is timed, the sampler's default.
const timingParticles = 128

// gradientError compares the gradient with central differences, extrapolated
// once (error of order h^4), at points around the origin; the error is relative
// to max(1, largest entry of the gradient).
func gradientError(model *stan.Model, seed uint64) (worst float64, points int) {
	const wanted, tries, radius = 4, 64, 1.0
	d := model.Dim()
	key := rng.New(seed, rng.Init)
	x, grad, lp := make([]float64, d), make([]float64, d), make([]float64, 1)
	at := func(k int, h float64) float64 {
		old := x[k]
		x[k] = old + h
		model.LogDensity(lp, nil, x)
		x[k] = old
		return lp[0]
	}
	for try := 0; try < tries && points < wanted; try++ {
		key.Uniforms(x, d, 1, try, 0)
		for k := range x {
			x[k] = radius * (2*x[k] - 1)
		}
		model.LogDensity(lp, grad, x)
		if math.IsNaN(lp[0]) || math.IsInf(lp[0], 0) {
			continue
		}
		points++
		scale := 1.0
		for _, g := range grad {
			scale = math.Max(scale, math.Abs(g))
		}
		for k, g := range grad {
			const h = 1e-3
			coarse := (at(k, 2*h) - at(k, -2*h)) / (4 * h)
			fine := (at(k, h) - at(k, -h)) / (2 * h)
			difference := math.Abs((4*fine-coarse)/3-g) / scale
			if !(difference <= worst) {
				worst = difference
			}
		}
	}
	return worst, points
}

// nsPerGradient is the median time of one particle's log density and gradient.
func nsPerGradient(model *stan.Model, seed uint64) float64 {
	const n, batches = timingParticles, 16
	d := model.Dim()
	key := rng.New(seed, rng.Init)
	points := make([][]float64, batches)
	for b := range points {
		points[b] = make([]float64, d*n)
		key.Uniforms(points[b], d, n, 0, uint64(b+1))
		for i := range points[b] {
			points[b][i] -= 0.5
		}
	}
	lp, grad := make([]float64, n), make([]float64, d*n)
	var each []float64
	for start := time.Now(); time.Since(start) < time.Second || len(each) < 3; {
		from := time.Now()
		for _, x := range points {
			model.LogDensity(lp, grad, x)
		}
		each = append(each, float64(time.Since(from).Nanoseconds())/(n*batches))
	}
	sort.Float64s(each)
	return each[len(each)/2]
}
