package main

import (
	"bytes"
	"encoding/json"
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
	points, err := splitPoints(src)
	if err != nil {
		return fmt.Errorf("%s: %v", display(c.Init), err)
	}
	for i, point := range points {
		where := display(c.Init)
		if len(points) > 1 {
			where = fmt.Sprintf("%s, point %d", where, i+1)
		}
		x, err := p.unconstrain(where, point)
		if err != nil {
			return err
		}
		options.InitPoints = append(options.InitPoints, x)
	}
	return nil
}

// splitPoints gives the objects of a file that holds one, or an array of them.
func splitPoints(src []byte) ([]json.RawMessage, error) {
	if trimmed := bytes.TrimSpace(src); len(trimmed) == 0 || trimmed[0] != '[' {
		return []json.RawMessage{src}, nil
	}
	var points []json.RawMessage
	if err := json.Unmarshal(src, &points); err != nil {
		return nil, fmt.Errorf("want a JSON object or an array of objects: %v", err)
	}
	if len(points) == 0 {
		return nil, fmt.Errorf("the array of start points is empty")
	}
	return points, nil
}

// unconstrain turns values on the constrained scale into a start point, with NaN
// for what is not given.
func (p problem) unconstrain(where string, src []byte) ([]float64, error) {
	if p.model == nil {
		var point struct{ X []float64 }
		if err := json.Unmarshal(src, &point); err != nil || len(point.X) != p.analytic.Dim() {
			return nil, fmt.Errorf("%s: want {\"x\": [...]} with %d numbers", where, p.analytic.Dim())
		}
		return point.X, nil
	}
	values, err := stan.ReadData(where, src)
	if err != nil {
		return nil, err
	}
	x, given, err := p.model.Unconstrain(values)
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
