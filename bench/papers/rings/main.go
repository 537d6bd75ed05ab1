//go:build bench

// Command rings moves particles from one point to three rings by the flows of KALE, the
// MMD and KKL, and prints the exact W2 distance that is left beside published values
// (Glaser, Arbel and Gretton 2021, figure 1; Chazal, Korba and Bach 2024, section 5).
//
//	go run -tags bench ./bench/papers/rings [PLOT.png]
//	go run -tags bench ./bench/papers/rings race STEPS   # seconds for so many steps of KALE
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"strconv"
	"time"

	"wgf/flow"
	"wgf/functional"
	"wgf/geometry"
	"wgf/internal/rng"
	"wgf/kernel"
	"wgf/measure"
	"wgf/report"
	"wgf/scheme"
	"wgf/store"
	"wgf/transport"
)

const seed = 1

// rings are 80 points on each of three circles of radius 0.3, one above the other.
func rings() *measure.Cloud {
	const each = 80
	c := measure.New(3*each, 2)
	for i := range c.N {
		t := 2 * math.Pi * float64(i%each) / each
		c.X[i] = 0.3 * math.Cos(t)
		c.X[c.N+i] = 0.3*math.Sin(t) - 0.75*float64(i/each)
	}
	return c
}

// source is N((0, -0.3), 1e-4 I).
func source(n int) *measure.Cloud {
	c := measure.New(n, 2)
	rng.New(seed, rng.Init).Normals(c.X, 2, n, 0, 0)
	for i := range n {
		c.X[i] *= 0.01
		c.X[n+i] = 0.01*c.X[n+i] - 0.3
	}
	return c
}

func w2(a, b *measure.Cloud) float64 {
	r, err := transport.Exact{}.Solve(context.Background(), transport.Problem{A: a, B: b, Cost: transport.SqEuclidean()})
	if err != nil {
		log.Fatal(err)
	}
	return math.Sqrt(r.Cost)
}

func gaussian(h2 float64) kernel.Kernel {
	return kernel.Kernel{Family: kernel.Gaussian, Bandwidth: math.Sqrt(h2)}
}

func kale(lambda float64) *functional.KALE {
	f := &functional.KALE{Target: kernel.Of(rings()), Lambda: lambda, Gap: 1e-8}
	f.Asked = gaussian(0.05) // exp(-r^2/0.1)
	return f
}

// run takes steps and returns the particles, the seconds, and when W2 first was 0.03.
func run(f functional.Functional, s scheme.Scheme, steps, every int) (*flow.Result, float64) {
	p, err := flow.Plan(flow.Options{Own: flow.Triple{Functional: f, Geometry: geometry.Wasserstein{}, Scheme: s}, Samples: rings(),
		Init: source(240), Steps: steps, StepSize: 1, Every: every, Kernel: "gaussian:bandwidth=0.2236", Seed: seed})
	if err != nil {
		log.Fatal(err)
	}
	reached := math.NaN()
	r, err := p.Run(context.Background(), func(r flow.Record, c *measure.Cloud) {
		if math.IsNaN(reached) && w2(c, rings()) <= 0.03 {
			reached = r.Seconds
		}
	})
	if err != nil {
		log.Fatal(err)
	}
	return r, reached
}

// race is the algorithm of the paper by itself: Euler steps.
func race(steps int) {
	f, c := kale(1e-3), source(240)
	g := make([]float64, len(c.X))
	began := time.Now()
	newton := 0
	for range steps {
		if err := f.Evaluate(context.Background(), &functional.Evaluation{Gradient: g}, c); err != nil {
			log.Fatal(err)
		}
		newton += f.Inner().Steps
		for i, v := range g {
			c.X[i] -= 1e-4 * v
		}
	}
	fmt.Printf("wgf %d steps %.3f s W2 %.4f, %.2f Newton steps each\n", steps, time.Since(began).Seconds(), w2(c, rings()), float64(newton)/float64(steps))
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "race" {
		steps, err := strconv.Atoi(os.Args[2])
		if err != nil || steps < 1 {
			log.Fatalf("%s steps: want a positive number", os.Args[2])
		}
		race(steps)
		return
	}
	target := rings()
	fmt.Printf("three rings of 80 points, 240 particles from N((0,-0.3), 1e-4 I), seed %d, W2 at the start %.4f (published 0.807)\n", seed, w2(source(240), target))
	fmt.Printf("%-52s %8s %8s %12s %9s %14s\n", "flow", "steps", "W2", "published", "seconds", "s to W2 0.03")
	var panels []report.Panel
	show := func(name string, f functional.Functional, s scheme.Scheme, steps, every int, published string) {
		r, reached := run(f, s, steps, every)
		fmt.Printf("%-52s %8d %8.4f %12s %9.2f %14.2f\n", name, r.Steps, w2(r.Cloud, target), published, r.Seconds(), reached)
		panels = append(panels, report.Panel{Title: name, Equal: true, X: report.Range{Min: -0.6, Max: 0.6}, Y: report.Range{Min: -2, Max: 0.5}, Marks: []report.Mark{
			report.Dots{X: target.Coordinate(0), Y: target.Coordinate(1), Colour: report.Faded(report.Grey, 0.5)},
			report.Dots{X: r.Cloud.Coordinate(0), Y: r.Cloud.Coordinate(1), Colour: report.Vermilion}}})
	}
	show("KALE 1e-3, Euler 1e-4", kale(1e-3), &scheme.Euler{StepSize: 1e-4}, 50000, 1000, "0.0282")
	show("MMD (KALE 1e4), Euler 1e-3", kale(1e4), &scheme.Euler{StepSize: 1e-3}, 50000, 10000, "0.1515")
	for _, lambda := range []float64{1e-3, 1e-2, 0.1} {
		show(fmt.Sprintf("KALE %g, L-BFGS", lambda), kale(lambda), &scheme.LBFGS{StepSize: 1e-3}, 1000, 10, "-")
	}
	for _, alpha := range []float64{0.001, 0.01, 0.1} {
		f := &functional.KKL{Target: kernel.Of(target), Alpha: alpha}
		f.Asked = gaussian(0.4 * 0.4)
		published := map[float64]string{0.001: "0.0214", 0.01: "0.0205", 0.1: "0.0211"}[alpha]
		show(fmt.Sprintf("KKL %g, L-BFGS", alpha), f, &scheme.LBFGS{StepSize: 1e-2}, 200, 10, published)
	}
	if len(os.Args) > 1 {
		f := report.Figure{Title: "three rings", Panels: panels, Columns: 4, Width: 110}
		format, err := report.PlotFormat(os.Args[1])
		if err == nil {
			err = store.WriteFile(os.Args[1], func(w io.Writer) error { return f.Encode(w, format) })
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}
