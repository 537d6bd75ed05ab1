//go:build bench

// Command quantisation measures how fast the best n points approach N(0, I/d), for n
// from 8 to 128: slopes of log MMD and log KSD against log n (Xu, Korba and Slepcev
// 2022). MMD and KSD are minimised by L-BFGS, MMD with the mean embedding of the target
// in closed form; herding, with the same embedding, and Stein points choose greedily
// among 20000 exact draws. The kernels are Gaussian of bandwidth 1.
//
//	go run -tags bench ./bench/papers/quantisation [PLOT.png]
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
	"wgf/functional"
	"wgf/geometry"
	"wgf/internal/rng"
	"wgf/kernel"
	"wgf/measure"
	"wgf/report"
	"wgf/scheme"
	"wgf/selection"
	"wgf/store"
	"wgf/target"
)

const seeds = 5

var sizes = []int{8, 16, 32, 64, 128}

// round is N(0, v I) as a mean embedding under Gaussian kernels of bandwidth h:
// E k(z, Y) = (h^2/(h^2+v))^(d/2) exp(-|z|^2/(2(h^2+v))).
type round struct {
	d int
	v float64
}

func (r round) Embed(k kernel.Kernel, value, gradient []float64, z kernel.Points) {
	h2 := k.Bandwidth * k.Bandwidth
	s := h2 + r.v
	scale := math.Pow(h2/s, float64(r.d)/2)
	for i := range z.N {
		r2 := 0.0
		for c := range r.d {
			r2 += z.X[c*z.N+i] * z.X[c*z.N+i]
		}
		e := scale * math.Exp(-r2/(2*s))
		if value != nil {
			value[i] = e
		}
		if gradient != nil {
			for c := range r.d {
				gradient[c*z.N+i] = -z.X[c*z.N+i] / s * e
			}
		}
	}
}

func (r round) Norm2(k kernel.Kernel) float64 {
	h2 := k.Bandwidth * k.Bandwidth
	return math.Pow(h2/(h2+2*r.v), float64(r.d)/2)
}

var unit = kernel.Kernel{Family: kernel.Gaussian, Bandwidth: 1}

// discrepancies are MMD and KSD of a cloud to N(0, v I).
func discrepancies(c *measure.Cloud, v float64) (mmd, ksd float64) {
	f := functional.NewMMD(unit, kernel.Median, kernel.Points{}, 0)
	f.Closed = round{c.D, v}
	e := functional.Evaluation{WantValue: true}
	if err := f.Evaluate(context.Background(), &e, c); err != nil {
		log.Fatal(err)
	}
	score := make([]float64, len(c.X))
	for i, x := range c.X {
		score[i] = -x / v
	}
	return math.Sqrt(2 * e.Value), math.Sqrt(max(0, unit.KSD2(kernel.Of(c), score, 0)))
}

// methods give the points of each contender.
func methods(d int, v float64) []struct {
	name string
	run  func(start *measure.Cloud, seed uint64) *measure.Cloud
} {
	cov := make([]float64, d*d)
	for k := range d {
		cov[k*d+k] = v
	}
	density, err := target.NewGaussian(make([]float64, d), cov)
	if err != nil {
		log.Fatal(err)
	}
	run := func(o flow.Options) *measure.Cloud {
		p, err := flow.Plan(o)
		if err != nil {
			log.Fatal(err)
		}
		r, err := p.Run(context.Background(), nil)
		if err != nil {
			log.Fatal(err)
		}
		return r.Cloud
	}
	type method = struct {
		name string
		run  func(start *measure.Cloud, seed uint64) *measure.Cloud
	}
	return []method{
		{"MMD", func(start *measure.Cloud, _ uint64) *measure.Cloud {
			f := functional.NewMMD(unit, kernel.Median, kernel.Points{}, 0)
			f.Closed = round{d, v}
			return run(flow.Options{Own: flow.Triple{Functional: f, Geometry: geometry.Wasserstein{}, Scheme: &scheme.LBFGS{StepSize: 1, Memory: 20, Tolerance: 1e-9}},
				Density: density, Init: start, Steps: 3000, Every: 3000, Kernel: "gaussian:bandwidth=1"})
		}},
		{"KSD", func(start *measure.Cloud, _ uint64) *measure.Cloud {
			return run(flow.Options{Functional: "ksd", Geometry: "wasserstein", Scheme: "lbfgs:memory=20", Density: density, Init: start,
				Steps: 3000, StepSize: 0.1, Every: 3000, Kernel: "gaussian:bandwidth=1"})
		}},
		{"SVGD", func(start *measure.Cloud, _ uint64) *measure.Cloud {
			return run(flow.Options{Recipe: "svgd", Density: density, Init: start, Steps: 1200, Every: 1200})
		}},
		{"herding", func(start *measure.Cloud, seed uint64) *measure.Cloud {
			return greedy("herding", selection.Request{Embedding: round{d, v}}, density, start.N, seed)
		}},
		{"Stein", func(start *measure.Cloud, seed uint64) *measure.Cloud {
			return greedy("stein-points", selection.Request{Density: density, Refine: 10}, density, start.N, seed)
		}},
		{"i.i.d.", func(start *measure.Cloud, _ uint64) *measure.Cloud { return start }},
	}
}

