package main

import (
	"fmt"
	"text/tabwriter"

	"wgf/target"
)

type targetsCmd struct {
	JSON bool `name:"json" help:"Print the list as JSON."`
}

func (targetsCmd) Help() string {
	return `Analytic targets are sampled by name, with parameters after a colon.

Examples:
  wgf targets
  wgf sample --target banana
  wgf sample --target gaussian:dim=100,condition=1e4`
}

// targetRow is one target in JSON output.
type targetRow struct {
	Name        string        `json:"name"`
	Spec        string        `json:"spec"`
	Description string        `json:"description"`
	Parameters  []targetParam `json:"parameters"`
}

type targetParam struct {
	Name        string `json:"name"`
	Default     number `json:"default"`
	Description string `json:"description"`
}

func (c targetsCmd) Run(s streams) error {
	entries := target.Catalogue()
	if c.JSON {
		rows := make([]targetRow, len(entries))
		for i, e := range entries {
			rows[i] = targetRow{e.Name, e.Spec(), e.Description, []targetParam{}}
			for _, p := range e.Params {
				rows[i].Parameters = append(rows[i].Parameters, targetParam{p.Name, number(p.Default), p.Description})
			}
		}
		return printJSON(s.stdout, map[string]any{"targets": rows})
	}
	for _, e := range entries {
		fmt.Fprintf(s.stdout, "%s\n  %s\n", e.Spec(), e.Description)
		w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
		for _, p := range e.Params {
			fmt.Fprintf(w, "    %s\t%s\n", p.Name, p.Description)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}
