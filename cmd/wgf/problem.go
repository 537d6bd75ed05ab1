package main

import (
	"fmt"
	"math"
	"strconv"

	"wgf/sampler"
	"wgf/target"
	"wgf/target/stan"
)

// chains is the number of superchains, which are the chains of every output.
const chains = 8

// problem is what is sampled: a Stan model, or an analytic target.
type problem struct {
	name     string
	model    *stan.Model    // nil for an analytic target
	analytic target.Density // nil for a Stan model
}

func (p problem) density() target.Density {
	if p.model != nil {
		return p.model
	}
	return p.analytic
}

func (c sampleCmd) problem(s streams) (problem, error) {
	if c.Target != "" {
		density, err := target.Parse(c.Target)
		if err != nil {
			return problem{}, coded{exitUsage, err}
		}
		return problem{name: c.Target, analytic: density}, nil
	}
	model, err := c.bind(s, c.Seed)
	if err != nil {
		return problem{}, err
	}
	return problem{name: display(c.Model), model: model}, nil
}

// init resolves --init: a radius, or a file of start points.
func (c sampleCmd) init(s streams, p problem, options *sampler.Options) error {
	if c.Init == "" {
		return nil
	}
	if radius, err := strconv.ParseFloat(c.Init, 64); err == nil {
		if !(radius >= 0) || math.IsInf(radius, 1) {
			return usagef("--init %s: the radius of the start must be a number from 0 up", c.Init)
		}
		options.InitRadius = radius
		if radius == 0 {
			options.InitRadius = -1
		}
		return nil
	}
	src, err := readFile(s, c.Init)
	if err != nil {
		return err
	}
	points, err := stan.ReadDataList(display(c.Init), src)
	if err != nil {
		return err
	}
	for _, point := range points {
		x, err := p.unconstrain(display(c.Init), point)
		if err != nil {
			return err
		}
		options.InitPoints = append(options.InitPoints, x)
	}
	return nil
}

// unconstrain turns values on the constrained scale into a start point, with NaN
// for what is not given.
func (p problem) unconstrain(file string, point *stan.Data) ([]float64, error) {
	if p.model == nil {
		_, x, ok := point.Value("x")
		if !ok || len(x) != p.analytic.Dim() {
			return nil, fmt.Errorf("%s: want {\"x\": [...]} with %d numbers", file, p.analytic.Dim())
		}
		return x, nil
	}
	x, given, err := p.model.Unconstrain(point)
	if err != nil {
		return nil, err
	}
	for k := range x {
		if !given[k] {
			x[k] = math.NaN()
		}
	}
	return x, nil
}
