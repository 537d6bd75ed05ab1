package main

import (
	"wgf/diagnostics"
	"wgf/report"
	"wgf/store"
)

type summaryCmd struct {
	Draws []string `arg:"" help:"Files of draws: CmdStan CSV (one a chain), a CSV table, a Zarr store, NPY or NPZ."`
	Style string   `default:"wgf" enum:"wgf,arviz,stan" help:"Columns as wgf, arviz or stan print them (${default})."`
	JSON  bool     `name:"json" help:"Print one JSON object instead of a table."`
}

func (summaryCmd) Help() string {
	return `Mean, Monte Carlo standard error, standard deviation, quantiles, effective sample sizes and rank-normalised
split R-hat (Vehtari, Gelman, Simpson, Carpenter and Buerkner 2021), then what they say about the draws.

Examples:
  wgf summary draws_*.csv
  wgf summary run.zarr --style arviz
  wgf summary output-1.csv output-2.csv output-3.csv output-4.csv --json`
}

// summaryResult is the object that --json prints.
type summaryResult struct {
	Chains    int          `json:"chains"`
	Draws     int          `json:"draws"`
	Variables []report.Row `json:"variables"`
	Advice    []string     `json:"advice"`
}

func (c summaryCmd) Run(s streams) error {
	draws, err := store.Read(c.Draws...)
	if err != nil {
		return err
	}
	rows := diagnostics.SummarizeAll(quantities(draws), 0)
	advice := report.Advice(rows, report.Limits{})
	advice = append(append([]string{}, draws.Notes...), advice...)
	if c.JSON {
		return printJSON(s.stdout, summaryResult{draws.Chains, draws.Chains * draws.DrawsPerChain, report.Rows(rows), advice})
	}
	if err := report.Table(s.stdout, rows, report.Style(c.Style)); err != nil {
		return err
	}
	_, err = report.Verdict(s.stdout, advice)
	return err
}

// quantities are the columns of a file of draws: lp__ and every element of every
// variable, in the names and the order of Stan.
func quantities(d *store.Draws) []diagnostics.Quantity {
	var out []diagnostics.Quantity
	add := func(name string, v *store.Variable, element int) {
		out = append(out, diagnostics.Quantity{Name: name, Draws: func(dst [][]float64) [][]float64 {
			column := v.Column(make([]float64, 0, d.Chains*d.DrawsPerChain), element)
			dst = dst[:0]
			for c := range d.Chains {
				dst = append(dst, column[c*d.DrawsPerChain:(c+1)*d.DrawsPerChain])
			}
			return dst
		}})
	}
	for i := range d.Stats {
		if d.Stats[i].Name == "lp" {
			add("lp__", &d.Stats[i], 0)
		}
	}
	for i := range d.Variables {
		v := &d.Variables[i]
		for e, name := range store.ElementNames(v.Name, v.Dims) {
			add(name, v, e)
		}
	}
	return out
}
