//go:build bench

// Command axis shows where the descent of the kernel Stein discrepancy gets stuck on a
// mixture of two Gaussians, and what tempering does about it (Korba, Aubin-Frankowski,
// Majewski and Ablin 2021, section 5.2): starts on the axis of symmetry, near it and
// wide, and two modes on the diagonal, with and without a path of temperatures.
//
//	go run -tags bench ./bench/papers/axis [PLOT.png]
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"time"

	"wgf/flow"
	"wgf/internal/rng"
	"wgf/measure"
	"wgf/report"
	"wgf/store"
	"wgf/target"
)

const (
	n    = 50
	seed = 1
)

// twoModes is an equal mixture of N(-c, v I) and N(c, v I) in the plane.
func twoModes(c [2]float64, v float64) *target.Mixture {
	var parts []*target.Gaussian
	for _, sign := range []float64{-1, 1} {
		g, err := target.NewGaussian([]float64{sign * c[0], sign * c[1]}, []float64{v, 0, 0, v})
		if err != nil {
			log.Fatal(err)
		}
		parts = append(parts, g)
	}
	m, err := target.NewMixture([]float64{1, 1}, parts)
	if err != nil {
		log.Fatal(err)
	}
	return m
}

// start is normal with standard deviations sx and sy.
func start(sx, sy float64) *measure.Cloud {
	c := measure.New(n, 2)
	rng.New(seed, rng.Init).Normals(c.X, 2, n, 0, 0)
	for i := range n {
		c.X[i] *= sx
		c.X[n+i] *= sy
	}
	return c
}

func main() {
	began := time.Now()
	bandwidth := fmt.Sprintf("gaussian:bandwidth=%v", math.Sqrt(0.1))
	var panels []report.Panel
	run := func(name string, c [2]float64, variance float64, init *measure.Cloud, path, scheme string, steps int, step float64) {
		p, err := flow.Plan(flow.Options{Functional: "ksd", Geometry: "wasserstein", Scheme: scheme, Density: twoModes(c, variance), Kernel: bandwidth,
			Init: init, Path: path, Steps: steps, StepSize: step, Seed: seed})
		if err != nil {
			log.Fatal(err)
		}
		r, err := p.Run(context.Background(), nil)
		if err != nil {
			log.Fatal(err)
		}
		// Along the line through the modes: how far off its middle, and how many beyond.
		off, right, between := 0.0, 0, 0
		length := math.Hypot(c[0], c[1])
		for i := range n {
			t := (r.Cloud.X[i]*c[0] + r.Cloud.X[n+i]*c[1]) / length
			off = max(off, math.Abs(t))
			if t > 0 {
				right++
			}
			if math.Abs(t) < 0.4*length {
				between++
			}
		}
		last := r.Trace[len(r.Trace)-1].Metrics
		fmt.Printf("%-44s %9.2g %12d/%d %12d %9.4f %9.4f %8.2f s\n", name, off, right, n, between, last["ksd"], last["w2"], r.Seconds())
		panels = append(panels, report.Panel{Title: name, Equal: true, X: report.Range{Min: -2.5, Max: 2.5}, Y: report.Range{Min: -2.5, Max: 2.5},
			Marks: []report.Mark{report.Dots{X: r.Cloud.Coordinate(0), Y: r.Cloud.Coordinate(1), Colour: report.Blue}}})
	}
	fmt.Printf("KSD descent, n = %d, Gaussian kernel of variance 0.1, seed %d\n", n, seed)
	fmt.Printf("%-44s %9s %15s %12s %9s %9s\n", "start and target", "max |t|", "beyond middle", "between", "ksd", "w2")
	for _, v := range []float64{0.1, 0.3, 2} {
		for _, init := range []struct {
			name string
			sx   float64
		}{{"on the axis", 0}, {"near the axis", 0.05}, {"wide", 1}} {
			run(fmt.Sprintf("variance %g, %s", v, init.name), [2]float64{1, 0}, v, start(init.sx, 1), "", "lbfgs", 500, 0.1)
		}
	}
	for _, way := range []struct{ name, path string }{{"plain", ""}, {"powers 0.1 to 1", "geometric:from=0.1,hold=0.5"}} {
		run("variance 0.1, near the axis, "+way.name, [2]float64{1, 0}, 0.1, start(0.05, 1), way.path, "euler", 4000, 0.01)
		run("diagonal modes, "+way.name, [2]float64{1, 1}, 0.1, start(1, 1), way.path, "euler", 4000, 0.01)
	}
	fmt.Printf("%.1f s in all; the paper: particles that start on the axis stay on it, annealing frees those between modes\n", time.Since(began).Seconds())
	if len(os.Args) > 1 {
		f := report.Figure{Title: "KSD descent", Panels: panels, Columns: 3, Width: 170}
		format, err := report.PlotFormat(os.Args[1])
		if err == nil {
			err = store.WriteFile(os.Args[1], func(w io.Writer) error { return f.Encode(w, format) })
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}
