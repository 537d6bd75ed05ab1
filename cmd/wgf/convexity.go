package main

import (
	"fmt"
	"io"
	"math"

	"wgf/convexity"
	"wgf/flow"
	"wgf/functional"
	"wgf/internal/rng"
	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
	"wgf/report"
	"wgf/store"
	"wgf/target"
)

type convexityCmd struct {
	Of        convexityOfCmd        `cmd:"" default:"withargs" help:"A functional along a geodesic, and the modulus of convexity that it shows."`
	Rate      convexityRateCmd      `cmd:"" help:"How fast two runs of a flow approach each other and the target."`
	Flow      convexityFlowCmd      `cmd:"" help:"A recorded run: rates, the evolution variational inequality, dissipation."`
	Constants convexityConstantsCmd `cmd:"" help:"Poincare and log-Sobolev constants of a target, and what they say about samplers."`
}

type convexityOfCmd struct {
	Functional  string `arg:"" help:"Name[:param=value,...] of a functional of wgf flow; or entropy (of Gaussians), w2 (half the squared distance to --samples)."`
	Target      string `placeholder:"NAME[:param=value,...]" help:"An analytic target; wgf targets lists them."`
	Samples     string `placeholder:"FILE" help:"Points of the target."`
	Kernel      string `placeholder:"FAMILY[:RULE|:bandwidth=H]" default:"gaussian:median" help:"Kernel of functionals that take one (${default})."`
	From        string `placeholder:"FILE|gaussian:mean=M,std=S" help:"Measure at time 0; without both ends the worst pair is searched for."`
	To          string `placeholder:"FILE|gaussian:mean=M,std=S" help:"Measure at time 1."`
	Generalised string `placeholder:"FILE" help:"Points of a base: the generalised geodesic from it."`
	Times       int    `default:"20" placeholder:"N" help:"Intervals of time (${default})."`
	Pairs       int    `default:"300" placeholder:"N" help:"Pairs of measures that a search looks at (${default})."`
	Dim         int    `placeholder:"D" help:"Dimension of a search without a target."`
	Plot        string `placeholder:"PATH" help:"Draw the values to a .png, .svg or .pdf file."`
	shared
}

func (convexityOfCmd) Help() string {
	return `F is lambda-convex if F(mu_t) <= (1-t) F(mu_0) + t F(mu_1) - lambda/2 t (1-t) W2^2(mu_0, mu_1) along geodesics, as f on
R^d is along straight lines. What one pair of measures shows is an upper bound of lambda; without --from and --to the
worst of many pairs is searched for, clouds of four particles or Gaussians.

Examples:
  wgf convexity kl --target gaussian:dim=2,condition=4
  wgf convexity entropy --from gaussian:std=1 --to gaussian:mean=3,std=0.5 --dim 2
  wgf convexity mmd --target mixture --kernel gaussian:bandwidth=1
  wgf convexity energy --target gaussian:dim=1
  wgf convexity ksd --target gaussian:dim=1 --kernel gaussian:bandwidth=1 --plot ksd.png`
}

// end is the measure at time 0 or 1: a cloud or a Gaussian.
type end struct {
	cloud    *measure.Cloud
	gaussian measure.Gaussian
}

var gaussianEnd = []spec.Param{{Name: "mean", Default: 0, Help: "of every coordinate"}, {Name: "std", Default: 1, Help: "of every coordinate"}}

func readEnd(text string, d int) (end, error) {
	if spec.Name(text) != "gaussian" {
		p, err := store.ReadPoints(text)
		if err != nil {
			return end{}, err
		}
		if d > 0 && p.Cloud.D != d {
			return end{}, usagef("%s has %d coordinates, the target %d", text, p.Cloud.D, d)
		}
		return end{cloud: p.Cloud}, nil
	}
	v, err := spec.Parse("measure", text, gaussianEnd)
	if err != nil {
		return end{}, coded{exitUsage, err}
	}
	std, err := v.Positive("std")
	if err != nil {
		return end{}, coded{exitUsage, err}
	}
	if d == 0 {
		d = 1
	}
	g := measure.Gaussian{Mean: make([]float64, d), Cov: make([]float64, d*d)}
	for k := range d {
		g.Mean[k], g.Cov[k*d+k] = v.Get("mean"), std*std
	}
	return end{gaussian: g}, nil
}

