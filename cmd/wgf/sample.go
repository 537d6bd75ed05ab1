package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"wgf"
	"wgf/report"
	"wgf/sampler"
	"wgf/store"
)

type sampleCmd struct {
	modelArgs
	Target       string   `placeholder:"NAME[:param=value,...]" help:"An analytic target instead of a program; wgf targets lists them."`
	Draws        int      `default:"1024" help:"Draws to write, in all (${default}); rounded up to a multiple of the particles."`
	ESS          float64  `name:"ess" default:"1000" help:"Effective sample size to reach in every quantity (${default})."`
	Particles    int      `help:"Size of the ensemble: 128 by default, 256 for 65 to 256 dimensions; rounded up to a multiple of 32."`
	Init         string   `placeholder:"FILE|RADIUS" help:"Where to start: a JSON file of values on the constrained scale (some or all; an array gives one point a superchain), or the radius of the uniform start on the unconstrained scale (2)."`
	MaxTime      duration `placeholder:"DURATION" help:"End after this time, as 30s, 5m or seconds; no limit by default."`
	MaxGradients int      `placeholder:"N" help:"End after this many gradients a particle (20000)."`
	Out          string   `short:"o" placeholder:"PATH" help:"Write the draws: run.zarr (ArviZ), draws.csv (one CmdStan file a chain), draws.npz, draws.npy."`
	OutFormat    string   `placeholder:"FORMAT" enum:",cmdstan,table,zarr,npy,npz" default:"" help:"Format of --out where the extension leaves a choice: cmdstan (default for .csv) or table."`
	shared
}

func (sampleCmd) Help() string {
	return `An ensemble of particles travels to the posterior, then samples it with every tuning parameter frozen and each
proposal tested. The run goes on until the effective sample size is reached in every quantity, and says so in
words and by exit code 3 if the draws are not to be trusted.

Examples:
  wgf sample model.stan model.data.json
  wgf sample model.stan model.data.json --out run.zarr
  wgf sample model.stan model.data.json --draws 4000 --ess 4000 --json
  wgf sample --target funnel:dim=10 --max-time 10s`
}

// sampleResult is the object that --json prints.
type sampleResult struct {
	Status    string       `json:"status"`
	Dimension int          `json:"dimension"`
	Particles int          `json:"particles"`
	Gradients int64        `json:"gradients"`
	Seed      uint64       `json:"seed"`
	Seconds   seconds      `json:"seconds"`
	Variables []report.Row `json:"variables"`
	Advice    []string     `json:"advice"`
	Notes     []string     `json:"notes,omitempty"`
	Files     []string     `json:"files,omitempty"`
}

type seconds struct {
	Compile number `json:"compile"`
	Sample  number `json:"sample"`
	Total   number `json:"total"`
}

func (c sampleCmd) Run(s streams) error {
	if err := c.check(); err != nil {
		return err
	}
	began := time.Now()
	p, err := c.problem(s)
	if err != nil {
		return err
	}
	compiled := time.Since(began)
	options := sampler.Options{
		Seed: c.Seed, Particles: c.Particles, Draws: c.Draws, TargetESS: c.ESS, Threads: c.Threads,
		MaxTime: time.Duration(c.MaxTime), MaxGradients: c.MaxGradients,
	}
	if err := c.init(s, p, &options); err != nil {
		return err
	}
	show := newProgress(c.Progress, c.Quiet, s.stderr)
	options.Progress = show.update
	from := time.Now()
	result, err := sampler.Run(s.ctx, p.density(), options)
	show.done()
	if err != nil {
		return err
	}
	sampled := time.Since(from)
	if result.Times == 0 {
		return c.nothing(s, result, compiled, sampled, began)
	}

	post := posterior{problem: p, Result: result, threads: c.Threads}
	if err := post.generate(s.ctx); err != nil {
		return err
	}
	rows := post.summaries()
	advice := append(append([]string{}, result.Advice...), post.advice...)
	var files []string
	if c.Out != "" {
		draws := post.draws()
		draws.Record = c.record(result, advice, began, compiled, sampled)
		if files, err = store.Write(c.Out, draws, store.Options{Format: store.Format(c.OutFormat)}); err != nil {
			return err
		}
	}
	total := time.Since(began)
	if c.JSON {
		err = printJSON(s.stdout, sampleResult{
			Status: result.Status.String(), Dimension: result.Dim, Particles: result.Particles, Gradients: result.Gradients,
			Seed:      c.Seed,
			Seconds:   seconds{number(compiled.Seconds()), number(sampled.Seconds()), number(total.Seconds())},
			Variables: report.Rows(rows), Advice: advice, Notes: result.Notes, Files: files,
		})
	} else {
		err = c.print(s, post, report.LogDensityFirst(rows), advice, files, total)
	}
	if err != nil {
		return err
	}
	return ending(result.Status)
}

