package lesson

import (
	"context"
	"math"

	"wgf/convexity"
	"wgf/flow"
	"wgf/measure"
	"wgf/report"
	"wgf/target"
)

// quantiles is n particles at the quantiles of N(m, s^2).
func quantiles(n int, m, s float64) *measure.Cloud {
	c := measure.New(n, 1)
	for i := range c.X {
		c.X[i] = m + s*math.Sqrt2*math.Erfinv(2*(float64(i)+0.5)/float64(n)-1)
	}
	return c
}

func convexityLesson() Lesson {
	return Lesson{"convexity", "What geodesic convexity buys", func(ctx context.Context, seed uint64, threads int) (*Page, error) {
		p := &Page{Source: "Ambrosio, Gigli, Savaré 2008, theorem 11.2.1; von Renesse, Sturm 2005"}
		p.say("If f on R^d is lambda-convex, two gradient descents from different starts approach each other like exp(-lambda t): nothing depends on the start in the end. If F is lambda-convex along geodesics, two gradient flows of measures do the same in W2. KL to exp(-V) is lambda-convex when V is. Two runs of Langevin with the same noise show it: on a normal target they meet; between two modes, where V is not convex, they do not.")
		var panel report.Panel
		var between [2][]float64
		var times []float64
		for k, spec := range []string{"gaussian:dim=1", "mixture:dim=1,separation=8"} {
			density, err := target.Parse(spec)
			if err != nil {
				return nil, err
			}
			var runs [2]*recorded
			for i, at := range []float64{-4, 4} {
				if runs[i], err = run(ctx, flow.Options{Recipe: "ula", Density: density, Init: quantiles(200, at, 1), Steps: 300, StepSize: 0.01, Every: 10, Seed: seed, Threads: threads}); err != nil {
					return nil, err
				}
			}
			times = runs[0].times
			for i := range times {
				w, err := convexity.Between(ctx, runs[0].clouds[i], runs[1].clouds[i], threads)
				if err != nil {
					return nil, err
				}
				between[k] = append(between[k], w)
			}
			panel.Marks = append(panel.Marks, line(times, logs(between[k]), k))
		}
		rate, err := convexity.Fit(times, between[0], 0)
		if err != nil {
			return nil, err
		}
		last := len(times) - 1
		p.claim(math.Abs(rate.Value-1) < 0.02, "Normal target, lambda = 1: W2 between the runs falls at rate 1.", "rate %.3f, W2 from %.2f to %.2f", rate.Value, between[0][0], between[0][last])
		p.claim(between[1][last] > 0.5*between[1][0], "Two modes: the runs stay in theirs.", "W2 from %.2f to %.2f", between[1][0], between[1][last])
		panel.XLabel, panel.YLabel = "t", "log10 W2 between the runs"
		p.Figure = report.Figure{Title: "two runs with the same noise", Panels: []report.Panel{panel}, Legend: legend("normal target", "two modes")}
		return p, nil
	}}
}

func sameGaussian() Lesson {
	return Lesson{"same-gaussian", "Langevin, SVGD and Fisher-Rao on the same Gaussian", func(ctx context.Context, seed uint64, threads int) (*Page, error) {
		p := &Page{Source: "Duncan, Nüsken, Szpruch 2023; Lu, Slepčev, Wang 2023"}
		p.say("One functional, KL to N(0, 1), three geometries. Wasserstein moves particles by the gradient (and noise stands for the entropy); Stein moves them by the gradient smoothed with a kernel; Fisher-Rao does not move them but changes their weights, so that it needs particles where the target is and pays with the effective sample size.")
		density := normal(1)
		start := quantiles(1000, 1, 2)
		var panel report.Panel
		names := []string{"Langevin", "SVGD", "Fisher-Rao"}
		for k, o := range []flow.Options{
			{Functional: "kl", Geometry: "wasserstein", Scheme: "langevin"},
			{Functional: "kl", Geometry: "stein", Scheme: "euler"},
			{Functional: "kl", Geometry: "fisher-rao", Scheme: "splitting", Kernel: "gaussian:bandwidth=0.15"},
		} {
			o.Density, o.Init, o.Steps, o.StepSize, o.Every, o.Seed, o.Threads = density, start, 300, 0.01, 10, seed, threads
			r, err := run(ctx, o)
			if err != nil {
				return nil, err
			}
			var kl []float64
			for _, c := range r.clouds {
				gap, err := convexity.GaussianGap(c, density)
				if err != nil {
					return nil, err
				}
				kl = append(kl, math.Max(gap.KL, 1e-6))
			}
			last := len(kl) - 1
			ess := r.result.Cloud.ESS()
			p.claim(kl[last] < 0.5*kl[0], names[k]+" brings KL (of the moments) down in time 3.", "%.3f to %.4f, effective sample size %.0f of 1000", kl[0], kl[last], ess)
			panel.Marks = append(panel.Marks, line(r.times, logs(kl), k))
		}
		panel.XLabel, panel.YLabel = "t", "log10 KL"
		p.Figure = report.Figure{Title: "one functional, three geometries", Panels: []report.Panel{panel}, Legend: legend(names...)}
		return p, nil
	}}
}
