package lesson

import (
	"context"
	"fmt"
	"math"

	"wgf/convexity"
	"wgf/flow"
	"wgf/measure"
	"wgf/report"
	"wgf/target"
)

// normal is N(0, diag(v)).
func normal(v ...float64) *target.Gaussian {
	d := len(v)
	cov := make([]float64, d*d)
	for k, a := range v {
		cov[k*d+k] = a
	}
	g, err := target.NewGaussian(make([]float64, d), cov)
	if err != nil {
		panic(err) // v is positive
	}
	return g
}

// recorded is a run with its clouds.
type recorded struct {
	times  []float64
	clouds []*measure.Cloud
	result *flow.Result
}

func run(ctx context.Context, o flow.Options) (*recorded, error) {
	p, err := flow.Plan(o)
	if err != nil {
		return nil, err
	}
	r := &recorded{}
	r.result, err = p.Run(ctx, func(at flow.Record, c *measure.Cloud) {
		r.times, r.clouds = append(r.times, at.Time), append(r.clouds, c.Clone())
	})
	if err == nil {
		err = ctx.Err()
	}
	return r, err
}

func line(x, y []float64, k int) report.Line {
	return report.Line{X: x, Y: y, Colour: report.Palette(k)}
}

func legend(names ...string) []report.Entry {
	var out []report.Entry
	for k, n := range names {
		out = append(out, report.Entry{Name: n, Colour: report.Palette(k), Line: true})
	}
	return out
}

func gradientFlow() Lesson {
	return Lesson{"gradient-flow", "Gradient flow on the line, and on measures", func(ctx context.Context, seed uint64, threads int) (*Page, error) {
		p := &Page{Source: "Jordan, Kinderlehrer, Otto 1998; Ambrosio, Gigli, Savaré 2008"}
		p.say("Gradient descent on f(x) = x^2/2 takes x to 0: x(t) = x(0) exp(-t), so f falls like exp(-2t). Put a measure in the place of the point: F(mu) = KL(mu|pi), pi standard normal. Distances between measures are W2, the cost of moving one into the other. The gradient flow of F is Langevin's diffusion, and F falls like exp(-2t) too.")
		h := 0.01
		var x, f []float64
		at := 3.0
		for k := range 201 {
			x, f = append(x, h*float64(k)), append(f, at*at/2)
			at -= h * at
		}
		point, err := convexity.Fit(x, f, 0)
		if err != nil {
			return nil, err
		}
		p.claim(math.Abs(point.Value-2) < 0.05, "Euclidean: f along gradient descent with steps of 0.01 falls at rate 2.", "rate %.3f", point.Value)
		start := measure.New(400, 1)
		for i := range start.X {
			start.X[i] = 3 + 0.5*math.Sqrt2*math.Erfinv(2*(float64(i)+0.5)/400-1)
		}
		density := normal(1)
		r, err := run(ctx, flow.Options{Recipe: "bures-vi", Density: density, Init: start, Steps: 200, StepSize: h, Every: 5, Seed: seed, Threads: threads})
		if err != nil {
			return nil, err
		}
		var kl []float64
		for _, c := range r.clouds {
			gap, err := convexity.GaussianGap(c, density)
			if err != nil {
				return nil, err
			}
			kl = append(kl, gap.KL)
		}
		measures, err := convexity.Fit(r.times, kl, 0)
		if err != nil {
			return nil, err
		}
		p.claim(measures.Value > 1.95, "Measures: KL along the flow from N(3, 0.25) falls at rate 2 at least.", "rate %.3f, KL %.3f to %.2g", measures.Value, kl[0], kl[len(kl)-1])
		p.Figure = report.Figure{Title: "f on the line, F on measures", Width: 200, Panels: []report.Panel{
			{Title: "log10 f(x(t))", XLabel: "t", Marks: []report.Mark{line(x, logs(f), 0)}},
			{Title: "log10 KL(mu_t|pi)", XLabel: "t", Marks: []report.Mark{line(r.times, logs(kl), 1)}}}}
		return p, nil
	}}
}

func logs(v []float64) []float64 {
	out := make([]float64, len(v))
	for i, a := range v {
		out[i] = math.Log10(a)
	}
	return out
}

func bias() Lesson {
	return Lesson{"bias", "Why the unadjusted Langevin algorithm is biased and forward-backward is not", func(ctx context.Context, seed uint64, threads int) (*Page, error) {
		p := &Page{Source: "Wibisono 2018; Salim, Korba, Luise 2020"}
		p.say("KL = potential + entropy. The unadjusted Langevin algorithm takes a gradient step on the potential and then runs the heat flow, which is the gradient flow of the entropy: forward, then flow. Even at the target the two do not cancel. On V = x^2 (variance 1/2) its variance is 1/(2(1-h)) for steps h. The forward-backward scheme takes the entropy by a proximal (JKO) step: as for the proximal gradient method its fixed point is the minimiser.")
		density := target.New(1, func(x, g []float64) float64 {
			if g != nil {
				g[0] = -2 * x[0]
			}
			return -x[0] * x[0]
		})
		var hs, ula, fb []float64
		for _, h := range []float64{0.05, 0.1, 0.2, 0.3} {
			a, err := run(ctx, flow.Options{Recipe: "ula", Density: density, Particles: 20000, Steps: 80, StepSize: h, Every: 80, Seed: seed, Threads: threads})
			if err != nil {
				return nil, err
			}
			b, err := run(ctx, flow.Options{Recipe: "forward-backward", Density: density, Particles: 200, Steps: 300, StepSize: h, Every: 300, Seed: seed, Threads: threads})
			if err != nil {
				return nil, err
			}
			hs, ula, fb = append(hs, h), append(ula, a.result.Cloud.Covariance()[0]), append(fb, b.result.Cloud.Covariance()[0])
		}
		for k, h := range hs {
			want := 1 / (2 * (1 - h))
			p.claim(math.Abs(ula[k]-want) < 0.05*want && math.Abs(fb[k]-0.5) < 1e-9, fmt.Sprintf("h = %g: Langevin ends at variance %.4f in theory, forward-backward at 0.5.", h, want), "%.4f and %.4f", ula[k], fb[k])
		}
		exact := make([]float64, len(hs))
		for k := range exact {
			exact[k] = 0.5
		}
		p.Figure = report.Figure{Title: "stationary variance against the step", Panels: []report.Panel{{XLabel: "h", YLabel: "variance", Marks: []report.Mark{line(hs, ula, 0), line(hs, fb, 1), report.Line{X: hs, Y: exact, Colour: report.Grey, Dashed: true}}}}, Legend: legend("Langevin", "forward-backward")}
		return p, nil
	}}
}

