package main

import (
	"fmt"
	"strings"

	"wgf/flow"
)

type recipesCmd struct {
	Name string `arg:"" optional:"" help:"Explain one flow."`
	JSON bool   `name:"json" help:"Print the list as JSON."`
}

func (recipesCmd) Help() string {
	return `Every flow is a functional, a geometry and a scheme.

Examples:
  wgf recipes
  wgf recipes svgd
  wgf flow svgd --target banana`
}

// recipeRow is one flow in JSON output.
type recipeRow struct {
	Name         string   `json:"name"`
	Functional   string   `json:"functional"`
	Geometry     string   `json:"geometry"`
	Scheme       string   `json:"scheme"`
	Needs        []string `json:"needs"`
	Weights      bool     `json:"weights"`
	MinParticles int      `json:"min_particles"`
	Reference    string   `json:"reference"`
}

func (c recipesCmd) Run(s streams) error {
	all := flow.Recipes()
	if c.Name != "" {
		if known, err := explainSelection(s.stdout, c.Name, c.JSON); known || err != nil {
			return err
		}
		r, err := flow.FindRecipe(c.Name)
		if err != nil {
			return coded{exitUsage, err}
		}
		all = []flow.Recipe{r}
	}
	if c.JSON {
		rows := make([]recipeRow, len(all))
		for i, r := range all {
			d := r.Describe()
			rows[i] = recipeRow{r.Name, r.Functional, r.Geometry, r.Scheme, d.Needs, true, d.MinParticles, r.Reference}
		}
		out := map[string]any{"recipes": rows}
		if c.Name == "" {
			out["selections"] = selectionRows()
		}
		return printJSON(s.stdout, out)
	}
	if c.Name == "" {
		for _, r := range all {
			fmt.Fprintf(s.stdout, "%-18s %s x %s x %s\n", r.Name, r.Functional, r.Geometry, r.Scheme)
		}
		listSelections(s.stdout)
		return nil
	}
	r, d := all[0], all[0].Describe()
	fmt.Fprintf(s.stdout, "%s\n", r.Name)
	row := func(name, text string) {
		if text != "" {
			fmt.Fprintf(s.stdout, "  %-11s %s\n", name, text)
		}
	}
	row("functional", r.Functional+": "+d.Formula[0])
	row("geometry", r.Geometry+": "+d.Formula[1])
	row("scheme", r.Scheme+": "+d.Formula[2])
	row("needs", strings.Join(d.Needs, ", "))
	row("particles", fmt.Sprintf("%d by default, at least %s", r.Particles, d.Least()))
	row("steps", fmt.Sprintf("%d of size %g by default", r.Steps, r.StepSize))
	row("kernel", r.Kernel)
	row("path", r.Path)
	row("cost", d.Cost[0]+"; "+d.Cost[1]+"; a step: "+d.Cost[2])
	row("holds", r.Guarantees)
	row("fails", r.Fails)
	row("reference", r.Reference)
	return nil
}