// subject is what is measured.
type subject struct {
	value     convexity.Value
	theory    convexity.Theory
	gaussians bool // finite on Gaussians only
	d         int
	centre    []float64
	scale     float64
}

func (c convexityOfCmd) subject() (*subject, error) {
	s := &subject{d: c.Dim, scale: 1}
	var density target.Density
	var samples *measure.Cloud
	switch {
	case c.Target != "" && c.Samples != "":
		return nil, usagef("convexity: give --target or --samples, not both")
	case c.Target != "":
		var err error
		if density, err = target.Parse(c.Target); err != nil {
			return nil, coded{exitUsage, err}
		}
		s.d = density.Dim()
		if m, ok := density.(target.Moments); ok {
			s.around(m.Mean(), m.Covariance())
		}
	case c.Samples != "":
		p, err := store.ReadPoints(c.Samples)
		if err != nil {
			return nil, err
		}
		samples, s.d = p.Cloud, p.Cloud.D
		s.around(samples.Mean(), samples.Covariance())
	}
	name := spec.Name(c.Functional)
	k, _, err := flow.ParseKernel(c.Kernel)
	if err != nil {
		return nil, coded{exitUsage, err}
	}
	switch name {
	case "entropy":
		s.value, s.gaussians = convexity.Entropy, true
	case "w2":
		if samples == nil {
			return nil, usagef("convexity w2 needs --samples FILE, the points that distances are to")
		}
		s.value = convexity.HalfW2(samples, c.Threads)
	default:
		if density == nil && samples == nil {
			return nil, usagef("convexity %s: name a target: --target NAME or --samples FILE", name)
		}
		f, err := flow.BuildFunctional(flow.Options{Functional: c.Functional, Density: density, Samples: samples, Kernel: c.Kernel, Seed: c.Seed, Threads: c.Threads})
		if err != nil {
			return nil, coded{exitUsage, err}
		}
		if s.value, err = convexity.Of(f); err != nil {
			return nil, coded{exitUsage, err}
		}
		s.gaussians = f.Traits().Entropy != 0
		// A bandwidth follows the target once, so that the functional stays the same.
		if u, ok := f.(functional.Updater); ok {
			if err := u.Update(about(density, samples, s.d, c.Seed), 0); err != nil {
				return nil, err
			}
		}
		if b, ok := f.(interface{ Bandwidth() float64 }); ok {
			k.Bandwidth = b.Bandwidth()
		}
	}
	s.theory = convexity.TheoryOf(name, density, kernel.Kernel{Family: k.Family, Bandwidth: k.Bandwidth}, max(1, s.d))
	return s, nil
}

// about are points where the target is: samples, exact draws, or normal points.
func about(density target.Density, samples *measure.Cloud, d int, seed uint64) *measure.Cloud {
	if samples != nil {
		return samples
	}
	c := measure.New(200, d)
	if sampler, ok := density.(target.Sampler); ok {
		sampler.Sample(c.X, c.N, seed)
		return c
	}
	rng.New(seed, rng.Test).Normals(c.X, d, c.N, 0, 0)
	return c
}

// around starts searches where the target is.
func (s *subject) around(mean, cov []float64) {
	widest := 0.0
	for k := range mean {
		if v := cov[k*len(mean)+k]; v > widest && !math.IsInf(v, 0) {
			widest = v
		}
		if math.IsNaN(mean[k]) || math.IsInf(mean[k], 0) {
			return
		}
	}
	s.centre = mean
	if widest > 0 {
		s.scale = math.Sqrt(widest)
	}
}