func collapse() Lesson {
	return Lesson{"svgd-collapse", "Why SVGD collapses in high dimension", func(ctx context.Context, seed uint64, threads int) (*Page, error) {
		p := &Page{Source: "Liu, Wang 2016; Ba et al. 2022"}
		p.say("SVGD moves particles by the score, averaged with a kernel, and pushes them apart by the gradient of the kernel. In many dimensions all particles are about equally far apart; the kernel is nearly constant and the repulsion small. With as many dimensions as particles the cloud ends much narrower than the target.")
		const n = 40
		var ds, ratio []float64
		for _, d := range []int{1, 5, 20, 40, 80} {
			v := make([]float64, d)
			for k := range v {
				v[k] = 1
			}
			r, err := run(ctx, flow.Options{Recipe: "svgd", Density: normal(v...), Particles: n, Steps: 600, Every: 600, Seed: seed, Threads: threads})
			if err != nil {
				return nil, err
			}
			mean := 0.0
			cov := r.result.Cloud.Covariance()
			for k := range d {
				mean += cov[k*d+k] / float64(d)
			}
			ds, ratio = append(ds, float64(d)/n), append(ratio, mean)
		}
		last := len(ratio) - 1
		p.claim(ratio[0] > 0.8, fmt.Sprintf("%d particles in 1 dimension: the variance is near 1.", n), "%.3f", ratio[0])
		p.claim(ratio[last] < 0.6*ratio[0], fmt.Sprintf("%d particles in %.0f dimensions: it has collapsed.", n, ds[last]*n), "%.3f", ratio[last])
		p.Figure = report.Figure{Title: "variance of the particles against d/n", Panels: []report.Panel{{XLabel: "d/n", YLabel: "mean variance (target: 1)", Y: report.Range{Min: 0, Max: 1.1}, Marks: []report.Mark{line(ds, ratio, 0)}}}}
		return p, nil
	}}
}

func tempering() Lesson {
	return Lesson{"tempering", "Two modes: what tempering does and does not do", func(ctx context.Context, seed uint64, threads int) (*Page, error) {
		p := &Page{Source: "Neal 2001; Chehab, Korba, Stromme, Vacher 2025"}
		p.say("Two modes far apart, three quarters of the mass in the left one. Particles that start around the right one do not cross: the barrier is exponentially high. Tempering starts from a power of the target, which is flat, so that particles spread over both modes. But the share that each mode gets is decided while it is hot, and a hot target has other shares than the cold one.")
		density, err := target.Parse("mixture:dim=1,separation=8,weight=0.75")
		if err != nil {
			return nil, err
		}
		start := func(at float64) *measure.Cloud {
			c := measure.New(2000, 1)
			for i := range c.X {
				c.X[i] = at + math.Sqrt2*math.Erfinv(2*(float64(i)+0.5)/2000-1)
			}
			return c
		}
		left := func(c *measure.Cloud) float64 {
			count := 0.0
			for _, x := range c.X {
				if x < 0 {
					count++
				}
			}
			return count / float64(c.N)
		}
		o := flow.Options{Recipe: "ula", Density: density, Init: start(4), Steps: 2000, StepSize: 0.05, Every: 2000, Seed: seed, Threads: threads}
		plain, err := run(ctx, o)
		if err != nil {
			return nil, err
		}
		o.Path, o.Init = "geometric:from=0.02,hold=0.3", start(4)
		tempered, err := run(ctx, o)
		if err != nil {
			return nil, err
		}
		a, b := left(plain.result.Cloud), left(tempered.result.Cloud)
		p.claim(a < 0.1, "Without tempering the left mode stays nearly empty.", "%.3f of the particles, 0.75 of the mass", a)
		p.claim(b > 0.2, "With tempering it is found.", "%.3f of the particles", b)
		p.claim(math.Abs(b-0.75) > 0.05, "But its share is not that of the target.", "%.3f, not 0.75", b)
		over := report.Range{Min: -8, Max: 8}
		p.Figure = report.Figure{Title: "where particles end", Panels: []report.Panel{{XLabel: "x", NoY: true, X: over, Marks: []report.Mark{
			report.Histogram(plain.result.Cloud.X, nil, over, 60, report.Palette(0), false), report.Histogram(tempered.result.Cloud.X, nil, over, 60, report.Palette(1), false)}}}, Legend: legend("plain", "tempered")}
		return p, nil
	}}
}
