package lesson

import (
	"context"
	"fmt"
	"math"

	"wgf/convexity"
	"wgf/flow"
	"wgf/functional"
	"wgf/kernel"
	"wgf/measure"
	"wgf/report"
	"wgf/target"
)

func points(p ...[]float64) *measure.Cloud {
	c, err := measure.FromPoints(p)
	if err != nil {
		panic(err) // they are written below
	}
	return c
}

func profile(title string, p *convexity.Profile) report.Panel {
	n := len(p.Times) - 1
	return report.Panel{Title: title, XLabel: "t", Marks: []report.Mark{
		report.Line{X: []float64{0, 1}, Y: []float64{p.Values[0], p.Values[n]}, Colour: report.Grey, Dashed: true}, line(p.Times, p.Values, 0)}}
}

func entropyLesson() Lesson {
	return Lesson{"entropy", "Entropy is convex along mixtures and along geodesics: why only one of them matters here", func(ctx context.Context, _ uint64, threads int) (*Page, error) {
		p := &Page{Source: "McCann 1997"}
		p.say("There are two ways from N(-2, 0.25) to N(2, 0.25). The mixture (1-t) mu + t nu fades one out and the other in; the geodesic moves the bump. The entropy int rho log rho is convex along both. Gradient flows for W2 move mass, so that convexity along the geodesic is what makes them contract. A potential shows the difference: int V dmu is linear along the mixture whatever V is, so that convexity there says nothing of V.")
		a, b := measure.Gaussian{Mean: []float64{-2}, Cov: []float64{0.25}}, measure.Gaussian{Mean: []float64{2}, Cov: []float64{0.25}}
		c, err := convexity.Gaussians(a, b)
		if err != nil {
			return nil, err
		}
		along, err := convexity.Along(ctx, c, convexity.Entropy, 20)
		if err != nil {
			return nil, err
		}
		p.claim(along.Modulus >= -1e-9, "Along the geodesic, a translation, the entropy does not change: modulus 0.", "modulus %.2g", along.Modulus)
		// The mixture's entropy by quadrature.
		var times, values []float64
		for k := range 21 {
			t := float64(k) / 20
			sum := 0.0
			for i := range 4000 {
				x := -6 + 12*(float64(i)+0.5)/4000
				d := (1-t)*math.Exp(-2*(x+2)*(x+2)) + t*math.Exp(-2*(x-2)*(x-2))
				if d *= 2 / math.Sqrt(2*math.Pi); d > 0 {
					sum += d * math.Log(d) * 12 / 4000
				}
			}
			times, values = append(times, t), append(values, sum)
		}
		least := math.Inf(1)
		for k := 1; k < 20; k++ {
			least = min(least, values[k-1]-2*values[k]+values[k+1])
		}
		p.claim(least > 0, "Along the mixture it is strictly convex: mixing makes it lower.", "least second difference %.3g, %.3f at the ends, %.3f in the middle", least, values[0], values[10])
		double := target.New(1, func(x, g []float64) float64 { // V = (x^2 - 1)^2, not convex
			if g != nil {
				g[0] = -4 * x[0] * (x[0]*x[0] - 1)
			}
			return -(x[0]*x[0] - 1) * (x[0]*x[0] - 1)
		})
		v, err := convexity.Of(functional.NewKL(double, threads))
		if err != nil {
			return nil, err
		}
		over, err := convexity.Gaussians(measure.Gaussian{Mean: []float64{-1}, Cov: []float64{0.04}}, measure.Gaussian{Mean: []float64{1}, Cov: []float64{0.04}})
		if err != nil {
			return nil, err
		}
		well, err := convexity.Along(ctx, over, v, 20)
		if err != nil {
			return nil, err
		}
		p.claim(well.Modulus < 0, "KL to exp(-(x^2-1)^2), two wells, is not convex along the geodesic from one well to the other, although it is along every mixture.", "modulus at most %.3f", well.Modulus)
		mixture := report.Panel{Title: "entropy along the mixture", XLabel: "t", Marks: []report.Mark{line(times, values, 1)}}
		p.Figure = report.Figure{Title: "two ways between two normal laws", Width: 180, Panels: []report.Panel{profile("entropy along the geodesic", along), mixture, profile("KL, two wells, geodesic", well)}}
		return p, nil
	}}
}