func (c convexityOfCmd) Run(s streams) error {
	if err := c.check(); err != nil {
		return err
	}
	what, err := c.subject()
	if err != nil {
		return err
	}
	p, mixture, searched, err := c.measure(s, what)
	if err != nil {
		return err
	}
	verdict := c.verdict(p, what.theory, searched)
	if c.Plot != "" {
		if err := writeFigure(c.Plot, c.figure(p)); err != nil {
			return err
		}
	}
	if c.JSON {
		values := make([][2]number, len(p.Times))
		for k, t := range p.Times {
			values[k] = [2]number{number(t), number(p.Values[k])}
		}
		return printJSON(s.stdout, map[string]any{"modulus": number(p.Modulus), "theory": number(what.theory.Modulus), "verdict": verdict,
			"at": number(p.At), "second_difference": number(p.SecondDifference), "distance": number(math.Sqrt(p.Distance2)), "pairs": searched, "values": values})
	}
	c.print(s.stdout, p, mixture, what.theory, verdict, searched)
	return nil
}

func (c convexityOfCmd) check() error {
	switch {
	case c.shared.check() != nil:
		return c.shared.check()
	case (c.From == "") != (c.To == ""):
		return usagef("convexity: give both --from and --to, or neither to search for the worst pair")
	case c.Generalised != "" && c.From == "":
		return usagef("--generalised %s needs --from and --to", c.Generalised)
	case c.Times < 2 || c.Times > 10000:
		return usagef("--times %d: want 2 to 10000", c.Times)
	case c.Pairs < 1:
		return usagef("--pairs %d: want a positive number", c.Pairs)
	case c.Dim < 0:
		return usagef("--dim %d: want a positive number", c.Dim)
	}
	if c.Plot == "" {
		return nil
	}
	if _, err := report.PlotFormat(c.Plot); err != nil {
		return coded{exitUsage, err}
	}
	return store.CheckFile(c.Plot)
}

// measure returns the profile of the pair that was named, beside that of the mixture if
// both are clouds, or of the worst pair and how many were looked at.
func (c convexityOfCmd) measure(s streams, what *subject) (p, mixture *convexity.Profile, searched int, err error) {
	if c.From == "" {
		search := convexity.Search{D: max(1, what.d), Center: what.centre, Scale: what.scale, Gaussians: what.gaussians, Tries: c.Pairs, Seed: c.Seed, Threads: c.Threads}
		w, err := search.Run(s.ctx, what.value)
		if err != nil {
			return nil, nil, 0, err
		}
		return w.Profile, nil, w.Pairs, nil
	}
	d := what.d
	a, err := readEnd(c.From, d)
	if err != nil {
		return nil, nil, 0, err
	}
	if d == 0 && a.cloud != nil {
		d = a.cloud.D
	}
	b, err := readEnd(c.To, d)
	if err != nil {
		return nil, nil, 0, err
	}
	if (a.cloud == nil) != (b.cloud == nil) {
		return nil, nil, 0, usagef("convexity: --from %s and --to %s: want two files of points or two Gaussians", c.From, c.To)
	}
	var curve *convexity.Curve
	switch {
	case a.cloud == nil && c.Generalised != "":
		return nil, nil, 0, usagef("--generalised is for files of points")
	case a.cloud == nil:
		curve, err = convexity.Gaussians(a.gaussian, b.gaussian)
	case c.Generalised != "":
		base, failed := store.ReadPoints(c.Generalised)
		if failed != nil {
			return nil, nil, 0, failed
		}
		curve, err = convexity.Generalised(s.ctx, base.Cloud, a.cloud, b.cloud, c.Threads)
	default:
		curve, err = convexity.Geodesic(s.ctx, a.cloud, b.cloud, c.Threads)
	}
	if err != nil {
		return nil, nil, 0, err
	}
	if p, err = convexity.Along(s.ctx, curve, what.value, c.Times); err != nil {
		return nil, nil, 0, err
	}
	if a.cloud != nil && c.Generalised == "" {
		if line, err := convexity.Mixture(s.ctx, a.cloud, b.cloud, c.Threads); err == nil {
			mixture, _ = convexity.Along(s.ctx, line, what.value, c.Times)
		}
	}
	return p, mixture, 0, nil
}