// check refuses combinations of flags that make no sense, before any work.
func (c sampleCmd) check() error {
	if err := c.shared.check(); err != nil {
		return err
	}
	switch {
	case c.Model == "" && c.Target == "":
		return usagef("sample: name a Stan program, as in wgf sample MODEL.stan DATA.json, or a target, as in wgf sample --target banana")
	case c.Model != "" && c.Target != "":
		return usagef("sample: a Stan program and --target %s exclude each other", c.Target)
	case c.Draws <= 0:
		return usagef("--draws %d: want a positive number", c.Draws)
	case !(c.ESS > 0) || math.IsInf(c.ESS, 1):
		return usagef("--ess %v: want a positive number", c.ESS)
	case c.Particles < 0:
		return usagef("--particles %d: want a positive number", c.Particles)
	case c.MaxTime < 0:
		return usagef("--max-time %v: want a positive duration", time.Duration(c.MaxTime))
	case c.MaxGradients < 0:
		return usagef("--max-gradients %d: want a positive number", c.MaxGradients)
	case c.Out == "" && c.OutFormat != "":
		return usagef("--out-format %s needs --out PATH", c.OutFormat)
	}
	if c.Out != "" {
		return store.Check(c.Out, chains, store.Options{Format: store.Format(c.OutFormat)})
	}
	return nil
}

// nothing ends a run that made no draws.
func (c sampleCmd) nothing(s streams, result *sampler.Result, compiled, sampled time.Duration, began time.Time) error {
	if c.JSON {
		err := printJSON(s.stdout, sampleResult{
			Status: result.Status.String(), Dimension: result.Dim, Particles: result.Particles, Gradients: result.Gradients,
			Seed:      c.Seed,
			Seconds:   seconds{number(compiled.Seconds()), number(sampled.Seconds()), number(time.Since(began).Seconds())},
			Variables: []report.Row{}, Advice: append([]string{}, result.Advice...), Notes: result.Notes,
		})
		if err != nil {
			return err
		}
		return ending(result.Status)
	}
	why := strings.Join(result.Advice, " ")
	if result.Status == sampler.Interrupted {
		why = "interrupted before the first draw; nothing was written"
	}
	code := exitFailed
	var end coded
	if errors.As(ending(result.Status), &end) {
		code = end.code
	}
	return coded{code, errors.New(why)}
}

// ending is the error, if any, that gives the exit code of a status.
func ending(status sampler.Status) error {
	switch status {
	case sampler.OK:
		return nil
	case sampler.Interrupted:
		return coded{code: exitInterrupted}
	case sampler.Failed:
		return coded{code: exitFailed}
	}
	return coded{code: exitUntrusted}
}

// record is what the files say about the run.
func (c sampleCmd) record(r *sampler.Result, advice []string, began time.Time, compiled, sampled time.Duration) store.Record {
	o := r.Options
	option := func(name string, value any) store.Option { return store.Option{Name: name, Value: fmt.Sprint(value)} }
	record := store.Record{
		Program: wgf.Name, Version: wgf.Version, Command: os.Args[1:], Model: c.Model, Data: c.Data, Algorithm: "ensemble",
		Started: began, Seed: c.Seed, Status: r.Status.String(), Advice: advice,
		Options: []store.Option{
			option("particles", o.Particles), option("draws", o.Draws), option("target_ess", o.TargetESS),
			option("max_time", o.MaxTime), option("max_gradients", o.MaxGradients), option("target_acceptance", o.TargetAcceptance),
		},
		Seconds:   store.Seconds{Compile: compiled.Seconds(), Sample: sampled.Seconds(), Total: time.Since(began).Seconds()},
		Gradients: r.Gradients, Particles: r.Particles, Dimension: r.Dim, Thin: r.Stride,
	}
	if c.Target != "" {
		record.Model = c.Target
	}
	for _, stage := range r.Stages {
		if stage.Name != "sampling" {
			record.Seconds.WarmUp += stage.Time.Seconds()
			record.WarmUp += stage.Depth
		}
	}
	record.Seconds.Sample -= record.Seconds.WarmUp
	return record
}