func halfW2() Lesson {
	return Lesson{"half-w2", "Half the squared W2 distance is not geodesically convex in the plane", func(ctx context.Context, _ uint64, threads int) (*Page, error) {
		p := &Page{Source: "Ambrosio, Gigli, Savaré 2008, example 9.1.5"}
		p.say("On R^d, |x-y|^2/2 is 1-convex in x: the reason why proximal steps are well behaved. On measures, W2^2(mu, nu)/2 is 1-convex on the line. In the plane particles may exchange partners on the way: two pairs of points, (s, 2) and (-s, -2), and (-s, 2) and (s, -2), against nu at (1, 0) and (-1, 0).")
		nu := points([]float64{1, 0}, []float64{-1, 0})
		var ss, found []float64
		var last *convexity.Profile
		for _, s := range []float64{1, 0.75, 0.5, 0.25} {
			a, b := points([]float64{s, 2}, []float64{-s, -2}), points([]float64{-s, 2}, []float64{s, -2})
			c, err := convexity.Geodesic(ctx, a, b, threads)
			if err != nil {
				return nil, err
			}
			if last, err = convexity.Along(ctx, c, convexity.HalfW2(nu, threads), 20); err != nil {
				return nil, err
			}
			ss, found = append(ss, s), append(found, last.Modulus)
			p.claim(math.Abs(last.Modulus-(1-2/s)) < 1e-6, fmt.Sprintf("s = %g: the modulus along the geodesic is 1 - 2/s = %.4g, unbounded as s falls.", s, 1-2/s), "%.6g at t = %.2f", last.Modulus, last.At)
			g, err := convexity.Generalised(ctx, nu, a, b, threads)
			if err != nil {
				return nil, err
			}
			q, err := convexity.Along(ctx, g, convexity.HalfW2(nu, threads), 20)
			if err != nil {
				return nil, err
			}
			if s == 0.25 {
				p.claim(q.Modulus > 1-1e-6, "Along the generalised geodesic, where each point of nu keeps its partners, it is 1-convex: enough for the theory of the JKO scheme.", "%.6g", q.Modulus)
			}
		}
		p.Figure = report.Figure{Title: "half the squared distance", Width: 200, Panels: []report.Panel{profile("along the geodesic, s = 0.25", last), {Title: "modulus against s", XLabel: "s", Marks: []report.Mark{line(ss, found, 1)}}}}
		return p, nil
	}}
}

func discrepancies() Lesson {
	return Lesson{"discrepancies", "MMD and KSD are not convex, and a flow of KSD that is stuck", func(ctx context.Context, seed uint64, threads int) (*Page, error) {
		p := &Page{Source: "Arbel, Korba, Salim, Gretton 2019; Korba, Aubin-Frankowski, Majewski, Ablin 2021"}
		p.say("MMD^2/2 under a smooth kernel is convex along mixtures, a square in a Hilbert space, but not along geodesics: it is at least -2L-convex with L = 1/h^2. KSD^2/2 is such a square too, and no better.")
		k := kernel.Kernel{Bandwidth: 1}
		y := points([]float64{0}, []float64{0.5}, []float64{2})
		mmd, err := convexity.Of(functional.NewMMD(k, kernel.Median, kernel.Of(y), threads))
		if err != nil {
			return nil, err
		}
		search := convexity.Search{D: 1, Scale: 1, Tries: 200, Seed: seed, Threads: threads}
		w, err := search.Run(ctx, mmd)
		if err != nil {
			return nil, err
		}
		p.claim(w.Profile.Modulus < 0 && w.Profile.Modulus > -2, "MMD: a pair with a negative modulus above -2 is found.", "%.3f", w.Profile.Modulus)
		ksd := &functional.KSD{KL: *functional.NewKL(normal(1), threads)}
		ksd.Asked = k
		f, err := convexity.Of(ksd)
		if err != nil {
			return nil, err
		}
		v, err := search.Run(ctx, f)
		if err != nil {
			return nil, err
		}
		p.claim(v.Profile.Modulus < 0, "KSD to a normal law: a pair with a negative modulus is found.", "%.3f", v.Profile.Modulus)
		p.say("The flow of KSD keeps to planes of symmetry: particles on the axis between two modes never leave it, while KSD stays large.")
		density, err := target.Parse("mixture:dim=2,separation=2,std=0.3")
		if err != nil {
			return nil, err
		}
		start := measure.New(30, 2)
		for i := range 30 {
			start.X[30+i] = math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/30-1)
		}
		r, err := run(ctx, flow.Options{Recipe: "ksd-descent", Density: density, Init: start, Kernel: "gaussian:bandwidth=0.3", Steps: 100, Every: 100, Seed: seed, Threads: threads})
		if err != nil {
			return nil, err
		}
		off := 0.0
		for _, x := range r.result.Cloud.X[:30] {
			off = max(off, math.Abs(x))
		}
		p.claim(off < 1e-6, "No particle leaves the axis.", "the farthest is %.1g off it, the modes are at -1 and 1; KSD %.2f", off, r.result.Trace[len(r.result.Trace)-1].Metrics["ksd"])
		c := r.result.Cloud
		p.Figure = report.Figure{Title: "not convex", Width: 180, Panels: []report.Panel{profile("MMD^2/2, worst pair", w.Profile), profile("KSD^2/2, worst pair", v.Profile),
			{Title: "KSD descent from the axis", X: report.Range{Min: -2, Max: 2}, Marks: []report.Mark{report.Dots{X: c.Coordinate(0), Y: c.Coordinate(1), Colour: report.Vermilion}, report.Dots{X: []float64{-1, 1}, Y: []float64{0, 0}, Colour: report.Grey, Radius: 6}}}}}
		return p, nil
	}}
}