// verdict never claims more than was seen: pairs give upper bounds of the modulus.
func (c convexityOfCmd) verdict(p *convexity.Profile, theory convexity.Theory, searched int) string {
	where := "on this pair"
	if searched > 0 {
		where = fmt.Sprintf("on the worst of %d pairs", searched)
	}
	slack := p.Rounding + 1e-9
	text := fmt.Sprintf("convex with modulus %.6g %s, an upper bound of the modulus", p.Modulus, where)
	if p.Modulus < -slack {
		text = fmt.Sprintf("not convex: the modulus is at most %.6g, %s", p.Modulus, where)
	}
	switch {
	case math.IsNaN(theory.Modulus):
		return text + "; theory: " + theory.Text
	case p.Modulus < theory.Modulus-slack-1e-6*math.Abs(theory.Modulus) && p.Kind != "mixture":
		return text + fmt.Sprintf("; this contradicts theory (%.6g)", theory.Modulus)
	case theory.Exact:
		return text + fmt.Sprintf("; theory: the modulus is %.6g", theory.Modulus)
	}
	return text + fmt.Sprintf("; theory: the modulus is at least %.6g", theory.Modulus)
}

func (c convexityOfCmd) print(w io.Writer, p, mixture *convexity.Profile, theory convexity.Theory, verdict string, searched int) {
	head := "F on the " + p.Kind
	fmt.Fprintf(w, "%8s %16s", "t", head)
	if mixture != nil {
		fmt.Fprintf(w, " %20s", "on the mixture")
	}
	fmt.Fprintln(w)
	for k, t := range p.Times {
		fmt.Fprintf(w, "%8.4g %*.8g", t, max(16, len(head)), p.Values[k])
		if mixture != nil {
			fmt.Fprintf(w, " %20.8g", mixture.Values[k])
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\nmodulus            %.6g at t = %.4g\nsecond difference  %.6g at the least\ndistance           %.6g\n", p.Modulus, p.At, p.SecondDifference, math.Sqrt(p.Distance2))
	if theory.Source != "" && !c.Quiet {
		fmt.Fprintf(w, "theory             %s (%s)\n", theory.Text, theory.Source)
	}
	fmt.Fprintf(w, "\n%s.\n", verdict)
}

// figure shows the values beside the chord.
func (c convexityOfCmd) figure(p *convexity.Profile) report.Figure {
	n := len(p.Times) - 1
	chord := report.Line{X: []float64{0, 1}, Y: []float64{p.Values[0], p.Values[n]}, Colour: report.Grey, Dashed: true}
	bound := report.Line{Colour: report.Vermilion, Dashed: true}
	for _, t := range p.Times {
		bound.X = append(bound.X, t)
		bound.Y = append(bound.Y, (1-t)*p.Values[0]+t*p.Values[n]-p.Modulus/2*t*(1-t)*p.Distance2)
	}
	return report.Figure{Title: c.Functional + " along the " + p.Kind, Panels: []report.Panel{{XLabel: "t", YLabel: "F",
		Marks: []report.Mark{chord, bound, report.Line{X: p.Times, Y: p.Values, Colour: report.Blue}}}},
		Legend: []report.Entry{{Name: "F", Colour: report.Blue, Line: true}, {Name: "chord", Colour: report.Grey, Line: true},
			{Name: "bound with the modulus found", Colour: report.Vermilion, Line: true}},
		Caption: fmt.Sprintf("modulus %.4g at t = %.3g", p.Modulus, p.At)}
}