// published are the slopes of MMD and KSD in a replication with two seeds.
var published = map[int]map[string][2]float64{
	2: {"MMD": {-1.65, -1.52}, "KSD": {-1.58, -1.51}, "SVGD": {-0.76, -0.77}, "i.i.d.": {-0.51, -0.51}},
	3: {"MMD": {-1.56, -1.43}, "KSD": {-1.47, -1.41}, "SVGD": {-0.69, -0.75}, "i.i.d.": {-0.52, -0.51}},
	4: {"MMD": {-1.44, -1.34}, "KSD": {-1.33, -1.33}, "SVGD": {-0.64, -0.73}, "i.i.d.": {-0.50, -0.50}},
	8: {"MMD": {-1.28, -1.16}, "KSD": {-1.10, -1.14}, "SVGD": {-0.60, -0.70}, "i.i.d.": {-0.51, -0.51}},
}

// slope is the least-squares slope of y against x.
func slope(x, y []float64) float64 {
	mx, my := 0.0, 0.0
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(y))
	}
	var above, below float64
	for i := range x {
		above += (x[i] - mx) * (y[i] - my)
		below += (x[i] - mx) * (x[i] - mx)
	}
	return above / below
}

func main() {
	began := time.Now()
	fmt.Printf("points for N(0, I/d), n = %v, seeds 1 to %d\n", sizes, seeds)
	fmt.Printf("%2s %-8s %18s %18s %12s %12s %9s\n", "d", "method", "slope of MMD (ref)", "slope of KSD (ref)", "MMD n=128", "KSD n=128", "seconds")
	var panels []report.Panel
	for _, d := range []int{2, 3, 4, 8} {
		v := 1 / float64(d)
		panel := report.Panel{Title: fmt.Sprintf("d = %d", d), XLabel: "log10 n", YLabel: "log10 MMD"}
		for k, m := range methods(d, v) {
			clock := time.Now()
			var logN, logMMD, logKSD []float64
			var lastMMD, lastKSD float64
			for _, n := range sizes {
				meanMMD, meanKSD := 0.0, 0.0
				for seed := uint64(1); seed <= seeds; seed++ {
					start := measure.New(n, d)
					rng.New(seed, rng.Init).Normals(start.X, d, n, 0, 0)
					for i := range start.X {
						start.X[i] *= math.Sqrt(v)
					}
					mmd, ksd := discrepancies(m.run(start, seed), v)
					meanMMD += mmd / seeds
					meanKSD += ksd / seeds
				}
				logN = append(logN, math.Log10(float64(n)))
				logMMD, logKSD = append(logMMD, math.Log10(meanMMD)), append(logKSD, math.Log10(meanKSD))
				lastMMD, lastKSD = meanMMD, meanKSD
			}
			known := [2]string{"    -", "    -"}
			if ref, ok := published[d][m.name]; ok {
				known = [2]string{fmt.Sprintf("%5.2f", ref[0]), fmt.Sprintf("%5.2f", ref[1])}
			}
			fmt.Printf("%2d %-8s %9.2f (%s)  %9.2f (%s)  %12.3g %12.3g %9.1f\n", d, m.name, slope(logN, logMMD), known[0], slope(logN, logKSD), known[1], lastMMD, lastKSD, time.Since(clock).Seconds())
			panel.Marks = append(panel.Marks, report.Line{X: logN, Y: logMMD, Colour: report.Palette(k)})
		}
		panels = append(panels, panel)
	}
	fmt.Printf("%.0f s in all\n", time.Since(began).Seconds())
	if len(os.Args) > 1 {
		var legend []report.Entry
		for k, name := range []string{"MMD", "KSD", "SVGD", "herding", "Stein", "i.i.d."} {
			legend = append(legend, report.Entry{Name: name, Colour: report.Palette(k)})
		}
		f := report.Figure{Title: "quantisation of N(0, I/d)", Panels: panels, Columns: 2, Width: 240, Legend: legend}
		format, err := report.PlotFormat(os.Args[1])
		if err == nil {
			err = store.WriteFile(os.Args[1], func(w io.Writer) error { return f.Encode(w, format) })
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}