func logSobolev() Lesson {
	return Lesson{"log-sobolev", "Log-Sobolev without convexity", func(ctx context.Context, _ uint64, _ int) (*Page, error) {
		p := &Page{Source: "Bakry, Émery 1985; Bobkov, Götze 1999"}
		p.say("On R^d the inequality of Polyak and Lojasiewicz, |grad f|^2 >= 2 lambda (f - min f), gives the rate of strong convexity without convexity. On measures it is the log-Sobolev inequality, I(mu|pi) >= 2 lambda KL(mu|pi): relative entropy falls at rate 2 lambda. Strong convexity of V implies it; two modes break convexity but not log-Sobolev, at a price that is exponential in their distance.")
		var as, gaps []float64
		for _, a := range []float64{0.5, 1, 1.5, 2, 3, 4} {
			density, err := target.Parse(fmt.Sprintf("mixture:dim=1,separation=%g", 2*a))
			if err != nil {
				return nil, err
			}
			c, err := convexity.ConstantsOf(density)
			if err != nil {
				return nil, err
			}
			as, gaps = append(as, a), append(gaps, c.Poincare.Low)
			if a == 0.5 || a == 2 || a == 4 {
				p.claim((c.Convexity > 0) == (a < 1) && c.LogSobolev.Low > 0, fmt.Sprintf("Modes at -%g and %g, of standard deviation 1: V is convex if and only if they are within 1 of the middle; the log-Sobolev constant is positive either way.", a, a),
					"convexity %.3g, spectral gap %.3g, log-Sobolev between %.2g and %.2g", c.Convexity, c.Poincare.Low, c.LogSobolev.Low, c.LogSobolev.High)
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		n := len(gaps)
		p.claim(gaps[n-1] < gaps[n-2]*math.Exp(-2.5), "From a = 3 to 4 the gap falls by more than tenfold; the barrier alone would give exp(-(16-9)/2) = 0.03, and a factor that grows with a goes on top.", "by %.3f", gaps[n-1]/gaps[n-2])
		p.Figure = report.Figure{Title: "spectral gap of two modes", Panels: []report.Panel{{XLabel: "a", YLabel: "log10 gap", Marks: []report.Mark{line(as, logs(gaps), 0)}}}}
		return p, nil
	}}
}

func rates() Lesson {
	return Lesson{"rates", "How a rate follows from functional and geometry: Langevin and Kalman on one Gaussian", func(ctx context.Context, seed uint64, threads int) (*Page, error) {
		p := &Page{Source: "Garbuno-Inigo, Nüsken, Reich 2020; Bolley, Gentil, Guillin 2012"}
		p.say("The functional is the relative entropy to N(0, diag(1, 1/25)), the geometry that of W2 or that of Kalman-Wasserstein, which measures motions in units of the cloud's covariance. In W2 the slow direction has curvature 1 and the fast one 25; steps must be small for the fast one. In the Kalman geometry all directions of a Gaussian are alike.")
		density := normal(1, 0.04)
		start := func() *measure.Cloud {
			c, err := measure.Gaussian{Mean: []float64{3, 0.6}, Cov: []float64{4, 0, 0, 0.16}}.Sample(400, 1)
			if err != nil {
				panic(err) // the covariance is positive
			}
			return c
		}
		var panel report.Panel
		var fitted []convexity.Rate
		for k, recipe := range []string{"ula", "aldi"} {
			r, err := run(ctx, flow.Options{Recipe: recipe, Density: density, Init: start(), Steps: 300, StepSize: 0.005, Every: 10, Seed: seed, Threads: threads})
			if err != nil {
				return nil, err
			}
			var mean []float64
			for _, c := range r.clouds {
				m := c.Mean()
				mean = append(mean, math.Hypot(m[0], 5*m[1]))
			}
			from := len(mean) / 4 // after the fast direction
			rate, err := convexity.Fit(r.times[from:], mean[from:], 0.1)
			if err != nil {
				return nil, err
			}
			fitted = append(fitted, rate)
			panel.Marks = append(panel.Marks, line(r.times, logs(mean), k))
		}
		p.claim(math.Abs(fitted[0].Value-1) < 0.15, "Langevin: the mean falls at the rate of the slow direction, 1, after the fast one has gone.", "%.2f +- %.2f", fitted[0].Value, fitted[0].Error)
		p.claim(fitted[1].Value > 0.9, "Kalman: at about rate 1 or faster, whatever the conditioning, and faster while the cloud is wider than the target.", "%.2f +- %.2f", fitted[1].Value, fitted[1].Error)
		panel.XLabel, panel.YLabel = "t", "log10 |mean|, in target units"
		p.Figure = report.Figure{Title: "one Gaussian, two geometries", Panels: []report.Panel{panel}, Legend: legend("Langevin", "Kalman")}
		return p, nil
	}}
}
